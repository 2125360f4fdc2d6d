"""What the bytes of a file are: text, and if not a notebook's, then whose."""

import json
import stat
from pathlib import Path

from grader.faults import IntakeFault

NOTEBOOK_BYTES = 50 * 1024 * 1024
SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"bplist", "a property list"),
    (b"version https://git-lfs", "a Git LFS pointer"),
    (b"<!doctype html", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"<?xml", "an XML document"),
)
MARKS = b"\xef\xbb\xbf\xff\xfe"
BLANKS = b" \t\r\n"


def reason(error: OSError) -> str:
    """Say why the system refused, in its own words."""
    return (error.strerror or str(error)).lower()


def file_content(path: Path) -> bytes:
    """Read a file of at most `NOTEBOOK_BYTES`.

    Raises:
        IntakeFault: it is too large, no regular file, or cannot be opened.

    """
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise IntakeFault("is not a regular file")
        if state.st_size > NOTEBOOK_BYTES:
            raise IntakeFault(
                f"is {state.st_size / 2**20:.1f} MiB large; "
                f"a notebook may have up to {NOTEBOOK_BYTES / 2**20:.0f} MiB"
            )
        return path.read_bytes()
    except OSError as error:
        raise IntakeFault(f"cannot be opened: {reason(error)}") from None


def foreign_format(content: bytes) -> str | None:
    """Name the format of a file that is surely no notebook; None where it may be one."""
    head = content[:1024].lstrip(MARKS + BLANKS)
    for signature, name in SIGNATURES:
        if content.startswith(signature) or head.lower().startswith(signature):
            return "an Office document" if b"[Content_Types].xml" in head else name
    return None


def decoded(content: bytes) -> str:
    """Decode UTF-8, UTF-16 or UTF-32, with or without a byte order mark.

    Raises:
        IntakeFault: it is none of these, or ends within a character.

    """
    try:
        return content.decode(json.detect_encoding(content))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        if not content.replace(b"\0", b"")[:64].lstrip(MARKS + BLANKS).startswith((b"{", b"[")):
            raise IntakeFault("is binary data, not a notebook") from None
        if error.end >= len(content) and error.reason.endswith(("data", "end of data")):
            raise IntakeFault(
                f"ends in the middle of a character at line {line}: the file was cut off"
            ) from None
        raise IntakeFault(
            f"is not UTF-8 text: byte 0x{content[error.start]:02x} in line {line}, "
            f"offset {error.start}"
        ) from None
