"""Libraries that compute what was asked of NumPy, by the names that code uses."""

import ast

from grader.intake.perturbation.source import parse_cell
from grader.scoring.probed.code import LIBRARIES, imports_of
from grader.scoring.probed.findings import Finding
from grader.scoring.probed.view import View


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
    known = {name: name for name in LIBRARIES} | view.code.imported
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    own = {one.id for one in names if not isinstance(one.ctx, ast.Load)}
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    used = [known[one.id] for one in names if one.id in known and one.id not in own]
    used += [library for _, library in imports_of([tree])]
    return LIBRARIES[used[0]] if used else ""
