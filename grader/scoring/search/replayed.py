"""What the draws of a run lead to under settings and combinations beyond those always tried."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from grader.scoring.case import Case
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.own.borrowing import Choices
from grader.scoring.predictions import Parts
from grader.scoring.search.meetings import Meeting, Odds, Values, met
from grader.scoring.search.possibilities import Possibilities, Possibility, gives, named
from grader.scoring.search.recomputed import miscounted
from grader.scoring.search.transforms import IT

_MOST_COMBINED = 300
_MOST_SINGLY = 24  # trainings that cannot be taken together
_STREAMS = 64  # at most so many a training may have drawn from

Rows = Mapping[int, Mapping[int, Sequence[Parts]]]  # by hypothesis, then by constants


def replayed_meetings(
    case: Case, possibilities: Possibilities, values: Values
) -> Iterator[Meeting]:
    """Yield replays that are met: of undeclared settings, other counts, more mistakes at once."""
    if not case.question.draws or not case.recording.draws:
        return
    combined = _likeliest(case, possibilities.combined)
    slips = list(miscounted(case.predictions.given))
    undeclared = possibilities.undeclared
    accepted = case.accepted
    tried = len(undeclared) + len(slips) * len(accepted) + len(combined)
    odds = Odds(possibilities, values, more=tried * _STREAMS)
    nothing = case.shared.nothing_borrowed
    for setting, group in groupby(undeclared, key=lambda found: found[1]):
        asked = [hypothesis for hypothesis, _ in group]
        for n, _, row in _rows(case, asked, nothing, values):
            one = Possibility(asked[n], row, gives(setting), setting=setting)
            yield from met(odds, values, one)
    counts = Choices([_changed(slip.given, case) for slip in slips], case.predictions.given)
    for n, place, row in _rows(case, accepted, counts, values) if slips else ():
        slip = slips[place]
        says = slip.says.replace(IT, named(accepted[n]))
        yield from met(odds, values, Possibility(accepted[n], row, says, slip.transform))
    for n, _, row in _rows(case, combined, nothing, values):
        one = Possibility(combined[n], row, named(combined[n]))
        yield from met(odds, values, one)


def _changed(given: Mapping[str, Any], case: Case) -> dict[str, Any]:
    return {n: v for n, v in given.items() if v is not case.predictions.given[n]}


def _likeliest(case: Case, combined: Sequence[Hypothesis]) -> list[Hypothesis]:
    """Return combinations that are not tried anyway.

    Those that read the answer as earlier ones were read come first, then those with mistakes
    made before.
    """
    tried = {hypothesis.key for hypothesis in case.plain}
    new = [hypothesis for hypothesis in combined if hypothesis.key not in tried]
    conventions = [list(hypothesis.conventions.items()) for hypothesis in case.accepted]
    made = {mistake.id for _, fit in case.earlier for mistake in fit.hypothesis.mistakes}
    followed = case.conventions_before

    def unlikelihood(hypothesis: Hypothesis) -> tuple[int, int, int, int]:
        known = sum(1 for mistake in hypothesis.costly if mistake.id in made)
        others = sum(1 for n, v in hypothesis.conventions.items() if followed.get(n, v) != v)
        place = conventions.index(list(hypothesis.conventions.items()))
        return (others, len(hypothesis.costly) - known, place, len(hypothesis.costly))

    return sorted(new, key=unlikelihood)[:_MOST_COMBINED]


def _rows(
    case: Case, asked: Sequence[Hypothesis], choices: Choices, values: Values
) -> Iterator[tuple[int, int, Parts]]:
    """Yield what agrees in any part: the place of its hypothesis and of its constants, the row."""
    batch = case.predictions.together(asked) if asked else None
    predicted = batch and case.shared.predicted(case.question, batch, choices)
    if not batch or not predicted:
        if choices is case.shared.nothing_borrowed:
            yield from _singly(case, asked)
        return
    agreeing = predicted.agreeing(values.pool)
    for n, hypothesis in enumerate(asked):
        for place, rows in agreeing.get(batch.place(hypothesis), {}).items():
            yield from ((n, place, row) for row in rows)


def _singly(case: Case, asked: Sequence[Hypothesis]) -> Iterator[tuple[int, int, Parts]]:
    for n, hypothesis in enumerate(asked[:_MOST_SINGLY]):
        streams = case.shared.streams(case.question, hypothesis, case.predictions.given)
        parts = case.shared.replay(hypothesis, streams) if streams else None
        for stream in range(len(streams.kept) if parts and streams else 0):
            yield n, 0, {name: part[stream] for name, part in (parts or {}).items()}
