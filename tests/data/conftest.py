"""What tests of data share: a rubric that asks for a file, and such files."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from grader.rubric.model import Rubric
from grader.rubric.read import read_rubric

LINEAR = Path(__file__).parents[1] / "assignments" / "linear" / "linear.toml"


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_digits(path: Path, count: int = 3) -> Path:
    images = np.arange(count * 4, dtype=np.uint8).reshape(count, 2, 2)
    labels = np.arange(count, dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, x_train=images, y_train=labels, x_test=images[:1], y_test=labels[:1])
    return path


def asking_for(folder: Path, accepted: dict[str, str], *places: str, name: str = "mnist") -> Rubric:
    """Read the tests' own rubric, with a table of data."""
    digests = ", ".join(f'{label} = "{digest}"' for label, digest in accepted.items())
    table = f'[[data]]\nname = "{name}"\nsha256 = {{ {digests} }}\nat = {list(places)}\n\n'
    path = folder / "linear.toml"
    path.write_text(LINEAR.read_text().replace("[[question]]", f"{table}[[question]]", 1))
    (folder / "linear.py").write_text((LINEAR.parent / "linear.py").read_text())
    (folder / "linear_solution.py").write_text((LINEAR.parent / "linear_solution.py").read_text())
    return read_rubric(path)


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    return write_digits(tmp_path / "my files" / "the digits.npz")
