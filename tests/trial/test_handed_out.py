"""Code of the template: no slips are made in it, and all others in what was filled in."""

from pathlib import Path

from grader.trial.handed_out import HandedOut
from grader.trial.mutation import mutants_of
from grader.trial.solution import Solution

TEMPLATE = """\
class Net:
    def fit(self, x):
        return self.predict(x) + 1

    def predict(self, x):
        pass

rate = 0.5
"""
SOLUTION = TEMPLATE.replace("        pass", "        return x - 1").replace("0.5", "0.25")


def test_only_lines_that_were_filled_in_are_mutated() -> None:
    solution = Solution(Path("s.py"), (SOLUTION,), (1,))

    found = mutants_of(solution, HandedOut((TEMPLATE,)))

    assert {mutant.line for mutant in found} == {6, 8}
    assert {3, 6, 8} <= {mutant.line for mutant in mutants_of(solution)}


def test_lines_are_known_wherever_they_stand_and_however_they_are_laid_out() -> None:
    handed_out = HandedOut(("a = 1", "def f( x ):\n    return (x + 1)"))

    assert handed_out.lines("b = 2\n\ndef f(x):\n    return x + 1") == {3, 4}


def test_a_template_with_gaps_that_are_no_python_is_read_as_far_as_it_is() -> None:
    handed_out = HandedOut(("x = # your code", "a = 1"))

    assert handed_out.lines("x = 3\na = 1") == {2}
