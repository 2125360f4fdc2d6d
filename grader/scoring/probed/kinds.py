"""The kinds of parts there are, and what judges each."""

from collections.abc import Callable

from grader.rubric.parts import Kind
from grader.scoring.probed.findings import Judged
from grader.scoring.probed.function import judge_function
from grader.scoring.probed.view import View

JUDGES: dict[Kind, Callable[[View], Judged]] = {
    "function": judge_function,
}
