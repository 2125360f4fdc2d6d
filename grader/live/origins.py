"""Where the names of a live session come from: which cell gave them what they hold, and torch."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from grader.intake.perturbation.source import parse_cell

_TORCH = ("torch", "torchvision", "torchaudio")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.ClassDef, ast.Lambda)


Printer = Literal["torch", "others", "mixed"]


class Origins:
    """Cells followed in the order in which they were run.

    A name is taken for torch's where anything it was made of is: that errs on the side of
    doubt, and never takes what torch computed for NumPy's.
    """

    def __init__(self, sources: Mapping[int, str], *, torch: bool) -> None:
        """Follow the cells; `torch` says whether it is loaded at all."""
        self._cells: dict[str, int] = {}
        self._torch: set[str] = set()
        self._surely: set[str] = set()  # what a tensor's own method made
        self._ends: set[int] = set()  # cells that end with an expression of torch's
        self._calls: dict[int, set[bool]] = {}  # cells whose statements call: torch's, or others
        self._changed_by: dict[str, set[str]] = {}  # what calling an own function may change
        self._last = max(sources, default=1)
        self._blind = torch and not any(sources.values())
        self._loaded = torch
        self._within = 0  # statements that may not be reached, or more than once
        for number, source in sorted(sources.items()):
            self._follow(number, source)

    def cell_of(self, name: str) -> int:
        """Return the last cell that gave a name what it holds; the last of all if none is seen."""
        return self._cells.get(name, self._last)

    def may_be_torchs(self, name: str) -> bool:
        """Say whether torch may have computed what a name holds."""
        if not self._loaded:
            return False
        return self._blind or name in self._torch or name not in self._cells

    def is_surely_torchs(self, name: str) -> bool:
        """Say whether a name holds what a tensor was turned into, and nothing later."""
        return self._loaded and name in self._surely and not self._blind

    def may_show_torchs(self, cell: int) -> bool:
        """Say whether torch may have computed what a cell ends with."""
        return self._loaded and cell in self._ends

    def prints(self, cell: int) -> Printer:
        """Say whose numbers a cell may have printed."""
        whose = self._calls.get(cell, set())
        if not self._loaded or whose <= {False}:
            return "mixed" if self._blind else "others"
        return "torch" if whose == {True} and not self._blind else "mixed"

    def _follow(self, number: int, source: str) -> None:
        tree = parse_cell(source)
        if tree is None:  # what cannot be read may do anything
            self._blind = self._blind or (self._loaded and bool(source.strip()))
            return
        self._cell = number
        for statement in tree.body:
            self._statement(statement)
        last = tree.body[-1] if tree.body else None
        if isinstance(last, ast.Expr) and self._is_torchs(names_read(last)):
            self._ends.add(number)

    def _statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Import | ast.ImportFrom):
            self._import(node)
        elif isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            self._bind([node.name], torch=self._is_torchs(free_names(node)))
            self._changed_by[node.name] = changed_in(node)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.While | ast.If | ast.With | ast.Try):
            self._compound(node)
        else:
            self._plain(node)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            whole = alias.name if isinstance(node, ast.Import) else node.module or ""
            name = alias.asname or alias.name.partition(".")[0]
            self._bind([name], torch=whole.partition(".")[0] in _TORCH)

    def _compound(self, node: ast.stmt) -> None:
        """Follow a block twice: what its end makes torch's, its beginning may use."""
        self._within += 1
        for _ in range(2):
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr | ast.withitem):
                    self._plain(child, among=node)
                for inner in child.body if isinstance(child, ast.ExceptHandler) else [child]:
                    if isinstance(inner, ast.stmt):
                        self._statement(inner)
        self._within -= 1

    def _plain(self, node: ast.AST, among: ast.AST | None = None) -> None:
        """Follow what has no block of its own; a loop's target gets what the loop is over."""
        read = names_read(node) | (names_read(among.iter) if isinstance(among, ast.For) else set())
        if any(isinstance(child, ast.Call) for child in _walk(node)):
            self._calls.setdefault(self._cell, set()).add(self._is_torchs(read))
        self._bind(names_bound(node), torch=self._is_torchs(read))
        if isinstance(node, ast.Assign) and _leaves_tensor(node.value) and self._is_torchs(read):
            self._surely |= {one.id for one in node.targets if isinstance(one, ast.Name)}
        changed = {*_changed(node), *(n for f in read for n in self._changed_by.get(f, ()))}
        changed &= self._cells.keys()
        self._surely -= changed
        for name in changed:
            self._cells[name] = self._cell
        if self._is_torchs(read):
            self._torch |= changed | {n for n in handed_over(node, self._torch) if n in self._cells}

    def _bind(self, names: Iterable[str], *, torch: bool) -> None:
        for name in names:
            self._cells[name] = self._cell
            self._surely.discard(name)
            if torch:
                self._torch.add(name)
            elif not self._within:
                self._torch.discard(name)

    def _is_torchs(self, names: Iterable[str]) -> bool:
        return not self._torch.isdisjoint(names)


