"""The notebooks that are measured: twenty that run to their end, and a class of a thousand."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from grader.faults import IntakeFault
from grader.intake import find_submissions, read_notebook
from tests.bench.variants import vary

ROOT = Path(__file__).parents[2]
RUBRIC = ROOT / "rubrics" / "hw1.toml"
SAMPLES = ROOT / "submissions" / "hw1"
# All samples that run to their end and need no file beside them.
TWENTY = tuple(f"student-{number:02}" for number in (*range(1, 17), 18, 19, 20, 28))
# 22 never ends and so takes a minute by intent; 24 to 26 cannot be read and 30 is empty, which
# costs nothing: what runs is left, and one sample in eight of it raises.
LEFT_OUT = frozenset(f"student-{number}" for number in (22, 24, 25, 26, 30))


@dataclass(frozen=True)
class Sample:
    """A notebook of the sample class, and the folder of the files beside it, if it has any."""

    notebook: Any
    files: Path | None


def read_samples() -> dict[str, Sample]:
    """Read all samples that can be read, their kernel names set aside."""
    samples = {}
    for one in find_submissions(SAMPLES):
        if one.id in LEFT_OUT:
            continue
        try:
            notebook = read_notebook(one.path)
        except IntakeFault:
            continue
        notebook["metadata"] = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
        samples[one.id] = Sample(notebook, one.files)
    return samples


_KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def write_some(folder: Path, count: int) -> list[Path]:
    """Write `count` notebooks made from the twenty: themselves first, then copies of them."""
    samples = read_samples()
    _empty(folder)
    paths = []
    for index in range(count):
        copy, place = divmod(index, len(TWENTY))
        notebook = vary(samples[TWENTY[place]].notebook, copy)
        paths.append(_write(notebook, folder / f"notebook-{index + 1:03}.ipynb"))
    return paths


def write_class(folder: Path, count: int) -> dict[str, str]:
    """Write a class of `count` copies of the samples in turn; say whose copy each one is.

    Neighbours are copies of different samples, so that the load is the same all along.
    """
    samples = read_samples()
    _empty(folder)
    made = {}
    for index, (name, copy) in zip(range(count), _in_turn(tuple(samples)), strict=False):
        student = f"student-{index + 1:04}"
        sample = samples[name]
        notebook = vary(sample.notebook, copy)
        if sample.files is None:
            _write(notebook, folder / f"{student}.ipynb")
        else:
            (folder / student).mkdir()
            _write(notebook, folder / student / "homework.ipynb")
            _copy_beside(sample.files, folder / student)
        made[student] = name
    return made


def _in_turn(names: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    copy = 0
    while True:
        yield from ((name, copy) for name in names)
        copy += 1


def _copy_beside(files: Path, folder: Path) -> None:
    for path in files.iterdir():
        if path.is_file() and path.suffix != ".ipynb":
            shutil.copyfile(path, folder / path.name)


def _write(notebook: Any, path: Path) -> Path:
    nbformat.write(notebook, path)
    return path


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
