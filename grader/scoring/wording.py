"""The words of explanations: values by their place, hypotheses by their name."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from grader.scoring.fit import Fit
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.pool import Candidate, Match

TYPED_IN = "These numbers stand in the code as they are; no computation of them was found."


def place(candidate: Candidate) -> str:
    """Name a value by where it stands: "`grad_w1` (cell 12)"."""
    seen = candidate.observation
    if seen.origin == "returned":
        return f"{seen.path} (cell {seen.cell})"
    if seen.origin in ("variable", "attribute"):
        return f"`{candidate.path}` (cell {seen.cell})"
    return f"{candidate.path} (cell {seen.cell})"


def listed(items: Iterable[str]) -> str:
    """Join items as a sentence does: "a, b and c", each once."""
    unique = list(dict.fromkeys(items))
    if len(unique) < 2:
        return "".join(unique)
    return f"{', '.join(unique[:-1])} and {unique[-1]}"


def places(fit: Fit) -> str:
    """Name the values a fit rests on, by part where there are several."""
    if len(fit.parts) == 1:
        return listed(place(match.candidate) for match in fit.matches.values())
    return listed(f"{place(match.candidate)} for {part}" for part, match in fit.matches.items())


def reading(hypothesis: Hypothesis) -> str:
    """Name the conventions a hypothesis assumes: "batch apart, reduction sum"."""
    return ", ".join(
        f"{name.replace('_', ' ')} {value.replace('_', ' ')}"
        for name, value in hypothesis.conventions.items()
    )


def mistakes_named(hypothesis: Hypothesis) -> str:
    """Name the mistakes of a hypothesis: '"wrong data"'."""
    return listed(named(mistake.id) for mistake in hypothesis.mistakes)


def named(mistake: str) -> str:
    """Name a mistake as a sentence does."""
    return f'"{mistake.replace("-", " ")}"'


def agreement(matches: Iterable[Match]) -> str:
    """Say how many entries agree, and how closely."""
    found = list(matches)
    entries = sum(match.expected.size for match in found)
    error = max(match.error for match in found)
    return f"{entries} of {entries} entries " + (f"within {bound(error)}" if error else "equal")


def bound(error: float) -> str:
    """Round an error above 0 up to one digit: 4.2e-9 is "within 5e-09"."""
    unit = 10.0 ** np.floor(np.log10(error))
    return f"{np.ceil(error / unit - 1e-9) * unit:.0e}"


def borrowed_named(borrowed: Mapping[str, np.ndarray], given: Mapping[str, Any]) -> str:
    """Say which constants are the student's own, and where they first differ."""
    return listed(_own_value(name, value, given[name]) for name, value in borrowed.items())


def _own_value(name: str, value: np.ndarray, constant: Any) -> str:
    name = name.replace("_", " ")
    if np.ndim(value) == 0:
        return f"your {name}, which is {float(value):.6g} and not {float(constant):.6g}"
    theirs, ours = np.atleast_1d(value), np.atleast_1d(np.asarray(constant, dtype=float))
    if np.ndim(value) < 2:
        return f"your {name}, which is {_numbers(theirs)} and not {_numbers(ours)}"
    row = int(np.argmax(np.abs(theirs - ours).reshape(len(theirs), -1).max(axis=1)))
    return (
        f"your {name}, which is not the assignment's: "
        f"row {row + 1} is {_numbers(theirs[row])}, not {_numbers(ours[row])}"
    )


def _numbers(values: np.ndarray) -> str:
    shown = [f"{value:.4g}" for value in np.ravel(values)[:6]]
    return f"[{', '.join(shown)}{', ...' if values.size > 6 else ''}]"
