"""`grader.check` in a live notebook: looked at here, judged in a process beside it."""
