from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.faults import RecordingFault, UsageFault
from grader.recording.workspace import ClassList, load_class, recording_path, save_class


@given(st.text(st.characters(), max_size=300), st.text(st.characters(), max_size=300))
@settings(deadline=None)
def test_every_id_has_a_safe_file_name_of_its_own(one: str, other: str) -> None:
    path = recording_path(Path("work"), one)

    assert path.parent == Path("work/recordings")
    assert len(path.name) < 100
    assert set(path.stem) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
    )
    assert (path == recording_path(Path("work"), other)) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"), [("Anna", "anna"), ("a b", "a-b"), ("..", "."), ("é", "e\u0301")]
)
def test_ids_that_a_file_system_may_confuse_differ_in_lower_case_too(one: str, other: str) -> None:
    names = [recording_path(Path(), id_).name.lower() for id_ in (one, other)]

    assert names[0] != names[1]


def test_a_readable_id_stays_readable() -> None:
    assert recording_path(Path(), "student-07").name.startswith("student-07.")


def test_the_list_of_the_class_comes_back_in_order(tmp_path: Path) -> None:
    listed = ClassList("hw9", ("b", "a", "\udcff", "Žofie 7"))

    save_class(listed, tmp_path / "new")

    assert load_class(tmp_path / "new") == listed


def test_a_folder_without_a_list_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="holds no recordings"):
        load_class(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"format": "gradmark/class/2", "assignment": "a", "submissions": []}',
        '{"format": "gradmark/class/1", "assignment": "a", "submissions": [1]}',
        '{"format": "gradmark/class/1", "submissions": []}',
        "[" * 100_000,
    ],
)
def test_a_damaged_list_is_a_recording_fault(tmp_path: Path, text: str) -> None:
    (tmp_path / "class.json").write_text(text)

    with pytest.raises(RecordingFault, match="the list of the class is damaged"):
        load_class(tmp_path)
