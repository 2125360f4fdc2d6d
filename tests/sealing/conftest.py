"""Makes slow hashes cheap in these tests: what they cost is stated, and tested, elsewhere."""

from collections.abc import Iterator

import pytest

from grader.sealing import hashing

SHIPPED = (hashing.SLOW_N, hashing.SLOW_R, hashing.SLOW_P)


@pytest.fixture(autouse=True, scope="session")
def cheap_hashes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(hashing, "SLOW_N", 4)
        hashing._scrypt.cache_clear()
        yield
    hashing._scrypt.cache_clear()
