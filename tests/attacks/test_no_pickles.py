"""Nothing outside the sandbox turns a student's data into code: no pickles, no evaluation."""

import ast
import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from grader.recording.npy import read_npy

ROOT = Path(__file__).parents[2] / "grader"
INSIDE = ROOT / "execution" / "inside"  # student code runs in the same process
MODULES = {"pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
MODULES |= {"yaml", "runpy", "code", "codeop", "copyreg", "xmlrpc", "telnetlib"}
CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "torch.load"}
CALLS |= {
    "np.load",
    "numpy.load",
    "np.genfromtxt",
    "np.fromregex",
    "npy.read_array",
    "npy.read_magic",
}


def outside() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        if INSIDE not in path.parents:
            name = path.relative_to(ROOT).as_posix()
            yield name, ast.parse(path.read_text(encoding="utf-8"), name)


def unsafe(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if _top(alias.name) in MODULES)
        elif isinstance(node, ast.ImportFrom) and not node.level and _top(node.module) in MODULES:
            yield str(node.module)
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in CALLS:
                yield name
            yield from (
                f"{name}({keyword.arg})"
                for keyword in node.keywords
                if (keyword.arg, ast.unparse(keyword.value))
                in {("allow_pickle", "True"), ("shell", "True"), ("weights_only", "False")}
            )


def _top(name: str | None) -> str:
    return (name or "").partition(".")[0]


def test_nothing_outside_unpickles_or_evaluates() -> None:
    found = {name: list(unsafe(tree)) for name, tree in outside()}

    assert len(found) > 50
    assert {name: calls for name, calls in found.items() if calls} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from marshal import loads",
        "np.load(file)",
        "eval(text)",
        "f(file, allow_pickle=True)",
        "subprocess.run(line, shell=True)",
    ],
)
def test_each_way_is_seen(source: str) -> None:
    assert list(unsafe(ast.parse(source)))


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("made-by-a-pickle",)


@pytest.mark.parametrize("shape", [(), (1,), (2, 2)])
def test_an_array_of_pickles_is_refused(
    shape: tuple[int, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = io.BytesIO()
    np.save(file, np.full(shape, Bomb(), dtype=object), allow_pickle=True)

    with pytest.raises(ValueError, match="no array of plain numbers"):
        read_npy(file.getvalue())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': __import__('os').mkdir('made'), 'fortran_order': False, 'shape': ()}",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (10**9,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999999999,)}",
        "{'descr': '<f99', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (" + "1," * 5000 + ")}",
        "[" * 5000,
    ],
)
def test_a_header_is_matched_and_never_evaluated(
    header: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = header.encode().ljust(118) + b"\n"
    data = b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + bytes(8)

    with pytest.raises(ValueError, match=r"no |bytes are no array"):
        read_npy(data)
    assert list(tmp_path.iterdir()) == []
