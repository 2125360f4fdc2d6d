"""Results as they come out of checks, made by hand."""

from dataclasses import replace

from grader.results.model import Check, CheckResult

PASSING = Check("forward", "Task 1", "correct", 4, 4, "Found.", place="`out` (cell 2)", cell=2)
FAILING = Check("slope", "Task 2", "partial", 1.5, 4, "Explained by: sign.", ("sign",), cell=3)
HIDDEN = Check("essay", "Task 3", "ungraded", 0, 2, "Graded later.", scope="hidden")

FULL = CheckResult("lines", "Lines", "lines.ipynb", (PASSING, HIDDEN))
HALF = replace(FULL, checks=(PASSING, FAILING, HIDDEN))
UNREADABLE = replace(FULL, checks=(), fault="It is no notebook.", fault_of="submission")
OURS = replace(FULL, checks=(), fault="No such rubric.", fault_of="grader")
