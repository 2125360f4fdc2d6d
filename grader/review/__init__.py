"""What people decide about verdicts: kept in a file, and merged into grades."""
