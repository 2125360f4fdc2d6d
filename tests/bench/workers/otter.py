"""otter-grader's own call for one submission: the autograder's zip file as the argument."""

import sys

from otter.api import grade_submission

from tests.bench.workers.serving import Facts, serve


def main(autograder: str) -> None:
    """Grade notebooks until there are no more."""

    def run(path: str) -> Facts:
        results = grade_submission(path, autograder, quiet=True)
        return {"score": results.total, "of": results.possible}

    serve(run)


if __name__ == "__main__":
    main(sys.argv[1])
