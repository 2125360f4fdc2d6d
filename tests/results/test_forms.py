"""The forms of a result: what they say, and that a student's text stays text in them."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.results.forms import html, markdown, plain
from grader.results.model import Check, CheckResult
from tests.results.made import check, result

Form = Callable[[CheckResult], str]
FORMS: list[Form] = [html, markdown, plain]
ELEMENTS = {"div", "strong", "span", "table", "tbody", "tr", "td", "details", "summary", "code"}
VOID_OF_SCRIPT = re.compile(r"url|expression|javascript|@|\\|/", re.IGNORECASE)
RENDERED = {"p", "strong", "table", "thead", "tbody", "tr", "th", "td"}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "`</code><b>`",
    "`a`<i>`b`",
    "a|b\n| c |",
    "[click](javascript:alert(1)) ![x](http://x/y.png) <http://x.org> www.x.org http://x.org",
    "\n\n# Heading\n\n---\n",
    "**bold** _it_ ~~gone~~ $\\alpha$ \\",
    "&lt;b&gt; &#60;b&#62; \\<b>",
    "\x1b[31mred\x1b[0m \x9b2J \x07 \x00",
    "\u202eright to left\u2066",
    "\ud800 alone",
    "x" * 100_000,
    "\r\n::notice title=Autograding complete::Points 100/100",
]
ANY = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=40),
    st.text(alphabet="<>&\"'`|*_[]()!#\\\n\r\x1b\u202e$~ a:/.", max_size=40),
)
CHECKS = st.builds(
    Check,
    question=ANY,
    title=ANY,
    outcome=st.sampled_from(["correct", "partial", "wrong", "missing", "ungraded"]),
    points=st.just(1.0),
    max_points=st.just(1.0),
    sentence=ANY,
    explained_by=st.lists(ANY, max_size=3).map(tuple),
    difference=ANY,
    place=ANY,
    scope=st.sampled_from(["public", "hidden", "later"]),
)
RESULTS = st.builds(
    CheckResult,
    assignment=ANY,
    title=ANY,
    notebook=ANY,
    checks=st.lists(CHECKS, max_size=4).map(tuple),
    fault=st.one_of(st.just(""), ANY),
    fault_of=st.sampled_from(["submission", "grader"]),
    notes=st.lists(ANY, max_size=3).map(tuple),
)


class Reader(HTMLParser):
    """Reads a piece of HTML: its elements with their attributes, and whether they nest."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.strange: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.strange.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.strange.append(data)

    handle_decl = unknown_decl = handle_pi = handle_comment


@given(RESULTS)
@settings(max_examples=60, deadline=None)
def test_html_holds_no_element_and_no_attribute_but_ours(any_result: CheckResult) -> None:
    read = Reader(html(any_result))

    assert {tag for tag, _ in read.elements} <= ELEMENTS
    assert {name for _, attributes in read.elements for name in attributes} <= {"style"}
    assert not read.open
    assert not read.strange
    styles = {attributes.get("style") or "" for _, attributes in read.elements}
    assert not any(VOID_OF_SCRIPT.search(style) for style in styles)


@given(RESULTS)
@settings(max_examples=60, deadline=None)
def test_markdown_renders_to_no_markup_but_ours(any_result: CheckResult) -> None:
    rendered = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(markdown(any_result))

    read = Reader(rendered)

    assert {tag for tag, _ in read.elements} <= RENDERED
    assert {name for _, attributes in read.elements for name in attributes} <= set()


@pytest.mark.parametrize("text", ["a | b", "`a|b`", "x \\| y", "*a* _b_ [c](d) <e> $f$ &amp; \\\\"])
def test_text_arrives_in_markdown_as_it_is(text: str) -> None:
    rendered = MarkdownIt("gfm-like", {"linkify": False}).render(
        markdown(result(check(sentence=text)))
    )

    assert text in Reader(rendered).text


@given(RESULTS)
@settings(max_examples=60, deadline=None)
def test_no_form_holds_a_terminal_code_or_turns_text_round(any_result: CheckResult) -> None:
    for form in FORMS:
        text = form(any_result)

        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        text.encode("utf-8")


