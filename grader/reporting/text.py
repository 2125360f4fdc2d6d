"""Text a student wrote, made fit to show: no terminal codes, no hidden characters, no floods."""

import re

_ANSI = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours and cursor movements
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # window titles and links
    r"|\x9b[0-?]*[ -/]*[@-~]"
    r"|\x1b[ -/]*[0-~]"
)
_REWRITTEN = re.compile(r"^[^\n]*\r(?=[^\r\n])", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\ufeff\ufff9-\ufffb]")
_DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_BREAK = re.compile(r"\r\n?|\u2028|\u2029")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_FLOOD = 100_000  # characters; beyond this the middle is not even looked at


def encodable(text: str) -> str:
    """Replace lone surrogates, which no UTF-8 file can hold."""
    return _SURROGATE.sub("\ufffd", text)


def clean(text: str) -> str:
    """Take out terminal codes and control characters, and spell out what reverses text."""
    if text.isascii() and text.isprintable():
        return text
    text = _BREAK.sub("\n", encodable(text))
    text = _CONTROL.sub("", _ANSI.sub("", text))
    return _DIRECTION.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)


def clean_output(text: str) -> str:
    """Clean what was printed; a line that was rewritten, as a progress bar is, ends as it ended."""
    if len(text) > _FLOOD:
        text = f"{text[: _FLOOD // 2]}\n…\n{text[-_FLOOD // 2 :]}"
    text = text.replace("\r\n", "\n")
    return clean(_REWRITTEN.sub("", text))


def cut(text: str, *, lines: int, characters: int, of: int = 0) -> str:
    """Keep the head and the tail of a long text, and say between them what is left out.

    `of` is how many lines there were to begin with, where some are gone already.
    """
    return _cut_characters(_cut_lines(text, lines, of), characters)


def one_line(text: str, characters: int = 160) -> str:
    """Put a text on one line of at most `characters`, cut at the end."""
    text = " ".join(clean(text[: 4 * characters]).split())
    return text if len(text) <= characters else f"{text[: characters - 1]}…"


def _cut_lines(text: str, limit: int, of: int) -> str:
    found = text.split("\n")
    if len(found) <= limit + 1:  # leaving out one line to say so would save nothing
        return text
    head, tail = limit - limit // 4, limit // 4
    said = f"… {max(of, len(found)) - head - tail:,} lines left out …"
    return "\n".join([*found[:head], said, *found[-tail:]])


def _cut_characters(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    head, tail = limit - limit // 4, limit // 4
    return f"{text[:head]}\n… {len(text) - limit:,} characters left out …\n{text[-tail:]}"
