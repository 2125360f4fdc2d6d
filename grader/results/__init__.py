"""What a check found: the same for students, workflows and other systems."""
