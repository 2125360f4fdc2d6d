"""The attacks, read from the TOML files beside this module, and how a run of one must look."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from nbformat import v4

from grader.execution.outcome import Execution
from grader.recording.model import Recording
from grader.rubric.model import Limits

FOLDER = Path(__file__).parent
THEMES = (
    "reading",
    "writing",
    "network",
    "exhausting",
    "stopping",
    "lying",
    "recorder",
    "showing",
    "leaving",
    "privileges",
)
SPARE_SECONDS = 15.0  # beyond what a cell may take, on a busy machine
LIMITS = {"cell_seconds": 10.0, "notebook_seconds": 30.0, "memory_mib": 1024, "output_kib": 64}
ANY = "ok|raised|timed_out|out_of_memory|died|not_run"
AFTERWARDS = "afterwards = 1.0 + 1.0"
BREAK = re.compile(r"^# %%\n", re.M)
PLACE = re.compile(r"@([A-Z_]+)@")


@dataclass(frozen=True)
class Attack:
    """One hostile notebook; a last cell, `AFTERWARDS`, is added to every one of them.

    In `ends`, "raised|died" allows either. `goes_on` says whether the last cell still runs;
    "maybe" leaves it open. `errors` and `shows` are patterns, by the number of the cell.
    """

    id: str
    tries: str
    seen: str
    notebook: str
    ends: str
    needs: tuple[str, ...] = ()
    goes_on: bool | str = True
    errors: Mapping[str, str] = field(default_factory=dict)
    shows: Mapping[str, str] = field(default_factory=dict)
    hides: tuple[str, ...] = ()  # texts that do not stand in the outputs
    values: Mapping[str, Any] = field(default_factory=dict)  # by path, the last that was recorded
    absent: tuple[str, ...] = ()  # paths under which nothing is recorded
    notes: tuple[str, ...] = ()  # patterns of what the recording says was left out
    cut: tuple[int, ...] = ()  # cells whose output was cut
    limits: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)  # handed in beside the notebook
    links: Mapping[str, str] = field(default_factory=dict)  # links handed in, and where they lead
    beside: bool = False  # whether the witness runs at the same time, too
    after: str = ""  # a notebook that runs next, in the same runner
    after_shows: str = ""  # the pattern of all it puts out

    @property
    def grace_seconds(self) -> float:
        """How long a cell may take to end once it was interrupted."""
        return 5.0 if self.goes_on is True else 1.0

    @property
    def run_limits(self) -> Limits:
        return Limits(**{**LIMITS, **self.limits})


@dataclass(frozen=True)
class Theme:
    """Attacks of one kind."""

    title: str
    about: str
    attacks: tuple[Attack, ...]


@dataclass(frozen=True)
class Containment:
    """What keeps an attack in, and a harmless cell that prints "holds" where it does.

    One with `limits` runs alone, and is to be ended before it prints anything. Not all
    of them are part of full isolation: some need more than Linux gives to everybody.
    """

    name: str
    means: str
    probe: str
    limits: Mapping[str, Any] = field(default_factory=dict)
    part_of_full: bool = True


def read_themes() -> tuple[Theme, ...]:
    return tuple(_read_theme(FOLDER / f"{name}.toml") for name in THEMES)


def read_containments() -> tuple[Containment, ...]:
    data = tomllib.loads((FOLDER / "containments.toml").read_text(encoding="utf-8"))
    return tuple(Containment(**entry) for entry in data["containment"])


def read_not_promised() -> tuple[str, ...]:
    data = tomllib.loads((FOLDER / "containments.toml").read_text(encoding="utf-8"))
    return tuple(data["not_promised"])


def _read_theme(path: Path) -> Theme:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    attacks = [
        Attack(**{key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()})
        for entry in data["attack"]
    ]
    return Theme(data["title"], data["about"], tuple(attacks))


def fill_in(text: str, places: Mapping[str, str]) -> str:
    """Put in what only the running test knows: "@RUBRIC@" is the path of the rubric."""
    return PLACE.sub(lambda match: places.get(match[1], match[0]), text)


def filled_in(attack: Attack, places: Mapping[str, str]) -> Attack:
    """Put it in everywhere in an attack."""
    return Attack(**{key: _filled_in(value, places) for key, value in asdict(attack).items()})


def _filled_in(data: Any, places: Mapping[str, str]) -> Any:
    if isinstance(data, str):
        return fill_in(data, places)
    if isinstance(data, tuple):
        return tuple(_filled_in(item, places) for item in data)
    if isinstance(data, dict):
        return {fill_in(key, places): _filled_in(item, places) for key, item in data.items()}
    return data


def build_notebook(text: str, *more: str) -> Any:
    """Build a notebook from text in which a line "# %%" begins a new cell."""
    sources = [source.strip("\n") for source in BREAK.split(text)]
    return v4.new_notebook(cells=[v4.new_code_cell(source) for source in (*sources, *more)])


def deviations(attack: Attack, execution: Execution, recording: Recording) -> list[str]:
    """Say in what a run is not as the attack's data say."""
    return [
        *_wrong_ends(attack, execution),
        *_wrong_texts(attack, execution),
        *_wrong_values(attack, recording),
        *_missing_notes(attack, recording),
        *(f"cell {n} is not cut" for n in attack.cut if not execution.cells[n - 1].output_cut),
        *_late_ends(attack, execution),
    ]


