"""What goes to the process that checks, and what comes back: as JSON."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from grader.automation.target import Target
from grader.results.model import CheckResult, unchecked


@dataclass(frozen=True)
class Answer:
    """A result, and the page that shows it; no page where nothing could be checked."""

    result: CheckResult
    page: str = ""


TARGETS = TypeAdapter(Target)
ANSWERS = TypeAdapter(Answer)


def failed(notebook: str, fault: str) -> Answer:
    """Say that nothing could be checked, and that it was not the notebook's doing."""
    return Answer(unchecked(fault, "grader", notebook))
