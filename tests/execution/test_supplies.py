"""Data of an assignment where a notebook looks for them: read, attacked, and whole for the next."""

import dataclasses
import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nbformat import v4

from grader.data.idx import lay_out
from grader.execution import run as running
from grader.execution import server
from grader.execution.isolation import detect
from grader.execution.run import Runner
from grader.execution.stand_ins import is_installed
from grader.execution.supplies import Supply, digest_supplies
from grader.rubric.model import Limits
from tests.execution.conftest import LIGHT

HOME, BESIDE, RAW = "~/.keras/datasets/mnist.npz", "data/my digits.npz", "data/MNIST/raw/"
DIGEST = (
    "import hashlib, os\n"
    "def digest(place):\n"
    "    with open(os.path.expanduser(place), 'rb') as file:\n"
    "        return hashlib.file_digest(file, 'sha256').hexdigest()\n"
)
VANDALS = {
    "overwrites": "open(place, 'r+b').write(b'spoilt')",
    "empties": "open(place, 'wb').close()",
    "truncates": "os.truncate(place, 0)",
    "unlocks": "os.chmod(place, 0o666); open(place, 'ab').write(b'more')",
    "deletes": "os.remove(place)",
    "replaces by a link": "os.symlink('/etc/passwd', 'l'); os.replace('l', place)",
    "links beside": "os.link(place, 'hard'); open('hard', 'ab').write(b'more')",
    "moves the folder": "os.rename(os.path.dirname(place), 'moved'); "
    "os.chmod('moved/' + os.path.basename(place), 0o666); "
    "open('moved/' + os.path.basename(place), 'wb').write(b'x')",
    "maps": "import mmap\nwith open(place, 'r+b') as f: mmap.mmap(f.fileno(), 0)[:4] = b'xxxx'",
    "unmounts": "import ctypes; ctypes.CDLL(None).umount2(place.encode(), 2); os.remove(place)",
}
LACKING = {
    "from keras import layers": ("ImportError", "no keras.layers"),
    "from keras.models import Sequential": ("ImportError", "no keras.models"),
    "import keras; keras.layers": ("AttributeError", "no keras.layers"),
    "from keras.utils import plot_model": ("ImportError", "no keras.utils.plot_model"),
    "import tensorflow as tf; tf.nn": ("AttributeError", "no tensorflow.nn"),
    "import tensorflow.keras.layers": ("ImportError", "no tensorflow.keras.layers"),
    "from torchvision import models": ("ImportError", "no torchvision.models"),
    "from torchvision.transforms import Pad": ("ImportError", "no torchvision.transforms.Pad"),
    "from keras.datasets import imdb; imdb.load_data()": ("FileNotFoundError", "imdb"),
    "from torchvision.datasets import SVHN; SVHN('x')": ("RuntimeError", "SVHN is not here"),
}
Where = tuple[Runner, Supply]


@pytest.fixture(scope="module")
def supply(tmp_path_factory: pytest.TempPathFactory) -> Supply:
    folder = tmp_path_factory.mktemp("a folder")
    file = folder / "the digits.npz"
    images = np.arange(5 * 28 * 28, dtype=np.uint8).reshape(5, 28, 28)
    labels = np.array([3, 1, 4, 1, 5], dtype=np.uint8)
    np.savez(file, x_train=images, y_train=labels, x_test=images[:2], y_test=labels[:2])
    file.chmod(0o444)
    four = lay_out(file, folder / "idx")
    places = [(HOME, file), (BESIDE, file), *((f"{RAW}{path.name}", path) for path in four)]
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return Supply("mnist", "tiny", digest, tuple(places))


