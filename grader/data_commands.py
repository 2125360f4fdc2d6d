"""The command line's part about data of assignments: supplied once, for all runs."""

import re
from pathlib import Path
from typing import Annotated

import typer

from grader.console import tell
from grader.data.store import Kept, Store, digest_of_file, user_store
from grader.data.supplying import SHOWN, Accepted, known_files, label_of, mismatch
from grader.faults import UsageFault
from grader.rubric.table import ID_PATTERN, NAME_LENGTH
from grader.rubric.wording import close_match, join, quote

data_app = typer.Typer(help="Supply data that assignments work on.", no_args_is_help=True)
NameArgument = Annotated[str, typer.Argument(help="What the rubric calls the data.")]


@data_app.command("add")
def add(
    name: NameArgument,
    path: Annotated[Path, typer.Argument(help="The file; a copy is kept.")],
    *,
    unchecked: Annotated[
        bool,
        typer.Option(
            "--unchecked",
            help="Keep a file no shipped rubric accepts by this name, for a rubric of your own.",
        ),
    ] = False,
) -> None:
    """Keep a copy of a file for all runs whose rubric needs it; it replaces an earlier one."""
    _require_name(name)
    store, known = user_store(), known_files()
    before, accepted = _find(store, name), known.get(name, {})
    if accepted and not unchecked:
        _require_accepted(path, name, accepted)
    kept = store.put(path)
    store.name(name, kept)
    label = label_of(accepted, kept.sha256)
    tell(f"{_described(name, kept, label)}{_unknown(name, known)}")
    if before is not None and before.sha256 != kept.sha256:
        tell(f"It replaces {before.path.name}, SHA-256 {before.sha256[:SHOWN]}...")


@data_app.command("list")
def show() -> None:
    """List what was supplied, and where it is kept."""
    store, known = user_store(), known_files()
    names = store.names()
    for name in names:
        try:
            kept = store.find(name)
        except UsageFault as fault:
            tell(f"{name}: {fault}")
            continue
        label = label_of(known.get(name, {}), kept.sha256) if kept else ""
        tell(_described(name, kept, label) if kept else f"{name}: the file is gone; add it again")
    for name in known.keys() - set(names):
        tell(f"{name}: not supplied; a shipped rubric needs it: grader data add {name} PATH")
    tell(f"Kept in {store.folder}" if names else "Nothing was supplied so far.")


@data_app.command("remove")
def remove(name: NameArgument) -> None:
    """Remove what was supplied."""
    store = user_store()
    if name not in store.names():
        match = close_match(name, store.names())
        more = f"; did you mean {quote(match)}?" if match else ""
        raise UsageFault(f"nothing was supplied as {quote(name)}{more}")
    store.forget(name)
    tell(f"Removed: {name}")


def _require_name(name: str) -> None:
    if not re.fullmatch(ID_PATTERN, name) or len(name) > NAME_LENGTH:
        raise UsageFault(
            f"{quote(name)} can be no name of data: small letters, digits and single hyphens only"
        )


def _require_accepted(path: Path, name: str, accepted: Accepted) -> None:
    sha256 = digest_of_file(path)
    if not label_of(accepted, sha256):
        raise UsageFault(
            f"{mismatch(path, name, accepted, sha256)}; "
            "--unchecked keeps it all the same, for a rubric of your own"
        )


def _find(store: Store, name: str) -> Kept | None:
    """Find what a file replaces; one that was damaged is nothing to speak of."""
    try:
        return store.find(name)
    except UsageFault:
        return None


def _described(name: str, kept: Kept, label: str) -> str:
    called = f', known as "{label}"' if label else ""
    size = kept.path.stat().st_size
    return f"{name}: {kept.path.name}{called}, {size} bytes, SHA-256 {kept.sha256[:SHOWN]}..."


def _unknown(name: str, known: dict[str, dict[str, str]]) -> str:
    """Say that no shipped rubric asks for a name, which may be a slip."""
    if name in known:
        return ""
    match = close_match(name, list(known))
    others = f"they ask for {join([quote(one) for one in known], 'and')}" if known else ""
    end = f"did you mean {quote(match)}?" if match else others
    return "; no shipped rubric asks for it" + (f", {end}" if end else "")
