"""How valid the marks are: HW-1 notebooks composed at random, with what was done in them known.

`python -m tests.bench.validity` writes them, has them graded, and compares.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat

from grader.batch import record_class, score_class
from grader.rubric.read import read_rubric
from tests.bench.composed import figures
from tests.bench.composed.assembly import Composition, compose
from tests.bench.composed.judging import Judged, judge
from tests.bench.composed.running import prove

ROOT = Path(__file__).parents[2]
RUBRIC = ROOT / "rubrics" / "hw1.toml"
PAGE = ROOT / "docs" / "validity.md"


def main() -> None:
    """Compose, grade, compare, and print the figures."""
    asked = _asked()
    compositions = [compose(asked.seed, index) for index in asked.only or range(asked.count)]
    if not asked.unproven:
        _prove(compositions, asked.jobs)
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="validity-"))
    began = time.monotonic()
    try:
        judged = grade_all(compositions, folder, jobs=asked.jobs)
        _keep_failures(judged, compositions, folder)
    finally:
        if asked.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    seconds = time.monotonic() - began
    text = page(judged, len(compositions), asked.seed)
    sys.stdout.write(f"{text}\n\n{len(compositions)} notebooks in {seconds:.0f} s\n")
    sys.stdout.write("\n".join(figures.failures(judged)) + "\n")
    if asked.write:
        PAGE.write_text(text + "\n", encoding="utf-8")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=600, help="notebooks to compose")
    parser.add_argument("--jobs", type=int, default=2, help="worker processes")
    parser.add_argument("--seed", type=int, default=1, help="of the composition")
    parser.add_argument("--only", type=int, nargs="*", help="numbers of notebooks")
    parser.add_argument("--keep", type=Path, help="a folder for notebooks, recordings and reports")
    parser.add_argument("--unproven", action="store_true", help="trust the compositions")
    parser.add_argument("--write", action="store_true", help="write docs/validity.md")
    return parser.parse_args()


def _prove(compositions: Sequence[Composition], jobs: int) -> None:
    """Hold every composed program against the reference before any grader sees it."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("forkserver")) as workers:
        found = [said for some in workers.map(prove, compositions, chunksize=8) for said in some]
    if found:
        sys.exit("Programs that do other than what they are said to do:\n" + "\n".join(found))


def grade_all(compositions: Sequence[Composition], folder: Path, *, jobs: int) -> list[Judged]:
    """Write the notebooks, run and grade them, and judge the grades."""
    rubric = read_rubric(RUBRIC)
    notebooks = folder / "notebooks"
    shutil.rmtree(notebooks, ignore_errors=True)
    notebooks.mkdir(parents=True)
    for one in compositions:
        nbformat.write(one.notebook(), notebooks / f"{one.name}.ipynb")
    record_class(rubric, notebooks, folder / "workspace", jobs=jobs)
    score_class(RUBRIC, folder / "workspace", folder / "reports", jobs=jobs)
    grades = json.loads((folder / "reports" / "grades.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = {one["id"]: one for one in grades["submissions"]}
    return [
        answer
        for one in compositions
        for answer in judge(rubric, one.truths, found[one.name], _styles(one))
    ]


def _styles(composition: Composition) -> dict[str, str]:
    styles = {half.library: half.style for half in composition.halves}
    return {name: styles[name.split("-")[1]] for name in composition.truths}


def _keep_failures(
    judged: Sequence[Judged], compositions: Sequence[Composition], folder: Path
) -> None:
    """Put notebooks that were not graded as a careful person would into a folder."""
    wrong = {one.notebook for one in judged if not one.as_a_person or one.to_a_person}
    place = folder / "failures"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for one in compositions:
        if one.name in wrong:
            nbformat.write(one.notebook(), place / f"{one.name}.ipynb")


def page(judged: Sequence[Judged], count: int, seed: int) -> str:
    """Return the page on validity."""
    return _PAGE.format(
        count=count,
        seed=seed,
        questions=figures.by_question(judged),
        confusion=figures.confusion(judged),
    )


_PAGE = """\
# Validity

{count} HW-1 notebooks, composed at random (composition {seed}) of ways of writing, conventions and
mistakes, none of which the parser's tests use. What each does is known by construction and proved
by running it against the reference; no notebook sets a seed, but where setting it again is the
mistake. `make validity` writes this page.

## Figures

A careful person gives the points the rubric asks for and names the mistake that was made. Numbers
that are typed in are always left to a person and do not count as sent to one. Mistakes in
parentheses are declared nowhere: any marks short of all, and a person, are right for them.

{questions}

## What was done, and what was named

{confusion}
"""

if __name__ == "__main__":
    main()
