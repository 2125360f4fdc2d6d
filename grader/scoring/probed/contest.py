"""A contest judged: an own network against the first one, on the same unseen examples."""

import re
from collections.abc import Sequence

import numpy as np

from grader.scoring.failures import after_failures, cause_of
from grader.scoring.probed.accuracy import chance_of_better
from grader.scoring.probed.claims import mentions
from grader.scoring.probed.findings import Finding, Judged
from grader.scoring.probed.scores import (
    Score,
    facts,
    is_above_guessing,
    labels_of,
    not_finite,
    percent,
    score_of,
    unanswered,
    unfinished,
)
from grader.scoring.probed.trained import Trained, first_of, named, trained_networks
from grader.scoring.probed.trust import library_findings, too_bad, too_good
from grader.scoring.probed.view import View

LEVEL = 0.05
_SEED = re.compile(r"\b(?:manual_seed|seed|default_rng|RandomState)\((\d{1,10})\)")


def judge_contest(view: View) -> Judged:
    """Judge a student's own network by whether it beats the first."""
    networks = trained_networks(view)
    first = named(networks, [view.part.of or ""]) or first_of(
        networks, view.part.of or "", view.part.sizes
    )
    own = _own(view, networks, first)
    if own is None:
        says = f"No network {view.name} beside the first was found{after_failures(view.recording)}."
        return Judged(says, missing=True, cause=cause_of(view.recording))
    score = score_of(own, view) if view.cases else None
    if score is None:
        return Judged("", (unanswered(own),), cause=cause_of(view.recording))
    numbers = _facts(view, own, score)
    if not np.isfinite(score.outputs).all():
        return Judged("", (not_finite(own),), facts=numbers)
    before = score_of(first, view) if first is not None else None
    if first is None or before is None:
        says = f"`{own.name}` recognises {percent(score.share)}; there is no first network to beat."
        return Judged(doubt=f"{says} A person decides.", facts=numbers)
    return _compared(view, (own, score), (first, before), numbers)


def _own(view: View, networks: Sequence[Trained], first: Trained | None) -> Trained | None:
    """Return the student's own network: by its name, or the best of those unlike the first."""
    rest = [one for one in networks if one is not first]
    known = named(rest, (view.part.name, *view.part.aliases))
    if known is not None or not view.cases or first is None:
        return known
    others = [one for one in rest if not one.is_module and not one.is_like(first)]
    scored = [(score.share, one) for one in others if (score := score_of(one, view)) is not None]
    return max(scored, key=lambda pair: pair[0])[1] if scored else None


def _compared(
    view: View, own: tuple[Trained, Score], first: tuple[Trained, Score], numbers: dict[str, float]
) -> Judged:
    """Say by how much one beats the other, and whether that is more than noise."""
    (network, score), (rival, before) = own, first
    chance = chance_of_better(score.right, before.right)
    won = int(np.sum(score.right & ~before.right))
    lost = int(np.sum(before.right & ~score.right))
    says = (
        f"`{network.name}` ({network.shape or 'layers unknown'}) recognises {percent(score.share)} "
        f"of {len(score.right):,} {view.cases[0].label}, `{rival.name}` {percent(before.share)}: "
        f"{won} that only yours gets right, {lost} that only the first does"
    )
    strange = too_good(view, network) or too_good(view, rival)
    if chance >= LEVEL:
        strange = strange or too_bad(view, network, [rival.name])
    if strange:
        return Judged(doubt=f"{says}. {strange} A person decides.", facts=numbers)
    findings = [*_same(network, rival), *library_findings(view, network)]
    if chance < LEVEL:
        says += (
            f"; by chance that happens with probability {_probability(chance)} (McNemar's test)."
        )
    else:
        says += "."
        labels = labels_of(view, 0)
        learnt = labels is not None and is_above_guessing(score, labels)
        if not learnt and (broken := unfinished(view, network)):
            says = f"`{network.name}` learnt nothing, because {broken}; a person decides."
            return Judged(doubt=says, cause=cause_of(view.recording), facts=numbers)
        findings.append(_not_better(view, network, chance if won > lost else None, learnt=learnt))
    compared = {"first_accuracy": before.share, "p": chance}
    return Judged(says, tuple(findings), _remarks(view), facts=numbers | compared)


def _not_better(view: View, network: Trained, chance: float | None, *, learnt: bool) -> Finding:
    """Say that a network does not win; `chance` is of one that is ahead nevertheless."""
    if not learnt:
        says = f"`{network.name}` is no better than guessing{after_failures(view.recording)}."
        return Finding("untrained", says, 0.1, follows=True)
    if chance is not None:
        says = (
            f"`{network.name}` is ahead, but not by more than noise: a network that is no better "
            f"comes out so far ahead with probability {_probability(chance)}, and less than "
            f"{LEVEL:g} is asked for."
        )
        return Finding("not-significant", says, 0.6)
    return Finding("not-better", f"`{network.name}` does not beat the first network.", 0.3)


def _same(network: Trained, rival: Trained) -> list[Finding]:
    if not network.is_like(rival) or not network.sizes:
        return []
    says = (
        f"`{network.name}` has the layers and activations of the first network; "
        "another architecture was asked for."
    )
    return [Finding("same-architecture", says, 0.5)]


def _facts(view: View, network: Trained, score: Score) -> dict[str, float]:
    """Give the numbers of the leaderboard: seconds and seed are those of the training cell."""
    cells = [cell for cell in view.recording.cells if mentions(cell.source, network.name)]
    trained = max(cells, key=lambda cell: cell.seconds, default=None)
    found = facts(network, score) | {"contest": 1.0}
    if trained is None:
        return found
    seeds = [
        int(seed)
        for cell in view.recording.cells
        if cell.number <= trained.number
        for seed in _SEED.findall(cell.source)
    ]
    return found | {"seconds": trained.seconds} | ({"seed": float(seeds[-1])} if seeds else {})


def _remarks(view: View) -> tuple[str, ...]:
    changed = bool(view.recording.changes)
    return ("Both networks were trained under the budget of this run.",) if changed else ()


def _probability(chance: float) -> str:
    return f"{chance:.2f}" if chance >= 0.01 else f"{chance:.1g}"
