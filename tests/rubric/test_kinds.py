"""The table of kinds: it knows what the judges find, and nothing that they do not."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from grader.rubric.kinds import FINDINGS, NEEDED, OF_USE
from grader.rubric.parts import Kind, Part
from grader.scoring import probed

PROBED = Path(probed.__file__).parent
DOCS = Path(__file__).parents[2] / "docs" / "writing-a-rubric.md"
CODE = [ast.parse(file.read_text(encoding="utf-8")) for file in PROBED.glob("*.py")]


def made() -> Iterator[str]:
    """The ids that judges give their findings in plain text."""
    for node in (node for tree in CODE for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            first = node.args[0]
            if node.func.id == "Finding" and isinstance(first, ast.Constant):
                yield first.value


def texts() -> set[str]:
    """All texts in the judges' code: what a table of theirs may name is among them."""
    nodes = (node for tree in CODE for node in ast.walk(tree))
    constants = (node.value for node in nodes if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def test_every_kind_has_its_findings() -> None:
    assert set(FINDINGS) == set(get_args(Kind))
    assert [kind for kind, ids in FINDINGS.items() if len(set(ids)) != len(ids)] == []


def test_what_a_judge_finds_is_in_the_table() -> None:
    known = {name for ids in FINDINGS.values() for name in ids}

    assert set(made()) - known == set()


def test_what_is_in_the_table_is_found_by_a_judge() -> None:
    known = {name for ids in FINDINGS.values() for name in ids}

    assert known - texts() == set()


def test_every_finding_is_in_the_docs() -> None:
    text = DOCS.read_text(encoding="utf-8")

    missing = [name for ids in FINDINGS.values() for name in ids if f"`{name}`" not in text]
    assert missing == []


def test_the_tables_speak_of_keys_that_parts_have() -> None:
    keys = {*OF_USE, *(key for needed in NEEDED.values() for key in needed)}

    assert keys - set(Part.model_fields) == set()
