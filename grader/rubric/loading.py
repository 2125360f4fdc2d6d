"""Loads the module a rubric names as its reference, and says why one cannot be loaded."""

import hashlib
import importlib
import importlib.util
import pkgutil
import sys
import traceback
from collections.abc import Callable, Mapping
from importlib.machinery import SourceFileLoader
from pathlib import Path, PureWindowsPath
from types import CodeType, ModuleType
from typing import Any

import numpy as np

import reference as shipped
from grader.faults import RubricFault
from grader.rubric.families import Reference, takes
from grader.rubric.toml import is_file, read_bytes
from grader.rubric.wording import close_match, printable, quote, suggestion

CONSTANTS = 'the dict GIVEN of the constants handed out, such as {"rate": 0.4}'


class _Uncached(SourceFileLoader):
    """Leaves no bytecode in a teacher's folder, and never runs that of an earlier edit."""

    def get_code(self, fullname: str) -> CodeType:
        """Compile what the file says now."""
        return self.source_to_code(read_bytes(Path(self.path)), self.path)


def load(name: str, rubric_path: Path) -> Reference:
    """Load a reference by the name a rubric in `rubric_path` gives it.

    Raises:
        RubricFault: it does not exist, does not run, or lacks what a reference must have.
    """
    file = reference_file(name, rubric_path)
    module = load_module(name, rubric_path)
    whose = name if file is None else str(file)
    functions, makers = (_functions(module, first) for first in ("given", "seed"))
    given: Any = getattr(module, "GIVEN", {} if makers else None)
    perturbed: Any = getattr(module, "PERTURBED", {})
    problems = list(_given_problems(given, whose))
    problems += [] if problems else _perturbed_problems(perturbed, given, whose)
    if not functions:
        problems.append(f"{whose}: has no function whose first argument is called given")
    if problems:
        raise RubricFault(problems)
    return Reference(name, dict(given), functions, dict(perturbed), makers)


def _functions(module: ModuleType, first: str) -> dict[str, Callable[..., Any]]:
    public = {key: value for key, value in vars(module).items() if not key.startswith("_")}
    return {key: value for key, value in public.items() if takes(value, first)}


def load_module(name: str, rubric_path: Path) -> ModuleType:
    """Load a module of references by the name a rubric in `rubric_path` would give it.

    Raises:
        RubricFault: it does not exist, or does not run.
    """
    file = reference_file(name, rubric_path)
    return _load_module(name, rubric_path) if file is None else _load_file(file)


def reference_file(name: str, rubric_path: Path) -> Path | None:
    """Find the file a rubric names as its reference; None where it names a module.

    Raises:
        RubricFault: the file is not there, or not in the rubric's folder.
    """
    if not name.endswith(".py"):
        return None
    says = f'{rubric_path}: "reference"'
    parts = PureWindowsPath(name)  # knows / and \ and drives, whatever the machine
    if parts.anchor or ".." in parts.parts:
        raise RubricFault([f"{says} must stay in the rubric's folder; found {quote(name)}"])
    file = rubric_path.parent.joinpath(*parts.parts)
    if not is_file(file):
        near = sorted(path.name for path in rubric_path.parent.glob("*.py"))
        end = suggestion(name, near, "Python files beside the rubric")
        raise RubricFault([f"{says} names a file that does not exist: {quote(name)}{end}"])
    return file


def _load_module(name: str, rubric_path: Path) -> ModuleType:
    try:
        if not name.startswith("reference."):
            raise ModuleNotFoundError(name=name)
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        if isinstance(error, ModuleNotFoundError) and _is_within(name, error.name):
            says = f'"reference" names a module that does not exist: {quote(name)}'
            raise RubricFault([f"{rubric_path}: {says}{_near_module(name)}"]) from error
        raise RubricFault(
            [f"{_line(error, Path(shipped.__path__[0]))}: {_reason(error)}"]
        ) from error


def _near_module(name: str) -> str:
    # Compared without "reference.", which would make any two names look alike.
    known = [module.name for module in pkgutil.iter_modules(shipped.__path__)]
    match = close_match(name.removeprefix("reference."), known)
    return f"; did you mean {quote(f'reference.{match}')}?" if match else ""


def _is_within(name: str, outer: str | None) -> bool:
    return outer is not None and f"{name}.".startswith(f"{outer}.")


def _load_file(file: Path) -> ModuleType:
    digest = hashlib.sha256(str(file.resolve()).encode()).hexdigest()
    name = f"gradmark_reference_{digest[:16]}"
    spec = importlib.util.spec_from_file_location(name, file, loader=_Uncached(name, str(file)))
    if spec is None or spec.loader is None:
        raise RubricFault([f"{file}: cannot be loaded as a Python file"])
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up there
    try:
        spec.loader.exec_module(module)
    except RubricFault:  # the file went away in between
        raise
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise RubricFault([f"{_line(error, file)}: {_reason(error)}"]) from error
    return module


def _line(error: BaseException, code: Path) -> str:
    """Name the line an error comes from: the last one in `code`, a file or a folder."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [(frame.filename, frame.lineno) for frame in frames]
    if isinstance(error, SyntaxError):
        lines.append((error.filename or "", error.lineno))
    inside = [(file, line) for file, line in lines if code in (Path(file), Path(file).parent)]
    file, line = inside[-1] if inside else (str(code), None)
    return f"{file}, line {line}" if line else file


def _reason(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        line = printable((error.text or "").strip())
        return f"the reference is not valid Python: {error.msg}" + (f": {line}" if line else "")
    words = printable(" ".join(str(error).split()))
    name = type(error).__name__
    return f"the reference stops with {name}" + (f": {words}" if words else "")


def _given_problems(given: Any, whose: str) -> list[str]:
    if not isinstance(given, Mapping):
        return [f"{whose}: must have {CONSTANTS}"]
    return [
        f"{whose}: GIVEN[{quote(str(key))}] must be a number or an array of numbers"
        for key, value in given.items()
        if not isinstance(key, str) or not _is_numeric(value)
    ]


def _perturbed_problems(perturbed: Any, given: Mapping[str, Any], whose: str) -> list[str]:
    if not isinstance(perturbed, Mapping):
        return [f"{whose}: PERTURBED must be a dict of other values for some of GIVEN"]
    return [
        f"{whose}: PERTURBED[{quote(str(key))}] {reason}"
        for key, value in perturbed.items()
        if (reason := _no_perturbation(key, value, given))
    ]


def _no_perturbation(key: Any, value: Any, given: Mapping[str, Any]) -> str:
    """Say why a value cannot stand in place of a constant when notebooks run again; "" if it can.

    A single number stands in a source for many things: it is not looked for.
    """
    if key not in given:
        return f"changes no constant of GIVEN{suggestion(str(key), list(given), 'constants')}"
    old = np.asarray(given[key])
    if not _is_numeric(value) or np.shape(value) != old.shape or not np.isfinite(value).all():
        return f"must be finite numbers of the shape {old.shape}, as GIVEN has them"
    if old.size < 2:
        return "is a single number, which cannot be found in a source by its value"
    if np.allclose(value, old):
        return "is what GIVEN has; other numbers are needed"
    return ""


def _is_numeric(value: Any) -> bool:
    return isinstance(value, int | float | np.ndarray | np.generic) and (
        np.asarray(value).dtype.kind in "biufc"
    )
