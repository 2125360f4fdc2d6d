"""Data on the command line: supplied, listed, removed, and asked for by a run."""

import json
from pathlib import Path

import nbformat
import pytest

from grader import data_commands
from grader.batch import record
from grader.recording.store import load, read_key
from grader.recording.workspace import recording_path
from tests.batch.tiny import TinyDesk
from tests.conftest import Run
from tests.data.conftest import asking_for, sha256_of, write_digits

AT = ["~/.keras/datasets/mnist.npz", "data/MNIST/raw/"]


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of this test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    return tmp_path / "xdg" / "gradmark" / "data"


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    return write_digits(tmp_path / "my files" / "the digits.npz")


@pytest.fixture
def known(digits: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, str]]:
    """What shipped rubrics ask for."""
    known = {"mnist": {"real": "0" * 64, "digits": sha256_of(digits)}}
    monkeypatch.setattr(data_commands, "known_files", lambda: known)
    return known


@pytest.mark.usefixtures("known")
def test_a_known_file_is_kept_listed_and_removed(run: Run, digits: Path, kept: Path) -> None:
    added = run("data", "add", "mnist", digits)
    listed = run("data", "list")
    removed = run("data", "remove", "mnist")

    for code, out, _ in (added, listed):
        assert code == 0
        assert 'mnist: the digits.npz, known as "digits"' in out
        assert sha256_of(digits)[:12] in out
    assert str(kept) in listed[1]
    assert removed[0] == 0
    assert "mnist: not supplied" in run("data", "list")[1]


@pytest.mark.usefixtures("known")
def test_a_file_of_a_known_name_and_another_checksum_is_refused_unless_unchecked(
    run: Run, digits: Path, tmp_path: Path
) -> None:
    other = write_digits(tmp_path / "other.npz", 7)

    code, _, err = run("data", "add", "mnist", other)

    assert code == 2
    assert len(err.strip().splitlines()) == 1
    assert sha256_of(other)[:12] in err
    assert sha256_of(digits)[:12] in err
    assert "Nothing was supplied" in run("data", "list")[1]
    assert run("data", "add", "mnist", other, "--unchecked")[0] == 0
    assert "other.npz, " in run("data", "list")[1]


@pytest.mark.usefixtures("known")
def test_what_is_replaced_is_said(run: Run, digits: Path, tmp_path: Path) -> None:
    run("data", "add", "mnist", write_digits(tmp_path / "other.npz", 7), "--unchecked")

    _, out, _ = run("data", "add", "mnist", digits)

    assert "It replaces other.npz" in out


@pytest.mark.usefixtures("known")
def test_a_name_no_shipped_rubric_knows_may_be_a_slip(run: Run, digits: Path) -> None:
    code, out, _ = run("data", "add", "minst", digits)

    assert code == 0
    assert 'did you mean "mnist"?' in out


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "mnist", "{tmp}/nowhere"], "there is no file"),
        (["add", "mnist", "{tmp}"], "is a folder"),
        (["add", "mnist", "{tmp}/empty"], "is empty"),
        (["add", "other", "{tmp}/empty"], "is empty"),
        (["add", "../mnist", "{tmp}/empty"], "can be no name"),
        (["remove", "mnist"], "nothing was supplied"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    run: Run, arguments: list[str], said: str, tmp_path: Path
) -> None:
    (tmp_path / "empty").touch()

    code, _, err = run("data", *(argument.format(tmp=tmp_path) for argument in arguments))

    assert code == 2
    assert said in err
    assert len(err.strip().splitlines()) == 1


def test_the_rubrics_that_are_shipped_can_be_asked(run: Run) -> None:
    assert run("data", "list")[0] == 0


def hand_in(folder: Path) -> Path:
    folder.mkdir()
    source = "from keras.datasets import mnist\n(x, y), _ = mnist.load_data()\nprint(x.sum())"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    nbformat.write(book, folder / "student.ipynb")
    return folder


def test_a_run_without_its_data_stops_before_anything_is_run(
    run: Run, digits: Path, tmp_path: Path
) -> None:
    asking_for(tmp_path, {"digits": sha256_of(digits)}, *AT)
    class_ = hand_in(tmp_path / "class")

    for command in ("run", "record"):
        code, _, err = run(command, tmp_path / "linear.toml", class_, "--out", tmp_path / "out")

        assert code == 2
        assert "grader data add mnist PATH" in err.splitlines()[-1]
        assert "Traceback" not in err
    assert not list((tmp_path / "out").rglob("*.zip"))
    assert not (tmp_path / "out" / "workspace").exists()


@pytest.mark.slow
def test_a_run_takes_data_that_are_given_and_is_made_again_with_others(
    run: Run, digits: Path, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "RecordingDesk", TinyDesk)
    other = write_digits(tmp_path / "other.npz", 7)
    accepted = {"digits": sha256_of(digits), "other": sha256_of(other)}
    asking_for(tmp_path, accepted, *AT)
    asked = [tmp_path / "linear.toml", hand_in(tmp_path / "class"), "--out", tmp_path / "out"]
    path = recording_path(tmp_path / "out", "student")
    keys = []

    for file in (digits, digits, other):
        code, out, err = run("record", *asked, "--supply", f"mnist={file}")

        assert code == 0, err
        keys.append(read_key(path))
        assert ("1 unchanged" in out) == (len(keys) == 2)
    recording = load(path)
    assert keys[0] == keys[1] != keys[2]
    assert [cell.status for cell in recording.cells] == ["ok"]
    assert "378" in json.dumps(recording.executed)  # 0 + 1 + ... + 27
    assert not kept.exists()
