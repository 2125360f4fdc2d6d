"""A searcher with a student's edition: what is computed about them, held against searches made."""

from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from grader.rubric.model import Tolerance
from grader.sealing import locks
from grader.sealing.answer import Answer
from grader.sealing.cost import LEVEL, Search
from grader.sealing.edition import Lock
from grader.sealing.grid import Grid
from grader.sealing.hashing import tag
from grader.sealing.locks import make_lock, told_by_count
from grader.sealing.opening import grid_of, open_with
from grader.sealing.strength import bits_of
from tests.sealing.editions import ASSIGNMENTS, LAYERS, edition_of

ROOT = Path(__file__).parents[2]
COARSE = Tolerance(rtol=0, atol=1e-3)


def weak_lock(answers: list[Answer], tag_bits: int, monkeypatch: pytest.MonkeyPatch) -> Lock:
    """Lock answers up that nobody should: publishing would refuse them."""
    monkeypatch.setattr(locks, "affordable", lambda targets, bits: Search(targets, tag_bits))
    sealed = make_lock("weak", answers, COARSE, most=99.0)
    assert sealed is not None
    return sealed.lock


def answer(*numbers: float, key: str = "right") -> Answer:
    return Answer({"a": np.array(numbers)}, ((key,),), accepted=True, numbers=numbers)


class Searcher:
    """Knows the edition and the structure of an answer: tries all cells it may lie in."""

    def __init__(self, lock: Lock) -> None:
        self.lock = lock
        self.fast = 0
        self.slow = 0

    def search(self, cells: Iterator[np.ndarray]) -> bool:
        """Try cells until one opens: the fast hash sorts out those worth a slow one."""
        salt, tags = bytes.fromhex(self.lock.salt), set(self.lock.tags)
        for cell in cells:
            self.fast += 1
            if tag(cell, salt, self.lock.tag_bits) in tags:
                self.slow += 1
                if open_with(self.lock, cell) is not None:
                    return True
        return False


def all_cells(lock: Lock, random: np.random.Generator, low: float, high: float) -> np.ndarray:
    """List all cells of a number in a range, in any order."""
    grid = grid_of(lock)
    edges = grid.cells(np.array([[low], [high]]))[:, 0]
    return np.asarray(random.permutation(np.arange(edges[0], edges[1] + 1)))


