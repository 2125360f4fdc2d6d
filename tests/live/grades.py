"""What the sample classes are graded, and where a live check contradicts it."""

import tomllib
from typing import Any

from tests.live.kernels import ROOT

SAMPLES = {
    name: tomllib.loads((ROOT / "tests" / f"samples_{name}.toml").read_text())["submission"]
    for name in ("hw1", "ps1")
}
_CONTRADICTING = {
    "passes": ("partial", "wrong", "missing", "ungraded"),
    "fails": ("correct", "ungraded"),
    "waits": (),  # which a live check always may
}


def sample(assignment: str, name: str) -> dict[str, Any]:
    [found] = [one for one in SAMPLES[assignment] if one["id"] == name]
    return found


def state_of(check: dict[str, Any]) -> str:
    if check["scope"] != "public" or check["outcome"] == "ungraded":
        return "waits"
    return "passes" if check["outcome"] == "correct" else "fails"


def contradictions(found: dict[str, Any], graded: dict[str, Any]) -> list[str]:
    """Name the questions that pass or fail against the grade."""
    return [
        f"{name}: {state_of(check)}, graded {graded[name]['outcome']}: {check['sentence']}"
        for name, check in found.items()
        if graded[name]["outcome"] in _CONTRADICTING[state_of(check)]
    ]
