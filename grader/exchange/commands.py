"""What a runner takes for a command, and text that cannot be made into one."""

import re
import unicodedata
from collections.abc import Mapping

from grader.reporting.text import clean

# Letters that show nothing. The runner compares texts by the rules of a language, and these rules
# look through them: ":", a joiner, ":" is a beginning of a command, too.
_IGNORED = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff]"
)
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_PAIR = re.compile(r":(?=:)|#(?=#)")
_LONGEST_MESSAGE = 4096  # characters; the runner cuts there


def plain(text: str) -> str:
    """Give a text as one line of which no runner makes a command, wherever it is printed.

    Terminal codes, control characters and letters that show nothing are taken out, and what
    reverses text is spelt out. Runners find `::name ...::` at the beginning of a line, after any
    blanks, and `##[name]`, `##vso[...]` anywhere in it, so that two colons or two hashes never
    stay side by side: `a[::2]` reads `a[: :2]`, which means the same.
    """
    text = _IGNORED.sub("", clean(text))
    text = "".join(char if _is_seen(char) else _blank(char) for char in text)
    return _PAIR.sub(lambda match: f"{match[0]} ", " ".join(text.split()))


def cut(text: str, longest: int) -> str:
    """Cut a text at the end, and show that it was cut."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def command(name: str, message: str, properties: Mapping[str, str]) -> str:
    """Write a command of a workflow, such as an annotation, with everything in it made plain."""
    given = {key: plain(value) for key, value in properties.items()}
    listed = ",".join(f"{key}={_property(value)}" for key, value in given.items() if value)
    head = f"{name} {listed}" if listed else name
    return f"::{head}::{_data(cut(plain(message), _LONGEST_MESSAGE))}"


def _is_seen(char: str) -> bool:
    return unicodedata.category(char) not in _UNSEEN


def _blank(char: str) -> str:
    return " " if char in "\n\t" else ""


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
