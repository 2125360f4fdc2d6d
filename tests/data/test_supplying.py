"""The files a rubric asks for: found, told apart, and refused in a sentence."""

from pathlib import Path

import pytest

from grader.data.store import Store
from grader.data.supplying import find_supplies, read_given
from grader.execution.supplies import Supply
from grader.faults import RubricFault, UsageFault
from grader.rubric.model import Rubric
from tests.data.conftest import asking_for, sha256_of, write_digits

AT = "~/.keras/datasets/mnist.npz"


@pytest.fixture
def kept(tmp_path: Path) -> Store:
    return Store(tmp_path / "kept")


@pytest.fixture
def rubric(digits: Path, tmp_path: Path) -> Rubric:
    return asking_for(tmp_path, {"real": "0" * 64, "digits": sha256_of(digits)}, AT)


def find(rubric: Rubric, kept: Store, **given: Path) -> tuple[Supply, ...]:
    return find_supplies(rubric, given, room=Store(kept.folder.parent / "room"), kept=kept)


def test_what_was_kept_is_found_and_called_by_what_it_is(
    rubric: Rubric, kept: Store, digits: Path
) -> None:
    store = kept.put(digits)
    kept.name("mnist", store)

    (found,) = find(rubric, kept)

    assert (found.name, found.label, found.sha256) == ("mnist", "digits", sha256_of(digits))
    assert found.places == ((AT, store.path),)


def test_what_is_given_for_a_run_goes_before_and_leaves_the_store_alone(
    rubric: Rubric, kept: Store, digits: Path, tmp_path: Path
) -> None:
    other = write_digits(tmp_path / "other.npz", 5)
    kept.name("mnist", kept.put(other))

    (found,) = find(rubric, kept, mnist=digits)

    assert found.label == "digits"
    assert found.places[0][1].is_relative_to(tmp_path / "room")
    assert [path.name for path in kept.folder.rglob("*.npz")] == ["other.npz"]


def test_data_nobody_supplied_are_asked_for_by_the_command_that_supplies_them(
    rubric: Rubric, kept: Store
) -> None:
    with pytest.raises(UsageFault) as raised:
        find(rubric, kept)

    assert "`grader data add mnist PATH`" in str(raised.value)
    assert "real or digits" in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_a_file_of_another_checksum_is_refused_with_the_beginnings_of_both(
    rubric: Rubric, kept: Store, digits: Path, tmp_path: Path
) -> None:
    other = write_digits(tmp_path / "other.npz", 5)
    kept.name("mnist", kept.put(other))

    for given in ({}, {"mnist": other}):
        with pytest.raises(UsageFault) as raised:
            find(rubric, kept, **given)

        assert sha256_of(other)[:12] in str(raised.value)
        assert f"{sha256_of(digits)[:12]} (digits)" in str(raised.value)
        assert "000000000000 (real)" in str(raised.value)


def test_a_name_the_rubric_does_not_know_is_refused(
    rubric: Rubric, kept: Store, digits: Path
) -> None:
    with pytest.raises(UsageFault, match='no data "minst"; did you mean "mnist"'):
        find(rubric, kept, minst=digits)


def test_a_place_of_torchvision_s_gets_the_four_files_it_looks_for(
    digits: Path, kept: Store, tmp_path: Path
) -> None:
    accepted = {"digits": sha256_of(digits)}
    rubric = asking_for(tmp_path, accepted, "data/MNIST/raw/", "files/", "x.npz")

    (found,) = find(rubric, kept, mnist=digits)

    assert [place for place, _ in found.places] == [
        "data/MNIST/raw/train-images-idx3-ubyte",
        "data/MNIST/raw/train-labels-idx1-ubyte",
        "data/MNIST/raw/t10k-images-idx3-ubyte",
        "data/MNIST/raw/t10k-labels-idx1-ubyte",
        "files/the digits.npz",
        "x.npz",
    ]
    assert all(path.is_file() for _, path in found.places)


def test_a_file_without_digits_cannot_be_laid_out(kept: Store, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("text")
    accepted = {"text": sha256_of(tmp_path / "text")}
    rubric = asking_for(tmp_path, accepted, "data/MNIST/raw/")

    with pytest.raises(UsageFault, match=r"cannot be laid out at data/MNIST/raw/"):
        find(rubric, kept, mnist=tmp_path / "text")


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (["/etc/passwd"], "must lie below the home folder"),
        (["~root/x"], "must lie below the home folder"),
        (["~"], "must lie below the home folder"),
        (["~//etc/passwd"], "must lie below the home folder"),
        (["../x"], "leads out"),
        (["~/a/../../x"], "leads out"),
        (["."], "names no file"),
        (["~/"], "names no file"),
        (["data", "data/x"], "no room for both"),
        (["x", "./x"], "no room for both"),
    ],
)
def test_a_rubric_with_a_place_out_of_reach_is_not_read(
    places: list[str], said: str, digits: Path, tmp_path: Path
) -> None:
    with pytest.raises(RubricFault, match=said):
        asking_for(tmp_path, {"digits": sha256_of(digits)}, *places)


def test_what_is_given_is_a_name_and_a_path_which_may_have_anything_in_it() -> None:
    assert read_given(["a=b c=d.npz", "x=/y"]) == {"a": Path("b c=d.npz"), "x": Path("/y")}


@pytest.mark.parametrize("text", ["mnist", "=x", "mnist=", ""])
def test_what_is_given_otherwise_is_refused(text: str) -> None:
    with pytest.raises(UsageFault, match="NAME=PATH"):
        read_given([text])


def test_a_name_given_twice_is_refused() -> None:
    with pytest.raises(UsageFault, match="twice"):
        read_given(["a=b", "a=c"])
