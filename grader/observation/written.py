"""Written answers: the prose below a heading of a notebook, as it was handed in."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.observation.headings import Heading, Prose, pieces_of
from grader.observation.words_in_code import words_in_code

_PLACEHOLDER = re.compile(
    r"(?:(?:write|type|put|enter|insert|replace(?: this)? with|double[- ]?click to write)\s+)?"
    r"(?:your|my|the)?\s*(?:answers?|solutions?|text|response|code)"
    r"(?:\s+(?:goes\s+)?(?:here|below))?|to\s?do\b.*|tbd",
    re.IGNORECASE,
)
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_NUMBERED = re.compile(r"^[\s>*+-]*\d{1,2}[.)](?=\s|$)")  # an entry of a list
_PICTURE = re.compile(r"!\[|<img\b", re.IGNORECASE)
_MAGIC = re.compile(r"\s*%%(?:markdown|html|latex)\b[^\n]*\n?")
_LONGEST = 100_000  # characters of a cell that are taken apart, and of an answer that are kept
_MOST = 1_000_000  # characters of a notebook that are taken apart


@dataclass(frozen=True)
class Written:
    """What stands below a heading; no text where nothing was written.

    `cells` are places among all cells of the notebook, counted from 1. The digest changes with
    the words and the pictures, not with white space; where the heading is not there, with any
    words of the notebook.
    """

    text: str
    cells: tuple[int, ...]
    digest: str
    heading_found: bool = True


@dataclass(frozen=True)
class _Line:
    text: str
    cell: int


@dataclass
class _Section:
    """What was gathered below the heading."""

    prose: list[_Line]
    code: list[_Line]
    pictures: list[str]
    found: bool = False
    left: int = _MOST  # characters that may still be taken apart


def find_written(notebook: Any, heading: str, prompt: str = "") -> Written:
    """Find the answer below a heading.

    Args:
        notebook: as handed in, nbformat 4.
        heading: text that the heading contains; "" where there is none to look for.
        prompt: what the assignment has below the heading when it is handed out; lines of it
            are no answer.

    """
    all_cells = _cells(notebook)
    section = _gather(all_cells, heading)
    if not section.found:
        return Written("", (), digest_of("\n".join(map(_source, all_cells))), heading_found=False)
    known = {_normal(line) for line in prompt.splitlines()} - {""}
    lines = next(filter(None, _answers(section, known)), [])
    text = "\n".join(line.text for line in lines).strip()
    cells = tuple(dict.fromkeys(line.cell for line in lines if line.text.strip()))
    return Written(text[:_LONGEST], cells, digest_of(text, section.pictures))


def digest_of(text: str, pictures: Iterable[str] = ()) -> str:
    """Digest an answer, white space apart; a file that was only saved again keeps it."""
    parts = [" ".join(text.split()), *pictures]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _cells(notebook: Any) -> list[Mapping[str, Any]]:
    cells = notebook.get("cells") if isinstance(notebook, Mapping) else None
    return [cell for cell in cells or () if isinstance(cell, Mapping)]


def _gather(cells: list[Mapping[str, Any]], wanted: str) -> _Section:
    """Collect what stands below each heading of a text; a copied section counts, too."""
    section = _Section([], [], [])
    opened: Heading | None = None
    first: Heading | None = None
    for place, cell in enumerate(cells, start=1):
        source = _source(cell)
        magic = _MAGIC.match(source)
        if cell.get("cell_type") == "code" and not magic:
            if opened:
                section.code += _lines(words_in_code(source), place)
            continue
        for piece in _pieces(source[magic.end() :] if magic else source, section):
            if isinstance(piece, Prose):
                section.prose += _lines(piece.text, place) if opened else []
            elif wanted and piece.contains(wanted):
                # Who repeats the number in a heading of their own may answer in it.
                repeated = first is not None and piece.text != first.text
                section.prose += _lines(piece.source, place) if repeated else []
                first, opened = first or piece, opened or piece
            elif opened and opened.ended_by(piece):
                opened = None
            elif opened:
                section.prose += _lines(piece.source, place)
            section.found = section.found or opened is not None
        section.pictures += _attached(cell) if opened else []
    return section


def _pieces(source: str, section: _Section) -> Iterator[Prose | Heading]:
    """Take a cell apart; of what is too long for an answer the rest is not looked through."""
    looked_at = min(_LONGEST, section.left)
    section.left -= min(looked_at, len(source))
    yield from pieces_of(source[:looked_at])
    if len(source) > looked_at:
        yield Prose(source[looked_at:])


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(map(str, source))


def _lines(text: str, cell: int) -> list[_Line]:
    return [_Line(line.rstrip(), cell) for line in text.splitlines()]


def _attached(cell: Mapping[str, Any]) -> list[str]:
    """Digest the pictures pasted into a cell."""
    attachments = cell.get("attachments")
    if not isinstance(attachments, Mapping):
        return []
    texts = (f"{name} {attachments[name]!r}" for name in sorted(map(str, attachments)))
    return [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() for text in texts]


def _answers(section: _Section, known: set[str]) -> Iterator[list[_Line]]:
    """Give what may be the answer: words of one's own first, in prose or else in code.

    Where lines that were handed out are gone and none was added, somebody may have chosen
    among them: what they left is the answer.
    """
    places = (section.prose, section.code)
    for lines in places:
        own = [line for line in lines if _normal(line.text) not in known]
        yield own if _says_something(line.text for line in own) else []
    for lines in places:
        left = {_normal(line.text) for line in lines} & known
        yield [line for line in lines if line.text] if left and left != known else []


def _says_something(lines: Iterable[str]) -> bool:
    return any(_is_word(line) or _PICTURE.search(line) for line in lines)


def _is_word(line: str) -> bool:
    """Tell words from rules, empty bullets and "your answer here"."""
    bare = _EDGES.sub("", _NUMBERED.sub("", line))
    return any(map(str.isalnum, bare)) and not _PLACEHOLDER.fullmatch(_normal(bare))


def _normal(text: str) -> str:
    return " ".join(text.split()).casefold()
