"""One page that shows what came out of a run, in one file that needs nothing else."""
