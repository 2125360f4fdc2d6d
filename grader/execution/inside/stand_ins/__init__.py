"""Parts of libraries that are not installed, by the names they have there."""
