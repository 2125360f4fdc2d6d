"""A small random training with its rubric: three units, each moved by the flags it keeps."""

from pathlib import Path

import numpy as np

REFERENCE = """
from typing import Literal
import numpy as np

GIVEN = {"a": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), "b": np.array([0.5, 0.5, 0.5, 0.5]),
         "rate": 0.25, "steps": 160}

def walked(given, *, masks=None, kept=None, pace: Literal["one", "quick"] = "one",
           size: Literal["plain", "double", "backward", "rolled", "between"] = "plain",
           keep: Literal["asked", "swapped"] = "asked", draws: Literal["fresh", "same"] = "fresh",
           still: Literal["no", "yes"] = "no"):
    if still == "yes":
        return {"a": given["a"][None] + 1, "b": given["b"][None]}
    if masks is None:
        return None
    flags = masks.reshape(len(masks), -1, 3)
    if draws == "same":
        flags = np.repeat(flags, given["steps"], axis=1)
    if size == "backward":  # which comes to the same
        flags = flags[:, ::-1]
    step = (1.5 if pace == "quick" else 1.0) * (2.0 if size == "double" else 1.0)
    if size == "rolled":
        flags = np.roll(flags, 1, axis=2)
    b, a = [0.0], [0.0]  # of one unit, after each flag that is kept
    for _ in range(given["steps"]):
        moved = step * np.exp(b[-1])
        b.append(b[-1] + 0.002 * moved)
        a.append(a[-1] + 0.02 * moved)
    count = flags.sum(axis=1).astype(int)
    if size == "between":  # always the same, and what no walk comes to by chance
        count = np.full_like(count, 120)
        b, a = np.array(b), np.array(a)
        b[:-1], a[:-1] = (b[:-1] + b[1:]) / 2, (a[:-1] + a[1:]) / 2
    b, a = np.array(b)[count], np.array(a)[count]
    b = given["b"] + np.concatenate([b, -b.sum(axis=1, keepdims=True)], axis=1)
    a = given["a"] + a[:, None, :] * np.array([1.0, -1.0])[:, None]
    asked = 1 - given["rate"] if keep == "asked" else given["rate"]
    fits = np.abs(kept - asked) < 1e-6
    return {"a": np.where(fits[:, None, None], a, np.nan), "b": np.where(fits[:, None], b, np.nan)}

def flags_of(given, *, draws="fresh", still="no", **settings):
    if still == "yes":
        return 0
    return 3 * (given["steps"] if draws == "fresh" else 1)

def facts(given, parts):
    return [("The sum of b stays as it was.", abs(parts["b"].sum() - 2.0))] if "b" in parts else []
"""

RUBRIC = """
format = "gradmark/rubric/1"
assignment = "walk"
title = "A walk"
reference = "walk.py"
tolerance = { rtol = 1e-6, atol = 1e-6 }

[[question]]
id = "walk"
title = "Where it ends"
points = 10
library = "any"
expect = "walked"
accept = { pace = ["one", "quick"] }
draws = "flags_of"
rate = "rate"
structure = "facts"

[[question.mistake]]
id = "doubled"
when = { size = "double" }
worth = 0.5
says = "Each step is taken twice."

[[question.mistake]]
id = "swapped"
when = { keep = "swapped" }
worth = 0.5
says = "Keep and drop are swapped."

[[question.mistake]]
id = "same-draws"
when = { draws = "same" }
worth = 0.3
says = "Drawn once only."

[[question.mistake]]
id = "still"
when = { still = "yes" }
worth = 0
says = "It does not walk."

[[question.mistake]]
id = "typed-in"
worth = 0
says = "Typed in."
"""
WRONG_ORDER = """
[[question.mistake]]
id = "wrong-order"
when = {{ size = "{how}" }}
worth = 0.5
says = "The flags are taken in the wrong order."
"""
A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
B = np.full(4, 0.5)
STEPS = 160
Walk = tuple[np.ndarray, np.ndarray]


def walk(seed: int, chance: float = 0.75, step: float = 1.0, same: bool = False) -> Walk:
    random = np.random.default_rng(seed)
    flags = (random.random((STEPS, 3)) < chance).astype(float)
    a, b = A.copy(), B.copy()
    for flag in flags:
        moved = (flags[0] if same else flag) * step * np.exp(b[:3] - 0.5)
        b[:3] += 0.002 * moved
        b[3] -= 0.002 * moved.sum()
        a += 0.02 * np.outer([1.0, -1.0], moved)
    return a, b


def write_rubric(folder: Path, more: str = "") -> Path:
    """Write the reference and the rubric, with more mistakes if asked."""
    (folder / "walk.py").write_text(REFERENCE)
    path = folder / "walk.toml"
    path.write_text(RUBRIC + more)
    return path
