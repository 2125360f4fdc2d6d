"""Calibrates PS1's trainings for a data file: python -m reference.ps1_calibrate FILE --label X.

The reference is trained as the rubric's budget lets notebooks train, over 20 seeds for every
pair of activations and both common factors of the gradient; what it reaches is kept beside
this file, by the data file's digest. With --whole, the training without a budget is run too,
for --ways of it; that takes minutes to hours.
"""

import argparse
import hashlib
import json
import platform
import sys
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, get_args

import numpy as np

from reference.digits import unseen_digits
from reference.ps1_calibration import BUDGET, FILE, SEEDS, WHOLE
from reference.ps1_settings import Activation
from reference.ps1_training import LEARNING_RATE, SIZES, STARTS, Way, accuracy_after

FACTORS = (0.2, 2.0)
WAYS = [Way(*one) for one in product(get_args(Activation), get_args(Activation), FACTORS)]
SINGLE = "OPENBLAS_NUM_THREADS=1 makes it faster"


def calibrated(
    arrays: Mapping[str, np.ndarray],
    ways: Sequence[Way],
    extent: tuple[int, int | None],
    seeds: int = SEEDS,
) -> dict[str, list[float]]:
    """Return the accuracies reached over the seeds, in their order, by the way."""
    found: dict[str, list[float]] = {}
    for way in ways:
        found[way.name] = [
            round(accuracy_after(arrays, unseen_digits(seed, arrays), way, extent, seed), 4)
            for seed in range(seeds)
        ]
        print(way.name, extent, found[way.name], file=sys.stderr)  # noqa: T201
    return found


def provenance() -> dict[str, Any]:
    """Say what the figures come from."""
    return {
        "made by": "python -m reference.ps1_calibrate FILE --label LABEL [--whole]",
        "measured on": "unseen digits of the same seed (reference/digits.py)",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "seeds": SEEDS,
        "starts, taken in turn": list(STARTS),
        "sizes": list(SIZES),
        "learning rate": LEARNING_RATE,
    }


def main() -> None:
    """Calibrate a file, and keep what was found."""
    parser = argparse.ArgumentParser(description=__doc__, epilog=SINGLE)
    parser.add_argument("file", type=Path)
    parser.add_argument("--label", required=True, help="what the rubric calls the file")
    parser.add_argument("--whole", action="store_true", help="the training without a budget")
    parser.add_argument("--ways", nargs="*", default=[], help='only these: "tanh tanh 0.2"')
    parser.add_argument("--out", type=Path, default=FILE)
    told = parser.parse_args()
    with np.load(told.file, allow_pickle=False) as opened:
        arrays = {name: np.asarray(opened[name]) for name in opened.files}
    chosen = [way for way in WAYS if not told.ways or way.name in told.ways]
    extent = WHOLE if told.whole else BUDGET
    found = calibrated(arrays, chosen, extent)
    _keep(told.out, told.file, told.label, "whole" if told.whole else "budget", found)


def _keep(out: Path, data: Path, label: str, part: str, found: dict[str, list[float]]) -> None:
    """Add what was found to the table."""
    known = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {"data": {}}
    sha256 = hashlib.sha256(data.read_bytes()).hexdigest()
    entry = known["data"].setdefault(sha256, {"budget": {}, "whole": {}})
    entry.update(label=label)
    extent = dict(zip(("epochs", "examples"), WHOLE if part == "whole" else BUDGET, strict=True))
    kept = entry[part] if entry[part].get("extent") == extent else {"extent": extent}
    entry[part] = {**kept, "provenance": provenance(), "accuracies": {}}
    entry[part]["accuracies"] = {**kept.get("accuracies", {}), **found}
    text = json.dumps({"data": known["data"]}, indent=1)
    out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
