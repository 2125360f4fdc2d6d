"""decisions.json: whole or not at all, and never written over where it cannot be read."""

import json
import multiprocessing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from grader.faults import UsageFault
from grader.review.decisions import Decision
from grader.review.file import change_decisions, load_decisions

NOW = datetime(2024, 5, 2, 10, 30, tzinfo=UTC)


def decision(**more: Any) -> Decision:
    fields: dict[str, Any] = {
        "submission": "ada",
        "question": "why",
        "kind": "points",
        "points": 3.0,
        "text": "As agreed.",
        "judged": "0" * 64,
        "at": NOW,
        **more,
    }
    return Decision(**fields)


def written(**more: Any) -> str:
    """A file with one decision, some of its keys changed."""
    entry = json.loads(decision().model_dump_json()) | more
    return json.dumps({"format": "gradmark/decisions/1", "assignment": "a", "decisions": [entry]})


def test_what_is_decided_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "decisions.json"
    made = [decision(), decision(submission="Zoë", kind="comment", points=None, text="«Fine»")]

    change_decisions(path, "a", made)

    assert list(load_decisions(path, "a")) == made


def test_without_a_file_nothing_is_decided(tmp_path: Path) -> None:
    assert len(load_decisions(tmp_path / "decisions.json", "a")) == 0


def test_the_last_decision_counts_and_one_that_is_undone_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "decisions.json"
    first, second = decision(points=1.0), decision(points=2.0)

    change_decisions(path, "a", [first, decision(question="mean")])
    changed = change_decisions(path, "a", [second], [decision(question="mean").key])

    assert list(changed) == list(load_decisions(path, "a")) == [second]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is damaged"),
        (written()[:-9], "is damaged"),
        ("[]", "is damaged"),
        (written(judged="?"), "is damaged, and is not written over at decisions, 0, judged"),
        (written(points="3"), "decisions, 0, points"),
        (written(points=-1), "decisions, 0, points"),
        (written(points=None), "has points"),
        (written(text=" "), "is needed"),
        (written(criterion="tells"), "criterion"),
        (written(kind="wish"), "kind"),
        (written(more=1), "decisions, 0, more"),
        (written(at="yesterday"), "decisions, 0, at"),
        (written().replace("decisions/1", "decisions/9"), "format"),
        (written().replace('"assignment": "a"', '"assignment": "b"'), 'about "b"'),
        (json.dumps({**json.loads(written()), "decisions": 2 * json.loads(written())["decisions"]}),
         "decides something twice"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_sentence_and_stays(
    tmp_path: Path, content: str, says: str
) -> None:
    path = tmp_path / "decisions.json"
    path.write_text(content)

    with pytest.raises(UsageFault, match=says) as raised:
        change_decisions(path, "a", [decision()])

    assert "\n" not in str(raised.value)
    assert path.read_text() == content


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(UsageFault, match="cannot be"):
        change_decisions(tmp_path / "file" / "decisions.json", "a", [decision()])


def decide_many(path: Path, who: str) -> None:
    for number in range(20):
        change_decisions(path, "a", [decision(submission=f"{who}{number}")])


def test_two_people_lose_nothing_of_each_other(tmp_path: Path) -> None:
    path = tmp_path / "decisions.json"
    fork = multiprocessing.get_context("fork")
    people = [fork.Process(target=decide_many, args=(path, who)) for who in ("a", "b")]

    for person in people:
        person.start()
    for person in people:
        person.join()

    assert len(load_decisions(path, "a")) == 40
