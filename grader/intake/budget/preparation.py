"""Where data are still being prepared: bindings that others follow before the data are used.

`x_train = x_train.reshape(60000, -1)` needs what the file holds, so what is kept of it is
taken from the last of such steps.
"""

import ast
from collections.abc import Collection, Iterator, Sequence

_DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SHOWING = frozenset({"print", "display"})

Binding = tuple[ast.AST, str]


def superseded(trees: Sequence[ast.Module], names: Collection[str]) -> frozenset[Binding]:
    """Give the bindings of names that are bound again before any of them is used."""
    found: set[Binding] = set()
    pending: dict[str, ast.AST] = {}
    words = set(names) | _functions_of(trees, names)
    for statement in _flattened(one for tree in trees for one in tree.body):
        bound = bound_names(statement) & set(names)
        if not bound and _uses(statement, words):
            break
        found |= {(pending[name], name) for name in bound if name in pending}
        pending |= dict.fromkeys(bound, statement)
    return frozenset(found)


def bound_names(statement: ast.stmt) -> set[str]:
    """Name what a plain statement binds."""
    match statement:
        case ast.Assign(targets=targets):
            return {one for target in targets for one in _stored(target)}
        case ast.AugAssign(target=target):
            return _stored(target)
        case ast.AnnAssign(target=target, value=value) if value is not None:
            return _stored(target)
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return {one.asname or one.name for one in aliases}
    return set()


def _stored(target: ast.expr) -> set[str]:
    return {
        node.id
        for node in ast.walk(target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _functions_of(trees: Sequence[ast.Module], names: Collection[str]) -> set[str]:
    """Name the functions and classes in which names stand: to call them is to use these."""
    return {
        node.name
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, _DEFINING) and _mentions(node, names)
    }


def _flattened(statements: Iterator[ast.stmt]) -> Iterator[ast.stmt]:
    """Go through statements, and those of `with` in their place."""
    for statement in statements:
        if isinstance(statement, ast.With):
            yield from (ast.Expr(item.context_expr) for item in statement.items)
            yield from _flattened(iter(statement.body))
        else:
            yield statement


def _uses(statement: ast.stmt, words: Collection[str]) -> bool:
    if isinstance(statement, (*_DEFINING, ast.Assert)):
        return False
    shown = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    if shown and getattr(statement.value.func, "id", "") in _SHOWING:  # type: ignore[attr-defined]
        return False
    return _mentions(statement, words)


def _mentions(node: ast.AST, words: Collection[str]) -> bool:
    return any(isinstance(one, ast.Name) and one.id in words for one in ast.walk(node))