@pytest.mark.parametrize("tag_bits", [2, 4, 7])
def test_the_formula_predicts_the_hashes_that_a_search_of_all_cells_takes(
    tag_bits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(tag_bits)
    fast, slow, cells, passing = [], [], [], []
    for _ in range(80):
        lock = weak_lock([answer(float(random.uniform(0, 20)))], tag_bits, monkeypatch)
        order = all_cells(lock, random, 0, 20)
        searcher = Searcher(lock)
        assert searcher.search(iter(order[:, None]))
        fast.append(searcher.fast)
        slow.append(searcher.slow - 1)  # the last one is the right one
        cells.append(len(order))
        passing.append(Search(len(lock.seals), lock.tag_bits).passing)

    assert np.mean(fast) == pytest.approx(np.mean(cells) / 2, rel=0.2)
    assert np.mean(slow) == pytest.approx(np.mean(cells) / 2 * np.mean(passing), rel=0.3)


@pytest.mark.parametrize("share", [0.05, 0.3])
def test_the_formula_predicts_how_often_a_search_with_a_budget_succeeds(
    share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(3)
    found, predicted = 0, []
    for _ in range(200):
        lock = weak_lock([answer(float(random.uniform(0, 20)))], 4, monkeypatch)
        order = all_cells(lock, random, 0, 20)
        budget = int(share * len(order))
        found += Searcher(lock).search(iter(order[:budget, None]))
        search = Search(len(lock.seals), lock.tag_bits)
        bits = np.log2(len(order))
        predicted.append(search.success(bits, slow=np.inf, fast=budget))

    assert found / 200 <= np.mean(predicted) + 0.06
    assert found / 200 >= share - 0.06


def test_several_answers_in_a_lock_are_found_as_much_sooner_as_the_formula_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    random = np.random.default_rng(4)
    tried = {1: [], 8: []}  # type: dict[int, list[int]]
    for count, runs in tried.items():
        for _ in range(80):
            numbers = random.uniform(0, 20, size=count)
            answers = [answer(float(n), key=f"k{i}") for i, n in enumerate(numbers)]
            lock = weak_lock(answers, 6, monkeypatch)
            searcher = Searcher(lock)
            assert searcher.search(iter(all_cells(lock, random, 0, 20)[:, None]))
            runs.append(searcher.fast)

    # The first of n targets comes after 1/(n+1) of all cells; the formula allows for 1/n.
    assert np.mean(tried[1]) / np.mean(tried[8]) == pytest.approx(4.5, rel=0.35)


def test_who_sees_the_structure_needs_to_try_no_more_than_its_independent_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Four probabilities in two rows are two numbers: only the cells of two are searched."""
    random = np.random.default_rng(5)
    p, q = random.uniform(0.5, 1, size=2)
    both = Answer({"a": np.array([p, 1 - p, q, 1 - q])}, (("k",),), True, (p, q))
    lock = weak_lock([both], 8, monkeypatch)
    grid = grid_of(lock)
    fine = np.arange(0.5, 1, grid.width * grid.atol / 1000)
    row = np.stack([fine, 1 - fine], axis=1)
    first, second = (np.unique(grid.cells(row, start), axis=0) for start in (0, 2))
    cells = np.array([np.concatenate(both) for both in product(first, second)])

    searcher = Searcher(lock)

    assert searcher.search(iter(random.permutation(cells)))
    bits = bits_of([p, q], 1.0, grid)
    assert 2**bits <= len(cells) < 2**13 < 2**20 < 60**4  # cells of four numbers at random


@pytest.mark.parametrize("seed", range(3))
def test_no_cell_is_likelier_than_the_bits_say(seed: int) -> None:
    """Answers of a softmax with random inputs, 200 000 of them: the commonest cell's share."""
    random = np.random.default_rng(seed)
    logits = random.normal(size=(200_000, 3))
    chances = np.exp(logits)
    chances /= chances.sum(axis=1, keepdims=True)
    grid = Grid(2e-3, 0.0, 16.0, bytes([seed]) * 16)

    cells = Counter(map(bytes, grid.cells(chances)))

    [(_, commonest)] = cells.most_common(1)
    typical = float(np.median(chances.max(axis=1)))
    assert commonest / len(chances) <= 2.0 ** -bits_of([0.31894, 0.55123], typical, grid)


def sealed_rubrics() -> list[Path]:
    return [
        LAYERS,
        *sorted((ROOT / "rubrics").glob("hw*.toml")),
        ASSIGNMENTS / "linear/linear.toml",
    ]


@pytest.mark.parametrize("path", sealed_rubrics(), ids=lambda path: path.stem)
def test_a_day_of_one_core_finds_no_published_answer_at_the_level(path: Path) -> None:
    edition, told = edition_of(path)
    bits = {one.question: one.bits for one in told}

    for lock in edition.locks:
        [weakest, *_] = [bits[q.id] for q in edition.rubric.question if q.expect == lock.expect]
        search = Search(len(lock.seals), lock.tag_bits)
        assert search.success(weakest) <= LEVEL
        # On this very machine, with no margin and all tags for nothing:
        assert search.success(weakest, slow=40 * 86_400, fast=float("inf")) <= LEVEL / 32


def test_two_probabilities_are_never_sealed() -> None:
    edition, told = edition_of(ROOT / "rubrics" / "hw1.toml")

    assert not edition.locks
    assert all(one.warning for one in told)


def test_the_level_refuses_what_could_be_searched_in_a_day() -> None:
    alone = [answer(0.7318294512)]

    assert make_lock("one", alone, Tolerance(), most=99.0) is None


def test_the_number_of_cells_is_charged_with_how_rare_it_is() -> None:
    random = np.random.default_rng(6)
    grid = Grid(1e-6, 0.0, 24.0, b"s" * 16)
    rows = random.normal(size=(4000, 12))

    counted = Counter(len(grid.reached(row, most=4096)) for row in rows)

    for cells in (1, 2, 4):
        share = counted[cells] / len(rows)
        assert 2.0 ** -told_by_count(cells, 12, 24.0) == pytest.approx(share, rel=0.15)