def names_read(node: ast.AST) -> set[str]:
    """Name what is read in a piece of code; what functions in it call their own is left out."""
    found: set[str] = set()
    for child in _walk(node):
        if isinstance(child, ast.Name) and not isinstance(child.ctx, ast.Store):
            found.add(child.id)
        elif isinstance(child, _SCOPES):
            found |= free_names(child)
    if isinstance(node, ast.AugAssign):
        found |= names_bound(node)
    return found


def names_bound(node: ast.AST) -> set[str]:
    """Name what a piece of code binds outside of its functions."""
    found, inner = set(), set()
    for child in _walk(node):
        if isinstance(child, ast.comprehension):
            inner |= {id(one) for one in ast.walk(child.target)}
    for child in _walk(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            if id(child) not in inner:
                found.add(child.id)
        elif isinstance(child, (*_FUNCTIONS, ast.ClassDef)):
            found.add(child.name)
        elif isinstance(child, ast.alias):
            found.add(child.asname or child.name.partition(".")[0])
        elif isinstance(child, ast.ExceptHandler) and child.name:
            found.add(child.name)
    return found


def free_names(scope: ast.AST) -> set[str]:
    """Name what a function or class reads of the notebook's."""
    loaded: set[str] = set()
    own: set[str] = set()
    for child in ast.walk(scope):
        if isinstance(child, ast.Name):
            (own if isinstance(child.ctx, ast.Store) else loaded).add(child.id)
        elif isinstance(child, ast.arg):
            own.add(child.arg)
    return loaded if isinstance(scope, ast.ClassDef) else loaded - own


def changed_in(scope: ast.AST) -> set[str]:
    """Name what of the notebook's a function may change when it is called."""
    own = {child.arg for child in ast.walk(scope) if isinstance(child, ast.arg)}
    stored, shared, changed = set(), set(), set()
    for child in ast.walk(scope):
        if isinstance(child, ast.Global):
            shared |= set(child.names)
        elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            stored.add(child.id)
        elif isinstance(child, ast.stmt) and not isinstance(child, _SCOPES):
            changed |= set(_changed(child))
    return shared | (changed - own - stored)


def handed_over(node: ast.AST, functions: Iterable[str]) -> set[str]:
    """Name the variables that some of the notebook's functions are called with."""
    known = set(functions)
    calls = (c for c in _walk(node) if isinstance(c, ast.Call) and isinstance(c.func, ast.Name))
    own = (call for call in calls if call.func.id in known)  # type: ignore[attr-defined]
    return {a.id for call in own for a in call.args if isinstance(a, ast.Name)}


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a piece of code and all in it, functions and classes as one."""
    yield node
    if not isinstance(node, _SCOPES):
        for child in ast.iter_child_nodes(node):
            yield from _walk(child)


def _changed(node: ast.AST) -> Iterator[str]:
    """Name what is changed in place: by an entry, an attribute, or a method called for that."""
    for child in _walk(node):
        stored = isinstance(child, ast.Attribute | ast.Subscript) and isinstance(
            child.ctx, ast.Store
        )
        if stored or (isinstance(child, ast.Expr) and isinstance(child.value, ast.Call)):
            yield from _roots(child.value)  # type: ignore[attr-defined]


def _leaves_tensor(node: ast.expr) -> bool:
    """Say whether an expression ends with the method by which tensors become arrays."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    if node.func.attr in ("tolist", "copy", "item"):
        return _leaves_tensor(node.func.value)
    return node.func.attr == "numpy" and not node.args


def _roots(node: ast.expr) -> Iterator[str]:
    """Name the variable an expression starts from."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            yield from _roots(node.func.value)
    elif isinstance(node, ast.Attribute | ast.Subscript):
        yield from _roots(node.value)
    elif isinstance(node, ast.Name):
        yield node.id
