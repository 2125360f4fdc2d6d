"""Single numbers written in the source, and what each is called there."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grader.observation.syntax import parsed

_MOST = 400


@dataclass(frozen=True)
class Scalar:
    """A number in the code: of a keyword, an assignment or a call ("lr", "epochs", "range")."""

    value: float
    whole: bool  # written without a decimal point
    name: str


def scalars(sources: Iterable[str]) -> tuple[Scalar, ...]:
    """List the numbers that stand by themselves, each once, in the order met.

    Those inside brackets and braces are entries of something, and left out.
    """
    found: dict[Scalar, None] = {}
    for source in sources:
        tree = parsed(source)
        if tree is not None:
            found |= dict.fromkeys(_below(tree, ""))
        if len(found) > _MOST:
            break
    return tuple(found)[:_MOST]


def _below(tree: ast.AST, name: str) -> Iterator[Scalar]:
    """Walk a tree without recursion: students write deep ones."""
    waiting: list[tuple[ast.AST, str]] = [(tree, name)]
    while waiting:
        node, called = waiting.pop()
        if isinstance(node, ast.Constant):
            if isinstance(node.value, int | float) and not isinstance(node.value, bool):
                yield Scalar(float(node.value), isinstance(node.value, int), called)
        elif not isinstance(node, ast.List | ast.Set | ast.Dict):
            waiting += [(child, _called(node, child) or called) for child in _children(node)][::-1]


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.Subscript) and child is node.slice):
            yield child


def _called(node: ast.AST, child: ast.AST) -> str:
    """Name what a child belongs to; an empty name leaves the one from further up."""
    if isinstance(node, ast.keyword):
        return node.arg or ""
    if isinstance(node, ast.Assign):
        return _name(node.targets[0])
    if isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
        return _name(node.target)
    if isinstance(node, ast.arguments):
        return _parameter(node, child)
    if isinstance(node, ast.Call) and child is not node.func:
        return _name(node.func)
    return ""


def _parameter(node: ast.arguments, child: ast.AST) -> str:
    positional = [*node.posonlyargs, *node.args][-len(node.defaults) or None :]
    defaults = [*zip(positional, node.defaults, strict=False)]
    defaults += [(arg, d) for arg, d in zip(node.kwonlyargs, node.kw_defaults, strict=True) if d]
    return next((arg.arg for arg, default in defaults if default is child), "")


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
