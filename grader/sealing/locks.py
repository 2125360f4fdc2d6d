"""Makes locks: answers of one shape on one grid, each opened by the cells it lies in."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb, log2

import numpy as np

from grader.rubric.model import Tolerance
from grader.sealing.answer import Answer, packed
from grader.sealing.cost import Search, affordable
from grader.sealing.edition import Lock, Seal
from grader.sealing.grid import Grid
from grader.sealing.hashing import enciphered, slow_hash, tag
from grader.sealing.strength import bits_of

FINER = (1.0, 0.1, 0.01, 1e-3, 1e-4)  # shares of the rubric's tolerance that are tried
_FINEST = 1e-11  # relative; double precision leaves less to an honest computation
_NARROWEST = 16.0  # tolerances in a cell
_MOST_CELLS = 32  # of an answer that lies near corners
_MOST_DRAWN = 64  # salts
_SINGLE = 16 * float(np.finfo(np.float32).eps)
_MOST_TOLD = 20_000  # numbers of other answers that a right one opens, too
_KEY = 32


@dataclass(frozen=True)
class Sealed:
    """A lock, and what is known of its strength."""

    lock: Lock
    answers: Sequence[Answer]
    bits: float
    search: Search

    @property
    def whole(self) -> bool:
        """Whether every accepted answer within the rubric's tolerance opens it."""
        return self.lock.whole


@dataclass(frozen=True)
class _Plan:
    """A grid, the answers that are safe on it, and the cells of each."""

    grid: Grid
    share: float
    answers: Sequence[Answer]
    cells: Sequence[Sequence[np.ndarray]]
    bits: float
    search: Search


def make_lock(
    expect: str, answers: Sequence[Answer], tolerance: Tolerance, most: float
) -> Sealed | None:
    """Seal the answers of one shape that can be sealed safely; None where none can.

    The widest grid is taken on which all accepted answers are safe, or else most of them.

    Args:
        expect: the function of the reference that predicts them.
        answers: all of one shape.
        tolerance: of the question.
        most: bits that none can be worth more than, as it follows from others.

    """
    best: _Plan | None = None
    accepted = sum(answer.accepted for answer in answers)
    for share in FINER:
        plan = _plan(answers, tolerance, most, share)
        if plan and _accepted(plan) > (_accepted(best) if best else 0):
            best = plan
        if best and _accepted(best) == accepted:
            break
    if best is None:
        plans = (_plan(answers, tolerance, most, share) for share in FINER)
        best = max((p for p in plans if p), key=lambda p: len(p.answers), default=None)
    return _sealed(expect, best, accepted) if best else None


def most_bits(answers: Sequence[Answer], tolerance: Tolerance) -> float:
    """Return the bits of the weakest accepted answer, on the finest grid.

    Somebody who tries all values of it has tried everything that follows from it.
    """
    accepted = (answer for answer in answers if answer.accepted)
    return min((_finest_bits(answer, tolerance) for answer in accepted), default=0.0)


def _finest_bits(answer: Answer, tolerance: Tolerance) -> float:
    grid = _grid(answer, tolerance, FINER[-1], 1.0, b"\0" * 16)
    return bits_of(answer.numbers, answer.scale, grid)


def _accepted(plan: _Plan) -> int:
    return sum(answer.accepted for answer in plan.answers)


def _plan(
    answers: Sequence[Answer], tolerance: Tolerance, most: float, share: float
) -> _Plan | None:
    """Choose the answers that are strong enough on a grid, dropping the weakest first."""
    scale = max(answer.scale for answer in answers)
    rounded = 2.0 ** np.ceil(log2(scale)) if scale else 1.0
    unsalted = _grid(answers[0], tolerance, share, rounded, b"\0" * 16)
    strength = [min(most, bits_of(one.numbers, one.scale, unsalted)) for one in answers]
    pairs = zip(strength, answers, strict=True)
    ranked = sorted(pairs, key=lambda pair: (-pair[0], not pair[1].accepted))
    for count in _counts(len(ranked)):
        chosen = [answer for _, answer in ranked[:count]]
        bits = ranked[count - 1][0]
        if affordable(count, bits) is None:
            continue
        salted = _salted(lambda salt: _grid(answers[0], tolerance, share, rounded, salt), chosen)
        if salted is None:
            continue
        grid, cells, drawn = salted
        # Salts thrown away tell as much as the share of them that would have done.
        known = log2(drawn) + (1 if drawn > 1 else 0)
        worth = (pair[0] for pair in ranked[:count])
        left = min(
            one - known - told_by_count(len(some), answers[0].row.size, grid.width)
            for one, some in zip(worth, cells, strict=True)
        )
        search = affordable(sum(map(len, cells)), left)
        if search is not None:
            return _Plan(grid, share, chosen, cells, left, search)
    return None


