"""What became of a mutant, held against the solution it was made from."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from grader.trial.model import Answer, Attempt
from grader.trial.mutation import Mutant

Kind = Literal[
    "named",  # it loses points, and the verdict names the mistake
    "lost",  # it loses points without a name
    "person",  # no mark is given without a person
    "accepted",  # full marks: a convention the rubric accepts
    "unchanged",  # full marks: every answer is what it was, to the last bit
    "rounding",  # the same but for rounding
    "survivor",  # full marks, and nothing says why
    "untouched",  # no answer rests on the code it is in
    "untried",  # it takes a training, for which there was no time
    "fault",  # the grader failed on it
]
KILLED: frozenset[Kind] = frozenset({"named", "lost", "person"})
_ROUNDINGS = 256  # of the largest entry: what computing the same in another order may change


@dataclass(frozen=True)
class Fate:
    """A mutant, what became of it, and what the verdicts said."""

    mutant: Mutant
    kind: Kind
    says: str
    parts: tuple[str, ...] = ()  # the names of those whose code was changed


def fate_of(mutant: Mutant, found: Attempt, original: Attempt, random: Collection[str]) -> Fate:
    """Say what became of a mutant.

    Args:
        mutant: the mutant.
        found: what came of it.
        original: what came of the solution.
        random: the questions whose answers depend on random draws, and the keys of parts that
            start from some and whose own code is as it was.
    """
    if found.fault or any(answer.fault for answer in found.answers):
        return Fate(mutant, "fault", found.fault or _told(found))
    if not found.full:
        return Fate(mutant, _killed(found), _told(found))
    kinds = dict(_changes(found, original, random))
    for kind in ("survivor", "accepted", "rounding"):
        said = [says for other, says in kinds.values() if other == kind]
        if said:
            return Fate(mutant, kind, "; ".join(dict.fromkeys(said)))
    return Fate(mutant, "unchanged", "")


def _killed(found: Attempt) -> Kind:
    short = [answer for answer in found.answers if not answer.full]
    if any(answer.mistakes for answer in short):
        return "named"
    return "person" if all(answer.needs_review for answer in short) else "lost"


def _changes(
    found: Attempt, original: Attempt, random: Collection[str]
) -> Iterator[tuple[str, tuple[Kind, str]]]:
    """Yield the questions whose answers differ, and how that is to be taken."""
    redrawn = found.drawn != original.drawn
    for new, old in zip(found.answers, original.answers, strict=True):
        difference = _difference(new, old)
        if difference == 0:
            continue
        conventions = {k: v for k, v in new.conventions.items() if old.conventions.get(k) != v}
        named = [*(f"{name} {value}" for name, value in conventions.items()), *new.mistakes]
        named += [remark for remark in new.remarks if new.key and remark not in old.remarks]
        if named:
            yield new.name, ("accepted", ", ".join(named))
        elif new.trained:
            yield new.name, ("accepted", "it trains as well")
        elif difference <= 1:
            yield new.name, ("rounding", "")
        elif (redrawn and new.question in random) or (new.key and new.key in random):
            yield new.name, ("accepted", "other random draws")
        else:
            yield new.name, ("survivor", f"{new.name}: {new.explanation}")


def _difference(new: Answer, old: Answer) -> float:
    """Return the largest difference, in units of what rounding may change; 0 for equal bits."""
    if [v.shape for v in new.values] != [v.shape for v in old.values]:
        return float("inf")
    worst = 0.0
    for one, other in zip(new.values, old.values, strict=True):
        if one.tobytes() == other.tobytes() and one.dtype == other.dtype:
            continue
        single = np.float32 in (one.dtype, other.dtype)
        eps = float(np.finfo(np.float32 if single else np.float64).eps)
        scale = float(np.max(np.abs(other), initial=0.0)) or 1.0
        apart = np.abs(one.astype(np.float64) - other.astype(np.float64))
        furthest = float(np.max(np.where(np.isnan(apart), np.inf, apart), initial=0.0))
        worst = max(worst, 1e-9, furthest / (_ROUNDINGS * eps * scale))  # more than equal bits
    return worst


def _told(found: Attempt) -> str:
    short = [answer for answer in found.answers if not answer.full or answer.fault]
    named = dict.fromkeys(mistake for answer in short for mistake in answer.mistakes)
    return ", ".join(named) or "; ".join(f"{a.name}: {a.explanation}" for a in short[:1])
