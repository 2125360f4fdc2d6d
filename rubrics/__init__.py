"""The rubrics this project ships with."""
