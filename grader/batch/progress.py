"""What a long task tells the person who waits for it."""

from collections.abc import Callable

Progress = Callable[[int, int, str], None]  # done, of how many, the submission just finished


def silent(done: int, total: int, submission: str) -> None:
    """Tell nothing."""
