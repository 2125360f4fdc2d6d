import errno
import fcntl
import os
from pathlib import Path

import pytest

from grader.faults import UsageFault
from grader.recording import files
from grader.recording.files import sole_use, write_atomically


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    for content in (b"old", b"new"):
        write_atomically(tmp_path / "deep" / "file", content)

    assert (tmp_path / "deep" / "file").read_bytes() == b"new"
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["file"]


def test_a_full_disk_leaves_the_old_file_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    write_atomically(tmp_path / "file", b"old")
    monkeypatch.setattr(files.os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        write_atomically(tmp_path / "file", b"new")

    assert (tmp_path / "file").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_writes_is_known_for_a_draft_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts: list[str] = []
    monkeypatch.setattr(
        files.os,
        "fsync",
        lambda _: drafts.extend(path.name for path in tmp_path.glob(files.DRAFTS)),
    )

    write_atomically(tmp_path / "file", b"new")

    assert len(drafts) == 1


def test_drafts_left_behind_are_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in (".gradmark-0.tmp", "part/.gradmark-1.tmp", "other/.gradmark-2.tmp", "part/.a.tmp"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    with sole_use(tmp_path, "part", "missing"):
        left = sorted(path.name for path in tmp_path.rglob("*.tmp"))

    assert left == [".a.tmp", ".gradmark-2.tmp"]


def test_a_folder_is_used_by_one_at_a_time(tmp_path: Path) -> None:
    with sole_use(tmp_path / "new"):
        with (
            pytest.raises(UsageFault, match="another grader is at work in"),
            sole_use(tmp_path / "new"),
        ):
            pass
        assert (tmp_path / "new").is_dir()

    with sole_use(tmp_path / "new"):
        pass


def test_a_file_system_without_locks_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)

    with sole_use(tmp_path):
        pass


def test_a_file_in_place_of_the_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(UsageFault, match="file cannot be written"), sole_use(tmp_path / "file"):
        pass
