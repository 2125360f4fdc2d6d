"""What a session may have shown and does not hold: values that were printed, or overwritten."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from grader.intake.perturbation.source import parse_cell
from grader.live.origins import names_bound

_ALIKE = 0.6  # share of the words of two cells
_SHOWING = frozenset({"print", "display", "pprint", "imshow"})
_ROUNDING = frozenset(
    {"around", "array2string", "cpu", "detach", "format", "item", "numpy", "round", "tolist"}
    | {"str", "repr", "float", "list", "clone", "asarray", "array"}
)


def may_have_more(sources: Mapping[int, str]) -> bool:
    """Say whether a session may have shown, or held, values that its variables do not hold."""
    trees = {number: parse_cell(source) for number, source in sources.items()}
    if any(tree is None for tree in trees.values()):
        return True
    known = [tree for tree in trees.values() if tree is not None]
    return any(map(_prints_more, known)) or _overwrites(known)


def without_stale(sources: Mapping[int, str]) -> dict[int, str]:
    """Empty the cells that were run again later, as they were or edited.

    Which cell of a notebook a source came from is not on record. One that binds the same names
    as a later one, in nearly the same words, is taken for an earlier version of it.
    """
    bound = {number: _bound(source) for number, source in sources.items()}
    return {
        number: ""
        if any(_replaces(sources, bound, other, number) for other in sources if other > number)
        else source
        for number, source in sources.items()
    }


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


def _overwrites(trees: list[ast.Module]) -> bool:
    """Say whether a name got another value later."""
    counted: Counter[str] = Counter()
    for tree in trees:
        for statement in tree.body:
            if not isinstance(statement, ast.Import | ast.ImportFrom):
                counted.update(names_bound(statement))
            looping = isinstance(statement, ast.For | ast.While | ast.AugAssign)
            counted.update(names_bound(statement) if looping else ())
    return any(count > 1 for name, count in counted.items() if not name.startswith("_"))


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
