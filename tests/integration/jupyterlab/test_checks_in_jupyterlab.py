"""`grader.check` in JupyterLab, in a browser: run, saved, opened again by who does not trust it."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.integration.jupyterlab.browsing import Opened, browsing, opened
from tests.integration.jupyterlab.lab import running_lab
from tests.integration.jupyterlab.looking import Seen, look
from tests.integration.jupyterlab.work import ALL, CELLS, ONE, make_work

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("jupyterlab")]

ENOUGH = 4.5  # contrast of text, by WCAG 2, level AA
SHOWN = 3.0  # contrast of what is no text
HEAD = "2 of 4 public checks passed, 2 not yet; the rest is graded after submission"
WORDS = ("✓ passed", "◐ partly", "– not found", "… later")
ELEMENTS = {"div", "span", "strong", "em", "code", "table", "tbody", "tr", "td", "details"}
ELEMENTS |= {"summary", "thead", "th", "br", "p"}


@dataclass(frozen=True)
class Visit:
    """What was seen of a notebook with one theme."""

    all: Seen
    one: Seen
    title: str
    trusted: list[bool]
    light: bool
    own: str  # the address of the server
    requests: list[str]


@dataclass(frozen=True)
class Visits:
    """The notebook as it was run, and as it is opened again."""

    run: Visit
    again: Visit
    file: Path


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Visits:
    base = tmp_path_factory.mktemp("jupyterlab")
    file = make_work(base / "work", *CELLS)
    with browsing() as browser:
        with running_lab(file.parent, base / "one") as lab, opened(browser, lab, file.name) as page:
            page.run_all()
            run = _visit(page, lab.url)
            page.save()
        with (
            running_lab(file.parent, base / "other", dark=True) as lab,
            opened(browser, lab, file.name) as page,
        ):
            again = _visit(page, lab.url)
    return Visits(run, again, file)


def _visit(page: Opened, own: str) -> Visit:
    seen = [look(page.output(cell)) for cell in (ALL, ONE)]
    return Visit(*seen, page.page.title(), page.trusted, page.is_light, own, page.requests)


@pytest.fixture(scope="module")
def empty() -> Iterator[Any]:
    with browsing() as browser:
        yield browser.new_page()


def test_a_check_says_what_passed_in_words(visits: Visits) -> None:
    words = visits.run.all.words

    assert HEAD in words
    assert all(word in words for word in WORDS)
    assert "explained by: softmax twice" in words
    assert "all passed" not in words.lower()
    assert "wrong" not in words.lower()


def test_no_expected_value_is_on_the_page(visits: Visits) -> None:
    words = visits.run.all.words + visits.run.one.words

    assert "0.00" not in words  # entries of the gradient that was not found
    assert "0.13" not in words


def test_only_harmless_elements_and_no_attribute_but_style_are_on_the_page(visits: Visits) -> None:
    for seen in (visits.run.all, visits.run.one):
        assert seen.names <= ELEMENTS
        assert seen.attributes <= {"style", "open"}
        assert "url(" not in str(seen.elements)


def test_the_name_of_a_key_is_only_text(visits: Visits) -> None:
    assert "<img src=x onerror=" in visits.run.one.words
    assert "✓ passed" in visits.run.one.words
    for visit in (visits.run, visits.again):
        assert visit.title != "hit"


def test_who_does_not_trust_the_notebook_sees_the_same(visits: Visits) -> None:
    assert all(visits.run.trusted)
    assert not any(visits.again.trusted)
    for ran, saved in ((visits.run.all, visits.again.all), (visits.run.one, visits.again.one)):
        assert saved.words == ran.words
        assert saved.elements == ran.elements


def test_it_can_be_read_in_light_and_in_dark(visits: Visits) -> None:
    assert (visits.run.light, visits.again.light) == (True, False)
    for visit in (visits.run, visits.again):
        assert visit.all.contrast >= ENOUGH, visit.all.texts
        assert visit.one.contrast >= ENOUGH, visit.one.texts
        assert min(visit.all.bars) >= SHOWN


def test_nothing_has_to_be_scrolled_sideways(visits: Visits) -> None:
    assert not visits.run.all.wide
    assert not visits.again.all.wide


def test_the_page_asks_nobody_but_its_own_server(visits: Visits) -> None:
    for visit in (visits.run, visits.again):
        others = [
            url for url in visit.requests if not url.startswith((visit.own, "data:", "blob:"))
        ]
        assert visit.requests
        assert others == []


def test_the_saved_notebook_has_every_form_of_the_result(visits: Visits) -> None:
    notebook = nbformat.read(visits.file, 4)

    nbformat.validate(notebook)
    for number in (ALL, ONE):
        [output] = notebook.cells[number - 1].outputs
        assert {"text/html", "text/markdown", "text/plain"} <= output["data"].keys()


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_a_converted_notebook_can_be_read_and_is_escaped(visits: Visits, form: str) -> None:
    converted = _converted(visits.file, form)
    page = _Page()
    page.feed(converted)

    assert " ".join(visits.run.all.words.split()) in page.words
    assert " ".join(visits.run.one.words.split()) in page.words
    assert "img" not in page.elements_in_tables
    assert page.elements_in_tables


def _converted(file: Path, form: str) -> str:
    command = [sys.executable, "-m", "nbconvert", "--to", form, "--stdout", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


class _Page(HTMLParser):
    """The text of a page, and the elements within its tables."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.elements_in_tables: set[str] = set()
        self._within = 0

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._within += tag == "table"
        if self._within:
            self.elements_in_tables.add(tag)

    def handle_endtag(self, tag: str) -> None:
        self._within -= tag == "table"

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize(
    ("style", "contrast"),
    [
        ("color:#000", 21.0),
        ("color:#767676", 4.54),  # the lightest grey that is enough on white
        ("color:#000;opacity:0.5", 3.98),
        ("color:rgba(0,0,0,0.5)", 3.98),
        ("color:#fff;background:#111", 18.88),
    ],
)
def test_the_contrast_of_a_text_is_what_wcag_says(empty: Any, style: str, contrast: float) -> None:
    empty.set_content(f"<div id=root><p style='{style}'>text</p></div>")

    assert look(empty.locator("#root")).contrast == pytest.approx(contrast, abs=0.1)


def test_without_a_browser_a_sentence_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(RuntimeError, match="install Chromium"), browsing():
        pass
