"""What stands around a piece of code: its parents, the modules imported, what is assigned."""

import ast
from functools import cached_property
from typing import TypeGuard


class Surroundings:
    """The syntax tree of a cell, asked about its nodes."""

    def __init__(self, tree: ast.Module, imported: frozenset[str] = frozenset()) -> None:
        """Take a cell, and the names that earlier cells imported."""
        self._tree = tree
        self._parents = {
            id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)
        }
        self.imported = imported | imported_names(tree)

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Return what a node is directly part of."""
        return self._parents.get(id(node))

    def statement(self, node: ast.AST) -> ast.AST:
        """Return the innermost statement a node is part of."""
        found: ast.AST | None = node
        while found is not None and not isinstance(found, ast.stmt):
            found = self.parent(found)
        return found or self._tree

    def is_statement(self, call: ast.Call) -> bool:
        """Say whether a call is made for what it does, not for what it returns."""
        return isinstance(self.parent(call), ast.Expr)

    def is_plain_function(self, node: ast.expr) -> bool:
        """Say whether a function is called by its name, or by that and its module's."""
        while isinstance(node, ast.Attribute):
            node = node.value
            if not isinstance(node, ast.Attribute | ast.Name):
                return False
            if isinstance(node, ast.Name):
                return node.id in self.imported
        return isinstance(node, ast.Name)

    def is_number(self, node: ast.AST) -> bool:
        """Say whether a node is a number, of either sign, as it is written."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            node = node.operand
        return isinstance(node, ast.Constant) and type(node.value) in (int, float)

    def in_data(self, node: ast.AST) -> bool:
        """Say whether a number stands in a row of numbers."""
        parent = self.parent(node)
        if isinstance(parent, ast.UnaryOp):
            parent = self.parent(parent)
        return isinstance(parent, ast.List)

    def is_axis(self, node: ast.AST) -> bool:
        """Say whether a number is an axis, by the keyword it is handed as."""
        parent = self.parent(node)
        if isinstance(parent, ast.UnaryOp):
            parent = self.parent(parent)
        return isinstance(parent, ast.keyword) and parent.arg in ("axis", "dim")

    @cached_property
    def functions(self) -> dict[str, int]:
        """The functions this cell defines, with the number of their arguments."""
        return {
            node.name: len(node.args.args)
            for node in ast.iter_child_nodes(self._tree)
            if isinstance(node, ast.FunctionDef)
        }

    def assigned_before(self, node: ast.Assign) -> bool:
        """Say whether all that a statement assigns has had a value before in this cell."""
        names = {name.id for t in node.targets for name in ast.walk(t) if _is_stored(name)}
        stored = self._first_stored
        return bool(names) and all(stored.get(name, node.lineno) < node.lineno for name in names)

    @cached_property
    def _first_stored(self) -> dict[str, int]:
        """The line in which each name is first assigned."""
        found: dict[str, int] = {}
        for node in ast.walk(self._tree):
            if _is_stored(node):
                found[node.id] = min(node.lineno, found.get(node.id, node.lineno))
        return found


def imported_names(tree: ast.Module) -> frozenset[str]:
    """Return the names under which modules, or what is in them, are known."""
    return frozenset(
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    )


def _is_stored(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
