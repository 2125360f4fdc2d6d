"""The words reports use for outcomes, statuses, causes and origins."""

from grader.execution.outcome import CellStatus
from grader.recording.model import Origin
from grader.scoring.outcomes import Outcome
from grader.scoring.verdict import Cause, PartVerdict, Status, Verdict

OUTCOMES: dict[Outcome, str] = {
    "correct": "Correct",
    "partial": "Partly correct",
    "wrong": "Not correct",
    "missing": "Not found",
    "ungraded": "Not graded yet",
}

STATUSES: dict[Status, str] = {
    "graded": "Graded",
    "needs_review": "Needs a person",
    "ungraded": "Could not be graded",
}

CAUSES: dict[Cause, str] = {
    "raised": "The code stopped with an error.",
    "timed_out": "The code ran out of time.",
    "out_of_memory": "The code ran out of memory.",
    "blocked": "It rests on an earlier question that has no answer.",
    "grader_fault": "The grader itself failed here. That is not the student's doing; "
    "a person will look at it.",
}

KINDS: dict[Origin, str] = {  # of values that have a name in the code
    "variable": "variable",
    "attribute": "attribute",
}

QUALIFIERS: dict[Origin, str] = {  # of values that have a place in the output
    "text": "read back from the text",
    "stored_output": "in the output stored in the file",
}

CELL_STATUSES: dict[CellStatus, str] = {
    "ok": "",
    "raised": "stopped with an error",
    "timed_out": "stopped: out of time",
    "out_of_memory": "stopped: out of memory",
    "died": "the kernel died here",
    "not_run": "not run",
}


def setting_text(name: str, value: str) -> str:
    """Write a convention as words: "batch apart"."""
    return f"{name} {value}".replace("_", " ")


def outcome_text(verdict: Verdict | PartVerdict) -> str:
    """Name an outcome; an answer that was to be written is not looked for in vain."""
    written = isinstance(verdict, Verdict) and verdict.criteria and not verdict.parts
    if verdict.outcome == "missing" and written:
        return "Nothing written"
    return OUTCOMES[verdict.outcome]
