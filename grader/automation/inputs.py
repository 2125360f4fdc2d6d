"""The inputs of the action, as texts of the environment, and what they may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from grader.faults import UsageFault

FailOn = Literal["error", "fail", "never"]
Classroom = Literal["auto", "classroom50", "reporter", "none"]

_SWITCH = {"true": True, "false": False}
_Choice = TypeVar("_Choice", bound=str)


@dataclass(frozen=True)
class Inputs:
    """What a workflow asked for; an empty text means: find out."""

    config: str = ""
    notebook: str = ""
    max_score: float | None = None
    fail_on: FailOn = "error"
    annotations: bool = True
    summary: bool = True
    classroom: Classroom = "auto"


def read_inputs(environment: Mapping[str, str]) -> Inputs:
    """Read the inputs the action passes on, each as INPUT_NAME.

    Raises:
        UsageFault: one is none of what it may be.

    """

    def given(name: str) -> str:
        return environment.get(f"INPUT_{name.replace('-', '_').upper()}", "").strip()

    return Inputs(
        config=given("config"),
        notebook=given("notebook"),
        max_score=_number("max-score", given("max-score")),
        fail_on=_choice("fail-on", given("fail-on") or "error", get_args(FailOn)),
        annotations=_switch("annotations", given("annotations")),
        summary=_switch("summary", given("summary")),
        classroom=_choice("classroom", given("classroom") or "auto", get_args(Classroom)),
    )


def _number(name: str, text: str) -> float | None:
    if not text:
        return None
    # Reporters read whole numbers; a longer one is nobody's maximum.
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise UsageFault(
            f"the input {name} is {text[:20]!r}; it must be a whole number above 0, of nine digits "
            "at most"
        )
    return float(text)


def _choice(name: str, text: str, allowed: tuple[_Choice, ...]) -> _Choice:
    for choice in allowed:
        if choice == text:
            return choice
    raise UsageFault(f"the input {name} is {text!r}; it must be one of {', '.join(allowed)}")


def _switch(name: str, text: str) -> bool:
    if text and text not in _SWITCH:
        raise UsageFault(f"the input {name} is {text!r}; it must be true or false")
    return _SWITCH.get(text, True)
