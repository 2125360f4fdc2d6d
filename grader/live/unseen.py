"""What a session may have shown and does not hold: values that were printed, or overwritten."""

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from difflib import SequenceMatcher

from grader.intake.perturbation.source import parse_cell
from grader.live.origins import names_bound

_ALIKE = 0.6  # share of the words of two cells
_CLEARING = re.compile(r"^\s*%(?:reset|reset_selective|xdel|run)\b", re.MULTILINE)
_ROOT = re.compile(r"`(\w+)")
_CHANGING = frozenset(
    {"clear", "fill", "load_state_dict", "partition", "pop", "popitem", "put", "remove"}
    | {"resize", "sort", "step", "update", "zero_grad"}
)
_SHOWING = frozenset({"print", "display", "pprint", "imshow"})
_ROUNDING = frozenset(
    {"around", "array2string", "cpu", "detach", "format", "item", "numpy", "round", "tolist"}
    | {"str", "repr", "float", "list", "clone", "asarray", "array"}
)


def may_have_more(sources: Mapping[int, str], read: Collection[int] = ()) -> bool:
    """Say whether a session may have shown, or held, values that its variables do not hold.

    Args:
        sources: of the cells, by their numbers.
        read: the cells of which all that was printed is known.

    """
    trees = {number: parse_cell(source) for number, source in sources.items()}
    known = {number: tree for number, tree in trees.items() if tree is not None}
    if len(known) < len(trees) or any(map(_CLEARING.search, sources.values())):
        return True
    if any(_prints_more(tree) for number, tree in known.items() if number not in read):
        return True
    return bool(_bound_again(list(known.values()))) or _loses(list(known.values()))


def may_have_held(place: str, sources: Mapping[int, str]) -> bool:
    """Say whether what stands in a place, "`out[0]` (cell 4)", may have replaced another value."""
    trees = [tree for tree in map(parse_cell, sources.values()) if tree is not None]
    cleared = any(map(_CLEARING.search, sources.values())) or any(map(_deletes, trees))
    return cleared or not _bound_again(trees).isdisjoint(_ROOT.findall(place))


def without_repeated(
    sources: Mapping[int, str], cells: Mapping[int, str] | None = None
) -> dict[int, str]:
    """Empty the cells that were run again later, as they were, or whose ids say so."""
    last = {source.strip(): number for number, source in sorted(sources.items())}
    gone = _replaced(cells or {})
    return {
        n: source if last[source.strip()] == n and n not in gone else ""
        for n, source in sources.items()
    }


def without_stale(
    sources: Mapping[int, str], cells: Mapping[int, str] | None = None
) -> dict[int, str]:
    """Empty the cells that were run again later, as they were or edited.

    Where it is not known which cell of the notebook a source came from, one that binds the same
    names as a later one, in nearly the same words, is taken for an earlier version of it.

    Args:
        sources: of the cells, by their numbers.
        cells: the ids of the notebook's cells, by the same numbers, as far as they are known.

    """
    ids = cells or {}
    gone = _replaced(ids)
    bound = {number: _bound(source) for number, source in sources.items()}

    def is_stale(number: int) -> bool:
        later = (n for n in sources if n > number and not (n in ids and number in ids))
        return number in gone or any(_replaces(sources, bound, n, number) for n in later)

    return {number: "" if is_stale(number) else source for number, source in sources.items()}


def lost_names(sources: Mapping[int, str], cells: Mapping[int, str]) -> set[str]:
    """Name what only cells bind whose ids say that they were run again since, otherwise."""
    gone = _replaced(cells)
    kept = {n: set() if n in gone else _bound(source) for n, source in sources.items()}
    return {name for n in gone & sources.keys() for name in _bound(sources[n])}.difference(
        *kept.values()
    )


def _replaced(cells: Mapping[int, str]) -> set[int]:
    """Name the runs of cells that were run again."""
    last = {cell: number for number, cell in sorted(cells.items())}
    return {number for number, cell in cells.items() if last[cell] != number}


