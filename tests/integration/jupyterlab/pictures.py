"""The pictures of docs/self-checks.md: `python -m tests.integration.jupyterlab.pictures docs`."""

import sys
import tempfile
from pathlib import Path

from tests.integration.jupyterlab.browsing import browsing, opened
from tests.integration.jupyterlab.lab import running_lab
from tests.integration.jupyterlab.work import ALL, CELLS, make_work


def take(out: Path) -> None:
    """Write check-light.png and check-dark.png."""
    with tempfile.TemporaryDirectory() as made, browsing() as browser:
        base = Path(made)
        file = make_work(base / "work", *CELLS)
        for name, dark in (("light", False), ("dark", True)):
            with (
                running_lab(file.parent, base / name, dark=dark) as lab,
                opened(browser, lab, file.name) as page,
            ):
                if not dark:
                    page.run_all()
                    page.save()
                page.cell(ALL).screenshot(path=out / f"check-{name}.png", animations="disabled")


if __name__ == "__main__":
    take(Path(sys.argv[1]))
