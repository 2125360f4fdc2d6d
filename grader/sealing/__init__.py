"""The student's edition of a rubric: what it says of answers without telling them."""
