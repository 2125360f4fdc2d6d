"""What a person reads of a trial, line by line, and the same as plain data."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from grader.rubric.model import Rubric
from grader.trial.claims import failing, never_predicted
from grader.trial.fates import KILLED, Fate
from grader.trial.model import Attempt, Calibration, Gap, Judged
from grader.trial.trial import Trial, score_of

_NO_SOLUTION = 'no solution named: "solution" in the rubric says which notebook it is'
_MOST = 20
_LONGEST = 150


def summary(trial: Trial) -> list[str]:
    """Tell what was tried and what came of it, section by section, and last the result."""
    lines = [
        *_section("solution", _solution(trial)),
        *_section("blank", _blanks(trial)),
        *_section("conventions", _claims([j for j in trial.judged if not j.mistake])),
        *_section("mistakes", _mistakes(trial)),
        *_section("mutants", _mutants(trial)),
        *_section("calibration", _calibrations(trial.calibrations)),
    ]
    failed = trial.failed
    return [*lines, *(f"FAILED: {sentence}" for sentence in failed)] + (
        [] if failed else ["everything that must hold does"]
    )


def machine_points(rubric: Rubric) -> float:
    """Return the points that no person has to give."""
    return sum(
        question.points if question.expect else sum(part.points for part in question.parts)
        for question in rubric.question
    )


def as_data(trial: Trial) -> dict[str, Any]:
    """Return a trial's findings as plain data."""
    kinds = Counter(fate.kind for fate in trial.fates)
    return {
        "assignment": trial.rubric.assignment,
        "failed": trial.failed,
        "solution": None if trial.solution is None else trial.solution.points,
        "blank": trial.blank.points,
        "template": None if trial.template is None else trial.template.points,
        "points": machine_points(trial.rubric),
        "claims": {
            "tried": sum(judged.predicted for judged in trial.judged),
            "failing": [_claim_data(judged) for judged in failing(trial.judged)],
        },
        "mutants": {
            "score": trial.score,
            "fates": dict(kinds),
            "parts": {name: score_of(fates) for name, fates in trial.parts.items()},
            "all": [_fate_data(fate) for fate in trial.fates],
        },
        "calibration": [_calibration_data(one) for one in trial.calibrations],
    }


def _section(name: str, lines: Iterable[str]) -> Iterator[str]:
    yield name
    yield from (f"  {line}" for line in lines)


def _solution(trial: Trial) -> list[str]:
    if trial.solution is None:
        return [_NO_SOLUTION]
    possible = machine_points(trial.rubric)
    if trial.solution.full:
        rest = trial.rubric.points - possible
        person = f"; a person gives the other {rest:g}" if rest > 0 else ""
        return [f"{trial.solution.points:g} of {possible:g} points{person}"]
    short = [answer for answer in trial.solution.answers if not answer.full]
    return [
        f"{trial.solution.points:g} of {possible:g} points"
        + (f"; {trial.solution.fault}" if trial.solution.fault else ""),
        *(f"{a.name}: {a.points:g} of {a.max_points:g}; {a.explanation}" for a in short),
        *trial.solution.errors,
    ]


def _blanks(trial: Trial) -> list[str]:
    possible = machine_points(trial.rubric)
    lines = [_blank(trial.blank, possible)]
    if trial.template is not None:
        lines.append(f"as it is handed out: {_blank(trial.template, possible)}")
    return lines


def _blank(blank: Attempt, points: float) -> str:
    return f"{blank.points:g} of {points:g} points" + (f"; {blank.fault}" if blank.fault else "")


def _mistakes(trial: Trial) -> list[str]:
    named = [judged for judged in trial.judged if judged.mistake]
    nowhere = [
        f"{q}: nothing is predicted for {m or 'a right answer'}"
        for q, m in never_predicted(trial.judged)
    ]
    untried = [f"not tried, as nothing is predicted for it: {one}" for one in trial.untried]
    return [*_claims(named), *nowhere, *untried]


def _claims(judged: Sequence[Judged]) -> list[str]:
    tried = [one for one in judged if one.predicted]
    broken = failing(judged)
    coincide = [one for one in tried if one.coincides]
    first = f"{len(tried)} tried, {len(tried) - len(broken)} as the rubric says"
    if coincide:
        first += f", {len(coincide)} of them no other than a right answer"
    return [first, *map(_broken, broken[:_MOST]), *_more(broken)]


