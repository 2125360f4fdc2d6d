"""The rubric: read, validated, and told what is wrong with it."""
