"""The tables of submissions/README.md, as `python -m tests.sample_tables` writes them."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
README = ROOT / "submissions" / "README.md"
CLASSES = ("hw1", "ps1")


def written(text: str) -> str:
    """Put the tables of all classes in their places, between the marks there."""
    for name in CLASSES:
        samples = tomllib.loads((ROOT / "tests" / f"samples_{name}.toml").read_text())["submission"]
        for table, lines in (("purposes", _purposes), ("points", _points)):
            mark = re.compile(rf"(<!-- {name} {table} -->\n).*?(<!-- end -->)", re.DOTALL)
            content = "\n".join(lines(name, samples))
            text = mark.sub(lambda found, lines=content: f"{found[1]}{lines}\n{found[2]}", text)
    return text


def _purposes(name: str, samples: list[dict[str, Any]]) -> Iterator[str]:
    waits = any("waiting" in sample for sample in samples)
    yield f"| student | what it is for | points | {'waiting' if waits else 'status'} |"
    yield f"|---|---|---:|---{':' if waits else ''}|"
    for sample in samples:
        last = sample.get("waiting", 0) if waits else sample["status"].replace("_", " ")
        yield f"| {_link(name, sample)} | {sample['purpose']} | {sample['points']:g} | {last} |"


def _points(name: str, samples: list[dict[str, Any]]) -> Iterator[str]:
    questions = list(samples[0]["questions"])
    yield f"| student | {' | '.join(questions)} |"
    yield "|---" * (len(questions) + 1) + "|"
    for sample in samples:
        cells = [_cell(sample["questions"][one]) for one in questions]
        yield f"| {_link(name, sample)} | {' | '.join(cells)} |"


def _cell(question: dict[str, Any]) -> str:
    """Write what an answer must get, and what it has to be explained by."""
    outcome, waiting = question["outcome"], question.get("waiting", 0)
    if outcome in ("missing", "ungraded") and not question["points"]:
        told = outcome if not question.get("parts") or not waiting else f"{outcome}, a person"
    else:
        told = f"{question['points']:g}" + (f" + {waiting:g} by a person" if waiting else "")
    reasons = [*question.get("mistakes", []), *filter(None, [question.get("cause")])]
    return f"{told} ({', '.join(reasons)})".replace("_", " ") if reasons else told


def _link(name: str, sample: dict[str, Any]) -> str:
    number = sample["id"].rpartition("-")[2]
    return f"[{number}]({name}/{sample['file']})"


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
