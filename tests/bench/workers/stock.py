"""nbclient as it comes: a fresh kernel for every notebook, all settings left as they are."""

import nbformat
from nbclient import NotebookClient

from tests.bench.workers.serving import Facts, serve


def run(path: str) -> Facts:
    """Execute a notebook."""
    NotebookClient(nbformat.read(path, as_version=4)).execute()
    return {}


if __name__ == "__main__":
    serve(run)
