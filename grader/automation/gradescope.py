"""What Gradescope runs: grades the notebook of a submission, and always writes results.json."""

import sys
import traceback
from pathlib import Path

from grader.automation.orphans import no_orphans
from grader.checking.project import Project, read_project
from grader.checking.run import check_notebook
from grader.exchange.gradescope import results_json
from grader.faults import IntakeFault
from grader.intake.boundary import refuse_leaving
from grader.intake.choice import choose_notebook
from grader.reporting.files import write_report
from grader.results.model import unchecked
from grader.rubric.shipped import PROJECT

FAULTY = "The grader itself failed; what it printed says more."


def main(home: Path) -> int:
    """Grade what lies in `home`/submission by the rubric of `home`/source.

    What is printed, Gradescope shows to teachers only.
    """
    try:
        with no_orphans():  # nothing a notebook left behind writes after us
            text = _graded(home)
    except Exception:  # whatever it is, somebody waits for a file
        traceback.print_exc(file=sys.stdout)
        text = results_json(unchecked(FAULTY, "grader"))
    write_report(home / "results" / "results.json", text.encode())
    return 0


def _graded(home: Path) -> str:
    project = read_project(home / "source" / PROJECT)
    try:
        notebook = _notebook(home / "submission", project)
    except IntakeFault as fault:
        return results_json(unchecked(str(fault), "submission"))
    checked = check_notebook(notebook, project.rubric, hidden=True, supply=project.supply)
    asked = checked.rubric.question if checked.rubric else []
    hidden = frozenset(question.id for question in asked if question.hidden)
    return results_json(checked.result, hidden=hidden)


def _notebook(folder: Path, project: Project) -> Path:
    """Choose the notebook: the one the project names, or the only one there."""
    named = folder / project.notebook if project.notebook else None
    if named is None or not named.is_file():
        return choose_notebook(folder)
    refuse_leaving(named, folder)
    return named


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
