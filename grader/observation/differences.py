"""Where the outputs of a run differ from those stored in the file, by their numbers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from grader.observation.observe import output_texts
from grader.observation.printed_digits import Rounding, read_literals
from grader.observation.printed_tokens import plain_text, tokens
from grader.observation.steady import steady_text

_RTOL = 1e-5  # single precision, after some hundred steps
_ATOL = 1e-7
_FEW = 3  # significant digits
_TRUTHS = {"True": "1", "False": "0"}
_SHELL = re.compile(
    r"^\s*(?:!|print\(\s*(?:grader\.)?check\(|%%?(?:bash|sh|timeit|pip|conda|system|sx)\b)",
    re.MULTILINE,
)
_CUT = re.compile(r"\boutput (?:is |was )?(?:truncated|cut)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Difference:
    """A cell whose numbers differ, or that has outputs in the file and stopped in the run.

    `here` and `stored` are what differs first, as printed; `stopped` says why there is nothing
    to compare. `numbers` are all those stored, where the run printed as many, `others` what it
    printed in their place, and `digits` how many significant ones each stored one has.
    """

    cell: int
    here: str = ""
    stored: str = ""
    stopped: str = ""
    numbers: np.ndarray = field(default_factory=lambda: np.zeros(0))
    others: np.ndarray = field(default_factory=lambda: np.zeros(0))
    digits: np.ndarray = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True)
class Compared:
    """The outcome for a notebook: whether it has outputs, numbers in them, and what differs."""

    outputs: bool
    numbers: bool
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class _Numbers:
    literals: list[str]
    values: np.ndarray
    resolution: np.ndarray

    @cached_property
    def digits(self) -> np.ndarray:
        """How many significant digits each of them has."""
        return np.array([_significant(literal) for literal in self.literals], dtype=int)


def compare_outputs(stored: Any, run: Any, stopped: Mapping[int, str] | None = None) -> Compared:
    """Compare the outputs stored in a notebook with those of a run of its code cells.

    Only numbers and truth values count, and not what a shell command said. A cell that stopped
    with an error in the file too is not compared.

    Args:
        stored: the notebook as handed in.
        run: the same code cells, run.
        stopped: the cells known to have stopped in the run, and how; errors among its outputs
            are seen without.

    """
    cells = _code_cells(stored)
    if not any(cell.outputs for cell in cells):
        return Compared(outputs=False, numbers=False, differences=())
    theirs, ours = _texts(stored), _texts(run)
    again = [_error(cell) for cell in _code_cells(run)]
    errors = {number: error for number, error in enumerate(again, start=1) if error}
    found = list(_differences(cells, {**errors, **(stopped or {})}, theirs, ours))
    return Compared(
        outputs=True,
        numbers=any(character.isdigit() for text in theirs.values() for character in text),
        differences=tuple(found),
    )


def _differences(
    cells: list[Any], stopped: Mapping[int, str], theirs: Mapping[int, str], ours: Mapping[int, str]
) -> Iterator[Difference]:
    for number, cell in enumerate(cells, start=1):
        if not cell.outputs or _SHELL.search(cell.source) or _error(cell):
            continue
        if number in stopped:
            yield Difference(number, stopped=stopped[number])
        elif (text := theirs.get(number, "")) != ours.get(number, ""):
            difference = _difference(number, text, ours.get(number, ""))
            if difference is not None:
                yield difference


def _difference(cell: int, theirs: str, ours: str) -> Difference | None:
    """Compare the numbers of a cell; None where they agree, or some were cut off."""
    if _CUT.search(theirs) or _CUT.search(ours):
        return None
    stored, here = _numbers(theirs), _numbers(ours)
    if len(stored.literals) != len(here.literals):
        return Difference(cell, _count(here), _count(stored))
    differing = np.flatnonzero(~_agree(stored, here))
    if not differing.size:
        return None
    first = int(differing[0])
    return Difference(
        cell,
        here.literals[first],
        stored.literals[first],
        numbers=stored.values,
        others=here.values,
        digits=stored.digits,
    )


def _agree(stored: _Numbers, here: _Numbers) -> np.ndarray:
    """Say of each number whether it is the same, but for its last digit and rounding errors."""
    rounding = stored.resolution + here.resolution
    finer = 2 * np.minimum(stored.resolution, here.resolution)
    few = np.minimum(stored.digits, here.digits) < _FEW
    unit = np.where(few, finer, rounding)  # 0.5 mostly is 0.50000
    sizes = np.maximum(np.abs(stored.values), np.abs(here.values))
    with np.errstate(invalid="ignore"):
        near = np.abs(stored.values - here.values) <= unit * (1 + 1e-6) + _RTOL * sizes + _ATOL
    same = np.array(stored.literals) == np.array(here.literals)
    return np.asarray((near & np.isfinite(sizes)) | same)


def _numbers(text: str) -> _Numbers:
    """Read the numbers and truth values of a text, in order."""
    found = [
        token[0]
        for token in tokens(plain_text(text))
        if token.lastgroup == "number" or token[0] in _TRUTHS
    ]
    read = [_TRUTHS.get(literal, literal) for literal in found]
    return _Numbers(found, *read_literals(read, Rounding()))


def _significant(literal: str) -> int:
    """Count the significant digits of a number as printed; complex ones count for nothing."""
    mantissa = re.split("[eE]", literal.lstrip("+-"))[0]
    return 0 if "j" in literal else len(mantissa.replace(".", "").lstrip("0"))


def _count(numbers: _Numbers) -> str:
    count = len(numbers.literals)
    return "no number" if not count else f"{count} number{'s' if count > 1 else ''}"


def _texts(notebook: Any) -> dict[int, str]:
    """Join the text outputs of each cell, without what changes from run to run."""
    joined: dict[int, str] = {}
    for cell, _, text in output_texts(notebook):
        joined[cell] = f"{joined.get(cell, '')}{steady_text(text)}\n"
    return joined


def _code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _error(cell: Any) -> str:
    """Name the error a cell stopped with; "" where it did not."""
    for output in cell.outputs:
        if output.output_type == "error":
            return f"stopped here with {output.get('ename', '')}: {output.get('evalue', '')}"
    return ""
