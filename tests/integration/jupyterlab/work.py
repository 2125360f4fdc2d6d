"""A student's folder: a notebook that checks itself, and the file that names its rubric."""

from pathlib import Path

import nbformat
from nbformat import v4

NAME = "homework.ipynb"
SETTING_UP = "import grader"
DATA = """
import numpy as np
X = np.array([[1, 2, 3], [4, 5, 6]])
Y = np.array([[0, 1], [1, 0]])
w1 = np.arange(1, 13).reshape(3, 4) / 10
w2 = np.arange(2, 10).reshape(4, 2) / 10

def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
"""
RIGHT = """
h = np.maximum(X @ w1, 0)
out = softmax(h @ w2)
print(out)
"""
TWICE = """
import torch
import torch.nn.functional as F
w1_t = torch.tensor(w1, requires_grad=True)
p = torch.softmax(torch.relu(torch.tensor(X, dtype=torch.float64) @ w1_t) @ torch.tensor(w2), dim=1)
loss = F.cross_entropy(p, torch.tensor([1, 0]), reduction="sum")
loss.backward()
w1_t.grad
"""
# Whatever a variable or a key is called, it is only text.
HOSTILE = """
kept = {"<img src=x onerror=\\"document.title='hit'\\">": out.copy()}
del out
"""
CELLS = (SETTING_UP, DATA, RIGHT, TWICE, "grader.check()", HOSTILE, "%check forward-numpy")
ALL, ONE = 5, 7  # the cells that check
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def make_work(folder: Path, *cells: str, name: str = NAME) -> Path:
    """Write the notebook and the project's file into a new folder; give the notebook's path."""
    folder.mkdir(parents=True)
    (folder / "gradmark.toml").write_text('rubric = "hw1"\n')
    notebook = v4.new_notebook(
        cells=[v4.new_code_cell(source.strip()) for source in cells],
        metadata={"kernelspec": KERNEL},
    )
    nbformat.write(notebook, folder / name)
    return folder / name
