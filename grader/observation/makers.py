"""Which cells can have made numbers with anything but torch, by the names they use."""

import ast
from collections.abc import Iterable, Mapping

from grader.observation.syntax import parsed

_TORCH = {"torch"}


class Makers:
    """What the names of a notebook's code stand for: NumPy, torch, functions that use either."""

    def __init__(self, sources: Mapping[int, str]) -> None:
        self._trees = {cell: parsed(source) for cell, source in sources.items()}
        trees = [tree for tree in self._trees.values() if tree is not None]
        self._starred = any(_imports_all(tree) for tree in trees)
        self._suspect = _closure(trees)

    def torch_only(self, cell: int) -> bool:
        """Say whether nothing a cell names can have computed without torch.

        A function or class of the notebook's own counts as able to, where it uses NumPy, or
        calculates and does not use torch; so does what is made of such a class.
        """
        tree = self._trees.get(cell)
        if tree is None or self._starred:
            return False
        return not (_names(tree) & self._suspect)


def _closure(trees: Iterable[ast.AST]) -> set[str]:
    """Return the names that stand for NumPy, or for what calculates with it or by itself."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    torch = _TORCH | _imported(nodes, "torch")
    suspect = {"np", "numpy"} | _imported(nodes, "numpy")
    made = [(name, node) for node in nodes for name in _made(node)]
    known: set[str] = set()
    while known != suspect:
        known = set(suspect)
        for name, node in made:
            used = _names(node) - {name}
            calculates = isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)
            own = calculates and _calculates(node) and not used & torch
            if own or used & known:
                suspect.add(name)
    return suspect


def _made(node: ast.AST) -> list[str]:
    """Name what a node defines: a function, a class, a lambda, an instance of something."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _calculates(node: ast.AST) -> bool:
    return any(isinstance(one, ast.BinOp | ast.AugAssign) for one in ast.walk(node))


def _imported(nodes: Iterable[ast.AST], library: str) -> set[str]:
    """Name what is imported of a library, under the names it has in the notebook."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            parts = [a for a in node.names if a.name.partition(".")[0] == library]
            found |= {a.asname or a.name.partition(".")[0] for a in parts}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == library:
            found |= {a.asname or a.name for a in node.names}
    return found


def _imports_all(tree: ast.AST) -> bool:
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return any(
        alias.name == "*" and (node.module or "").partition(".")[0] == "numpy"
        for node in imports
        for alias in node.names
    )
