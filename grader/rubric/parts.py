"""Parts of a question: what is called of the student's own code, and what a person judges."""

from typing import Annotated, Literal

from pydantic import Field

from grader.rubric.table import Id, Name, Settings, Share, Table, Text

Kind = Literal[
    "function", "derivative", "layer", "loss", "module", "network", "training", "contest"
]


class Part(Table):
    """Something the student wrote that is called with inputs of the grader's."""

    probe: Kind = Field(description="What it is, and so how it is called and judged.")
    name: Name = Field(description="The function or class, as the assignment names it.")
    points: float = Field(gt=0, description="Points for a full answer.")
    title: Text | None = Field(default=None, description="What people read; else the name.")
    aliases: list[Name] = Field(
        default_factory=list, description="Other names under which it is accepted."
    )
    expect: Name | None = Field(
        default=None, description="The function of the reference that predicts what comes back."
    )
    inputs: Name | None = Field(
        default=None,
        description="The function of the reference that makes the inputs, from a seed: cases by "
        "their names, each a dict of arrays in the order of the arguments.",
    )
    of: Name | None = Field(
        default=None,
        description="The student's function that this one belongs to: of which it is the "
        "derivative or the gradient; the network that a contest is against.",
    )
    accept: Settings = Field(
        default_factory=dict, description="Conventions left open: each is worth full marks."
    )
    worth: dict[Id, Share] = Field(
        default_factory=dict,
        description="What findings of the probe are worth, where it is not what is usual: "
        "{ overflow = 0.9 }.",
    )
    forward: Name = Field(
        default="forward_propagation", description="Of layers: the method that goes forward."
    )
    backward: Name = Field(
        default="backward_propagation", description="Of layers: the method that goes back."
    )
    build: Text | None = Field(
        default=None,
        description="Python that makes the object to be asked out of what the student wrote, "
        "run in a copy of the finished notebook.",
    )
    sizes: list[Annotated[int, Field(ge=1)]] = Field(
        default_factory=list,
        description="Units of the layers asked for, from the inputs to the outputs; of a contest "
        "those of the first network.",
    )
    threshold: Name | None = Field(
        default=None,
        description="Of a training: the calibration its accuracy is held against, by its name "
        "in the reference.",
    )
    seconds: float = Field(default=10, gt=0, le=600, description="Wall time it may take.")

    @property
    def label(self) -> str:
        """What people read."""
        return self.title or self.name


class Criterion(Table):
    """One thing a person decides about a written answer."""

    id: Id = Field(description="Its name in decisions; unique in the question.")
    says: Text = Field(description="What is asked for, as person and student read it.")
    points: float = Field(gt=0, description="Points where it is wholly met.")
