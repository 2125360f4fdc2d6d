"""What was written in a notebook, read once for all parts that are asked about."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from grader.execution.asking.definitions import Binding, bindings_of
from grader.intake.perturbation.source import parse_cell

LIBRARIES = {
    "torch": "PyTorch",
    "tensorflow": "TensorFlow",
    "keras": "Keras",
    "jax": "JAX",
    "sklearn": "scikit-learn",
}


@dataclass(frozen=True)
class Code:
    """The code of a notebook as it was handed in; None where there is none."""

    notebook: Any

    @cached_property
    def bindings(self) -> list[Binding]:
        """Where names are bound, in order."""
        return bindings_of(self.notebook) if self.notebook else []

    @cached_property
    def imported(self) -> dict[str, str]:
        """The names that are imported of other libraries, and of which."""
        cells = self.notebook["cells"] if self.notebook else []
        trees = [parse_cell(str(one["source"])) for one in cells if one["cell_type"] == "code"]
        return dict(imports_of([tree for tree in trees if tree]))

    def defining(self, name: str, after: int | None) -> str:
        """Return the source that defines a name, in a cell or else the last; "" without any."""
        defined = [one for one in self.bindings if one.name == name and one.kind != "value"]
        at = [one for one in defined if one.cell == after] or defined
        return at[-1].source if at else ""


def imports_of(trees: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
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
