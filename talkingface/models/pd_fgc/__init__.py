"""PD-FGC: one portrait speaks; head, lids, eyes and expression each follow a video of their own."""