@pytest.fixture(
    scope="module",
    params=["forked", "no namespaces", pytest.param("cold", marks=pytest.mark.proof)],
)
def where(request: pytest.FixtureRequest, supply: Supply) -> Iterator[Where]:
    """A runner of each kind there is, and what it supplies."""
    if request.param != "cold" and not detect().forks:
        pytest.skip(f"kernels cannot be forked here: {detect().text}")
    poorer = dataclasses.replace(detect(), namespaces=False, missing=("no user namespaces",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "PRELOADED", LIGHT)
        if request.param == "no namespaces":
            patch.setattr(running, "detect", lambda: poorer)
        with Runner(cold=request.param == "cold", supplies=[supply]) as runner:
            yield runner, supply


def run(runner: Runner, *sources: str, files: Path | None = None) -> tuple[list[str], Any]:
    """Run a notebook; give what each cell printed, or its error."""
    book = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
    ran = runner.execute(book, limits=Limits(), seed=1, files=files)
    printed = [
        "".join(output.get("text", "") for output in cell.outputs) for cell in ran.notebook.cells
    ]
    return [cell.error or text.strip() for cell, text in zip(ran.cells, printed, strict=True)], ran


def test_a_notebook_reads_the_data_wherever_it_looks_and_the_run_says_which_they_are(
    where: Where,
) -> None:
    runner, supply = where

    said, ran = run(
        runner,
        f"{DIGEST}print(digest({HOME!r}), digest({BESIDE!r}))",
        "print(sorted(os.listdir('data')), sorted(os.listdir('data/MNIST/raw')))\n"
        "open('data/own.txt', 'w').write('there is room beside it')",
    )

    assert said == [
        f"{supply.sha256} {supply.sha256}",
        "['MNIST', 'my digits.npz'] ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte', "
        "'train-images-idx3-ubyte', 'train-labels-idx1-ubyte']",
    ]
    assert ran.data == {"mnist": "tiny"}


def test_whatever_a_notebook_does_to_the_data_the_next_one_finds_them_whole(where: Where) -> None:
    runner, supply = where
    places = [HOME, BESIDE, f"{RAW}t10k-labels-idx1-ubyte"]
    before = [(path.read_bytes(), path.stat().st_mode) for _, path in supply.places]

    for place in places:
        opening = f"import os\nplace = os.path.expanduser({place!r})"
        run(
            runner,
            opening,
            *(
                f"try:\n {v.replace(chr(10), chr(10) + ' ')}\nexcept OSError: pass"
                for v in VANDALS.values()
            ),
        )
    said, _ = run(runner, f"{DIGEST}print(digest({HOME!r}), digest({BESIDE!r}))")

    assert said == [f"{supply.sha256} {supply.sha256}"]
    assert [(path.read_bytes(), path.stat().st_mode) for _, path in supply.places] == before
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o444 for _, path in supply.places)


def test_in_full_isolation_the_data_cannot_even_be_spoilt_for_oneself(where: Where) -> None:
    runner, supply = where
    if runner.isolation != "full":
        pytest.skip(f"a copy of its own is all a notebook can spoil here: {runner.isolation}")
    opening = f"{DIGEST}import os\nplace = os.path.expanduser({HOME!r})"
    last = "place = place if os.path.exists(place) else 'moved/mnist.npz'\nprint(digest(place))"

    for vandal, source in VANDALS.items():
        said, ran = run(runner, opening, source, last)

        assert (vandal, ran.cells[1].status, said[2]) == (vandal, "raised", supply.sha256)


def test_own_files_give_way_to_the_data_and_that_is_said(where: Where, tmp_path: Path) -> None:
    runner, supply = where
    (tmp_path / "data" / "MNIST").mkdir(parents=True)
    (tmp_path / "data" / "my digits.npz").write_text("my own")
    (tmp_path / "data" / "MNIST" / "raw").write_text("a file for a folder")
    (tmp_path / "data" / "own.txt").write_text("mine")

    said, ran = run(
        runner,
        f"{DIGEST}print(digest({BESIDE!r}), os.path.isdir({RAW!r}), open('data/own.txt').read())",
        files=tmp_path,
    )

    assert said == [f"{supply.sha256} True mine"]
    assert sorted(ran.notes) == [
        "data/MNIST/raw: data of the assignment take its place",
        "data/my digits.npz: data of the assignment take its place",
    ]


