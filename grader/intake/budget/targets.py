"""The targets of assignments and loops, by the names they are known by."""

import ast
from collections.abc import Iterator


def name_of(target: ast.expr) -> str:
    """Name a target: a variable, an attribute, or an entry by its key."""
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""


def unpacked(target: ast.expr) -> Iterator[ast.expr]:
    """Go through what a target unpacks to."""
    if isinstance(target, ast.Starred):
        yield from unpacked(target.value)
    elif isinstance(target, ast.Tuple | ast.List):
        for one in target.elts:
            yield from unpacked(one)
    else:
        yield target


def variables(target: ast.expr) -> list[str]:
    """Name the variables a target sets."""
    return [one.id for one in unpacked(target) if isinstance(one, ast.Name)]


def own_parts(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Pair what is unpacked with what it is unpacked from; empty where that is not written out."""
    sequence = ast.Tuple | ast.List
    if not (isinstance(target, sequence) and isinstance(value, sequence)):
        return []
    starred = any(isinstance(one, ast.Starred) for one in (*target.elts, *value.elts))
    if starred or len(target.elts) != len(value.elts):
        return []
    return list(zip(target.elts, value.elts, strict=True))
