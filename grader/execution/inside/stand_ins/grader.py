"""What stands in for the grader in a notebook that is graded: it checks nothing, and says so."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as _version
from typing import Any

SENTENCE = "checks are not run while the notebook is graded"

try:
    __version__ = _version("gradmark")
except PackageNotFoundError:
    __version__ = "0.0.0"


class Unchecked:
    """What a check that was not run comes to; whatever is asked of it, the cell goes on."""

    __slots__ = ()

    def __repr__(self) -> str:
        return SENTENCE

    def __format__(self, wanted: str) -> str:
        return SENTENCE

    def __getattr__(self, name: str) -> "Unchecked":
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> "Unchecked":  # noqa: D102
        return self

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True


def check(*args: Any, **kwargs: Any) -> Unchecked:
    """Check nothing."""
    return Unchecked()


def load_ipython_extension(shell: Any) -> None:
    """Do nothing: the magic is there already."""


def unload_ipython_extension(shell: Any) -> None:
    """Do nothing."""