def _replaces(
    sources: Mapping[int, str], bound: Mapping[int, set[str]], later: int, earlier: int
) -> bool:
    new, old = sources[later].strip(), sources[earlier].strip()
    if new == old:
        return True
    if not bound[earlier] or bound[earlier] != bound[later]:
        return False
    words = SequenceMatcher(None, old.split(), new.split(), autojunk=False)
    return words.quick_ratio() > _ALIKE and words.ratio() > _ALIKE


def _bound(source: str) -> set[str]:
    tree = parse_cell(source)
    return set() if tree is None else names_bound(tree)


def _bound_again(trees: list[ast.Module]) -> set[str]:
    """Name what got another value later."""
    counted: Counter[str] = Counter()
    for tree in trees:
        for statement in tree.body:
            if not isinstance(statement, ast.Import | ast.ImportFrom):
                counted.update(names_bound(statement))
            if isinstance(statement, ast.For | ast.While | ast.AugAssign):
                counted.update(names_bound(statement) - _counters(statement))
    return {name for name, count in counted.items() if count > 1 and name.strip("_")}


def _counters(statement: ast.stmt) -> set[str]:
    """Name what a loop counts with."""
    if not isinstance(statement, ast.For) or not isinstance(statement.iter, ast.Call):
        return set()
    counts = getattr(statement.iter.func, "id", "") == "range"
    return {statement.target.id} if counts and isinstance(statement.target, ast.Name) else set()


def _loses(trees: list[ast.Module]) -> bool:
    """Say whether something is deleted, or is changed where it lies by another cell or a call."""
    own = any(_deletes(t) or _changes_entries(t) or _changes_in_calls(t) for t in trees)
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    slopes = sum(getattr(call.func, "attr", "") == "backward" for call in calls)
    return own or slopes > 1 or any(map(_changes_its_own, calls))


def _changes_its_own(call: ast.Call) -> bool:
    """Say whether a call puts other numbers where some were."""
    name = getattr(call.func, "attr", "")
    inplace = name.endswith("_") and name.strip("_") not in ("requires_grad", "init")
    return name in _CHANGING or inplace or any(one.arg == "out" for one in call.keywords)


def _deletes(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.Delete) for node in ast.walk(tree))


def _changes_entries(tree: ast.Module) -> bool:
    """Say whether a cell changes entries of what another one bound."""
    nodes = list(ast.walk(tree))
    own = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    stored = (
        node.value
        for node in nodes
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    )
    return any(isinstance(one, ast.Name) and one.id not in own for one in stored)


def _changes_in_calls(tree: ast.Module) -> bool:
    """Say whether a function keeps results in an object or a variable, which its next replaces."""
    return any(
        isinstance(node, ast.Global)
        or (isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store))
        for method in ast.walk(tree)
        if isinstance(method, ast.FunctionDef) and method.name != "__init__"
        for node in ast.walk(method)
    )


def _prints_more(tree: ast.Module) -> bool:
    """Say whether anything is printed that is no variable of the notebook's, as it stands."""
    at_top = {id(call) for statement in tree.body for call in _calls_outside(statement)}
    return any(
        id(call) not in at_top or not all(map(_is_held, call.args))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        if getattr(call.func, "id", getattr(call.func, "attr", "")) in _SHOWING
    )


def _calls_outside(node: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls of a statement that are in no function, class or loop."""
    if isinstance(node, ast.Call):
        yield node
    inner = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda | ast.For | ast.While
    if not isinstance(node, inner):
        for child in ast.iter_child_nodes(node):
            yield from _calls_outside(child)


def _is_held(node: ast.AST) -> bool:
    """Say whether an expression gives what a variable holds, or a text."""
    if isinstance(node, ast.Constant | ast.Name):
        return True
    if isinstance(node, ast.Attribute | ast.FormattedValue | ast.Starred):
        return _is_held(node.value)
    if isinstance(node, ast.Subscript):
        return _is_held(node.value)
    if isinstance(node, ast.JoinedStr):
        return all(map(_is_held, node.values))
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        inner = node.func.value if isinstance(node.func, ast.Attribute) else ast.Constant("")
        return name in _ROUNDING and _is_held(inner) and all(map(_is_held, node.args))
    return False
