"""The moment at which student code imports torch."""

import importlib.util
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from typing import Any

from .stand_in import drop_own_frames


def when_torch_is_imported(ready: Callable[[Any], None]) -> None:
    """Call `ready` with the module torch as soon as it is loaded."""
    if "torch" in sys.modules:
        ready(sys.modules["torch"])
        return
    sys.meta_path.insert(0, _Finder(ready))


class _Finder:
    """Finds torch once, as the other finders do, and puts a loader in between."""

    def __init__(self, ready: Callable[[Any], None]) -> None:
        self._ready = ready

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Find torch, and nothing else."""
        if name != "torch":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self._ready)  # type: ignore[assignment]
        return spec


class _Loader:
    """Loads torch as its own loader does, and is gone when it is loaded."""

    def __init__(self, loader: Any, ready: Callable[[Any], None]) -> None:
        self._loader = loader
        self._ready = ready

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> Any:
        """Leave the kind of module to the loader."""
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        """Run the module, then tell."""
        module.__loader__ = module.__spec__.loader = self._loader
        try:
            self._loader.exec_module(module)
        except BaseException as raised:
            drop_own_frames(raised)
            raise
        self._ready(module)
