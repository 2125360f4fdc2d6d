"""What a person types in the dialogue, and what it means."""

import math
import re
from dataclasses import dataclass
from typing import Literal

Word = Literal["points", "keep", "comment", "skip", "back", "undo", "help", "quit"]

HELP = (
    "  2.5        so many points (0 to the most there are)",
    "  f          full points",
    "  n          none",
    "             words behind the points are for the student: 2.5 no reason is given",
    "  c WORDS    a comment for the student; no points change",
    "  k          keep the points the grader gave (not for criteria)",
    "  u          undo what was decided here",
    "  s          skip; it stays open",
    "  b          back to the one before",
    "  q          quit; everything decided is kept",
)
_WORDS: dict[str, Word] = {
    "s": "skip",
    "b": "back",
    "u": "undo",
    "k": "keep",
    "q": "quit",
    "?": "help",
    "skip": "skip",
    "back": "back",
    "undo": "undo",
    "keep": "keep",
    "quit": "quit",
    "help": "help",
}
_FULL, _NONE = {"f", "full"}, {"n", "none"}
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{0,6})?")


@dataclass(frozen=True)
class Command:
    """What is to be done, with how many points and which words."""

    word: Word
    points: float = 0.0
    text: str = ""


class Unclear(Exception):
    """What was typed means nothing; the message says what would."""


def read_command(line: str, most: float) -> Command:
    """Understand a line.

    Raises:
        Unclear: it is none of the commands, or the points are not from 0 to `most`.

    """
    first, _, rest = line.strip().partition(" ")
    word, text = first.casefold(), rest.strip()
    if word in {"c", "comment"} and text:
        return Command("comment", text=text)
    if word in _WORDS and not text:
        return Command(_WORDS[word])
    if word in _FULL | _NONE:
        return Command("points", most if word in _FULL else 0.0, text)
    if _NUMBER.fullmatch(word):
        return Command("points", points_of(word, most), text)
    raise Unclear(f"Type points from 0 to {most:g}, f for full, n for none, s to skip, ? for help.")


def points_of(number: str, most: float) -> float:
    """Read points.

    Raises:
        Unclear: they are no number from 0 to `most`.

    """
    try:
        points = float(number.replace(",", "."))
    except ValueError:
        points = math.nan
    if not 0 <= points <= most:
        raise Unclear(f"{number}: there are points from 0 to {most:g}.")
    return points
