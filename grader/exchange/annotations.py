"""Annotations of a workflow run: what does not pass yet, the heaviest first, and the total."""

from typing import Literal

from grader.exchange.commands import command, plain
from grader.exchange.wording import earned, explained, standing
from grader.results.model import Check, CheckResult

MOST = 8  # a runner shows ten of a kind of one step, and others may say something, too
_LONGEST_TITLE = 200
Level = Literal["error", "warning", "notice"]
_LEVELS: dict[str, Level] = {"wrong": "error", "missing": "error", "partial": "warning"}


def annotations(result: CheckResult, notebook_path: str) -> list[str]:
    """Give the commands that annotate a notebook: eight at most, and one notice of the total.

    Args:
        result: what was found; questions that pass or are graded later are not annotated.
        notebook_path: where the notebook is in the repository; "" annotates the run.

    """
    if result.fault:
        fault = "Nothing was checked" if result.fault_of == "grader" else "The notebook"
        return [_line("error", result.fault, notebook_path, fault)]
    shown = sorted(filter(_is_shown, result.public), key=_urgency)
    said = [_line(_level(one), explained(one), notebook_path, one.title) for one in shown[:MOST]]
    return [*said, _line("notice", _total(result, len(shown)), notebook_path, "Checks")]


def _is_shown(check: Check) -> bool:
    return not check.passes


def _level(check: Check) -> Level:
    return _LEVELS.get(check.outcome, "notice")


def _urgency(check: Check) -> tuple[int, float]:
    return ("error", "warning", "notice").index(_level(check)), check.points - check.max_points


def _line(level: Level, message: str, path: str, title: str) -> str:
    file = path if "\n" not in path else ""
    return command(level, message, {"file": file, "title": plain(title)[:_LONGEST_TITLE]})


def _total(result: CheckResult, shown: int) -> str:
    more = f"; {shown - MOST} more are in the summary" if shown > MOST else ""
    return "; ".join(filter(None, [standing(result), earned(result)])) + f"{more}."
