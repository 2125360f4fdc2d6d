"""What cells of a live session printed, as far as it can be told which library it came from."""

import re

import numpy as np

from grader.live.origins import Printer
from grader.observation.printed import read_numbers

_TENSOR = re.compile(r"\b(?:tensor|Parameter containing:\s*tensor)\([^()]*(?:\([^()]*\)[^()]*)*\)")


def attributable(text: str, printer: Printer) -> str:
    """Blank out what may be of any library; places and lines stay where they are.

    Where a cell prints what torch computed and other things, only tensors say what they are.
    """
    if printer != "mixed":
        return text
    kept, place = [], 0
    for found in _TENSOR.finditer(text):
        kept += [_blank(text[place : found.start()]), found[0]]
        place = found.end()
    return "".join([*kept, _blank(text[place:])])


def numbers_in(text: str) -> list[np.ndarray]:
    """List the numbers of a text."""
    return [one.values for one in read_numbers(text)]


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
