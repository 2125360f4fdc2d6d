"""Simulated trainings, and what is kept of them between runs."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.rubric.model import Question
from grader.rubric.reference import Reference, open_rubric
from grader.scoring.hypothesis import Hypothesis, hypotheses
from grader.scoring.predictions import Predictions
from grader.scoring.random import simulations as module
from grader.scoring.random.distribution import Listed, Spread
from grader.scoring.random.simulation import flattened, simulate
from grader.scoring.random.simulations import Simulations, cache_folder
from tests.scoring.walk import STEPS, A, B, walk, write_rubric


@pytest.fixture
def walked(tmp_path: Path) -> tuple[Question, Reference]:
    rubric, reference = open_rubric(write_rubric(tmp_path))
    return rubric.question[0], reference


def under(question: Question, **settings: str) -> Hypothesis:
    return next(h for h in hypotheses(question) if dict(h.settings) == {"pace": "one", **settings})


def test_trainings_are_simulated_with_fresh_flags(walked: tuple[Question, Reference]) -> None:
    question, reference = walked

    found = simulate(Predictions(reference), question, under(question), 5000, seed=1)

    assert found is not None
    assert not found.complete
    assert found.shapes == {"a": (2, 3), "b": (4,)}
    own = np.array([np.concatenate([part.ravel() for part in walk(s)]) for s in range(300)])
    sampling = 5 * own.std(axis=0) / np.sqrt(300)
    assert (np.abs(found.results.mean(axis=0) - own.mean(axis=0)) < sampling).all()
    np.testing.assert_allclose(found.results.std(axis=0), own.std(axis=0), rtol=0.2)


def test_flags_are_kept_as_the_hypothesis_says(walked: tuple[Question, Reference]) -> None:
    question, reference = walked
    predictions = Predictions(reference)

    asked, swapped = (
        simulate(predictions, question, hypothesis, 2000, seed=1)
        for hypothesis in (under(question), under(question, keep="swapped"))
    )

    assert asked is not None
    assert swapped is not None
    assert swapped.results[:, 0].mean() - 1 < 0.5 * (asked.results[:, 0].mean() - 1)


def test_few_flags_are_gone_through(walked: tuple[Question, Reference]) -> None:
    question, reference = walked

    found = simulate(Predictions(reference), question, under(question, draws="same"), 5000, 1)

    assert found is not None
    assert found.complete
    assert len(found.results) == 2**3


def test_what_draws_nothing_has_one_result(walked: tuple[Question, Reference]) -> None:
    question, reference = walked

    found = simulate(Predictions(reference), question, under(question, still="yes"), 5000, 1)

    assert found is not None
    assert found.complete
    np.testing.assert_array_equal(found.results, [flattened({"b": B, "a": A + 1})])


def test_other_seeds_give_other_trainings(walked: tuple[Question, Reference]) -> None:
    question, reference = walked

    one, same, other = (
        simulate(Predictions(reference), question, under(question), 50, seed) for seed in (1, 1, 2)
    )

    assert one is not None
    assert same is not None
    assert other is not None
    np.testing.assert_array_equal(one.results, same.results)
    assert not np.array_equal(one.results, other.results)


def test_more_trainings_than_are_made_at_once_are_joined(
    walked: tuple[Question, Reference],
) -> None:
    question, reference = walked

    found = simulate(Predictions(reference), question, under(question), 5000, seed=1)

    assert found is not None
    assert len(found.results) == 5000
    assert len(np.unique(found.results, axis=0)) > 3000


@pytest.mark.parametrize("answer", [None, np.nan])
def test_a_hypothesis_that_describes_no_training_has_no_results(
    walked: tuple[Question, Reference], answer: float | None
) -> None:
    question, reference = walked
    functions: Mapping[str, Any] = {**reference.functions, "walked": never(answer)}
    predictions = Predictions(replace(reference, functions=functions))

    assert simulate(predictions, question, under(question), 100, seed=1) is None


def never(answer: float | None) -> Any:
    def walked(given: Any, *, masks: Any = None, kept: Any = None) -> Any:
        if masks is None or answer is None:
            return None
        return {"a": np.full((len(masks), 2, 3), answer)}

    return walked


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.npz"))


def count_simulated(monkeypatch: pytest.MonkeyPatch) -> list[Hypothesis]:
    made: list[Hypothesis] = []

    def counted(predictions: Any, question: Any, hypothesis: Hypothesis, *more: Any) -> Any:
        made.append(hypothesis)
        return simulate(predictions, question, hypothesis, *more)

    monkeypatch.setattr(module, "simulate", counted)
    return made


def test_a_distribution_is_made_once(
    walked: tuple[Question, Reference], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question, reference = walked
    made = count_simulated(monkeypatch)
    kept = tmp_path / "kept"

    first = Simulations(Predictions(reference), kept).of(question, under(question), 400)
    again = Simulations(Predictions(reference), kept).of(question, under(question), 400)

    assert len(made) == 1
    assert isinstance(first, Spread)
    assert isinstance(again, Spread)
    np.testing.assert_array_equal(first.mean, again.mean)
    np.testing.assert_array_equal(first.farthest, again.farthest)
    assert first.count == again.count == 400


def test_all_results_and_none_are_kept_as_well(
    walked: tuple[Question, Reference], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question, reference = walked
    made = count_simulated(monkeypatch)
    functions = {**reference.functions, "walked": never(None)}

    for _ in range(2):
        known = Simulations(Predictions(reference), tmp_path / "some")
        assert isinstance(known.of(question, under(question, draws="same"), 400), Listed)
        nothing = Simulations(Predictions(reference), tmp_path / "none")
        nothing._predictions = Predictions(replace(reference, functions=functions))
        assert nothing.of(question, under(question), 400) is None

    assert len(files(tmp_path / "some")) == 1
    assert len(made) <= 3


def test_another_number_of_trainings_is_another_distribution(
    walked: tuple[Question, Reference], tmp_path: Path
) -> None:
    question, reference = walked
    known = Simulations(Predictions(reference), tmp_path / "kept")

    few, many = (known.of(question, under(question), count) for count in (100, 200))

    assert isinstance(few, Spread)
    assert isinstance(many, Spread)
    assert (few.count, many.count) == (100, 200)


@pytest.mark.parametrize("change", ["constant", "source", "rate"])
def test_a_changed_reference_is_simulated_anew(
    walked: tuple[Question, Reference],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
) -> None:
    question, reference = walked
    made = count_simulated(monkeypatch)
    Simulations(Predictions(reference), tmp_path / "kept").of(question, under(question), 100)

    if change == "source":
        with (tmp_path / "walk.py").open("a") as file:
            file.write("# otherwise\n")
    elif change == "rate":
        reference = replace(reference, given={**reference.given, "rate": 0.3})
    else:
        reference = replace(reference, given={**reference.given, "a": A + 1})
    Simulations(Predictions(reference), tmp_path / "kept").of(question, under(question), 100)

    assert len(made) == 2


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 cut", b"\x00" * 5000])
def test_a_damaged_file_is_made_again(
    walked: tuple[Question, Reference], tmp_path: Path, damage: bytes
) -> None:
    question, reference = walked
    kept = tmp_path / "kept"
    first = Simulations(Predictions(reference), kept).of(question, under(question), 100)
    [path] = files(kept)
    path.write_bytes(damage)

    again = Simulations(Predictions(reference), kept).of(question, under(question), 100)

    assert isinstance(first, Spread)
    assert isinstance(again, Spread)
    np.testing.assert_array_equal(first.mean, again.mean)
    assert path.stat().st_size > 1000


def test_a_folder_that_cannot_be_written_to_does_no_harm(
    walked: tuple[Question, Reference], tmp_path: Path
) -> None:
    question, reference = walked
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")

    found = Simulations(Predictions(reference), in_the_way).of(question, under(question), 100)

    assert isinstance(found, Spread)


def test_distributions_are_kept_with_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "gradmark" / "simulations"

    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache_folder() == tmp_path / "home" / ".cache" / "gradmark" / "simulations"


def test_the_walk_draws_as_often_as_it_says(walked: tuple[Question, Reference]) -> None:
    question, reference = walked

    assert Predictions(reference).flags_needed("flags_of", under(question)) == 3 * STEPS
