"""Reference families: the known ways to answer an assignment, in NumPy and PyTorch."""