def _wrong_ends(attack: Attack, execution: Execution) -> list[str]:
    last = {True: "ok", False: "not_run"}.get(attack.goes_on, ANY)
    wanted = [*attack.ends.split(), last]
    wrong = [
        f"cell {cell.number} {cell.status} ({cell.error}), not {want}"
        for cell, want in zip(execution.cells, wanted, strict=True)
        if cell.status not in want.split("|")
    ]
    errors = {
        number: execution.cells[int(number) - 1].error
        for number, pattern in attack.errors.items()
        if not re.search(pattern, execution.cells[int(number) - 1].error)
    }
    return [*wrong, *(f"cell {number}: error {error!r}" for number, error in errors.items())]


def _late_ends(attack: Attack, execution: Execution) -> list[str]:
    allowed = attack.run_limits.cell_seconds + attack.grace_seconds + SPARE_SECONDS
    return [
        f"cell {cell.number} took {cell.seconds:.1f} seconds, of {allowed:g}"
        for cell in execution.cells
        if cell.seconds > allowed
    ]


def _wrong_texts(attack: Attack, execution: Execution) -> list[str]:
    texts = {number: text_of(execution, int(number)) for number in attack.shows}
    everything = all_text(execution)
    return [
        *(
            f"cell {number} shows {texts[number][-500:]!r}"
            for number, pattern in attack.shows.items()
            if not re.search(pattern, texts[number])
        ),
        *(f"the outputs hold {text!r}" for text in attack.hides if text in everything),
    ]


def _wrong_values(attack: Attack, recording: Recording) -> list[str]:
    held = {value.path: value.array for value in recording.values}
    wanted = dict(attack.values) | ({"afterwards": 2.0} if attack.goes_on is True else {})
    return [
        *(
            f"{path}: recorded {held.get(path)}"
            for path, value in wanted.items()
            if path not in held or not np.array_equal(held[path], value, equal_nan=True)
        ),
        *(f"{path}: recorded {held[path]}" for path in attack.absent if path in held),
    ]


def _missing_notes(attack: Attack, recording: Recording) -> list[str]:
    return [
        f"no note like {pattern!r} in {recording.left_out}"
        for pattern in attack.notes
        if not any(re.search(pattern, note) for note in recording.left_out)
    ]


def text_of(execution: Execution, number: int) -> str:
    """Give all that a cell put out, as text."""
    cells = [cell for cell in execution.notebook.cells if cell.cell_type == "code"]
    parts = []
    for output in cells[number - 1].outputs:
        parts.append(output.get("text", ""))
        parts.extend(map(str, output.get("data", {}).values()))
        parts.extend([output.get("evalue", ""), *output.get("traceback", [])])
    return "\n".join(parts)


def all_text(execution: Execution) -> str:
    """Give all that a notebook put out and all that was said of it."""
    outputs = [text_of(execution, cell.number) for cell in execution.cells]
    return "\n".join([*outputs, *(cell.error for cell in execution.cells), *execution.notes])
