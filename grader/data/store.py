"""Where supplied files are kept: by checksum, with the names they were supplied by."""

import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.execution.supplies import READ_ONLY
from grader.faults import UsageFault
from grader.recording.files import DRAFTS, sole_use

CHUNK = 1024 * 1024
NAMES = "names"


@dataclass(frozen=True)
class Kept:
    """A file in a store, and its digest."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class Store:
    """A folder of files: FOLDER/<sha256>/<file name>, and FOLDER/names/<name> leading there."""

    folder: Path

    def put(self, path: Path) -> Kept:
        """Copy a file into the store.

        Raises:
            UsageFault: it cannot be read, or the store cannot be written, or is in use.

        """
        _require_content(path)
        with sole_use(self.folder):
            draft = self.folder / DRAFTS.replace("*", secrets.token_hex(8))
            try:
                sha256 = _copy(path, draft)
                kept = Kept(self.folder / sha256 / path.name, sha256)
                kept.path.parent.mkdir(exist_ok=True)
                draft.replace(kept.path)
            except OSError as error:
                raise UsageFault(f"{path} cannot be kept: {error.strerror or error}") from error
            finally:
                draft.unlink(missing_ok=True)
        for other in _files(kept.path.parent):  # the same bytes under an earlier name
            if other != kept.path:
                other.unlink()
        return kept

    def name(self, name: str, kept: Kept) -> None:
        """Have a name lead to a file that was put into the store, from now on."""
        with sole_use(self.folder, NAMES):
            names = self.folder / NAMES
            names.mkdir(exist_ok=True)
            draft = names / DRAFTS.replace("*", secrets.token_hex(8))
            draft.symlink_to(Path("..", kept.sha256))
            draft.replace(names / name)
            self._sweep()

    def forget(self, name: str) -> bool:
        """Remove a name, and the file no other name leads to; False where there is no such name."""
        with sole_use(self.folder, NAMES):
            known = name in self.names()
            (self.folder / NAMES / name).unlink(missing_ok=True)
            self._sweep()
        return known

    def names(self) -> list[str]:
        """List the names."""
        try:
            found = sorted(path.name for path in (self.folder / NAMES).iterdir())
        except OSError:
            return []
        return [name for name in found if not name.startswith(".")]

    def find(self, name: str) -> Kept | None:
        """Find the file of a name; None where there is none, or it is gone.

        Raises:
            UsageFault: its content is not what it was.

        """
        try:
            sha256 = (self.folder / NAMES / name).readlink().name
        except OSError:
            return None
        found = next(_files(self.folder / sha256), None)
        if found is not None and digest_of_file(found) != sha256:
            raise UsageFault(f"{found} was changed or damaged since it was supplied; add it again")
        return Kept(found, sha256) if found is not None else None

    def _sweep(self) -> None:
        """Remove what no name leads to."""
        named = {(self.folder / NAMES / name).readlink().name for name in self.names()}
        for folder in self.folder.iterdir():
            if folder.is_dir() and folder.name != NAMES and folder.name.split(".")[0] not in named:
                for path in folder.iterdir():
                    path.unlink()
                folder.rmdir()


def user_store() -> Store:
    """Give this user's store.

    Raises:
        UsageFault: the user has no home to keep it in.

    """
    named = os.environ.get("XDG_DATA_HOME", "")
    try:
        folder = Path(named) if Path(named).is_absolute() else Path.home() / ".local" / "share"
    except RuntimeError as error:
        raise UsageFault("there is no home folder to keep data in; set XDG_DATA_HOME") from error
    return Store(folder / "gradmark" / "data")


def digest_of_file(path: Path) -> str:
    """Digest a file's content.

    Raises:
        UsageFault: it cannot be read, or there is nothing in it.

    """
    _require_content(path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageFault(f"{path} cannot be read: {error.strerror}") from error


def _require_content(path: Path) -> None:
    """Refuse what is no plain file with something in it."""
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise UsageFault(f"there is no file {path}") from error
    if stat.S_ISDIR(found.st_mode):
        raise UsageFault(f"{path} is a folder; one file is supplied at a time")
    if not stat.S_ISREG(found.st_mode):
        raise UsageFault(f"{path} is no plain file")
    if not found.st_size:
        raise UsageFault(f"{path} is empty")


def _copy(path: Path, draft: Path) -> str:
    """Copy a file, for good and for all to read; give the digest of what was copied."""
    digest = hashlib.sha256()
    with path.open("rb") as source, draft.open("xb") as copy:
        while part := source.read(CHUNK):
            digest.update(part)
            copy.write(part)
        copy.flush()
        os.fsync(copy.fileno())
    draft.chmod(READ_ONLY)
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """List the files of a folder that may not be there."""
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if path.is_file())
