"""What every form of a result says: its head line, and a row for each check."""

from dataclasses import dataclass

from grader.reporting.text import one_line
from grader.results.model import Check, CheckResult

_LONGEST = 480  # characters of a row's sentence, and of the head line
_LONGEST_NAME = 120
_MOST_NOTES = 5
REST = "the rest is graded after submission"
OTHERS = "the other questions were not checked now"


@dataclass(frozen=True)
class Mark:
    """How an outcome is shown: by a sign, which is never alone, and by a word."""

    sign: str
    plain: str  # the sign in a terminal, as in the tables of a class
    word: str


PASSED = Mark("✓", "+", "passed")
LATER = Mark("…", ".", "later")
_MARKS = {
    "correct": PASSED,
    "partial": Mark("◐", "~", "partly"),
    "wrong": Mark("✗", "x", "not yet"),
    "missing": Mark("–", "-", "not found"),
    "ungraded": Mark("?", "?", "waits"),
}


@dataclass(frozen=True)
class Row:
    """What is said of one check."""

    mark: Mark
    question: str
    title: str
    sentence: str
    facts: tuple[str, ...]  # where, explained by what, what differs


@dataclass(frozen=True)
class Told:
    """What is said of a result.

    `later` are the rows of what is not checked here. Where nothing could be checked there are
    no rows: the head line says why.
    """

    head: str
    title: str
    rows: tuple[Row, ...]
    later: tuple[Row, ...]
    notes: tuple[str, ...]


def told(result: CheckResult) -> Told:
    """Put a result into words, each text on one line and without what terminals take for codes."""
    later = [check for check in result.checks if check.scope != "public"]
    return Told(
        head=_head(result),
        title=one_line(result.title, _LONGEST_NAME),
        rows=tuple(_row(check) for check in result.public if not result.fault),
        later=tuple(_row(check) for check in later if not result.fault),
        notes=tuple(one_line(note, _LONGEST) for note in result.notes[:_MOST_NOTES]),
    )


def _head(result: CheckResult) -> str:
    if result.fault:
        return one_line(f"Not checked: {result.fault}", _LONGEST)
    public = result.public
    if not public:
        return "Nothing of this is checked here; it is graded after submission"
    passed = sum(check.passes for check in public)
    failed = sum(check.fails for check in public)
    waiting = len(public) - passed - failed
    more = f", {failed} not yet" if failed else ""
    more += f", {waiting} wait{'s' if waiting == 1 else ''} for a person" if waiting else ""
    if not result.whole:
        return f"{passed} of {len(public)} asked for passed{more}; {OTHERS}"
    return f"{passed} of {len(public)} public checks passed{more}; {REST}"


def _row(check: Check) -> Row:
    return Row(
        mark=_MARKS[check.outcome] if check.scope == "public" else LATER,
        question=one_line(check.question, _LONGEST_NAME),
        title=one_line(check.title, _LONGEST_NAME),
        sentence=one_line(check.sentence, _LONGEST),
        facts=tuple(filter(None, _facts(check))),
    )


def _facts(check: Check) -> tuple[str, ...]:
    names = one_line(", ".join(name[:_LONGEST_NAME] for name in check.explained_by[:9]), 240)
    return (
        one_line(check.place, 240),
        f"explained by: {names}" if names and not check.passes else "",
        one_line(check.difference, 240),
    )
