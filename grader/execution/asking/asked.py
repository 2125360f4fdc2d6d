"""What is asked of one part: steps, and the arrays that go with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from grader.execution.outcome import Step


@dataclass(frozen=True)
class Asked:
    """Steps over inputs; what is withheld never reaches the notebook, but judging needs it."""

    steps: tuple[Step, ...]
    inputs: Mapping[str, np.ndarray] = field(default_factory=dict)
    withheld: Mapping[str, np.ndarray] = field(default_factory=dict)
