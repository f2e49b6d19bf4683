"""Settings: typed dataclasses, filled from layers of YAML and the command line."""
