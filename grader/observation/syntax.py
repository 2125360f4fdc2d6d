"""Source as a syntax tree, as far as it is Python."""

import ast

_MAGIC = ("%", "!", "?")


def parsed(source: str) -> ast.AST | None:
    """Parse a cell without its magics; None where the rest is no Python."""
    lines = source.split("\n")
    kept = ["pass" if line.startswith(_MAGIC) else line for line in lines]
    try:
        return ast.parse("\n".join(kept))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
