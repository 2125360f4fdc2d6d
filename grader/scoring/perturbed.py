"""What a run with other constants says of answers: computed from them, or typed in."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np

from grader.intake.perturbation import Changes, Perturbed, changes_between, find_change, perturb
from grader.observation.observe import Observations
from grader.recording.model import Recording
from grader.rubric.model import Question, Rubric, Tolerance
from grader.rubric.reference import Reference
from grader.scoring.pool import Pool
from grader.scoring.verdict import Evidence, Grade, Verdict, outcome_of
from grader.scoring.wording import listed

log = logging.getLogger("grader")
TYPED_IN = "typed-in"
MOVED = "With other numbers in place of the given ones, the notebook's answer moved as it should."
_NOTHING_COMPUTES = "These numbers do not follow from the given ones; nothing computes them."
_UNREAD = Tolerance(rtol=0, atol=0)
_LONGEST = 10_000  # entries of a value that may be made of constants
_READS_FILES = re.compile(r"\b(?:open|load|loadtxt|genfromtxt|fromfile|read_\w+)\s*\(")


class Judge(Protocol):
    """A rubric and a reference, ready to grade."""

    def grade(self, recording: Recording) -> Grade:
        """Judge every question of a recording."""


class Reruns:
    """Settles verdicts by runs of the same notebooks with other constants."""

    def __init__(
        self, rubric: Rubric, reference: Reference, judging: Callable[[Rubric, Reference], Judge]
    ) -> None:
        """Take what a judge of changed constants is made of, and how."""
        self._rubric = rubric
        self._reference = reference
        self._judging = judging
        self._changes = changes_between(reference.given, reference.perturbed)
        self._judges: dict[tuple[str, ...], Judge] = {}

    def settle(
        self, verdicts: tuple[Verdict, ...], first: Recording, second: Recording
    ) -> tuple[Verdict, ...]:
        """Settle what a second run can settle; a fault of ours leaves verdicts as they are."""
        try:
            return self._settle(verdicts, first, second)
        except Exception as fault:
            log.exception("%s: run with other constants not judged: %s", first.submission, fault)
            return verdicts

    def _settle(
        self, verdicts: tuple[Verdict, ...], first: Recording, second: Recording
    ) -> tuple[Verdict, ...]:
        perturbed = perturb(first.handed_in, self._changes)
        why = _no_use(perturbed, second)
        if why is not None:
            # A recording of another notebook, or of other constants, is no news of this one.
            return tuple(_undecided(v, why) if why and _is_judged(v) else v for v in verdicts)
        rerun = _Rerun(first, second, perturbed, self._changes)
        answers = self._judge(perturbed.found).grade(second).verdicts
        asked = {question.id: question for question in self._rubric.question}
        return tuple(
            _settled(verdict, answer, rerun, asked[verdict.question])
            if _is_judged(verdict)
            else verdict
            for verdict, answer in zip(verdicts, answers, strict=True)
        )

    def _judge(self, found: tuple[str, ...]) -> Judge:
        if found not in self._judges:
            changed = {name: self._reference.perturbed[name] for name in found}
            given = {**self._reference.given, **changed}
            self._judges[found] = self._judging(self._rubric, replace(self._reference, given=given))
        return self._judges[found]


@dataclass(frozen=True)
class _Rerun:
    """A notebook's two runs."""

    first: Recording
    second: Recording
    perturbed: Perturbed
    changes: Changes

    def stayed(self, verdict: Verdict) -> bool:
        """Say whether all an answer rests on is in its place again with the same numbers."""
        return all(self._is_there(piece) for piece in verdict.evidence)

    def failed(self, verdict: Verdict) -> list[int]:
        """Name the cells up to an answer's that failed in the second run only."""
        last = max(piece.cell for piece in verdict.evidence)
        before = {cell.number: cell.status for cell in self.first.cells}
        return [
            cell.number
            for cell in self.second.cells
            if cell.status != "ok" and before.get(cell.number) == "ok" and cell.number <= last
        ]

    @cached_property
    def lingering(self) -> list[str]:
        """The constants that were changed and are there with their old numbers all the same."""
        found = self.perturbed.found
        changes = {name: change for name, change in self.changes.items() if name in found}
        names: set[str] = set()
        for value in self.second.values:
            if value.array.dtype.kind in "iuf" and 2 <= value.array.size <= _LONGEST:
                hit = find_change(value.array.astype(float), changes)
                names |= hit.names if hit else set()
        return [name for name in found if name in names]

    @cached_property
    def is_complete(self) -> bool:
        """Whether the notebook has no other source of constants that is known."""
        sources = [cell.source for cell in self.first.cells]
        reads = any(_READS_FILES.search(source) for source in sources)
        return not (self.perturbed.missing or self.lingering or reads)

    @cached_property
    def _pool(self) -> Pool:
        seen = Observations(self.second)
        return Pool([seen.recorded, seen.printed], _UNREAD)

    def _is_there(self, piece: Evidence) -> bool:
        places = (
            candidate.values
            for candidate in self._pool.candidates(np.shape(piece.actual))
            if candidate.path == piece.path and candidate.observation.cell == piece.cell
        )
        return any(np.allclose(values, piece.actual, rtol=1e-9, atol=1e-12) for values in places)


