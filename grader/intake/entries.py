"""What the files of a folder are, judged by name and, where a name says nothing, by content."""

import re
from pathlib import Path
from typing import Literal

from grader.intake.submission import natural_order

Kind = Literal["notebook", "document", "other"]

DOCUMENT_SUFFIXES = frozenset(
    {".py", ".md", ".rmd", ".qmd", ".html", ".htm", ".pdf", ".doc", ".docx", ".odt", ".rtf"}
    | {".zip", ".tar", ".gz", ".tgz", ".7z", ".rar"}
)
UNNAMED_SUFFIXES = frozenset({"", ".json", ".txt"})
BACKUP_SUFFIXES = (".bak", ".orig", ".tmp", "~")
LITTER = frozenset({"__macosx", "__pycache__", "thumbs.db", "desktop.ini"})
KNOWN_SUFFIXES = DOCUMENT_SUFFIXES | UNNAMED_SUFFIXES | {".ipynb"}
HEAD_BYTES = 64 * 1024


def entries(folder: Path) -> list[Path]:
    """List what lies in a folder, in natural order, without what no student means to hand in."""
    listed = (path for path in folder.iterdir() if not _ignored(path.name))
    return sorted(listed, key=lambda path: natural_order(path.name))


def kind_of(path: Path) -> Kind:
    """Tell a notebook, or what may be one, from another document and from anything else."""
    suffix = path.suffix.lower()
    if suffix in DOCUMENT_SUFFIXES:
        return "document"
    if any(part.lower().startswith(".ipynb") for part in path.suffixes):
        return "notebook"
    return "notebook" if suffix in UNNAMED_SUFFIXES and _begins_as_notebook(path) else "other"


def stem_of(path: Path) -> str:
    """Give a file's name without its endings, so that work.ipynb.txt is work."""
    while path.suffix and path.suffix.lower() in KNOWN_SUFFIXES:
        path = path.with_suffix("")
    return path.name


def _ignored(name: str) -> bool:
    lowered = name.lower()
    return (
        lowered.startswith(".")
        or re.fullmatch(r"readme(\..*)?", lowered) is not None
        or lowered.endswith(BACKUP_SUFFIXES)
        or lowered in LITTER
    )


def _begins_as_notebook(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES).replace(b"\0", b"")
    begins_as_json = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"{")
    return begins_as_json and any(
        key in head for key in (b'"cells"', b'"worksheets"', b'"nbformat"')
    )
