"""Data of assignments: kept by checksum, and supplied to a run."""
