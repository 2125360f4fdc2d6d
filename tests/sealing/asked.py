"""Cells of code judged by a whole rubric and by its edition, each with inputs of its own."""

from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from grader.checking.judge import EditionAsking
from grader.execution.asking.plan import Asking
from grader.recording.model import ProbeResult, Recording
from grader.recording.probes import read_probes
from grader.results.from_grade import result_of
from grader.results.model import Check
from grader.rubric.model import Question, Rubric
from grader.rubric.reference import Reference, open_rubric
from grader.scoring.grade import Scorer
from grader.sealing.edition import Edition
from grader.sealing.judging import judge_edition
from grader.sealing.publish import make_edition
from tests.scoring.probed.conftest import take

PS1 = Path(__file__).parents[2] / "rubrics" / "ps1.toml"
HERE = Path("rubrics/none.toml")


@cache
def opened() -> tuple[Rubric, Reference]:
    return open_rubric(PS1)


def asking(question: str, *names: str, **changes: Any) -> tuple[Rubric, Edition]:
    """A rubric of one question with some of its parts, and its edition; parts may be changed."""
    rubric, reference = opened()
    [whole] = [one for one in rubric.question if one.id == question]
    parts = [one.model_copy(update=changes) for one in whole.parts if one.name in names]
    asked = whole.model_copy(update={"parts": parts, "points": sum(p.points for p in parts)})
    return published(rubric, asked, reference)


def published(rubric: Rubric, question: Question, reference: Reference) -> tuple[Rubric, Edition]:
    only = rubric.model_copy(update={"question": [question]})
    return only, make_edition(only, reference)[0]


def both(pair: tuple[Rubric, Edition], *cells: str) -> tuple[Check, Check]:
    """What the full rubric says of cells, and what the edition does."""
    rubric, edition = pair
    _, reference = opened()
    full = Asking(rubric, HERE).probes(notebook(cells), 7)
    grade = Scorer(rubric, reference).grade(recording(cells, full))
    [first] = result_of(grade, rubric, "n.ipynb").checks
    return first, by_edition(edition, *cells)


def by_edition(edition: Edition, *cells: str) -> Check:
    asked = EditionAsking(edition.rubric, HERE, constants=edition.reference)
    probes = asked.probes(notebook(cells), 1)
    [check] = judge_edition(recording(cells, probes), edition)
    return check


def recording(cells: tuple[str, ...], probes: Any) -> Recording:
    results: tuple[ProbeResult, ...]
    results = read_probes(probes, [take(probe, cells) for probe in probes])
    return Recording("s", "s.ipynb", "k", probes=results, handed_in=notebook(cells))


def notebook(cells: tuple[str, ...]) -> Any:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
