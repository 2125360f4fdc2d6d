"""What all tests share."""

import os
from collections.abc import Callable

import pytest

from grader import spared  # noqa: F401  # as in every process of ours; it takes seconds

Run = Callable[..., tuple[int, str, str]]


def pytest_configure(config: pytest.Config) -> None:
    """Keep simulated trainings with the checkout, not with the user's own."""
    cache = getattr(config, "cache", None)  # there is none with `-p no:cacheprovider`
    kept = cache.mkdir("simulations") if cache else None
    if kept is not None:
        os.environ.setdefault("XDG_CACHE_HOME", str(kept))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command line; give exit code, standard output and standard error."""

    def running(*arguments: object) -> tuple[int, str, str]:
        from grader import cli

        monkeypatch.setattr("sys.argv", ["grader", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfd.readouterr()
        return int(ended.value.code or 0), out, err

    return running
