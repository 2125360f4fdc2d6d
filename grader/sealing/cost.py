"""What a search for a sealed answer costs, and how probably it ends within a day."""

from dataclasses import dataclass
from math import ceil, log2

LEVEL = 0.01  # the highest probability with which a searcher may find an answer
SECONDS = 86_400
SLOW_A_SECOND = 40.0  # scrypt of grader.sealing.hashing, one core
FAST_A_SECOND = 1e7  # BLAKE2b of a short text, one core, in C
MARGIN = 64.0  # cores in one: what a better machine does in the same day

_LARGEST_FILTER = 10  # bits: of a thousand wrong candidates, one costs a slow hash


@dataclass(frozen=True)
class Search:
    """A searcher who tries cells: each fast, and slowly those whose tag is in the list."""

    targets: int  # cells that are listed
    tag_bits: int

    @property
    def passing(self) -> float:
        """The share of wrong cells whose tag is in the list."""
        return min(1.0, self.targets / float(2**self.tag_bits))

    def tried(self, slow: float, fast: float) -> float:
        """Return how many cells are tried with so many hashes of each kind."""
        return min(fast, slow / self.passing)

    def success(
        self,
        bits: float,
        slow: float = SLOW_A_SECOND * SECONDS * MARGIN,
        fast: float = FAST_A_SECOND * SECONDS * MARGIN,
    ) -> float:
        """Return an upper bound of the probability to find any of the cells.

        Args:
            bits: the min-entropy of the weakest of them.
            slow: slow hashes that can be paid for.
            fast: fast ones.

        """
        return min(1.0, self.tried(slow, fast) * self.targets * float(2.0**-bits))


def affordable(targets: int, bits: float) -> Search | None:
    """Return the search with the longest tag that holds the level; None where none does."""
    for more in range(_LARGEST_FILTER, -1, -1):
        search = Search(targets, ceil(log2(max(2, targets))) + more)
        if search.success(bits) <= LEVEL:
            return search
    return None


FEWEST_BITS = log2(SLOW_A_SECOND * SECONDS * MARGIN / LEVEL)
"""The bits that one answer needs if it is the only one: a slow hash for every guess."""
