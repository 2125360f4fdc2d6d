"""The processes that are measured: each runs notebooks in one way, and tells how long it took.

They import nothing outside this package but what their way needs, so that they also run in an
environment where only another grader is installed.
"""
