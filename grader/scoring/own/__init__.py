"""What follows from the student's own data, results and functions."""