def test_a_folder_of_ones_own_in_place_of_the_data_gives_way_too(
    where: Where, tmp_path: Path
) -> None:
    runner, supply = where
    (tmp_path / "data" / "my digits.npz").mkdir(parents=True)
    (tmp_path / "data" / "my digits.npz" / "deep").write_text("mine")

    said, _ = run(runner, f"{DIGEST}print(digest({BESIDE!r}))", files=tmp_path)

    assert said == [supply.sha256]


@pytest.mark.skipif(is_installed("keras"), reason="keras itself is here")
def test_keras_data_sets_and_one_hot_labels_are_stood_in_for_by_every_name_they_have(
    where: Where,
) -> None:
    runner, _ = where

    said, ran = run(
        runner,
        "from keras.datasets import mnist\n(x, y), (u, v) = mnist.load_data()\n"
        "print(x.shape, x.dtype, y, u.shape, v)",
        "import tensorflow as tf\nprint(tf.keras.datasets.mnist.load_data()[0][1])",
        "from tensorflow.keras.datasets import mnist as same\n"
        "from tensorflow.keras.utils import to_categorical\nprint(to_categorical([0, 2]).tolist())",
        "from keras.utils import np_utils\nprint(np_utils.to_categorical([1]).dtype)",
        "import sys\nprint([path for path in sys.path if 'stand_ins' in path])",
    )

    assert said == [
        "(5, 28, 28) uint8 [3 1 4 1 5] (2, 28, 28) [3 1]",
        "[3 1 4 1 5]",
        "[[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]",
        "float32",
        "[]",
    ]
    assert [sentence.split()[0] for sentence in ran.surroundings] == ["keras", "tensorflow"]


@pytest.mark.skipif(
    is_installed("keras") or is_installed("torchvision"), reason="the library itself is here"
)
def test_what_a_stand_in_lacks_it_says_in_a_sentence(where: Where) -> None:
    said, _ = run(where[0], *LACKING)

    for sentence, (error, lacking) in zip(said, LACKING.values(), strict=True):
        assert sentence.startswith(f"{error}: ")
        assert "not installed" in sentence
        assert lacking in sentence


@pytest.mark.skipif(is_installed("torchvision"), reason="torchvision itself is here")
def test_torchvision_s_digits_are_stood_in_for_below_any_folder(where: Where) -> None:
    said, ran = run(
        where[0],
        "import torch\nfrom torchvision import datasets, transforms\n"
        "both = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])\n"
        "digits = datasets.MNIST('./data', train=True, download=True, transform=both)\n"
        "x, y = next(iter(torch.utils.data.DataLoader(digits, batch_size=4)))\n"
        "print(len(digits), tuple(x.shape), x.dtype, float(x.min()), y.tolist())",
        "other = datasets.MNIST('/tmp/elsewhere', train=False, download=True)\n"
        "print(len(other), torch.equal(other.data, digits.data[:2]), other.targets.tolist())",
    )

    assert said == ["5 (4, 1, 28, 28) torch.float32 -1.0 [3, 1, 4, 1]", "2 True [3, 1]"]
    assert [sentence.split()[0] for sentence in ran.surroundings] == ["torchvision"]


def test_without_data_the_digits_are_missed_in_a_sentence() -> None:
    with Runner(cold=True) as runner:
        said, ran = run(
            runner,
            "from keras.datasets import mnist\nmnist.load_data()",
            "from torchvision.datasets import MNIST\nMNIST('data', download=True)",
        )

    assert ran.data == {}
    assert "without a network" in said[0]
    assert "without a network" in said[1]


def test_a_digest_of_supplies_tells_files_and_places_apart(supply: Supply) -> None:
    others = [
        dataclasses.replace(supply, sha256="0" * 64),
        dataclasses.replace(supply, places=supply.places[:1]),
    ]

    digests = {digest_supplies(some) for some in ([], [supply], *([other] for other in others))}

    assert len(digests) == 4
    assert digest_supplies([]) == ""
