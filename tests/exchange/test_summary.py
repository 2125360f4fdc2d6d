from dataclasses import replace

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from grader.automation.standing import line_of
from grader.exchange.annotations import annotations
from grader.exchange.classroom50 import release_body
from grader.exchange.markup import fenced
from grader.exchange.summary import LONGEST, step_summary
from grader.results.model import CheckResult
from tests.exchange.results import ATTACKS, FIXED, NEWTON, OURS, ROBUST, SLOPE, THEIRS, results

GITHUB = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
BLOCKS = {"heading_open", "paragraph_open", "table_open", "fence", "tr_open", "td_open", "th_open"}
OTHERS = {"thead_open", "tbody_open", "inline"}
SPANS = {"text", "strong_open", "strong_close", "softbreak", "text_special"}


def tokens(text: str) -> list[str]:
    found = GITHUB.parse(text)
    inline = [child.type for token in found for child in token.children or ()]
    return [token.type for token in found if not token.type.endswith("_close")] + inline


def rows(text: str) -> int:
    return tokens(text).count("tr_open")


@settings(max_examples=80, deadline=None)
@given(results())
def test_nothing_a_student_wrote_becomes_structure(result: CheckResult) -> None:
    text = step_summary(result)

    assert set(tokens(text)) <= BLOCKS | OTHERS | SPANS
    assert rows(text) == (len(result.checks) + 1 if result.checks else 0)
    assert tokens(text).count("td_open") == 3 * len(result.checks)


@pytest.mark.parametrize(
    "attack", [*ATTACKS, "- a", "1. a", "===", "---", "> a", "![a](b)", "~~a~~"]
)
def test_an_attack_is_shown_as_text(attack: str) -> None:
    check = replace(ROBUST, title=attack, sentence=attack, difference=attack)

    text = step_summary(replace(FIXED, checks=(check,), title=attack, notes=(attack,)))

    assert set(tokens(text)) <= BLOCKS | OTHERS | SPANS
    assert rows(text) == 2


def test_a_fence_is_longer_than_any_row_of_backticks() -> None:
    assert fenced(["a ````` b"]).startswith("``````text\n")
    assert GITHUB.parse(fenced(["```", "````"]))[0].content == "```\n````\n"


def test_nobody_is_called_by_a_mention() -> None:
    text = step_summary(replace(FIXED, title="@everyone"))

    assert "@everyone" not in GITHUB.render(text)
    assert "everyone" in GITHUB.render(text)


def test_a_long_summary_is_cut_between_blocks() -> None:
    check = replace(ROBUST, sentence="π" * 400, difference="ω" * 200)

    text = step_summary(replace(FIXED, checks=(check,) * 3000))

    assert 0.9 * LONGEST < len(text.encode()) <= LONGEST
    assert text.endswith("\nThe rest is left out here, as it is too long.\n")
    assert set(tokens(text)) <= BLOCKS | OTHERS | SPANS
    assert rows(text) == 3001


def test_a_release_takes_less() -> None:
    check = replace(ROBUST, sentence="x" * 400)

    assert len(release_body(replace(FIXED, checks=(check,) * 3000))) <= 100_000


def test_a_fault_of_the_graders_is_said_so() -> None:
    assert "**Not checked: the grader itself failed" in step_summary(OURS)
    assert "points" not in step_summary(OURS)


def test_a_notebook_that_cannot_be_read_is_said_so_and_has_no_rows() -> None:
    unread = replace(THEIRS, checks=(*THEIRS.checks, *FIXED.checks[3:]), notes=("It was cut.",))

    text = step_summary(unread)

    assert "cut short at line 7" in GITHUB.render(text)
    assert "It was cut" in text
    assert rows(text) == 0


def test_points_that_wait_for_a_person_are_neither_lost_nor_given() -> None:
    waiting = replace(NEWTON, outcome="ungraded", points=0.0)

    text = step_summary(replace(FIXED, checks=(waiting, SLOPE)))

    assert "7.5 of 20 points, 5 of them not decided yet." in text
    assert "| – / 5 |" in text


def test_where_nothing_is_public_no_points_are_told() -> None:
    result = replace(FIXED, checks=FIXED.checks[3:])

    said = [step_summary(result), *annotations(result, ""), line_of(result)]

    assert not any("points" in one.lower().replace("| points |", "") for one in said)


def test_a_sentence_does_not_say_its_word_twice() -> None:
    text = step_summary(replace(FIXED, checks=(replace(ROBUST, sentence="Not found: no value."),)))

    assert "\nNot found: no value.\n" in text


def test_nothing_says_that_all_is_well() -> None:
    passing = replace(FIXED, checks=FIXED.checks[:1])

    assert "graded after submission" in step_summary(passing)
