"""What all tests share."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Keep simulated trainings with the checkout, not with the user's own."""
    kept = config.cache.mkdir("simulations") if config.cache else None
    if kept is not None:
        os.environ.setdefault("XDG_CACHE_HOME", str(kept))
