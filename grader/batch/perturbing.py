"""A notebook run a second time, with the given constants changed in its source."""

import hashlib
from collections.abc import Callable

from grader.execution.outcome import Execution
from grader.faults import IntakeFault, UsageFault
from grader.intake import Submission, read_notebook
from grader.intake.perturbation import Changes, changes_between, perturb
from grader.recording.assemble import assemble
from grader.recording.model import Recording
from grader.rubric.agreement import PERTURBED
from grader.rubric.model import Rubric
from grader.rubric.reference import Reference

_FORMAT = b"gradmark/perturbed/1"
NOT_FOUND = "None of the given constants was found in the source."


def changes_asked(rubric: Rubric, reference: Reference, asked: bool) -> Changes:
    """Return the constants that a second run changes; none where no second run is wanted.

    Raises:
        UsageFault: one is asked for, and the reference does not say with which numbers.
    """
    if not asked and not rubric.perturb:
        return {}
    changes = changes_between(reference.given, reference.perturbed)
    if not changes:
        raise UsageFault(f"--perturb needs {PERTURBED}, in {reference.name}")
    return changes


def perturbed_key(key: str, changes: Changes) -> str:
    """Digest what a second recording depends on; "" where no constant is changed."""
    digest = hashlib.sha256(_FORMAT + key.encode())
    for name, change in sorted(changes.items()):
        for part in (name.encode(), change.old.tobytes(), change.new.tobytes()):
            digest.update(part + b"\0")
    return digest.hexdigest() if changes else ""


def record_perturbed(
    submission: Submission,
    key: str,
    changes: Changes,
    execute: Callable[[object, Submission], Execution],
) -> Recording:
    """Record a notebook with its constants changed; where none is found, nothing is run."""
    try:
        if submission.fault:
            raise IntakeFault(submission.fault)
        perturbed = perturb(read_notebook(submission.path), changes)
        if not perturbed.found:
            raise IntakeFault(NOT_FOUND)
    except IntakeFault as fault:
        return Recording(submission.id, submission.file, key, str(fault))
    execution = execute(perturbed.notebook, submission)
    return assemble(submission.id, submission.file, key, perturbed.notebook, execution)
