"""Opens the locks of an edition with what a run left behind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice, product

import numpy as np

from grader.observation.observe import Observations
from grader.rubric.model import Tolerance
from grader.scoring.pool import Candidate, Pool
from grader.scoring.predictions import Parts
from grader.sealing.answer import Key, unpacked
from grader.sealing.edition import Lock
from grader.sealing.grid import Grid
from grader.sealing.hashing import enciphered, slow_hash, tag

_MOST_SLOW = 24  # slow hashes for a lock: more than a right value ever needs
_MOST_COMBINED = 20_000  # combinations of values that may be the parts of an answer
_FARTHEST = 2.0**40  # cells; what lies further out is no answer


@dataclass(frozen=True)
class Opened:
    """What was found out of the answers; `capped` says that some values were left out."""

    predictions: Mapping[Key, Parts]
    capped: bool


def open_locks(locks: Iterable[Lock], observations: Observations) -> Opened:
    """Try every value of an answer's shape on every lock."""
    sources = [observations.recorded, observations.printed]
    pool = Pool(sources, Tolerance())
    found: dict[Key, Parts] = {}
    capped = False
    for lock in locks:
        predictions, left = _open(lock, pool)
        found |= predictions
        capped |= left
    return Opened(found, capped)


def grid_of(lock: Lock) -> Grid:
    """Return the grid of a lock."""
    return Grid(lock.atol, lock.rtol, lock.width, bytes.fromhex(lock.salt))


def open_with(lock: Lock, cells: np.ndarray) -> dict[Key, Parts] | None:
    """Return what one guess of the cells opens; None where it opens nothing."""
    name, key = slow_hash(cells, bytes.fromhex(lock.salt))
    seal = next((seal for seal in lock.seals if seal.name == name), None)
    if seal is None:
        return None
    text = bytes.fromhex(lock.texts[seal.text])
    return unpacked(enciphered(text, enciphered(bytes.fromhex(seal.wraps), key)))


def _open(lock: Lock, pool: Pool) -> tuple[dict[Key, Parts], bool]:
    """Return what a pool's values open, and whether some were left out."""
    salt, tags = bytes.fromhex(lock.salt), set(lock.tags)
    found: dict[Key, Parts] = {}
    combined, capped = _combined(lock, pool)
    slow = 0
    for cells in combined:
        if tag(cells, salt, lock.tag_bits) not in tags:
            continue
        if slow == _MOST_SLOW:
            return found, True
        slow += 1
        found |= open_with(lock, cells) or {}
    return found, capped


def _combined(lock: Lock, pool: Pool) -> tuple[list[np.ndarray], bool]:
    """List the cells of values that may be all parts of an answer, the likeliest first."""
    grid, start, columns = grid_of(lock), 0, []
    for shape in lock.shapes.values():
        columns.append(_cells(grid, pool, tuple(shape), start))
        start += int(np.prod(shape))
    most = int(_MOST_COMBINED ** (1 / len(columns)))
    capped = any(len(column) > most for column in columns)
    chosen = product(*(islice(column, most) for column in columns))
    return [np.concatenate(parts) for parts in chosen], capped


def _cells(grid: Grid, pool: Pool, shape: tuple[int, ...], start: int) -> list[np.ndarray]:
    """List the different cells of the values of one shape."""
    candidates = pool.candidates(shape)
    if not candidates:
        return []
    order = sorted(range(len(candidates)), key=lambda place: _rank(candidates[place]))
    values = pool.values(shape)[order]
    if values.dtype.kind == "c":
        values = np.where(values.imag == 0, values.real, np.nan)
    with np.errstate(all="ignore"):  # what is not finite is left out below
        units = np.abs(grid.units(values.astype(np.float64))) / grid.width
    rows = values[(units < _FARTHEST).all(axis=1)].astype(np.float64)
    cells = grid.cells(rows, start)
    return list({row.tobytes(): row for row in cells}.values())


def _rank(candidate: Candidate) -> tuple[object, ...]:
    """Order values: variables first, the latest first, the plainest reading first."""
    seen = candidate.observation
    return (seen.origin != "variable", -seen.last_cell, -seen.cell, len(candidate.path))
