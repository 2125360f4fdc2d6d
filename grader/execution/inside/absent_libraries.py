"""Libraries that are not installed: parts of them stand in, and say that there is no more."""

import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

FOLDER = Path(__file__).resolve().parent / "stand_ins"
LIBRARIES = ("keras", "tensorflow", "torchvision")


def let_parts_stand_in() -> None:
    """Have parts found of libraries that nothing else finds."""
    sys.meta_path.append(_Finder())


class _Finder:
    """Asked last, it finds parts of absent libraries; of what is installed it finds nothing."""

    __module__ = "stand_ins"  # whoever looks at how things are imported sees what this is

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Find a stand-in.

        Raises:
            ImportError: the library is absent, and the stand-in has no such part.

        """
        library = name.partition(".")[0]
        if library not in LIBRARIES or (name != library and not _is_ours(library)):
            return None
        file = _file_of(name)
        if not file:
            raise ImportError(_sentence(library, name), name=name)
        spec = spec_from_file_location(name, file, loader=_Loader(name, file))
        if spec is not None and file.endswith("__init__.py"):
            spec.submodule_search_locations = []  # so that its parts are found here, too
        return spec


class _Loader(SourceFileLoader):
    """Loads a part, which then says of all else that it is not there."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the module."""
        super().exec_module(module)
        name = module.__name__

        def missing(attribute: str) -> NoReturn:
            raise AttributeError(
                _sentence(name.partition(".")[0], f"{name}.{attribute}"), name=attribute, obj=module
            )

        vars(module)["__getattr__"] = missing


def _is_ours(library: str) -> bool:
    """Say whether a library that was imported is a stand-in."""
    return isinstance(getattr(sys.modules.get(library), "__loader__", None), _Loader)


def _file_of(name: str) -> str:
    """Give the file of a part; "" where there is none. TensorFlow has keras in it."""
    path = FOLDER.joinpath(*name.removeprefix("tensorflow.").split("."))
    either = (path / "__init__.py", path.with_name(f"{path.name}.py"))
    return next((str(file) for file in either if file.is_file()), "")


def _sentence(library: str, name: str) -> str:
    parts = {
        "keras": "keras.datasets and keras.utils.to_categorical",
        "tensorflow": "tensorflow.keras.datasets and tensorflow.keras.utils.to_categorical",
        "torchvision": "torchvision.datasets.MNIST and ToTensor, Normalize, Compose and Lambda of "
        "torchvision.transforms",
    }
    return f"{library} is not installed here, only a stand-in with {parts[library]}: no {name}"
