"""THEval (Quignon et al. 2025, arXiv:2511.04520): measures of talking heads, and their score."""