def _no_use(perturbed: Perturbed, second: Recording) -> str | None:
    """Say why a second recording decides nothing; "" where it is of something else."""
    if not perturbed.found:
        return "none of these was found in the source"
    if second.fault:
        return "the notebook could not be run again"
    wanted = [cell.source for cell in perturbed.notebook.cells]
    handed_in = second.handed_in
    ran = [] if handed_in is None else [cell.source for cell in handed_in.cells]
    return None if ran == wanted else ""


def _is_judged(verdict: Verdict) -> bool:
    """Say whether an answer is explained, and something hangs on where it comes from."""
    explained = bool(verdict.evidence) and all(piece.fits for piece in verdict.evidence)
    if verdict.cause == "grader_fault" or not explained:
        return False
    return _is_suspected(verdict) or (verdict.outcome != "ungraded" and verdict.points > 0)


def _is_suspected(verdict: Verdict) -> bool:
    return verdict.outcome == "ungraded" and TYPED_IN in verdict.mistakes


def _settled(verdict: Verdict, answer: Verdict, rerun: _Rerun, question: Question) -> Verdict:
    """Return a verdict as the second run's answer to the same question leaves it."""
    stayed = rerun.stayed(verdict)
    if _agrees(verdict, answer):
        if stayed:
            return _undecided(verdict, "the answer does not depend on those that were found")
        return _restored(verdict, answer) if _is_suspected(verdict) else _said(verdict, MOVED)
    failed = rerun.failed(verdict)
    if failed:
        cells = listed(f"cell {number}" for number in failed)
        return _undecided(verdict, f"{cells} did not run to its end with them")
    if stayed and not rerun.lingering:
        return _typed_in(verdict, question, settled=rerun.is_complete or _is_suspected(verdict))
    why = "the answer became neither what it was nor what it should"
    if rerun.lingering:
        why = f"{listed(rerun.lingering)} stood elsewhere with the old numbers"
    asks = stayed or not rerun.lingering
    return replace(_undecided(verdict, why), needs_review=verdict.needs_review or asks)


def _agrees(verdict: Verdict, answer: Verdict) -> bool:
    """Say whether two verdicts explain an answer alike; a suspected one, by anything computed."""
    explained = bool(answer.evidence) and all(piece.fits for piece in answer.evidence)
    if not explained or answer.outcome == "ungraded":
        return False
    if _is_suspected(verdict):
        return TYPED_IN not in answer.mistakes
    return (answer.outcome, set(answer.mistakes)) == (verdict.outcome, set(verdict.mistakes))


def _restored(verdict: Verdict, answer: Verdict) -> Verdict:
    """Give a suspected answer what its explanation is worth: something computes it."""
    return replace(
        answer,
        evidence=verdict.evidence,
        remarks=(*answer.remarks, f"These numbers stand in the code, too. {MOVED}"),
    )


def _typed_in(verdict: Verdict, question: Question, *, settled: bool) -> Verdict:
    declared = next((m for m in question.mistake if m.id == TYPED_IN), None)
    worth = declared.worth if declared and settled else 0.0
    points = round(question.points * worth, 6)
    where = listed(f"{piece.path} (cell {piece.cell})" for piece in verdict.evidence)
    doubt = "" if settled else " A person decides whether something else explains that."
    return replace(
        verdict,
        outcome=outcome_of(points, question.points) if settled else "ungraded",
        points=points,
        explanation=f"{where}: right for the given numbers, but the answer stayed the same when "
        f"the notebook ran with other numbers in their place.{doubt}",
        mistakes=(TYPED_IN,),
        carried=(),
        remarks=(declared.says if declared else _NOTHING_COMPUTES,),
        needs_review=not settled,
    )


def _undecided(verdict: Verdict, why: str) -> Verdict:
    return _said(
        verdict, f"Running it with other numbers in place of the given ones decides nothing: {why}."
    )


def _said(verdict: Verdict, remark: str) -> Verdict:
    return replace(verdict, remarks=(*verdict.remarks, remark))