def told_by_count(cells: int, entries: int, width: float) -> float:
    """Return the bits that the number of an answer's cells tells.

    It says how many of its entries are near a border.

    Args:
        cells: that are listed, two to the power of that number.
        entries: of the answer.
        width: of a cell, in tolerances.

    """
    near, chance = round(log2(cells)), 2.0 / width
    return -log2(comb(entries, near) * chance**near * (1 - chance) ** (entries - near))


def _counts(most: int) -> list[int]:
    """List how many answers are tried to be sealed, fewer and fewer."""
    found = []
    while most:
        found.append(most)
        most -= max(1, most // 8)
    return found


def _salted(
    make: Callable[[bytes], Grid], answers: Sequence[Answer]
) -> tuple[Grid, list[list[np.ndarray]], int] | None:
    """Draw a salt on whose grid no answer lies near too many corners."""
    for drawn in range(1, _MOST_DRAWN + 1):
        grid = make(secrets.token_bytes(16))
        cells = []
        for answer in answers:
            cells.append(grid.reached(answer.row, _MOST_CELLS))
            if not cells[-1]:
                break
        else:
            return grid, cells, drawn
    return None


def _grid(answer: Answer, tolerance: Tolerance, share: float, scale: float, salt: bytes) -> Grid:
    """Return the grid for a share of the tolerance; all of it has room for single precision."""
    width = max(_NARROWEST, 2.0 * answer.row.size)
    if share == 1:
        atol = max(tolerance.atol, _FINEST * scale) + _SINGLE * scale
        return Grid(atol, max(tolerance.rtol, _FINEST), width, salt)
    atol = max(share * tolerance.atol, _FINEST * scale)
    return Grid(atol, max(share * tolerance.rtol, _FINEST), width, salt)


def _sealed(expect: str, plan: _Plan, accepted: int) -> Sealed:
    grid, bits = plan.grid, plan.search.tag_bits
    keys = [secrets.token_bytes(_KEY) for _ in plan.answers]
    texts = [
        enciphered(packed(_opened_by(answer, plan.answers)), key)
        for answer, key in zip(plan.answers, keys, strict=True)
    ]
    seals, tags = [], set()
    for place, cells in enumerate(plan.cells):
        for cell in cells:
            name, key = slow_hash(cell, grid.salt)
            wraps = enciphered(keys[place], key)
            seals.append(Seal(name=name, text=place, wraps=wraps.hex()))
            tags.add(tag(cell, grid.salt, bits))
    lock = Lock(
        expect=expect,
        shapes={name: list(shape) for name, shape in plan.answers[0].shapes},
        atol=grid.atol,
        rtol=grid.rtol,
        width=grid.width,
        whole=plan.share == 1 and _accepted(plan) == accepted,
        salt=grid.salt.hex(),
        tag_bits=bits,
        tags=sorted(tags),
        seals=sorted(seals, key=lambda seal: seal.name),
        texts=[text.hex() for text in texts],
    )
    return Sealed(lock, plan.answers, plan.bits, plan.search)


def _opened_by(answer: Answer, answers: Sequence[Answer]) -> list[Answer]:
    """List what an answer tells: itself, and where it is right, all that are known of its kind."""
    if not answer.accepted or sum(one.row.size for one in answers) > _MOST_TOLD:
        return [answer]
    return list(answers)
