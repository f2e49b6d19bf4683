"""Faces: found, cut out upright, posed, drawn, and put back where they came from."""
