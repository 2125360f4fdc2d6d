"""Halves chosen at random: a way of writing, conventions, and mistakes or none."""

import random
from typing import Any

from tests.bench.composed.deeds import ALL, BUILT, DECLARED, NUMPY, ROWS, TORCH, UNDECLARED, Deed
from tests.bench.composed.plan import Half


def choose_half(
    chance: random.Random, library: str, shares: tuple[float, float] = (0.42, 0.14)
) -> Half:
    """Choose a way of writing, conventions, and mistakes, or none."""
    wrong, odd = shares
    known = NUMPY if library == "numpy" else TORCH
    throw = chance.random()
    deeds: list[Deed] = []
    if throw < wrong:
        ids = sorted({d.mistake for d in DECLARED if set(d.styles) & set(known)})
        mistake = chance.choice(ids)
        deeds = [
            chance.choice(
                [d for d in DECLARED if d.mistake == mistake and set(d.styles) & set(known)]
            )
        ]
        if chance.random() < 0.2:
            deeds += _second(chance, deeds[0], known)
    elif throw < wrong + odd:
        deeds = [chance.choice([d for d in UNDECLARED if set(d.styles) & set(known)])]
    styles = [s for s in known if all(s in d.styles for d in deeds)]
    return _made(chance, library, chance.choice(styles), deeds)


_MIXING = frozenset(
    {"keep-drop-swapped", "no-rescaling", "mask-not-in-backward", "softmax-twice", "label-ignored"}
)


def _second(chance: random.Random, first: Deed, known: tuple[str, ...]) -> list[Deed]:
    """Choose a second mistake that can be told beside the first."""
    if first.mistake not in _MIXING:
        return []
    others = [
        d
        for d in DECLARED
        if d.mistake in _MIXING - {first.mistake}
        and set(d.styles) & set(first.styles) & set(known)
        and not set(d.changes) & set(first.changes)
    ]
    return [chance.choice(others)] if others else []


def _made(chance: random.Random, library: str, style: str, deeds: list[Deed]) -> Half:
    fields: dict[str, Any] = _conventions(chance, style)
    for deed in deeds:
        fields |= deed.needs
        fields |= {
            k: chance.choice(v) if isinstance(v, list) else v for k, v in deed.changes.items()
        }
    _settle(fields, style)
    mistakes = {
        task: frozenset(d.mistake for d in deeds if task in d.tasks and d.mistake) for task in ALL
    }
    odd = next((d.odd for d in deeds if d.odd is not None), None)
    return Half(library=library, style=style, odd=odd, mistakes=mistakes, **fields)  # type: ignore[arg-type]


def _conventions(chance: random.Random, style: str) -> dict[str, Any]:
    fields = {
        "batch": chance.choice(["together", "together", "apart"]),
        "steps": chance.choice(["together", "together", "together", "apart", "in_turn"]),
        "reduction": chance.choice(["sum", "sum", "mean", "mean", "entries"]),
        "mask_per": chance.choice(["example"] * 4 + ["batch"]),
    }
    if style in ROWS and chance.random() < 0.12:
        fields["bias"] = "zero"
    if style in {"script", "functions", "class", "vectors"}:
        fields["single"] = chance.random() < 0.1
    return fields


def _settle(fields: dict[str, Any], style: str) -> None:
    """Put right what contradicts itself, or what the way of writing cannot do."""
    if style == "manual":
        fields["batch"] = "together"
        if fields.get("draws") == "same":
            fields["steps"] = "together"
    if (
        style in {"sequential", "lists"}
        or fields["steps"] != "together"
        or fields.get("dropout") == "none"
    ):
        fields["mask_per"] = "example"
    if fields.get("draws", "fresh") != "fresh":
        # Four flags are often all alike, and dropping nothing is no dropout.
        fields["mask_per"] = "example"
        fields["steps"] = "apart" if fields["steps"] == "in_turn" else fields["steps"]
    _settle_mistakes(fields, style)


def _settle_mistakes(fields: dict[str, Any], style: str) -> None:
    if fields.get("logit_gradient") == "shortcut":
        fields["reduction"] = "entries"  # larger steps end in overflow, and show nothing
    if style == "functions" and fields.get("quantity") == "hidden":
        fields["batch"] = "together"
    if fields.get("keep") == "swapped_throughout" and fields.get("scale") == "none":
        fields["keep"] = "swapped"
    if fields.get("keep") == "swapped" and style == "sequential":
        fields["keep"] = "swapped_throughout"
    if fields.get("shown_passes") == 2 and style not in {"vectors", "columns", *BUILT, "tensors"}:
        fields["logit_gradient"] = "shortcut"
    if fields.get("dropout") == "input" and fields.get("mask_in_backward") == "partly":
        fields["mask_in_backward"] = "no"
