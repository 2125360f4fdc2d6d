"""The short form of a notebook: the same code without what takes long and is not asked about."""

import ast
from collections.abc import Collection, Sequence

SLOW_SECONDS = 0.5  # a cell that takes longer is left out of the short form


def slow_cells(seconds: Sequence[float]) -> frozenset[int]:
    """Name the cells, counted from 1, that took long."""
    return frozenset(n for n, one in enumerate(seconds, start=1) if one > SLOW_SECONDS)


def shortened(sources: Sequence[str], slow: Collection[int]) -> tuple[str, ...]:
    """Keep of slow cells what they import, define and set to a constant."""
    return tuple(
        _kept(source) if number in slow else source
        for number, source in enumerate(sources, start=1)
    )


def _kept(source: str) -> str:
    tree = ast.parse(source)
    kept = [node for node in tree.body if _is_quick(node)]
    return "\n".join(map(ast.unparse, kept)) or "pass"


def _is_quick(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return not any(isinstance(one, ast.Call) for one in ast.walk(node.value))
    return isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)