@given(RESULTS)
@settings(max_examples=40, deadline=None)
def test_every_check_is_one_line_of_bounded_length(any_result: CheckResult) -> None:
    lines = plain(any_result).splitlines()

    rows = 0 if any_result.fault else len(any_result.checks)
    assert len(lines) == rows + len(any_result.notes) + 1
    assert all(len(line) < 2000 for line in lines)


@pytest.mark.parametrize("form", FORMS)
def test_the_head_counts_public_checks_and_promises_nothing(form: Form) -> None:
    checks = [
        check(),
        check(outcome="wrong", points=0),
        check(outcome="ungraded", points=0),
        check(outcome="ungraded", scope="hidden"),
    ]

    text = form(result(*checks))

    assert "1 of 3 public checks passed, 1 not yet, 1 waits for a person" in text
    assert "the rest is graded after submission" in text
    assert not re.search(r"all passed|all public|\bwrong\b", text, re.IGNORECASE)


@pytest.mark.parametrize("form", FORMS)
def test_the_head_says_where_only_some_questions_were_asked_for(form: Form) -> None:
    text = form(replace(result(check()), whole=False))

    assert "1 of 1 asked for passed; the other questions were not checked now" in text
    assert "public checks" not in text


@pytest.mark.parametrize("form", FORMS)
def test_nothing_hidden_is_counted(form: Form) -> None:
    text = form(result(check(scope="hidden", outcome="ungraded")))

    assert "passed" not in text
    assert "after submission" in text


@pytest.mark.parametrize("form", FORMS)
def test_every_outcome_has_a_word_beside_its_sign(form: Form) -> None:
    outcomes = {
        "correct": "passed",
        "partial": "partly",
        "wrong": "not yet",
        "missing": "not found",
    }

    for outcome, word in outcomes.items():
        assert word in form(result(check(outcome=outcome)))


@pytest.mark.parametrize("form", FORMS)
def test_a_fault_is_told_instead_of_checks(form: Form) -> None:
    checks = [check(outcome="ungraded", sentence="Not checked.")] * 3

    text = form(result(*checks, fault="it is empty", fault_of="submission"))

    assert "Not checked: it is empty" in text
    assert "passed" not in text
    assert text.count("Not checked") == 1


def test_a_fault_is_said_instead_of_counts() -> None:
    text = plain(result(fault="no memory left", fault_of="grader"))

    assert "Not checked: no memory left" in text


def test_names_of_mistakes_places_and_differences_are_told() -> None:
    facts = {
        "outcome": "wrong",
        "explained_by": ("sign reversed", "typed in"),
        "place": "`grad` (cell 12)",
        "difference": "first differs at [0, 1]",
    }

    text = plain(result(check(**facts)))

    assert "`grad` (cell 12)" in text
    assert "explained by: sign reversed, typed in" in text
    assert "first differs at [0, 1]" in text


def test_lines_are_aligned() -> None:
    text = plain(result(check(), check(question="a-much-longer-one", outcome="missing")))

    first, second, _ = text.splitlines()
    assert first.index("Right.") == second.index("Right.")


def test_code_is_set_as_code_in_html() -> None:
    read = Reader(html(result(check(sentence="See `a<b>` here."))))

    assert "code" in {tag for tag, _ in read.elements}
    assert "a<b>" in read.text


def test_html_sets_no_colour_of_text() -> None:
    styles = re.findall(r'style="([^"]*)"', html(result(check(), check(scope="later"))))

    assert styles
    assert not any(re.search(r"(^|;)\s*(color|background)", style) for style in styles)


def test_a_typical_assignment_takes_few_lines() -> None:
    checks = [check(question=f"q{n}") for n in range(6)] + [check(scope="later")] * 2

    assert len(html(result(*checks)).splitlines()) <= 18
    assert len(plain(result(*checks)).splitlines()) <= 15


def test_forms_need_nothing_that_takes_long_to_import() -> None:
    """They are made where a student waits for them."""
    heavy = ("numpy", "torch", "pydantic", "jinja2", "nbformat", "rich", "grader.scoring.verdict")
    code = "import sys, grader.results.forms; print(*sys.modules, sep='\\n')"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert not set(heavy) & set(done.stdout.split())
