"""A notebook put together from two halves."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import nbformat
import numpy as np

from reference import hw1
from tests.bench.composed import noise
from tests.bench.composed.choosing import choose_half
from tests.bench.composed.data import torch_data
from tests.bench.composed.numpy_classes import network_class
from tests.bench.composed.numpy_functions import functions
from tests.bench.composed.numpy_parts import layers, lists
from tests.bench.composed.numpy_rows import script
from tests.bench.composed.numpy_singly import columns, vectors
from tests.bench.composed.pen import Pen
from tests.bench.composed.plan import TASKS, Half, Truth, truths
from tests.bench.composed.torch_manual import manual
from tests.bench.composed.torch_modules import module, sequential
from tests.bench.composed.torch_tensors import tensors

_NUMPY: dict[str, Callable[..., Any]] = {
    "script": script,
    "functions": functions,
    "class": network_class,
    "layers": layers,
    "lists": lists,
    "vectors": vectors,
    "columns": columns,
}
_TORCH: dict[str, Callable[..., Any]] = {
    "tensors": tensors,
    "manual": manual,
    "module": module,
    "sequential": sequential,
}
_IMPORTS = (
    "import json\nimport math\nimport random\nimport sys\nfrom pprint import pprint\n"
    "import numpy as np\nimport torch\nimport torch.nn as nn\n"
    "import torch.nn.functional as F\nimport torch.optim as optim"
)


@dataclass(frozen=True)
class Composition:
    """A notebook, what was done in it, and the same program telling its values.

    Args:
        name: of the file.
        halves: what each library's half does.
        cells: kind ("code" or "markdown") and source of each cell.
        telling: the code cells' sources, with calls that tell results and draws.
    """

    name: str
    halves: tuple[Half, Half]
    cells: tuple[tuple[str, str], ...]
    telling: tuple[str, ...]

    @property
    def truths(self) -> dict[str, Truth]:
        """What each question's answer is, by the question's name."""
        return {
            f"{task}-{half.library}": truth
            for half in self.halves
            for task, truth in truths(half).items()
        }

    def notebook(self) -> nbformat.NotebookNode:
        """Return the notebook as a student hands it in, with no outputs."""
        made = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
        cells = [
            made[kind](source, id=f"cell-{place}")
            for place, (kind, source) in enumerate(self.cells)
        ]
        return nbformat.v4.new_notebook(
            cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        )


def compose(seed: int, index: int) -> Composition:
    """Compose the notebook of this number: the same one for the same seed, whatever ran before."""
    chance = random.Random(f"{seed}/{index}")
    first, second = choose_half(chance, "numpy"), choose_half(chance, "torch")
    converted = (
        not first.typo
        and first.reset
        and not second.typo
        and first.style != "lists"
        and chance.random() < 0.4
    )
    if first.style == "columns":
        converted = False
    hand = chance.random()
    cells = _cells(hand, first, second, checked=False, converted=converted)
    telling = [
        source
        for kind, source in _cells(hand, first, second, checked=True, converted=converted)
        if kind == "code"
    ]
    name = f"composed-{index:04}"
    return Composition(name, (first, second), tuple(cells), tuple(telling))


def _cells(
    hand: float, first: Half, second: Half, *, checked: bool, converted: bool
) -> list[tuple[str, str]]:
    chance = random.Random(hand)
    pens = (
        Pen.of(chance, "numpy", checked=checked),
        Pen.of(random.Random(hand + 1), "torch", checked=checked),
    )
    sections = [
        _sections(pens[0], first, {}, converted=False),
        _sections(pens[1], second, pens[0].names, converted=converted),
    ]
    by_task = chance.random() < 0.4
    order = (
        [(half, section) for section in ("data", *TASKS) for half in (0, 1)]
        if by_task
        else [(half, section) for half in (0, 1) for section in ("data", *TASKS)]
    )
    if by_task and not _names_apart(pens):
        order = [(half, section) for half in (0, 1) for section in ("data", *TASKS)]
    cells = [("code", _IMPORTS)]
    if chance.random() < 0.15:
        cells.append(
            (
                "code",
                chance.choice(
                    [
                        "np.set_printoptions(precision=6, suppress=True)",
                        "np.set_printoptions(precision=4)\ntorch.set_printoptions(precision=6)",
                        "torch.set_printoptions(sci_mode=False)",
                    ]
                ),
            )
        )
    titled = chance.random() < 0.7
    merged = chance.random() < 0.2
    for half, section in order:
        if titled:
            cells.append(("markdown", noise.title(pens[half], section)))
        sources = [
            pens[half].named("\n".join(noise.remarked(pens[half], lines)))
            for lines in sections[half][section]
        ]
        if merged:
            sources = ["\n\n".join(sources)]
        cells += [("code", source) for source in [*sources, *noise.aside(pens[half])]]
    return cells


def _names_apart(pens: tuple[Pen, Pen]) -> bool:
    """Say whether the halves can take turns: neither uses a name of the other's."""
    return not set(pens[0].names.values()) & set(pens[1].names.values())


def _sections(
    pen: Pen, half: Half, others: dict[str, str], *, converted: bool
) -> dict[str, list[list[str]]]:
    if not half.reset:
        pen.habits["update"] = "{w} {s}= v_lr * {d}"
    if half.library == "numpy":
        sections = _NUMPY[half.style](pen, half)
    else:
        data = torch_data(pen, half, converted=converted)
        data = [_of_other(line, others) for line in data]
        sections = _TORCH[half.style](pen, half, data)
    for task in half.typed:
        sections[task] = [_typed(pen, half, task)]
    return dict(sections)


def _of_other(line: str, names: dict[str, str]) -> str:
    for key in ("X", "Y", "w1", "w2"):
        line = re.sub(rf"\bu_{key}\b", names.get(key, key), line)
    return line


def _typed(pen: Pen, half: Half, task: str) -> list[str]:
    """Write an answer's numbers as they are."""
    family = hw1.outputs if task == "forward" else hw1.gradient_w1
    found = family(hw1.GIVEN)
    assert found is not None
    values = np.stack(list(found.values())).reshape(-1, next(iter(found.values())).shape[-1])
    digits = pen.one(4, 6, 8)
    rows = [[f"{value:.{digits}f}" for value in row] for row in values]
    text = "[" + ",\n    ".join("[" + ", ".join(row) + "]" for row in rows) + "]"
    call = "np.array" if half.library == "numpy" else "torch.tensor"
    kept = [f"v_typed_{task} = {call}({text})", f"print(v_typed_{task})"]
    lines = "\\n".join(" ".join(row) for row in rows)
    return pen.one(kept, kept, [f"print({call}({text}))"], [f'print("{lines}")'])
