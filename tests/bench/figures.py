"""What a run of the benchmark found, as numbers; kept as JSON, so that its report can be redone."""

import math
import statistics
from pathlib import Path

from pydantic import BaseModel


class Lap(BaseModel):
    """One lap: the same notebooks once, by all workers of a way."""

    count: int  # notebooks
    wall: float  # seconds
    start: float  # seconds from nothing until every worker had run a first notebook
    processor: float = 0.0  # seconds, of all processes, where it was read
    each: list[float] = []  # seconds of each notebook by the worker's clock, where it has one
    scores: list[float] = []  # in percent, where the way gives any
    failed: list[str] = []  # what went wrong, where it did
    isolation: str = ""  # of ours, in its own words


class Measured(BaseModel):
    """One way with one number of workers, over all rounds."""

    way: str
    workers: int
    laps: list[Lap] = []
    peak: int = 0  # bytes
    unseen: bool = False  # whether there were processes whose memory nobody may look at
    refused: str = ""

    @property
    def each(self) -> list[float]:
        """Seconds of all notebooks of all rounds."""
        return [seconds for lap in self.laps for seconds in lap.each]

    @property
    def per_second(self) -> float:
        """Notebooks a second, the median round; 0 where nothing was measured."""
        return statistics.median(lap.count / lap.wall for lap in self.laps) if self.laps else 0.0

    @property
    def processor(self) -> float:
        """Processor time of a notebook, in seconds, the median round; 0 where it was not read."""
        times = [lap.processor / lap.count for lap in self.laps if lap.processor]
        return statistics.median(times) if times else 0.0

    @property
    def start(self) -> float:
        """Seconds until every worker had run a first notebook, the median round."""
        return statistics.median(lap.start for lap in self.laps) if self.laps else 0.0

    @property
    def scores(self) -> list[float]:
        """The scores of all rounds, in percent."""
        return [score for lap in self.laps for score in lap.scores]

    def percentile(self, percent: int) -> float:
        """Give the time below which that many percent of the notebooks lie, in seconds."""
        ordered = sorted(self.each)
        return ordered[math.ceil(len(ordered) * percent / 100) - 1] if ordered else 0.0


class MemoryCourse(BaseModel):
    """The memory of a batch over time, in bytes: proportional set sizes summed over its tree."""

    peak: int
    early: int  # the most over the first tenth after the warm-up
    late: int  # the most over the last tenth
    looks: int
    unseen: bool

    @property
    def growth(self) -> float:
        """How much more it was late than early, as a share."""
        return self.late / self.early - 1 if self.early else 0.0


class ClassRun(BaseModel):
    """A class recorded, scored and reported by two workers. Times in seconds."""

    notebooks: int
    samples: int
    record: float  # the process from its start to its end
    score: float  # the same, with reports
    rescore: float  # the same, once more
    judge: float  # no page is written
    recording: MemoryCourse
    scoring: MemoryCourse
    deviating: list[str]  # copies that did not get what their sample must get
    faults: int


class Figures(BaseModel):
    """A whole run."""

    machine: dict[str, str]
    count: int
    rounds: int
    ways: list[Measured]
    look_cost: float = 0.0  # seconds of processor time
    whole: ClassRun | None = None

    def of(self, way: str, workers: int) -> Measured | None:
        """Find what was measured of a way; None where it was not, or could not be."""
        found = [one for one in self.ways if (one.way, one.workers) == (way, workers) and one.laps]
        return found[0] if found else None


def write(figures: Figures, path: Path) -> None:
    """Keep the figures."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(figures.model_dump_json(indent=1))


def read(path: Path) -> Figures:
    """Read figures back."""
    return Figures.model_validate_json(path.read_bytes())
