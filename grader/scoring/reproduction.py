"""Whether a file's stored outputs come out again when its cells are run from top to bottom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from grader.execution.outcome import CellStatus
from grader.observation.differences import Compared, Difference, compare_outputs
from grader.recording.model import Recording
from grader.scoring.chance import RandomResult, random_cells, random_results
from grader.scoring.run_order import count_order, counts_told, order_named

State = Literal["nothing_stored", "agrees", "differs_by_randomness", "does_not_reproduce"]

_NAMED = 3  # cells a sentence names
_LONGEST = 120  # characters of an error
_STOPPED: dict[CellStatus, str] = {
    "raised": "stopped here with {error}",
    "timed_out": "did not finish here",
    "out_of_memory": "ran out of memory here",
    "died": "ended the kernel here",
    "not_run": "was not run here",
}


@dataclass(frozen=True)
class Reproduction:
    """How the stored outputs compare with those of the run; it costs no points by itself.

    `random_results` are stored numbers that unseeded random numbers led to: no other run of the
    same code gives them again.
    """

    state: State
    sentence: str
    random_results: tuple[RandomResult, ...] = ()


def reproduction_of(recording: Recording) -> Reproduction | None:
    """Compare the outputs stored in a file with its run's; None where it was not run as it is."""
    if recording.handed_in is None or recording.executed is None or recording.changes:
        return None
    compared = compare_outputs(recording.handed_in, recording.executed, _stopped(recording))
    if not compared.outputs:
        return Reproduction("nothing_stored", "No outputs are stored in the file.")
    if not compared.differences:
        return _agreeing(compared)
    chance = random_cells(recording)
    if all(_by_chance(found, chance) for found in compared.differences):
        return _random(recording, compared.differences, chance)
    return Reproduction(
        "does_not_reproduce",
        f"Run from top to bottom, the file does not give the outputs stored in it: "
        f"{_named(compared.differences)}. {_explained(recording, chance)}".strip(),
    )


def other_order(recording: Recording) -> tuple[int, ...]:
    """Give the order of the execution counts where that may explain outputs that differ.

    Empty where the outputs agree but for randomness, or where the counts tell no other order.
    """
    order = count_order(recording.handed_in) if recording.handed_in is not None else ()
    found = reproduction_of(recording) if order else None
    return order if found is not None and found.state == "does_not_reproduce" else ()


def _agreeing(compared: Compared) -> Reproduction:
    if not compared.numbers:
        return Reproduction("nothing_stored", "The outputs stored in the file hold no numbers.")
    return Reproduction("agrees", "The outputs stored in the file agree with this run.")


def _random(
    recording: Recording, differences: Sequence[Difference], chance: frozenset[int]
) -> Reproduction:
    return Reproduction(
        "differs_by_randomness",
        f"The outputs stored in the file agree with this run but for {_cells(differences)}; "
        f"random numbers are drawn from cell {min(chance)} on.",
        random_results(recording, differences),
    )


def _explained(recording: Recording, chance: frozenset[int]) -> str:
    """Say what the execution counts tell about how the stored outputs came about."""
    order = count_order(recording.handed_in)
    if not order or recording.reordered is None:
        return counts_told(recording.handed_in)
    found = compare_outputs(recording.handed_in, recording.reordered).differences
    run = f"Run in the order of its execution counts ({order_named(order)})"
    if not found:
        return f"{run} it does."
    ranks = {cell: rank for rank, cell in enumerate(order)}
    drawn = min((ranks[cell] for cell in chance), default=len(order))
    if all(not one.stopped and ranks[one.cell] >= drawn for one in found):
        return f"{run} it does, but for random numbers."
    return f"{run} it does not either. {counts_told(recording.handed_in)}".strip()


def _by_chance(difference: Difference, chance: frozenset[int]) -> bool:
    return not difference.stopped and any(cell <= difference.cell for cell in chance)


def _named(differences: Sequence[Difference]) -> str:
    """Name the first cells that differ, and of those that stopped alike the first."""
    first: dict[str, Difference] = {}
    for difference in differences:
        first.setdefault(difference.stopped or str(difference.cell), difference)
    said = [_said(difference) for difference in [*first.values()][:_NAMED]]
    rest = len(differences) - len(said)
    if rest:
        said.append(f"{rest} more cell{'s differ' if rest > 1 else ' differs'}")
    return "; ".join(said)


def _said(difference: Difference) -> str:
    if difference.stopped:
        return f"cell {difference.cell} {difference.stopped}"
    return f"cell {difference.cell} printed {difference.here} here, {difference.stored} in the file"


def _cells(differences: Sequence[Difference]) -> str:
    numbers = [str(difference.cell) for difference in differences]
    if len(numbers) == 1:
        return f"cell {numbers[0]}"
    if len(numbers) > _NAMED:
        return f"{len(numbers)} cells, the first of them cell {numbers[0]}"
    return f"cells {', '.join(numbers[:-1])} and {numbers[-1]}"


def _stopped(recording: Recording) -> dict[int, str]:
    return {
        cell.number: _STOPPED[cell.status].format(error=_one_line(cell.error))
        for cell in recording.cells
        if cell.status in _STOPPED
    }


def _one_line(error: str) -> str:
    line = " ".join(error.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
