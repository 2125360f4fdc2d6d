"""Libraries that compute what was asked of NumPy, by the names that code uses."""

import ast
from collections.abc import Iterable, Iterator

from grader.intake.perturbation.source import parse_cell
from grader.scoring.probed.findings import Finding
from grader.scoring.probed.view import View

LIBRARIES = {
    "torch": "PyTorch",
    "tensorflow": "TensorFlow",
    "keras": "Keras",
    "jax": "JAX",
    "sklearn": "scikit-learn",
}


def other_library(view: View) -> list[Finding]:
    """Say where another library computed what was asked of NumPy."""
    if view.question.library != "numpy":
        return []
    returned = any(view.library_of(step) == "torch" for step in view.steps())
    library = "PyTorch" if returned else _used(view)
    if not library:
        return []
    return [Finding("other-library", f"{view.name} computes with {library}; NumPy was asked for.")]


def _used(view: View) -> str:
    """Name a library the code of a definition uses; what stands in its texts is no use."""
    tree = parse_cell(view.source)
    if tree is None:
        return ""
    cells = view.recording.handed_in["cells"] if view.recording.handed_in else []
    trees = [parse_cell(str(one["source"])) for one in cells if one["cell_type"] == "code"]
    known = {name: name for name in LIBRARIES} | dict(_imported([t for t in trees if t]))
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    own = {one.id for one in names if not isinstance(one.ctx, ast.Load)}
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    used = [known[one.id] for one in names if one.id in known and one.id not in own]
    used += [library for _, library in _imported([tree])]
    return LIBRARIES[used[0]] if used else ""


def _imported(trees: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    """Yield the names that are imported of the libraries, and of which."""
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.ImportFrom):
            library = (node.module or "").partition(".")[0]
            pairs = [(alias.asname or alias.name, library) for alias in node.names]
        elif isinstance(node, ast.Import):
            roots = [(alias, alias.name.partition(".")[0]) for alias in node.names]
            pairs = [(alias.asname or root, root) for alias, root in roots]
        else:
            continue
        yield from ((name, library) for name, library in pairs if library in LIBRARIES)
