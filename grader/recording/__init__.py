"""What a run left behind, in memory and on disk."""
