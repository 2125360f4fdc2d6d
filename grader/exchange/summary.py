"""The summary of a workflow's step, in Markdown: a table, and an explanation for each question."""

from collections.abc import Iterator
from itertools import filterfalse

from grader.exchange.markup import escaped, fenced
from grader.exchange.wording import earned, points
from grader.results.forms.told import Row, told
from grader.results.model import Check, CheckResult
from grader.results.words import ended

LONGEST = 900_000  # bytes; a runner drops a summary of more than 1 MiB altogether


def step_summary(result: CheckResult) -> str:
    """Give the Markdown of a result, 900 kB at most."""
    return summary(result, LONGEST)


def summary(result: CheckResult, longest: int) -> str:
    """Give the Markdown of a result, cut between blocks to `longest` bytes.

    The table comes before the explanations, so that these are cut first.
    """
    note = "\nThe rest is left out here, as it is too long.\n"
    taken: list[str] = []
    size = len(note.encode())
    for block in _blocks(result):
        size += len(block.encode())
        if size > longest:
            return "".join([*taken, note])
        taken.append(block)
    return "".join(taken)


def _blocks(result: CheckResult) -> Iterator[str]:
    """Yield the parts between which a summary can be cut."""
    says = told(result)
    yield f"## {escaped(says.title or 'Checks')}\n\n"
    yield f"**{escaped(ended(says.head))}**{_total(result)}\n\n"
    checks = () if result.fault else result.checks  # the head says why nothing is known of them
    public = list(zip(says.rows, filter(_is_public, checks), strict=True))
    rows = public + list(zip(says.later, filterfalse(_is_public, checks), strict=True))
    if rows:
        yield "| | Question | Points |\n|---|---|---|\n"
        yield from (_row(row, check) for row, check in rows)
        yield "\n"
    yield from (_explanation(row) for row, check in public if not check.passes)
    for note in says.notes:
        yield f"Note: {escaped(note)}\n\n"


def _is_public(check: Check) -> bool:
    return check.scope == "public"


def _total(result: CheckResult) -> str:
    said = "" if result.fault else earned(result)
    return f" {said}." if said else ""


def _row(row: Row, check: Check) -> str:
    known = _is_public(check) and check.outcome != "ungraded"
    of = f"{points(check.points) if known else '–'} / {points(check.max_points)}"
    mark = f"{row.mark.sign} {row.mark.word}"
    return f"| {escaped(mark)} | {escaped(row.title or row.question)} | {of} |\n"


def _explanation(row: Row) -> str:
    """Explain a question; every line begins with a word of ours, so that none begins a list."""
    head = f"#### {escaped(row.title or row.question)}"
    said = row.sentence.lower().startswith(row.mark.word)
    says = escaped(row.sentence if said else f"{row.mark.word.capitalize()}: {row.sentence}")
    facts = [fact for fact in row.facts if fact not in row.sentence]
    return "\n\n".join([head, says, *([fenced(facts)] if facts else [])]) + "\n\n"
