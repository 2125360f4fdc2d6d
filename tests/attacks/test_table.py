"""The data of the attacks make sense, and docs/attacks.md is made from them."""

import re
from collections import Counter

import pytest

from tests.attacks.attack import (
    BREAK,
    Attack,
    read_containments,
    read_not_promised,
    read_themes,
)
from tests.attacks.table import PAGE, write_page

ATTACKS = [attack for theme in read_themes() for attack in theme.attacks]
STATUSES = {"ok", "raised", "timed_out", "out_of_memory", "died", "not_run"}


def test_the_page_says_what_the_data_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_page()


def test_names_are_used_once() -> None:
    names = Counter(attack.id for attack in ATTACKS)

    assert [name for name, count in names.items() if count > 1] == []


def test_what_is_not_promised_is_said() -> None:
    assert read_not_promised()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_an_attack_is_told_in_full(attack: Attack) -> None:
    cells = BREAK.split(attack.notebook)

    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", attack.id)
    assert attack.tries.startswith("to ")
    assert attack.seen
    assert len(attack.ends.split()) == len(cells)
    assert set(re.split(r"[ |]", attack.ends)) <= STATUSES
    assert set(attack.needs) <= {containment.name for containment in read_containments()}
    assert attack.goes_on in (True, False, "maybe")
    assert {int(number) for number in (*attack.errors, *attack.shows, *attack.cut)} <= set(
        range(1, len(cells) + 1)
    )
    for pattern in (*attack.errors.values(), *attack.shows.values(), *attack.notes):
        re.compile(pattern)
