"""What a notebook runs with beside its own code: a budget for its training, and data."""

from typing import Annotated

from pydantic import Field, StringConstraints

from grader.rubric.table import Id, Name, Table, Text

HOME = "~/"  # begins a place below the home folder of a notebook
DIGEST_PATTERN = r"^[0-9a-f]{64}$"
Digest = Annotated[str, StringConstraints(pattern=DIGEST_PATTERN)]
Scalar = int | float | bool


class Budget(Table):
    """Rewriting that keeps training short; every change is told in the report."""

    set: dict[Name, Scalar] = Field(
        default_factory=dict,
        description="Values by name, set wherever the notebook gives the name another: "
        "{ epoch_num = 1 }.",
    )
    first: dict[Name, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict,
        description="How many of the first entries of arrays are kept, by name: "
        "{ x_train = 2000, y_train = 2000 }.",
    )
    loops: dict[Name, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict,
        description="How many rounds of for loops are run, by the name of the loop's variable: "
        "{ epoch = 1 }.",
    )

    @property
    def is_set(self) -> bool:
        """Whether anything is rewritten."""
        return bool(self.set or self.first or self.loops)


class ExecutionTable(Table):
    """How notebooks are run, beyond their limits."""

    budget: Budget = Field(
        default_factory=Budget, description="What keeps the training in notebooks short."
    )


class DataFile(Table):
    """A file the assignment works on, made available where libraries look for it."""

    name: Id = Field(description="The name it is supplied by: grader data add NAME PATH.")
    sha256: dict[Id, Digest] = Field(
        min_length=1,
        description="The files that are accepted, by what people call them, as their SHA-256.",
    )
    at: list[Text] = Field(
        min_length=1,
        description="Where notebooks find it: below the home folder (~/.keras/datasets/mnist.npz) "
        "or below the working directory (data/mnist.npz).",
    )
