"""Many submissions at once: recorded by workers, kept, scored, reported."""

from grader.batch.record import Recorded, record_class
from grader.batch.score import Scored, score_class

__all__ = ["Recorded", "Scored", "record_class", "score_class"]
