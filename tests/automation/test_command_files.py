from pathlib import Path

import pytest

from grader.automation.command_files import watched, write_outputs
from grader.faults import UsageFault


def read_outputs(path: Path) -> dict[str, str]:
    """Read outputs as the runner's documentation says: name<<END, lines, END."""
    outputs, lines = {}, iter(path.read_text().splitlines())
    for line in lines:
        name, _, end = line.partition("<<")
        outputs[name] = "\n".join(iter(lambda: next(lines), end))
    return outputs


def test_a_value_of_many_lines_stays_one_value_whatever_it_looks_like(tmp_path: Path) -> None:
    file = tmp_path / "out"
    values = {"a": "one\nscore=100\nscore<<EOF\n100\nEOF", "b": "", "c": "end-0"}

    write_outputs(file, values)

    assert read_outputs(file) == values


def test_the_end_of_a_value_is_another_every_time(tmp_path: Path) -> None:
    file = tmp_path / "out"

    write_outputs(file, {str(number): "x" for number in range(50)})

    assert len({line for line in file.read_text().splitlines() if "end-" in line}) == 2 * 50


def test_what_was_written_meanwhile_is_taken_back_and_told(tmp_path: Path) -> None:
    mine, other = tmp_path / "mine", tmp_path / "other"
    mine.write_text("a=1\n")
    other.write_text("")

    with watched({"MINE": mine, "OTHER": other}) as watch:
        mine.write_text("a=1\nscore=100\n")

    assert watch.changed == ["MINE"]
    assert mine.read_text() == "a=1\n"
    assert other.read_text() == ""


def test_a_folder_in_the_place_of_a_file_is_never_removed(tmp_path: Path) -> None:
    folder, link = tmp_path / "folder", tmp_path / "link"
    folder.mkdir()
    (folder / "work").write_text("precious")
    link.symlink_to(folder)

    with watched({"FOLDER": folder, "LINK": link}) as watch:
        pass

    assert watch.changed == []
    assert (folder / "work").read_text() == "precious"
    assert link.is_symlink()


def test_a_file_replaced_by_a_folder_is_put_back(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text("a=1\n")

    with watched({"MINE": mine}) as watch:
        mine.unlink()
        mine.mkdir()

    assert watch.changed == ["MINE"]
    assert mine.read_text() == "a=1\n"


def test_a_file_replaced_by_a_link_is_put_back_and_the_links_target_left(tmp_path: Path) -> None:
    mine, target = tmp_path / "mine", tmp_path / "target"
    mine.write_text("a=1\n")
    target.write_text("untouched")

    with watched({"MINE": mine}) as watch:
        mine.unlink()
        mine.symlink_to(target)

    assert watch.changed == ["MINE"]
    assert not mine.is_symlink()
    assert mine.read_text() == "a=1\n"
    assert target.read_text() == "untouched"


def test_a_file_replaced_by_a_folder_or_removed_is_put_back(tmp_path: Path) -> None:
    folder, gone = tmp_path / "folder", tmp_path / "gone"
    folder.write_text("a=1\n")
    gone.write_text("b=1\n")

    with watched({"FOLDER": folder, "GONE": gone}) as watch:
        folder.unlink()
        (folder / "below").mkdir(parents=True)
        gone.unlink()

    assert watch.changed == ["FOLDER", "GONE"]
    assert folder.read_text() == "a=1\n"
    assert gone.read_text() == "b=1\n"


def test_a_file_that_was_not_there_is_not_there_afterwards(tmp_path: Path) -> None:
    file = tmp_path / "later"

    with watched({"LATER": file}) as watch:
        file.write_text("score=100\n")

    assert watch.changed == ["LATER"]
    assert not file.exists()


def test_files_are_put_back_also_when_checking_fails(tmp_path: Path) -> None:
    file = tmp_path / "mine"
    file.write_text("")

    def fail() -> None:
        with watched({"MINE": file}):
            file.write_text("score=100\n")
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert file.read_text() == ""


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="cannot be written"):
        write_outputs(tmp_path / "no" / "out", {"a": "1"})
