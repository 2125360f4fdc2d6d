"""What checking one notebook came to, as data and in the forms people read."""
