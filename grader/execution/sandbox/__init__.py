"""The walls around student code: Linux's own means, called by the process to be walled in.

Standard library only, no import of the grader: these files are run where nothing else is visible.
"""
