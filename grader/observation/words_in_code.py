"""Words in code: its comments and strings, where people answer who write no Markdown."""

import io
import re
import tokenize
from collections.abc import Iterator

from grader.observation.syntax import parsed

_QUOTES = re.compile(r"^[A-Za-z]{0,2}('''|\"\"\"|'|\")(.*)\1$", re.DOTALL)
_MAGIC = re.compile(r"^[ \t]*[%!?][^\n]*$", re.MULTILINE)
_STRINGS = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}


def words_in_code(source: str) -> str:
    """Give the comments and strings of a cell, a line each, in order."""
    return "\n".join(line for text in _texts(source) for line in text.splitlines() if _says(line))


def _texts(source: str) -> Iterator[str]:
    """Yield texts; a cell that is no Python may be prose: it is taken as it is."""
    source, found = _MAGIC.sub("", source), []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                found.append(token.string.lstrip("#! "))
            elif token.type in _STRINGS:
                found.append(_unquoted(token.string))
            elif token.type == tokenize.ERRORTOKEN and token.string.strip():
                raise SyntaxError
    except (tokenize.TokenError, SyntaxError):
        yield source
        return
    yield from found if parsed(source) is not None else [source]


def _unquoted(literal: str) -> str:
    match = _QUOTES.match(literal)
    return match[2] if match else literal


def _says(line: str) -> bool:
    return any(map(str.isalpha, line))
