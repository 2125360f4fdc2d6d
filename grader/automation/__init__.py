"""What the GitHub action does: read its inputs, check one notebook apart, then write everything."""
