"""Functions, classes and trainings judged by what calling them gave."""
