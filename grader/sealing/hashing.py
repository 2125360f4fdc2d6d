"""The two hashes of a seal: a short fast tag in front, and the slow one that opens it."""

import hashlib
from functools import lru_cache

import numpy as np

SLOW_N, SLOW_R, SLOW_P = 2**14, 8, 1  # scrypt: 16 MiB for a guess
_MEMORY = 2**26  # bytes that scrypt may take
_NAME = 16  # bytes of a digest


def tag(cells: np.ndarray, salt: bytes, bits: int) -> int:
    """Return the fast tag of some cells, of so many bits."""
    digest = hashlib.blake2b(_encoded(cells), key=salt, digest_size=8, person=b"tag").digest()
    return int.from_bytes(digest, "big") >> (64 - bits)


def slow_hash(cells: np.ndarray, salt: bytes) -> tuple[str, bytes]:
    """Return the name under which a seal is listed, and the key that opens it."""
    digest = _scrypt(_encoded(cells), salt)
    return digest[:_NAME].hex(), digest[_NAME:]


@lru_cache(maxsize=512)
def _scrypt(text: bytes, salt: bytes) -> bytes:
    """Return the hash; who checks again mostly has the same values as before."""
    return hashlib.scrypt(
        text, salt=salt, n=SLOW_N, r=SLOW_R, p=SLOW_P, maxmem=_MEMORY, dklen=_NAME + 32
    )


def enciphered(text: bytes, key: bytes) -> bytes:
    """Encipher or decipher a text with a key that is used for nothing else."""
    stream = hashlib.shake_256(b"text" + key).digest(len(text))
    return bytes(a ^ b for a, b in zip(text, stream, strict=True))


def _encoded(cells: np.ndarray) -> bytes:
    return np.ascontiguousarray(cells, dtype="<i8").tobytes()
