"""Where a head is turned to, and a face with that taken away.

Everywhere x points right, y down and z towards the viewer, in pixels. Positive yaw turns the nose
to the right of the picture, positive pitch lowers it, positive roll turns the head clockwise.
"""
