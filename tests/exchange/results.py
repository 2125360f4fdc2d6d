"""Results to make formats of: one fixed, and any that hypothesis can think of."""

from dataclasses import replace

from hypothesis import strategies as st

from grader.results.model import Check, CheckResult, Scope
from grader.scoring.verdict import Outcome

NEWTON = Check(
    question="newton",
    title="Task 1: Newton's method",
    outcome="correct",
    points=5.0,
    max_points=5.0,
    sentence="`root` (cell 3) is what was asked for.",
    place="`root` (cell 3)",
    cell=3,
)
SLOPE = Check(
    question="slope",
    title="Task 2: slope | by hand",
    outcome="partial",
    points=7.5,
    max_points=15.0,
    sentence="Your slope is that of the sum; the mean was asked for.",
    explained_by=("sum for mean",),
    difference="[0.5, 1.5] has 2 of 2 entries that differ",
    place="`slope` (cell 7)",
    cell=7,
)
ROBUST = Check(
    question="robust-fit",
    title="Task 3: <robust> fit",
    outcome="missing",
    points=0.0,
    max_points=20.0,
    sentence="Nothing that could be `fit` was found.",
)
ESSAY = Check(
    question="essay",
    title="Task 4: discussion",
    outcome="ungraded",
    points=0.0,
    max_points=10.0,
    sentence="What is written here is read by a person after submission.",
    scope="later",
)
SECRET = Check(
    question="secret",
    title="Task 5: another data set",
    outcome="ungraded",
    points=0.0,
    max_points=10.0,
    sentence="Graded after submission.",
    scope="hidden",
)
FIXED = CheckResult(
    assignment="fits",
    title="Fits & slopes",
    notebook="fits.ipynb",
    checks=(NEWTON, SLOPE, ROBUST, ESSAY, SECRET),
    notes=("cell 9 printed more than is kept.",),
    seconds=3.25,
)
OURS = CheckResult("", "", "fits.ipynb", fault="the grader itself failed", fault_of="grader")
THEIRS = replace(
    FIXED,
    checks=tuple(replace(one, outcome="ungraded", points=0.0) for one in FIXED.checks[:3]),
    fault="fits.ipynb is cut short at line 7",
    fault_of="submission",
)
ATTACKS = (
    "::notice title=Autograding complete::Points 100/100",
    "a\n::notice title=Autograding complete::Points 100/100",
    "a\r::set-output name=result::x",
    "  \u2003::error::x",
    "\u200b::error::x",
    ":\u00ad:error::x",
    "#\u2060#[error]x",
    "##[error]x",
    "##vso[task.complete result=Succeeded;]",
    "\x1b[31m::error::x",
    "%0A::error::x",
    "::stop-commands::x",
    "|x|\n|y|",
    "</td></table><img src=x onerror=alert(1)>",
    "````\n# out",
    "[a](javascript:alert(1)) @everyone #1",
    "]]></failure>\x00\ufffe\ud800",
    "\u202etxt.exe",
)


def texts() -> st.SearchStrategy[str]:
    """Any text, and such as wants to get out of where it is put."""
    return st.one_of(st.sampled_from(ATTACKS), st.text(max_size=12))


def numbers() -> st.SearchStrategy[float]:
    """Points as rubrics have them, and as shares of them come out."""
    whole = st.integers(1, 100).map(float)
    quarters = st.integers(1, 200).map(lambda number: number / 4)
    thirds = st.integers(1, 60).map(lambda number: number / 3)
    cents = st.integers(1, 5000).map(lambda number: number / 100)
    return st.one_of(whole, quarters, thirds, cents)


SHARES = {"correct": 1.0, "partial": 1 / 3, "wrong": 0.0, "missing": 0.0, "ungraded": 0.0}


def check(
    said: list[str], outcome: Outcome, maximum: float, scope: Scope, share: float | None = None
) -> Check:
    title, sentence, difference = said
    return Check(
        question=title,
        title=sentence,
        outcome=outcome,
        points=maximum * (SHARES[outcome] if share is None else share),
        max_points=maximum,
        sentence=sentence + title,
        explained_by=(difference,),
        difference=difference,
        place=title + difference,
        scope=scope,
    )


def checks() -> st.SearchStrategy[Check]:
    return st.builds(
        check,
        said=st.lists(texts(), min_size=3, max_size=3),
        outcome=st.sampled_from(sorted(SHARES)),
        maximum=numbers(),
        scope=st.sampled_from(["public", "public", "public", "hidden", "later"]),
    )


def results() -> st.SearchStrategy[CheckResult]:
    return st.builds(
        lambda said, found: replace(
            FIXED, assignment=said, title=said, notebook=said, notes=(said,), checks=tuple(found)
        ),
        said=texts(),
        found=st.lists(checks(), max_size=3),
    )


def weighed() -> st.SearchStrategy[CheckResult]:
    """Results of nothing but points: shares of them as they come out of partial marks."""
    share = st.sampled_from([0.0, 0.0, 1.0, 1.0, 0.5, 0.25, 0.9, 1 / 3, 0.05, 0.001])
    found = st.tuples(numbers(), share).map(lambda pair: weighed_check(*pair))
    return st.lists(found, min_size=1, max_size=9).map(
        lambda found: replace(FIXED, checks=tuple(found))
    )


def weighed_check(maximum: float, share: float) -> Check:
    outcome: Outcome = "correct" if share == 1 else "partial" if share else "wrong"
    return check(["a", "b", "c"], outcome, maximum, "public", share)
