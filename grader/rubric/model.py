"""What a rubric may say: the tables of the TOML file, with their defaults and meanings."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from grader.rubric.parts import Criterion, Part
from grader.rubric.surroundings import DataFile, ExecutionTable
from grader.rubric.table import (
    PART_PATTERN,
    REFERENCE_PATTERN,
    Id,
    Name,
    Settings,
    Share,
    Table,
    Text,
    Transform,
)


class Limits(Table):
    """How long and how much a notebook may take."""

    cell_seconds: float = Field(default=60, gt=0, description="Wall time for one cell, in seconds.")
    notebook_seconds: float = Field(
        default=300, gt=0, description="Wall time for all cells, in seconds."
    )
    memory_mib: int = Field(
        default=4096,
        ge=256,
        le=2**20,
        description="Memory a notebook may take beside the libraries it loads, in MiB.",
    )
    disk_mib: int = Field(
        default=512, ge=1, le=2**20, description="Files a notebook may write, in MiB."
    )
    processes: int = Field(
        default=64, ge=8, le=4096, description="Threads and processes a notebook may have at once."
    )
    output_kib: int = Field(
        default=1024, ge=1, le=2**20, description="Output kept for one cell, in KiB."
    )
    value_kib: int = Field(
        default=1024, ge=1, le=2**20, description="Largest single value recorded, in KiB."
    )
    recording_mib: int = Field(
        default=64, ge=1, le=2**16, description="All values of one notebook, in MiB."
    )


class Tolerance(Table):
    """How far a value may lie from a prediction, on top of its own precision."""

    rtol: float = Field(default=1e-5, ge=0, lt=1, description="Relative to the expected value.")
    atol: float = Field(default=1e-7, ge=0, description="Absolute.")
    coarsest: float = Field(
        default=5e-4,
        gt=0,
        description="A value printed with a rounding error above this decides nothing.",
    )


class Mistake(Table):
    """A known error: the hypotheses it stands for, what they are worth, what the student reads."""

    id: Id = Field(description="The name the mistake is counted by, in reports and grades.")
    when: Settings = Field(
        default_factory=dict, description="Settings of the reference; a list means any of them."
    )
    given: dict[Name, Text] = Field(
        default_factory=dict,
        description="Given constants that are taken from the student's own values instead: "
        "name of the constant, and a pattern for the path of the value ('*' for any).",
    )
    values: Literal["entered", "computed", "any"] = Field(
        default="any",
        description="Which of the student's values may stand for given constants: numbers of few "
        "digits, as a person enters them; numbers as a computation leaves them; or any.",
    )
    expect: Name | None = Field(
        default=None,
        description="Another function of the reference, for a value of another quantity.",
    )
    transform: Transform | Annotated[list[Transform], Field(min_length=1)] | None = Field(
        default=None,
        description="What became of the expected value, where no setting says it: it is scaled, "
        "negated and so on. Tried only where nothing else explains an answer.",
    )
    worth: Share = Field(default=0.0, description="Share of the question's points, from 0 to 1.")
    says: Text = Field(description="The sentence the student reads.")
    hidden: bool = Field(
        default=False,
        description="Whether checks before the grade keep silent about the mistake: the answer "
        "does not pass, and nothing says why.",
    )


class Question(Table):
    """One thing asked, and the family of answers that are known."""

    id: Id = Field(description="The name of the question in grades and in 'needs'.")
    title: Text = Field(description="What people read in reports.")
    points: float = Field(gt=0, description="Points for a full answer.")
    expect: Name | None = Field(
        default=None, description="The function of the reference that predicts the answer."
    )
    parts: list[Part] = Field(
        default_factory=list,
        description="What the student was asked to write: functions and classes that are called, "
        "networks whose training is judged. Their points, and those of 'criteria', make up the "
        "question's.",
    )
    grade: Literal["person"] | None = Field(
        default=None, description="\"person\": a written answer, judged by the 'criteria'."
    )
    criteria: list[Criterion] = Field(
        default_factory=list, description="What a person decides about the answer."
    )
    heading: Text | None = Field(
        default=None,
        description="Text of the heading a written answer stands below, as the assignment has it: "
        '"3.2". The answer ends at a heading of the same or a higher rank; below a heading with '
        "a number, only at one with a later number.",
    )
    prompt: Text | None = Field(
        default=None,
        description="What stands below the heading when the assignment is handed out: the same "
        "lines in a submission are no answer.",
    )
    library: Literal["numpy", "torch", "any"] = Field(
        default="any", description="The library the value has to come from."
    )
    accept: Settings = Field(
        default_factory=dict, description="Conventions left open: each is worth full marks."
    )
    draws: Name | None = Field(
        default=None,
        description="For random training: the function of the reference that says how many "
        "random keep flags one training consumes. The draws recorded in the run are replayed.",
    )
    rate: Name | None = Field(
        default=None,
        description="For random training: the given constant that is the probability of a flag "
        "being 0. Uniform draws are compared with it, and with its complement.",
    )
    structure: Name | None = Field(
        default=None,
        description="The function of the reference that states facts true of any draws.",
    )
    combine: int = Field(
        default=1, ge=1, le=3, description="How many mistakes may be combined in one hypothesis."
    )
    tolerance: Tolerance | None = Field(
        default=None, description="Instead of the rubric's tolerance."
    )
    needs: list[Id] = Field(
        default_factory=list, description="Questions without which this one cannot be answered."
    )
    follows: list[Id] = Field(
        default_factory=list,
        description="Questions whose results this one is computed from: a mistake that cost "
        "points there costs none here.",
    )
    own_results: dict[Name, Annotated[str, StringConstraints(pattern=PART_PATTERN)]] = Field(
        default_factory=dict,
        description="Results of questions in 'follows' that the reference can start from, by the "
        'name it is given them under: { p1 = "forward.x1" }. An answer that is right for the '
        "student's own, wrong result earns full marks.",
    )
    with_respect_to: Name | None = Field(
        default=None,
        description="Where the answer is a gradient: the given constant it is taken with respect "
        "to. The student's own loss, where it can be called, is differentiated numerically.",
    )
    shown: bool = Field(
        default=False,
        description="Whether the answer is what is printed or displayed. A right value that is "
        "only held, in a cell that shows another one, is then left to a person, or named by the "
        "mistake that explains what is shown.",
    )
    show_expected: bool = Field(
        default=True, description="Whether reports show the expected value."
    )
    hidden: bool = Field(
        default=False,
        description="Whether checks before the grade leave the question out: they name its title, "
        "and that it is graded after submission.",
    )
    hint: Text | None = Field(
        default=None, description="Read by a student whose answer is not explained."
    )
    mistake: list[Mistake] = Field(
        default_factory=list, description="The known errors, each headed [[question.mistake]]."
    )

    @property
    def predicted_by(self) -> str:
        """The function of the reference that predicts the answer; "" where none is a value."""
        return self.expect or ""


class Rubric(Table):
    """An assignment: where its reference is, its limits, and its questions."""

    format: Literal["gradmark/rubric/1"] = Field(
        description="The version of this format the rubric is written in."
    )
    assignment: Id = Field(description="The name of the assignment in grades.")
    title: Text = Field(description="What people read at the head of reports.")
    reference: Annotated[str, StringConstraints(pattern=REFERENCE_PATTERN)] = Field(
        description="A module of the package 'reference' ('reference.linear'), or a Python file "
        "beside the rubric ('linear.py')."
    )
    solution: Text | None = Field(
        default=None,
        description="A notebook beside the rubric that solves the assignment; `grader rubric "
        "test` proves the rubric with it.",
    )
    template: Text | None = Field(
        default=None,
        description="The notebook as it is handed out, beside the rubric: in a trial it earns "
        "nothing, and no slips are made in the code it hands out.",
    )
    perturb: bool = Field(
        default=False,
        description="Run every notebook a second time with the given constants changed in its "
        "source: answers that do not move were typed in.",
    )
    limits: Limits = Field(
        default_factory=Limits, description="How long and how much a notebook may take."
    )
    execution: ExecutionTable = Field(
        default_factory=ExecutionTable, description="How notebooks are run, beyond their limits."
    )
    data: list[DataFile] = Field(
        default_factory=list, description="Files the assignment works on, each headed [[data]]."
    )
    tolerance: Tolerance = Field(
        default_factory=Tolerance,
        description="How far a value may lie from a prediction, on top of its own precision.",
    )
    question: list[Question] = Field(
        min_length=1, description="What is asked, each question headed [[question]]."
    )

    @property
    def public(self) -> list[Question]:
        """The questions that students can check themselves."""
        return [question for question in self.question if not question.hidden]

    @property
    def valued(self) -> list[Question]:
        """The questions whose answers are values, looked for in what a notebook computed."""
        return [question for question in self.question if question.expect]

    @property
    def points(self) -> float:
        """The points of all questions together."""
        return sum(question.points for question in self.question)
