"""What stands in for a library that is not installed, and when that is told."""

import importlib.util
import re
from functools import cache
from typing import Any

_PARTS = {
    "keras": "keras.datasets and keras.utils.to_categorical",
    "tensorflow": "tensorflow.keras.datasets and tensorflow.keras.utils.to_categorical",
    "torchvision": "torchvision.datasets.MNIST and a few of torchvision.transforms",
}
_IMPORT = re.compile(rf"^\s*(?:import|from)\s+({'|'.join(_PARTS)})\b", re.MULTILINE)


def tell_stand_ins(notebook: Any) -> tuple[str, ...]:
    """Say for which libraries that a notebook imports there was only a stand-in."""
    sources = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    asked = {name for source in sources for name in _IMPORT.findall(source)}
    return tuple(
        f"{name} is not installed here; a stand-in has {_PARTS[name]} only"
        for name in sorted(asked)
        if not is_installed(name)
    )


@cache
def is_installed(name: str) -> bool:
    """Say whether the interpreter that runs notebooks has a library itself."""
    return importlib.util.find_spec(name) is not None
