import pytest
from hypothesis import given, settings

from grader.exchange.annotations import annotations
from grader.exchange.commands import command, plain
from tests.exchange.results import ATTACKS, results, texts
from tests.exchange.runner import commands_in

QUICK = settings(max_examples=80, deadline=None)


@QUICK
@given(texts(), texts())
def test_no_text_made_plain_is_a_command_wherever_it_is_printed(text: str, before: str) -> None:
    printed = plain(text)

    assert commands_in(printed) == []
    assert commands_in(plain(before) + printed) == [] or "" in (printed, before)
    assert len(printed.splitlines()) <= 1
    assert printed == printed.strip()


@pytest.mark.parametrize("attack", [one for one in ATTACKS if ":" in one or "##" in one])
def test_attacks_are_seen_before_and_gone_after(attack: str) -> None:
    assert commands_in(plain(attack)) == []
    assert "::" not in plain(attack)
    assert "##" not in plain(attack)


def test_the_stand_in_of_a_runner_sees_commands() -> None:
    assert len(commands_in("x\n \u2003::error::a\n:\u00ad:error::b\nsay ##[error]c")) == 3
    assert commands_in("a[::2] and b::c::d") == []


@QUICK
@given(texts())
def test_making_plain_twice_changes_nothing(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize("text", ["x = 3", "Größe 😀 日本", "a: b", "# 1", "[1, 2]", "50%"])
def test_ordinary_text_stays(text: str) -> None:
    assert plain(text) == text


def test_what_reverses_text_is_spelt_out() -> None:
    assert plain("a\u202eb") == "a⟨U+202E⟩b"


def test_a_command_escapes_what_the_runner_would_read() -> None:
    line = command("error", "50% done", {"file": "a,b:c.ipynb", "title": "100%", "none": ""})

    assert line == "::error file=a%2Cb%3Ac.ipynb,title=100%25::50%25 done"


def test_a_message_is_cut_where_the_runner_cuts() -> None:
    message = command("error", "x" * 5000, {}).removeprefix("::error::")

    assert len(message) == 4096
    assert message.endswith("…")


@QUICK
@given(results())
def test_every_annotation_is_one_command_of_ours(result) -> None:  # type: ignore[no-untyped-def]
    for line in annotations(result, result.title):
        assert commands_in(line) == [line]
        head, _, message = line.removeprefix("::").partition("::")
        assert head.partition(" ")[0] in {"error", "warning", "notice"}
        assert "::" not in message
        assert not line.isspace()
