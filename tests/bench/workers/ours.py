"""Our runner, whole or with parts of it switched off: `cold=1 sealed=0 recorded=0`."""

import inspect
import sys
from pathlib import Path

from grader.execution.run import Runner
from grader.intake import read_notebook
from grader.rubric.read import read_rubric
from tests.bench.notebooks import RUBRIC
from tests.bench.workers.serving import Facts, refuse, serve


def main(switches: dict[str, bool]) -> None:
    """Run notebooks until there are no more."""
    missing = set(switches) - set(inspect.signature(Runner).parameters)
    if missing:
        refuse(f"Runner has no switch {', '.join(sorted(missing))}")
    limits = read_rubric(RUBRIC).limits
    with Runner(**switches) as runner:

        def run(path: str) -> Facts:
            execution = runner.execute(read_notebook(Path(path)), limits=limits, seed=0)
            failed = [cell for cell in execution.cells if cell.status != "ok"]
            if failed:
                return {"error": f"cell {failed[0].number}: {failed[0].error}"}
            if bool(execution.stream) != switches.get("recorded", True):
                return {"error": f"the recorder left {len(execution.stream)} bytes"}
            return {"isolation": execution.isolation}

        serve(run)


if __name__ == "__main__":
    pairs = (argument.split("=") for argument in sys.argv[1:])
    main({name: value == "1" for name, value in pairs})
