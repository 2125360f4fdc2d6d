"""The fork server, and the kernel each of its children is; run within the walls of the sandbox.

No import of the grader: of it nothing is visible there but this folder and those it needs.
"""
