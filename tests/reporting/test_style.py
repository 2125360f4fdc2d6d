"""The colours of the style sheet: text on its background has the contrast WCAG AA asks for."""

import re
from itertools import product

import pytest

from grader.reporting.page import _asset

INKS = [
    "ink",
    "soft",
    "link",
    "correct",
    "partial",
    "wrong",
    "missing",
    "ungraded",
    "keyword",
    "string",
    "comment",
    "number",
    "name",
]
PAIRS = [
    *product(INKS, ["paper", "panel"]),
    *product(["heat-ink"], ["heat1", "heat2", "heat3", "heat4"]),
]


def _schemes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root \{(.*?)\}", _asset("style.css"), re.DOTALL)[:2]
    read = [dict(re.findall(r"--([\w-]+): (#\w{6});", block)) for block in (light, dark)]
    return {"light": read[0], "dark": read[1]}


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_has_enough_contrast(scheme: str, ink: str, ground: str) -> None:
    colours = _schemes()[scheme]

    darker, lighter = sorted([_luminance(colours[ink]), _luminance(colours[ground])])

    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_paper_is_always_light() -> None:
    assert "@media screen and (prefers-color-scheme: dark)" in _asset("style.css")
