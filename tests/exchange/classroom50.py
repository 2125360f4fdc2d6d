"""A validator of classroom50/result/v1, written from its schema and the rules beside it."""

import json
import re
from typing import Any

TIME = re.compile(r"\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ")
TEXTS = (
    "classroom",
    "assignment",
    "owner",
    "submission",
    "commit",
    "release",
    "review",
    "datetime",
)
REQUIRED = {"schema", *TEXTS, "assignment_type", "score", "max-score", "tests"}
OPTIONAL = {"graded_at", "submitted_by"}


def problems(text: str, **identity: str) -> list[str]:
    """Say what is wrong with a result.json, as the runner and the collector would.

    Args:
        text: of the file.
        identity: what `classroom`, `assignment` and `owner` must be.

    """
    data = json.loads(text)
    if not isinstance(data, dict):
        return ["not an object"]
    found = [f"{name} is missing" for name in sorted(REQUIRED - data.keys())]
    found += [f"{name} is unknown" for name in sorted(data.keys() - REQUIRED - OPTIONAL)]
    if found:
        return found
    found += [f"{name} is not {value}" for name, value in identity.items() if data[name] != value]
    found += [
        f"{name} is no text" for name in TEXTS if not isinstance(data[name], str) or not data[name]
    ]
    found += [] if data["schema"] == "classroom50/result/v1" else ["schema"]
    found += (
        [] if data["assignment_type"] in ("individual", "group", "team") else ["assignment_type"]
    )
    found += [] if data["submission"].startswith("submit/") else ["submission"]
    times = [data["datetime"], data.get("graded_at", data["datetime"])]
    found += ["a time" for time in times if not TIME.fullmatch(time)]
    return found + score_problems(data, "result") + test_problems(data["tests"])


def test_problems(tests: Any) -> list[str]:
    if not isinstance(tests, list):
        return ["tests is no list"]
    found = []
    for number, test in enumerate(tests):
        missing = {"test-name", "passed", "score", "max-score"} - test.keys()
        if missing:
            found.append(f"test {number} lacks {sorted(missing)}")
            continue
        if not isinstance(test["test-name"], str) or not test["test-name"]:
            found.append(f"test {number} has no name")
        if not isinstance(test["passed"], bool):
            found.append(f"test {number}: passed")
        found += score_problems(test, f"test {number}")
    return found


def score_problems(data: dict[str, Any], whose: str) -> list[str]:
    scores = data["score"], data["max-score"]
    if any(isinstance(one, bool) or not isinstance(one, int) or one < 0 for one in scores):
        return [f"{whose}: scores {scores}"]
    return [f"{whose}: {scores[0]} > {scores[1]}"] if scores[0] > scores[1] else []
