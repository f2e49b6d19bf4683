"""PC-AVS: one portrait speaks, a video gives the head pose; and its variant without a portrait."""
