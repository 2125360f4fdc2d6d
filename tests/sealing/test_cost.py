import pytest

from grader.sealing.cost import FEWEST_BITS, LEVEL, Search, affordable


def test_one_answer_needs_as_many_bits_as_there_are_guesses_and_the_level() -> None:
    assert Search(1, 30).success(FEWEST_BITS, fast=float("inf")) > LEVEL
    assert Search(1, 1).passing == 0.5
    assert pytest.approx(34.4, abs=0.1) == FEWEST_BITS


@pytest.mark.parametrize("targets", [1, 5, 300])
@pytest.mark.parametrize("bits", [20.0, 34.0, 40.0, 48.0, 60.0, 120.0])
def test_what_is_affordable_holds_the_level(targets: int, bits: float) -> None:
    search = affordable(targets, bits)

    assert search is None or search.success(bits) <= LEVEL
    assert (search is None) == (Search(targets, 1).success(bits) > LEVEL)


def test_more_bits_allow_a_longer_tag_and_so_fewer_slow_hashes() -> None:
    shares = [s.passing for bits in (42, 46, 52, 90) if (s := affordable(8, bits))]

    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == pytest.approx(1 / 1024)


def test_a_longer_tag_makes_a_search_cheaper() -> None:
    assert Search(4, 12).success(50.0) > Search(4, 4).success(50.0)


def test_more_answers_in_a_lock_are_found_sooner() -> None:
    assert Search(64, 6).success(50.0) == pytest.approx(64 * Search(1, 1).success(50.0) / 2)


def test_a_searcher_never_tries_more_than_the_fast_hashes_there_are() -> None:
    assert Search(1, 60).tried(slow=1e6, fast=1e9) == 1e9
