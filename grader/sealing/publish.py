"""Publishes a rubric: writes the student's edition of it, and says how each question is told."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grader.faults import Fault, UsageFault
from grader.rubric.model import Question, Rubric, Tolerance
from grader.rubric.reference import Reference, open_rubric
from grader.rubric.shipped import PROJECT
from grader.scoring.predictions import Predictions
from grader.sealing.answer import Answer, answers_of
from grader.sealing.coded import told_inputs
from grader.sealing.edition import (
    EDITION,
    FORMAT,
    Edition,
    Plausible,
    edition_text,
    given_constants,
    read_edition,
)
from grader.sealing.locks import Sealed, make_lock, most_bits
from grader.sealing.parts import asked_parts
from grader.sealing.student import hidden_questions, student_rubric, withheld
from grader.sealing.wording import Told, readme, told

README = "README.md"


@dataclass(frozen=True)
class Published:
    """What was written, and how each question is told in it."""

    folder: Path
    edition: Edition
    told: Sequence[Told]

    @property
    def files(self) -> list[str]:
        """The names of the files that were written."""
        return [EDITION, PROJECT, README]

    @property
    def warnings(self) -> list[str]:
        """A sentence for each question whose answers could not be sealed."""
        return [one.warning for one in self.told if one.warning]


def publish(rubric_path: Path, out: Path) -> Published:
    """Write the student's edition of a rubric into a folder.

    Raises:
        RubricFault: the rubric or its reference has problems.
        UsageFault: the folder holds other files already, or cannot be written.
    """
    rubric, reference = open_rubric(rubric_path)
    _require_free(out, rubric_path)
    _require_same(out, rubric)
    edition, found = make_edition(rubric, reference)
    files = {
        EDITION: edition_text(edition),
        PROJECT: f'rubric = "{EDITION}"\n',
        README: readme(edition),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            _write(out / name, text)
    except OSError as error:
        raise UsageFault(f"{out} cannot be written: {error.strerror}") from error
    return Published(out, edition, found)


def make_edition(rubric: Rubric, reference: Reference) -> tuple[Edition, list[Told]]:
    """Make the student's edition of a rubric, and say how each question is told in it."""
    predictions = Predictions(reference)
    public = student_rubric(rubric)
    asked = {question.id for question in public.question}
    groups: dict[str, list[Question]] = {}
    for question in public.valued:
        groups.setdefault(question.predicted_by, []).append(question)
    answers = {name: answers_of(some, predictions) for name, some in groups.items()}
    tolerances = {
        name: _widest([one.tolerance or rubric.tolerance for one in some])
        for name, some in groups.items()
    }
    bits = _bits(public, answers, tolerances)
    sealed = {
        name: sealed_together(name, answers[name], tolerances[name], bits[name]) for name in groups
    }
    code = asked_parts(rubric, predictions, secrets.randbits(32))
    edition = Edition(
        format=FORMAT,
        rubric=code.in_rubric(public),
        given=given_constants(reference.given),
        hidden=hidden_questions(rubric),
        locks=[one.lock for some in sealed.values() for one in some],
        plausible={q.id: _plausible(q, answers) for q in public.valued},
        starting_over=[one.id for one in rubric.public if one.own_results],
        incomplete=[q.id for q in rubric.public if _is_incomplete(q, answers, sealed, asked)],
        code={name: list(parts) for name, parts in code.code.items()},
        inputs={name: told_inputs(cases) for name, cases in code.cases.items()},
    )
    kinds = [
        told(
            question,
            answers.get(question.predicted_by, []),
            sealed,
            bits,
            sums=question.id in edition.plausible and edition.plausible[question.id].probabilities,
            code=edition.code.get(question.id, ()),
        )
        for question in rubric.public
    ]
    return edition, kinds


def _bits(
    public: Rubric,
    answers: Mapping[str, Sequence[Answer]],
    tolerances: Mapping[str, Tolerance],
) -> dict[str, float]:
    """Return the most bits that answers are worth: no more than what they follow from."""
    alone = {name: most_bits(some, tolerances[name]) for name, some in answers.items()}
    expected = {question.id: question.expect for question in public.valued if question.expect}
    found = dict(alone)
    for question in public.valued:  # in order: what is followed comes first
        before = [found[expected[name]] for name in question.follows if name in expected]
        name = question.predicted_by
        found[name] = min([found[name], *before])
    return found


def sealed_together(
    expect: str, answers: Sequence[Answer], tolerance: Tolerance, most: float
) -> list[Sealed]:
    """Seal answers, those of one shape together; none where no accepted one can be."""
    shaped: dict[object, list[Answer]] = {}
    for answer in answers:
        shaped.setdefault(answer.shapes, []).append(answer)
    made = (make_lock(expect, some, tolerance, most) for some in shaped.values())
    found = [sealed for sealed in made if sealed]
    return found if any(one.accepted for sealed in found for one in sealed.answers) else []


def _widest(tolerances: Sequence[Tolerance]) -> Tolerance:
    return Tolerance(
        rtol=max(one.rtol for one in tolerances), atol=max(one.atol for one in tolerances)
    )


def _plausible(question: Question, answers: Mapping[str, Sequence[Answer]]) -> Plausible:
    """Return what holds of every accepted answer to a question."""
    accepted = [one for one in answers[question.predicted_by] if one.accepted]
    parts = [part for answer in accepted for part in answer.parts.values()]
    shapes = {part.shape: None for part in parts}
    alike = bool(parts) and all(_are_probabilities(part) for part in parts)
    return Plausible(shapes=[list(shape) for shape in shapes], probabilities=alike)


def _are_probabilities(part: np.ndarray) -> bool:
    if part.ndim == 0 or part.shape[-1] < 2:
        return False
    return bool((part >= 0).all() and np.allclose(part.sum(axis=-1), 1, atol=1e-9))


def _is_incomplete(
    question: Question,
    answers: Mapping[str, Sequence[Answer]],
    sealed: Mapping[str, Sequence[Sealed]],
    public: set[str],
) -> bool:
    """Say whether right answers may exist that no lock of the edition knows.

    That is so, too, where a mistake may have been paid for in a question that is hidden.
    """
    if not question.expect or question.draws:
        return False
    accepted = sum(one.accepted for one in answers[question.expect])
    known = sum(one.accepted for lock in sealed[question.expect] for one in lock.answers)
    full = any(mistake.worth == 1 for mistake in withheld(question))
    return full or known < accepted or not set(question.follows) <= public


def _require_same(out: Path, rubric: Rubric) -> None:
    """Refuse to put an edition in the place of another assignment's."""
    try:
        there = read_edition(out / EDITION).rubric.assignment
    except Fault:  # none is there, or one that is of no use
        return
    if there != rubric.assignment:
        raise UsageFault(
            f"{out} holds the edition of another assignment, {there}; choose another folder"
        )


def _require_free(out: Path, rubric_path: Path) -> None:
    """Refuse a folder that holds anything but an edition."""
    if out.exists() and not out.is_dir():
        raise UsageFault(f"{out} is a file; --out names a folder")
    if out.is_dir() and out.resolve() == rubric_path.resolve().parent:
        raise UsageFault(f"{out} is the rubric's own folder; choose another one to hand out")
    others = {file.name for file in out.iterdir()} if out.is_dir() else set()
    others -= {EDITION, PROJECT, README}
    if others:
        raise UsageFault(
            f"{out} holds other files, such as {min(others)}; choose a folder of its own, as all "
            "of it is handed out"
        )


def _write(path: Path, text: str) -> None:
    new = path.with_name(path.name + ".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
