import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reporting.names import page_name


def test_a_plain_id_is_kept() -> None:
    assert page_name("student-07") == "student-07.html"


@pytest.mark.parametrize(
    "submission",
    [
        "",
        "..",
        "../../etc/passwd",
        "/root",
        "a\\b",
        "CON",
        "nul",
        "com1.x",
        "a\0b",
        "x" * 300,
        "a.",
    ],
)
def test_a_dangerous_id_becomes_a_harmless_name(submission: str) -> None:
    name = page_name(submission)

    assert name.removesuffix(".html").replace("-", "").replace("~", "").isalnum()
    assert name.split(".")[0] not in ("con", "nul", "com1", "")
    assert len(name) < 80


@given(st.text(), st.text())
def test_different_ids_have_names_different_in_any_case(one: str, other: str) -> None:
    same = page_name(one).lower() == page_name(other).lower()

    assert same == (one == other)


def test_ids_that_differ_in_case_or_in_signs_have_pages_of_their_own() -> None:
    ids = ["ann lee", "Ann Lee", "ann-lee", "ann_lee", "ann/lee", "ánn lee", "ann~lee"]

    assert len({page_name(submission) for submission in ids}) == len(ids)


def test_an_id_shaped_like_a_digest_name_does_not_take_its_page() -> None:
    taken = page_name("Ann")

    assert page_name(taken.removesuffix(".html")) != taken
