"""What can come of a question, in one word."""

from typing import Literal

Outcome = Literal["correct", "partial", "wrong", "missing", "ungraded"]
