"""What the page of a submission is called; the one place that decides it."""

import hashlib
import re

_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,58}[a-z0-9]|[a-z0-9]")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")  # Windows opens these as devices


def page_name(submission: str) -> str:
    """Name the page of a submission: safe on every file system, and different for each id.

    A plain id is kept. Any other is spelt plainly and gets "~" and a digest, which no plain
    id can contain; upper case counts as not plain, as some file systems do not tell it apart.
    """
    if _PLAIN.fullmatch(submission) and not _DEVICE.fullmatch(submission):
        return f"{submission}.html"
    digest = hashlib.sha256(submission.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    spelt = re.sub(r"[^a-z0-9]+", "-", submission.lower())[:40].strip("-")
    return f"{spelt or 'submission'}~{digest}.html"
