"""The places of a cell where a budget takes hold: bindings, parameters, entries and loops."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from grader.intake.budget import bounds, edits
from grader.intake.budget.edits import Edit
from grader.intake.budget.model import Change, Limits, Scalar
from grader.intake.budget.preparation import Binding
from grader.intake.budget.targets import name_of, own_parts, unpacked, variables
from grader.intake.perturbation.source import text_of

_TOLD = 60  # characters of the notebook's own text that a change repeats
_COMPILING = frozenset({"jit", "njit", "script", "compile", "vectorize", "guvectorize"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Facts:
    """What of the whole notebook matters in each cell."""

    superseded: frozenset[Binding] = frozenset()  # bindings after which nothing is cut yet
    inspected: frozenset[str] = frozenset()  # names whose attributes are read
    torch: bool = False  # whether it is imported
    plain_range: bool = True  # whether `range` is Python's own


@dataclass
class Search(ast.NodeVisitor):
    """Collects what is to be changed in one cell; what stands inside comes first."""

    limits: Limits
    facts: Facts
    source: str
    cell: int
    edits: list[Edit] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Leave formatted text: what stands in it has no place of its own."""

    def visit_Assign(self, node: ast.Assign) -> None:
        """Bound what is assigned."""
        self.generic_visit(node)
        if len(node.targets) == 1:
            self._pair(node.targets[0], node.value, node)
            return
        for target in node.targets:
            self._bind_behind(target, node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Bound what is assigned."""
        self.generic_visit(node)
        if node.value is not None:
            self._pair(node.target, node.value, node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Bound what comes of it."""
        self.generic_visit(node)
        self._bind_behind(node.target, node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """Bound what is assigned."""
        self.generic_visit(node)
        self._bind_value(node.target.id, node.value, node)

    def visit_Import(self, node: ast.Import) -> None:
        """Bound what is imported."""
        self._import(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Bound what is imported."""
        self._import(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Bound keywords, and the defaults of arguments on a command line."""
        self.generic_visit(node)
        for word in node.keywords:
            if word.arg is not None:
                self._bind_value(word.arg, word.value, node)
        if bounds.called(node) == "add_argument" and node.args:
            first = node.args[0]
            flag = first.value if isinstance(first, ast.Constant) else None
            name = flag.lstrip("-").replace("-", "_") if isinstance(flag, str) else ""
            for word in node.keywords:
                if word.arg == "default":
                    self._bind_value(name, word.value, node)

    def visit_Dict(self, node: ast.Dict) -> None:
        """Bound the values of keys of a name."""
        self.generic_visit(node)
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                self._bind_value(key.value, value, node)

    def visit_For(self, node: ast.For) -> None:
        """Bound the rounds, and names that become one value after the other."""
        self.generic_visit(node)
        self._bound_rounds(node.target, node.iter)
        through = bounds.counted(node.iter)
        if not (bounds.is_range(through) or bounds.called(through) == "trange"):
            self._bind_head(variables(node.target), node.body, "in each round")

    def visit_comprehension(self, node: ast.comprehension) -> None:
        """Bound the rounds."""
        self.generic_visit(node)
        if not node.is_async:
            self._bound_rounds(node.target, node.iter)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Bound parameters."""
        self._define(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        """Bound parameters."""
        self._define(node)

    def _define(self, node: _Function) -> None:
        """Bound parameters; what compiles a function would not understand how."""
        if any(bounds.called(one) in _COMPILING for one in node.decorator_list):
            return
        self.generic_visit(node)
        spec = node.args
        names = [one.arg for one in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)]
        self._bind_head(names, node.body, f"inside {node.name}")

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            name = alias.asname or alias.name
            if self._is_bounded(name, node):
                self._state_behind(name, name, node)

    def _pair(self, target: ast.expr, value: ast.expr, statement: ast.stmt) -> None:
        """Bound the value of a target; of unpacked ones each its own, where these are there."""
        if not isinstance(target, ast.Tuple | ast.List):
            self._bind_value(name_of(target), value, statement)
        elif pairs := own_parts(target, value):
            for one, its in pairs:
                self._pair(one, its, statement)
        else:
            self._bind_behind(target, statement)

    def _bind_value(self, name: str, value: ast.expr, node: ast.AST) -> None:
        if not self._is_bounded(name, node) or self._follows(name, value):
            return
        if name in self.limits.set:
            self._bind_number(name, value, self.limits.set[name])
        elif not bounds.is_no_array(value):
            self.edits += edits.around(value, *self._bound(name))
            self._tell(value, self._said(name))

    def _bind_number(self, name: str, value: ast.expr, limit: Scalar) -> None:
        typed, own = bounds.literal_number(value), _short(text_of(value, self.source))
        if typed is None:
            if not bounds.is_no_number(value):
                self.edits += edits.around(value, *self._bound(name))
                self._tell(value, f"{self._said(name)} (the notebook says {own})")
        elif isinstance(typed, bool) is isinstance(limit, bool) and (
            typed is not limit if isinstance(limit, bool) else typed > limit
        ):
            self.edits += edits.instead(value, repr(limit))
            self._tell(value, f"{name} set to {limit} (the notebook says {own})")

    def _bind_behind(self, target: ast.expr, statement: ast.stmt) -> None:
        """Bound what a statement binds by others behind it."""
        for one in unpacked(target):
            name = name_of(one)
            if self._is_bounded(name, statement):
                self._state_behind(name, ast.unparse(one), statement)

    def _state_behind(self, name: str, target: str, statement: ast.stmt) -> None:
        self.edits.append(edits.behind(statement, f"; {self._statement(name, target)}"))
        self._tell(statement, self._said(name))

    def _bind_head(self, names: Sequence[str], body: list[ast.stmt], where: str) -> None:
        bound = [name for name in names if self._is_bounded(name, body[0])]
        if not bound:
            return
        statement = "; ".join(self._statement(name, name) for name in bound)
        self.edits.append(edits.at_head(body, statement, self.source))
        for name in bound:
            self._tell(body[0], f"{self._said(name)}, {where}")

    def _bound_rounds(self, target: ast.expr, through: ast.expr) -> None:
        """Bound a loop whose variable has a limit, behind whatever shows its progress."""
        name = next((name for name in variables(target) if name in self.limits.loops), None)
        if name is None:
            return
        count, inner = self.limits.loops[name], bounds.counted(through)
        known = bounds.known_rounds(inner)
        if known is not None and known <= count:
            return
        bound = bounds.rounds_bound(inner, count, plain_range=self.facts.plain_range)
        self.edits += edits.around(inner, *bound)
        most = "" if known else "at most "
        rounds = f"{most}{count} round{'s' if count > 1 else ''}"
        own = _short(text_of(inner, self.source))
        self._tell(inner, f"the loop over {name} is run for {rounds} (the notebook says {own})")

    def _is_bounded(self, name: str, node: ast.AST) -> bool:
        limited = name in self.limits.set or name in self.limits.first
        return limited and (node, name) not in self.facts.superseded

    def _follows(self, name: str, value: ast.expr) -> bool:
        """Say whether a value is a name that is held to the same limit itself."""
        return isinstance(value, ast.Name) and any(
            name in limits and value.id in limits and limits[value.id] <= limits[name]
            for limits in (self.limits.set, self.limits.first)
        )

    def _bound(self, name: str) -> bounds.Bound:
        if name in self.limits.set:
            return bounds.number_bound(self.limits.set[name])
        with_torch = self.facts.torch and name not in self.facts.inspected
        return bounds.entries_bound(self.limits.first[name], with_torch=with_torch)

    def _statement(self, name: str, target: str) -> str:
        before, after = self._bound(name)
        return f"{target} = {before}{target}{after}"

    def _said(self, name: str) -> str:
        if name not in self.limits.set:
            return f"{name}: its first {self.limits.first[name]} entries are kept"
        limit = self.limits.set[name]
        return f"{name} is {limit if isinstance(limit, bool) else f'{limit} at most'}"

    def _tell(self, node: ast.expr | ast.stmt, text: str) -> None:
        self.changes.append(Change(self.cell, node.lineno, text))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TOLD else f"{line[: _TOLD - 1]}…"
