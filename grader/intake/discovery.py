"""The submissions of a class: one file or one folder a student."""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from grader.faults import IntakeFault, UsageFault
from grader.intake.boundary import refuse_leaving
from grader.intake.choice import choose_notebook, notebooks_in
from grader.intake.content import reason
from grader.intake.digest import digest_of
from grader.intake.entries import entries, kind_of, stem_of
from grader.intake.submission import Submission, display_name, natural_order


@dataclass(frozen=True)
class _Handed:
    """An entry of a class's folder that a student may have handed in."""

    path: Path
    stem: str
    is_work: bool  # False: another document, or a folder without a notebook


def find_submissions(folder: Path) -> list[Submission]:
    """Find the submissions of a class, in natural order; a single file is a class of one.

    A file that is no notebook but looks handed in (a PDF, an archive) is listed too, so
    that no student is lost: reading it says what it is.

    Raises:
        UsageFault: the folder is not there, cannot be read, or holds nothing to grade.

    """
    try:
        if folder.is_file():
            return [_single(folder)]
        handed = _without_companions(_handed_in(folder))
    except OSError as error:
        raise UsageFault(f"cannot read {display_name(folder)}: {reason(error)}") from None
    if not handed:
        raise UsageFault(
            f"no submissions in {display_name(folder)}: "
            "expected .ipynb files or one folder a student"
        )
    found = [_submission(one, name, folder) for one, name in _named(handed)]
    return sorted(found, key=lambda submission: natural_order(submission.id))


def _single(file: Path) -> Submission:
    name, digest = display_name(file.name), digest_of(file.resolve(), None)
    return Submission(display_name(stem_of(file)), name, file, None, digest)


def _handed_in(folder: Path) -> list[_Handed]:
    found = []
    for path in entries(folder):
        if path.is_dir():
            found.append(_Handed(path, path.name, _may_hold_work(path)))
        elif (kind := _kind_of(path)) != "other":
            found.append(_Handed(path, stem_of(path), kind == "notebook"))
    return found


def _kind_of(path: Path) -> str:
    try:
        return kind_of(path)
    except OSError:  # what cannot be looked into may be anybody's work
        return "notebook"


def _may_hold_work(folder: Path) -> bool:
    try:
        return bool(folder.is_symlink() or notebooks_in(folder))
    except OSError:
        return True


def _key(stem: str) -> str:
    """Fold what a file system may hold for the same name."""
    return unicodedata.normalize("NFC", stem).casefold()


def _without_companions(handed: list[_Handed]) -> list[_Handed]:
    """Drop what lies beside a notebook of the same name: its print-out, its folder of data."""
    of_work = {_key(one.stem) for one in handed if one.is_work}
    return [one for one in handed if one.is_work or _key(one.stem) not in of_work]


def _named(handed: list[_Handed]) -> list[tuple[_Handed, str]]:
    """Pair each with its id: the stem, or the full name of those that share a stem."""
    count = Counter(_key(one.stem) for one in handed)
    names = [one.stem if count[_key(one.stem)] == 1 else one.path.name for one in handed]
    return [(one, display_name(name)) for one, name in zip(handed, names, strict=True)]


def _submission(one: _Handed, name: str, folder: Path) -> Submission:
    files = one.path if one.path.is_dir() and not one.path.is_symlink() else None
    try:
        path = _chosen(one.path, folder)
    except IntakeFault as fault:
        return Submission(name, "", one.path, files, digest_of(one.path, files), str(fault))
    file = display_name(path.relative_to(folder))
    return Submission(name, file, path, files, digest_of(path, files))


def _chosen(path: Path, folder: Path) -> Path:
    try:
        refuse_leaving(path, folder)
        return choose_notebook(path) if path.is_dir() else path
    except OSError as error:
        name = display_name(path.name)
        raise IntakeFault(f"{name} cannot be opened: {reason(error)}") from None
