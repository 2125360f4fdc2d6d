"""The private folder a notebook runs in, and the environment its kernel gets."""

import contextlib
import json
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from grader.execution.files import copy_files
from grader.execution.supplies import Supply, copy_supplies, places_beside

STREAM_SLACK = 16 * 1024 * 1024  # headers, draws and notes beside the values


@dataclass
class Workplace:
    """A folder of its own for one run: the student's part, a home, and what the kernel needs."""

    root: Path
    notes: list[str] = field(default_factory=list)  # sentences: what was not copied
    supplied: tuple[Path, ...] = ()  # copies of the files of the assignment

    @property
    def work(self) -> Path:
        """The working directory of the notebook."""
        return self.root / "work"

    @property
    def connection(self) -> Path:
        """The file that tells client and kernel where to meet."""
        return self.root / "run" / "kernel.json"

    @property
    def stream(self) -> Path:
        """What the recorder writes."""
        return self.root / "run" / "stream"

    @property
    def log(self) -> Path:
        """What the kernel says on its way up, before it captures its own output."""
        return self.root / "run" / "log"

    def environment(self) -> dict[str, str]:
        """Give the kernel's environment."""
        return {
            **kernel_environment(str(self.root / "home")),
            "TMPDIR": str(self.root / "tmp"),
            "JUPYTER_RUNTIME_DIR": str(self.root / "run"),
        }

    def give_to(self, user: int) -> None:
        """Make a user the owner of the folder and what is in it, but for the assignment's files."""
        for path in {self.root, *self.root.rglob("*")} - set(self.supplied):
            os.chown(path, user, user, follow_symlinks=False)

    def read_stream(self, recording_mib: int) -> bytes:
        """Read what the recorder wrote; nothing where the file is no plain file any more."""
        try:
            handle = os.open(self.stream, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return b""
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            return b""
        with os.fdopen(handle, "rb") as file:
            return file.read(recording_mib * 1024 * 1024 + STREAM_SLACK)

    def read_log(self) -> str:
        """Read the last line of the kernel's log."""
        lines = self.log.read_bytes()[-4096:].decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""


@contextmanager
def prepared_workplace(files: Path | None, supplies: Sequence[Supply] = ()) -> Iterator[Workplace]:
    """Make a workplace with a copy of `files` in it, and leave nothing of it behind."""
    root = Path(tempfile.mkdtemp(prefix="gradmark-"))
    try:
        place = Workplace(root)
        for name in ("work", "home/profile_default", "run", "tmp"):
            (root / name).mkdir(parents=True)
        place.log.touch()
        config = root / "home" / "profile_default" / "ipython_kernel_config.json"
        config.write_text(json.dumps({"HistoryManager": {"hist_file": ":memory:"}}))
        if files is not None:
            free = places_beside(supplies)
            place.notes.extend(copy_files(files, place.work, free=free))
        place.supplied = copy_supplies(supplies, place.root / "home", place.work)
        yield place
    finally:
        remove_tree(root)


def kernel_environment(home: str) -> dict[str, str]:
    """Give a kernel's environment: nothing of ours, one thread, the same hashes always."""
    folders = ("HOME", "IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")
    threads = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {
        **kept,
        **dict.fromkeys(folders, home),
        **{f"{name}_NUM_THREADS": "1" for name in threads},
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
        "LANG": "C.UTF-8",
        "GRADMARK_GRADING": "1",  # whoever imports the grader all the same gets no answers
        "PIP_NO_INDEX": "1",  # nothing is looked for where no network is, again and again
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_OFFLINE": "1",
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }


def remove_tree(root: Path) -> None:
    """Remove a folder, parts of which its user may have locked."""
    with contextlib.suppress(OSError):
        root.chmod(0o700)
        for folder, folders, _ in os.walk(root, followlinks=False):
            for name in folders:
                path = Path(folder, name)
                if not path.is_symlink():
                    path.chmod(0o700)
    shutil.rmtree(root, ignore_errors=True)
