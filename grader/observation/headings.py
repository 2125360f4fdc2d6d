"""Headings in prose, however they are written: Markdown, HTML, or a line in bold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt

_BOLD_RANK = 7  # below any real heading
_WORDY = 12  # words; a heading of more is a sentence somebody set large
_HTML = re.compile(r"<h([1-6])\b[^>]{0,500}>(.{0,500}?)</h\1\s{0,9}>", re.DOTALL | re.IGNORECASE)
_BOLD = re.compile(
    r"^[ ]{0,3}(?:(?:\*\*|__)(?P<marked>[^\n*]+?)(?:\*\*|__)"
    r"|<(?P<tag>b|strong)\b[^>]*>(?P<tagged>[^\n<]+)</(?P=tag)>)[ \t:]*(?:<br\s*/?>)?[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_TAG = re.compile(r"<[^>\n]{0,500}>")
_NUMBER = re.compile(
    r"\W*(?:(?:part|task|question|exercise|problem|section|chapter|step|unit|teil|aufgabe|frage|"
    r"q|ex)\b\W*)?(\d+(?:\.\d+)*)([a-z])?(?![\w%])",
    re.IGNORECASE,
)
_ANSWERS = re.compile(r"\W*(?:my|our|your)?\s*(?:answers?|solutions?|responses?)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Prose:
    """Text between headings."""

    text: str


@dataclass(frozen=True)
class Heading:
    """A heading: rank 1 is the highest, as in Markdown."""

    rank: int
    text: str
    source: str

    @property
    def number(self) -> tuple[int, ...]:
        """The number it begins with: (3, 2) for "Task 3.2: why?"; empty where there is none."""
        match = _NUMBER.match(self.text)
        if match is None:
            return ()
        letter = (ord(match[2].lower()),) if match[2] else ()
        return (*(int(digits[:9]) for digits in match[1].split(".")), *letter)

    def contains(self, wanted: str) -> bool:
        """Say whether a text stands in it; "3.2" does not stand in "13.2" or "3.21"."""
        words = r"\s+".join(re.escape(word) for word in wanted.split())
        pattern = rf"(?<!\w)(?<!\d\.){words}(?!\w)(?!\.\d)"
        return re.search(pattern, self.text, re.IGNORECASE) is not None

    def ended_by(self, other: "Heading") -> bool:
        """Say whether the section of this heading is over where another one stands.

        People set answers large. So a heading ends a section only where it looks like one of
        the assignment's: of the same rank or a higher one and, where this one is numbered,
        with a number behind it.
        """
        if other.rank > self.rank or _ANSWERS.match(other.text):
            return False
        if len(other.text.split()) > _WORDY:
            return False
        if not self.number:
            return True
        return other.number > self.number and other.number[: len(self.number)] != self.number


def pieces_of(source: str) -> Iterator[Prose | Heading]:
    """Take the source of a Markdown cell apart into headings and what stands between them."""
    # As Markdown counts lines: a form feed or U+2028 ends none.
    lines = _LINE.findall(source)
    done = 0
    for rank, text, (first, last) in _marked(source):
        yield from _in_html("".join(lines[done:first]))
        if rank:
            yield Heading(rank, _plain(text), "".join(lines[first:last]))
        else:
            yield Prose("".join(lines[first:last]))
        done = last
    yield from _in_html("".join(lines[done:]))


def _marked(source: str) -> Iterator[tuple[int, str, tuple[int, int]]]:
    """Yield headings, and code with rank 0, in which nothing is a heading."""
    # What stands inside of a paragraph is of no interest, and takes the time.
    tokens = MarkdownIt("commonmark").disable("inline").parse(source)
    for place, token in enumerate(tokens):
        if token.map is None or token.level:
            continue
        lines = (token.map[0], token.map[1])
        if token.type == "heading_open":
            yield int(token.tag[1]), tokens[place + 1].content, lines
        elif token.type in {"fence", "code_block"}:
            yield 0, "", lines


def _in_html(text: str) -> Iterator[Prose | Heading]:
    done = 0
    for match in _HTML.finditer(text):
        yield from _in_bold(text[done : match.start()])
        yield Heading(int(match[1]), _plain(match[2]), match[0])
        done = match.end()
    yield from _in_bold(text[done:])


def _in_bold(text: str) -> Iterator[Prose | Heading]:
    done = 0
    for match in _BOLD.finditer(text):
        if text[done : match.start()].strip():
            yield Prose(text[done : match.start()])
        yield Heading(_BOLD_RANK, _plain(match["marked"] or match["tagged"]), match[0])
        done = match.end()
    if text[done:].strip():
        yield Prose(text[done:])


def _plain(text: str) -> str:
    """Take out tags and marks of emphasis."""
    return " ".join(re.sub(r"[*_`#]+", "", _TAG.sub(" ", text)).split())
