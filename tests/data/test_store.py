"""A store of files: kept by checksum, found by name, whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from grader.data.store import Store, digest_of_file, user_store
from grader.faults import UsageFault


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "kept here")


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def files_of(store: Store) -> list[str]:
    return sorted(
        str(path.relative_to(store.folder)) for path in store.folder.rglob("*") if path.is_file()
    )


def test_a_file_is_kept_by_its_checksum_and_found_by_its_name(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "a file.npz", "content")

    kept = store.put(path)
    store.name("mnist", kept)

    assert kept.path == store.folder / digest_of_file(path) / "a file.npz"
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o444
    assert store.names() == ["mnist"]
    assert store.find("mnist") == kept
    assert files_of(store) == [f"{kept.sha256}/a file.npz"]


def test_the_file_handed_in_may_go_away_or_change(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "file", "content")
    store.name("mnist", store.put(path))

    path.write_text("other")

    found = store.find("mnist")
    assert found is not None
    assert found.path.read_text() == "content"


def test_another_file_of_a_name_takes_the_place_of_the_first(store: Store, tmp_path: Path) -> None:
    first, second = write(tmp_path / "1", "one"), write(tmp_path / "2", "two")

    for path in (first, second):
        store.name("mnist", store.put(path))

    found = store.find("mnist")
    assert found is not None
    assert found.path.name == "2"
    assert files_of(store) == [f"{found.sha256}/2"]


def test_the_same_file_under_another_file_name_is_kept_once(store: Store, tmp_path: Path) -> None:
    for name in ("1", "2"):
        store.name("mnist", store.put(write(tmp_path / name, "same")))

    found = store.find("mnist")
    assert found is not None
    assert files_of(store) == [f"{found.sha256}/2"]


def test_a_file_of_two_names_stays_until_both_are_removed(store: Store, tmp_path: Path) -> None:
    kept = store.put(write(tmp_path / "file", "content"))
    store.name("one", kept)
    store.name("two", kept)

    assert store.forget("one")
    assert store.find("two") == kept
    assert store.forget("two")
    assert not store.forget("two")
    assert store.names() == files_of(store) == []


def test_a_file_that_changed_in_the_store_is_not_used(store: Store, tmp_path: Path) -> None:
    kept = store.put(write(tmp_path / "file", "content"))
    store.name("mnist", kept)
    kept.path.chmod(0o644)
    kept.path.write_text("c0ntent")

    with pytest.raises(UsageFault, match="changed or damaged"):
        store.find("mnist")


def test_a_file_that_is_gone_is_not_found(store: Store, tmp_path: Path) -> None:
    kept = store.put(write(tmp_path / "file", "content"))
    store.name("mnist", kept)
    kept.path.unlink()

    assert store.find("mnist") is None
    assert store.find("other") is None


def test_what_is_no_file_with_something_in_it_is_refused(store: Store, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    (tmp_path / "link").symlink_to("nowhere")
    refused = {
        "missing": "no file",
        "pipe": "no plain file",
        "empty": "is empty",
        "link": "no file",
    }

    for name, said in refused.items():
        with pytest.raises(UsageFault, match=said):
            store.put(tmp_path / name)
    with pytest.raises(UsageFault, match="is a folder"):
        store.put(tmp_path)
    assert not store.folder.exists()


def test_a_copy_that_was_broken_off_leaves_nothing_that_could_be_found(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("grader.data.store.os.fsync", full)

    with pytest.raises(UsageFault, match="cannot be kept: No space left"):
        store.put(write(tmp_path / "file", "content"))
    assert files_of(store) == []


def test_a_folder_that_cannot_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "in the way").touch()

    with pytest.raises(UsageFault, match="cannot be written"):
        Store(tmp_path / "in the way").put(write(tmp_path / "file", "content"))


def test_the_store_is_where_the_user_s_data_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    named = user_store().folder
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "me"))

    assert named == tmp_path / "gradmark" / "data"
    assert user_store().folder == tmp_path / "me" / ".local" / "share" / "gradmark" / "data"
