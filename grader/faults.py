"""The faults the grader raises, and whose they are.

Fault
├── UsageFault       what the person typed cannot be done; one sentence, exit code 2
│   └── RubricFault  a rubric is wrong; carries every problem found in it
├── IntakeFault      a submission cannot be read; it becomes an ungraded result
├── RecordingFault   a recording on disk is damaged or of another version
└── ReferenceFault   a reference gives no usable prediction; the question becomes ungraded
"""


class Fault(Exception):
    """Anything the grader knows to have gone wrong."""


class UsageFault(Fault):
    """What was asked for cannot be done; the message is one sentence for a person."""


class RubricFault(UsageFault):
    """A rubric that cannot be used, with every problem found in it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class IntakeFault(Fault):
    """A submission that cannot be read; the message says what was found, and where."""


class RecordingFault(Fault):
    """A recording that is damaged, cut short or of another version."""


class ReferenceFault(Fault):
    """A reference that returned something no observation can be compared with."""
