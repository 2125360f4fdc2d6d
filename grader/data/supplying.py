"""The files a rubric asks for: found among those supplied, and told apart by checksum."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.data.places import places_of
from grader.data.store import Store
from grader.execution.supplies import Supply
from grader.faults import UsageFault
from grader.rubric.model import Rubric
from grader.rubric.read import read_rubric
from grader.rubric.shipped import shipped_rubrics
from grader.rubric.surroundings import DataFile
from grader.rubric.wording import close_match, join, quote

Accepted = Mapping[str, str]
"""Digests by what people call the files."""
SHOWN = 12  # characters of a digest that a person compares


def find_supplies(
    rubric: Rubric, given: Mapping[str, Path], *, room: Store, kept: Store
) -> tuple[Supply, ...]:
    """Find every file a rubric asks for: given for this run, or else kept.

    Args:
        rubric: says which files are accepted, and where notebooks find them.
        given: paths by name.
        room: where those are copied to, for this run.
        kept: where files were supplied to for all runs.

    Raises:
        UsageFault: one is missing, or not the file it is taken for.

    """
    names = [one.name for one in rubric.data]
    for name in given:
        if name not in names:
            raise UsageFault(_not_asked(name, names))
    return tuple(_find(one, given.get(one.name), room, kept) for one in rubric.data)


def read_given(texts: Sequence[str]) -> dict[str, Path]:
    """Read what is given for a run, each as NAME=PATH.

    Raises:
        UsageFault: it is not given so, or twice.

    """
    given: dict[str, Path] = {}
    for text in texts:
        name, equals, path = text.partition("=")
        if not (name and equals and path):
            raise UsageFault(f"--supply takes NAME=PATH; found {quote(text)}")
        if name in given:
            raise UsageFault(f"--supply names {quote(name)} twice")
        given[name] = Path(path).expanduser()
    return given


def known_files() -> dict[str, dict[str, str]]:
    """List the files that shipped rubrics ask for: by name, what is accepted."""
    known: dict[str, dict[str, str]] = {}
    for path in shipped_rubrics().values():
        for one in read_rubric(path).data:
            known.setdefault(one.name, {}).update(one.sha256)
    return known


def label_of(accepted: Accepted, sha256: str) -> str:
    """Say which of the accepted files one is; "" where it is none."""
    return next((label for label, digest in accepted.items() if digest == sha256), "")


def mismatch(path: Path, name: str, accepted: Accepted, sha256: str) -> str:
    """Say that a file is not what its name stands for, with the beginnings of the checksums."""
    expected = join([f"{digest[:SHOWN]} ({label})" for label, digest in accepted.items()], "or")
    return (
        f"{path} is no file that {quote(name)} stands for: its SHA-256 begins {sha256[:SHOWN]}, "
        f"expected is {expected}"
    )


def _find(file: DataFile, given: Path | None, room: Store, kept: Store) -> Supply:
    found = room.put(given) if given is not None else kept.find(file.name)
    if found is None:
        called = join(list(file.sha256), "or")
        raise UsageFault(
            f"nobody has supplied the data {quote(file.name)} ({called}), which this rubric needs: "
            f"`grader data add {file.name} PATH`, or `--supply {file.name}=PATH` for this run"
        )
    label = label_of(file.sha256, found.sha256)
    if not label:
        raise UsageFault(mismatch(given or found.path, file.name, file.sha256, found.sha256))
    return Supply(file.name, label, found.sha256, places_of(file, found))


def _not_asked(name: str, names: Sequence[str]) -> str:
    match = close_match(name, names)
    asked = f"it asks for {join(list(map(quote, names)), 'and')}" if names else "it asks for none"
    end = f"did you mean {quote(match)}?" if match else asked
    return f"this rubric asks for no data {quote(name)}; {end}"
