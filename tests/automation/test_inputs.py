import pytest

from grader.automation.inputs import Inputs, read_inputs
from grader.faults import UsageFault


def test_what_is_empty_or_absent_has_its_default() -> None:
    given = {"INPUT_CONFIG": "", "INPUT_FAIL_ON": " ", "INPUT_SUMMARY": ""}

    assert read_inputs(given) == read_inputs({}) == Inputs()


def test_every_input_is_read_by_the_name_the_action_gives_it() -> None:
    given = {
        "INPUT_CONFIG": "course/gradmark.toml",
        "INPUT_NOTEBOOK": "a b.ipynb",
        "INPUT_MAX_SCORE": "100",
        "INPUT_FAIL_ON": "never",
        "INPUT_ANNOTATIONS": "false",
        "INPUT_SUMMARY": "false",
        "INPUT_CLASSROOM": "reporter",
    }

    assert read_inputs(given) == Inputs(
        "course/gradmark.toml", "a b.ipynb", 100.0, "never", False, False, "reporter"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fail-on", "always"),
        ("classroom", "canvas"),
        ("annotations", "yes"),
        ("summary", "1"),
        ("max-score", "7.5"),
        ("max-score", "0"),
        ("max-score", "-3"),
        ("max-score", "²"),
        ("max-score", "1" * 10),
    ],
)
def test_an_input_that_may_not_be_is_named_with_what_it_may_be(name: str, value: str) -> None:
    environment = {f"INPUT_{name.upper().replace('-', '_')}": value}

    with pytest.raises(UsageFault, match=f"input {name} is '{value}'; it must be"):
        read_inputs(environment)


def test_a_maximum_of_any_length_is_refused_in_a_short_sentence() -> None:
    with pytest.raises(UsageFault) as refused:
        read_inputs({"INPUT_MAX_SCORE": "9" * 5000})

    assert len(str(refused.value)) < 150