def _broken(judged: Judged) -> str:
    name = judged.mistake or "accepted"
    where = f"{judged.question}, {name}" + (f" ({judged.settings})" if judged.settings else "")
    if judged.fault:
        return f"{where}: {judged.fault}"
    named = ", ".join(judged.named) or ("nothing" if judged.mistake else "no mistake")
    review = ", left to a person" if judged.needs_review else ""
    return f"{where}: {judged.got:g} points for {named}{review}; {judged.wanted:g} expected"


def _mutants(trial: Trial) -> list[str]:
    if trial.solution is None:
        return [_NO_SOLUTION]
    if not trial.fates:
        return ["not tried: the solution has to get full marks first"]
    killed, score = trial.of_kind(*KILLED), trial.score
    counts = Counter(fate.kind for fate in trial.fates)
    accepted = Counter(fate.says for fate in trial.of_kind("accepted"))
    lines = [
        f"{len(trial.fates)} mutants; mutation score "
        + ("-" if score is None else f"{100 * score:.1f} %")
        + f" ({len(killed)} killed, {counts['survivor']} survived)",
        f"killed: {counts['named']} with a mistake named, {counts['lost']} without, "
        f"{counts['person']} left to a person",
        f"not counted: {counts['accepted']} accepted, {counts['unchanged']} change nothing, "
        f"{counts['rounding']} change roundings only"
        + _besides(counts["untouched"], "are in code that nothing judged rests on")
        + _besides(counts["untried"], "take a training each and were not tried"),
        *(f"{name}: {_share(fates)}" for name, fates in trial.parts.items()),
        *(f"accepted: {says} ({number})" for says, number in accepted.most_common()),
    ]
    told = trial.of_kind("survivor", "fault")
    return [*lines, *(line for fate in told[:_MOST] for line in _fate(fate)), *_more(told)]


def _besides(count: int, says: str) -> str:
    return f", {count} {says}" if count else ""


def _share(fates: Sequence[Fate]) -> str:
    """Tell how many mutants of a part's code were killed."""
    killed = sum(fate.kind in KILLED for fate in fates)
    survived = sum(fate.kind == "survivor" for fate in fates)
    return f"{killed} of {killed + survived} killed"


def _fate(fate: Fate) -> Iterator[str]:
    mutant = fate.mutant
    yield f"{fate.kind}: {mutant.place}, {mutant.operator}: {mutant.original}"
    yield f"  -> {mutant.mutated}"
    yield f"  {fate.says[:_LONGEST]}"


def _calibrations(calibrations: Sequence[Calibration]) -> Iterator[str]:
    for one in calibrations:
        parts = [f"noise floor {_gap(one.floor)}" if one.floor else "no noise floor is known"]
        if one.bound is not None:
            parts.append(f"derived bound {one.bound:.1g}")
        parts.append(f"distance {_gap(one.nearest)}" if one.nearest else "nothing else is near")
        yield f"{one.question}: " + (one.fault or "; ".join(parts))
        yield from (f"  warning: {sentence}" for sentence in one.warnings)


def _gap(gap: Gap) -> str:
    return f"{gap.difference:.1g} (tolerance there {gap.allowed:.1g})"


def _more(things: Sequence[object]) -> list[str]:
    return [f"... and {len(things) - _MOST} more"] if len(things) > _MOST else []


def _claim_data(judged: Judged) -> dict[str, Any]:
    return {
        "question": judged.question,
        "mistake": judged.mistake,
        "settings": judged.settings,
        "expected": judged.wanted,
        "points": judged.got,
        "named": list(judged.named),
        "fault": judged.fault,
    }


def _fate_data(fate: Fate) -> dict[str, Any]:
    mutant = fate.mutant
    return {
        "fate": fate.kind,
        "operator": mutant.operator,
        "place": mutant.place,
        "original": mutant.original,
        "mutated": mutant.mutated,
        "says": fate.says,
        "parts": list(fate.parts),
    }


def _calibration_data(one: Calibration) -> dict[str, Any]:
    return {
        "question": one.question,
        "floor": _gap_data(one.floor),
        "nearest": _gap_data(one.nearest),
        "beyond": one.beyond,
        "bound": one.bound,
        "warnings": one.warnings,
        "fault": one.fault,
    }


def _gap_data(gap: Gap | None) -> dict[str, Any] | None:
    if gap is None:
        return None
    return {"difference": gap.difference, "tolerance": gap.allowed, "between": gap.named}
