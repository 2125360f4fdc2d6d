import hashlib
import secrets

import numpy as np
import pytest

from grader.sealing import hashing
from grader.sealing.hashing import enciphered, slow_hash, tag
from tests.sealing.conftest import SHIPPED

CELLS = np.array([3, -1, 2**40])


def test_a_guess_costs_sixteen_mebibytes_of_scrypt() -> None:
    n, r, p = SHIPPED

    assert 128 * n * r * p == 16 * 2**20


def test_the_slow_hash_is_scrypt_of_the_cells_and_the_salt(monkeypatch: pytest.MonkeyPatch) -> None:
    salt = secrets.token_bytes(16)
    monkeypatch.setattr(hashing, "SLOW_N", SHIPPED[0])

    name, key = slow_hash(CELLS, salt)

    text = b"".join(int(one).to_bytes(8, "little", signed=True) for one in CELLS)
    expected = hashlib.scrypt(text, salt=salt, n=2**14, r=8, p=1, maxmem=2**26, dklen=48)
    assert bytes.fromhex(name) + key == expected


def test_other_cells_and_other_salts_have_other_names() -> None:
    one, other = secrets.token_bytes(16), secrets.token_bytes(16)

    names = {slow_hash(cells, salt)[0] for cells in (CELLS, CELLS + 1) for salt in (one, other)}

    assert len(names) == 4


def test_what_is_enciphered_is_read_with_the_same_key_only() -> None:
    one, other = secrets.token_bytes(32), secrets.token_bytes(32)
    text = b"a text of some length" * 50

    hidden = enciphered(text, one)

    assert hidden != text
    assert enciphered(hidden, one) == text
    assert enciphered(hidden, other) != text


def test_tags_are_spread_evenly() -> None:
    salt = secrets.token_bytes(16)

    found = [tag(np.array([n]), salt, 3) for n in range(8000)]

    assert np.bincount(found, minlength=8).min() > 800
    assert max(found) == 7
