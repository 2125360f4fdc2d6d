"""A training judged by what the trained network makes of examples it has never seen."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from grader.execution.asking.within.networks import GRID
from grader.scoring.failures import after_failures, cause_of
from grader.scoring.probed.accuracy import differ
from grader.scoring.probed.claims import last_claim
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
from grader.scoring.probed.trained import Trained, first_of, is_straight, named, trained_networks
from grader.scoring.probed.trust import library_findings, too_bad, too_good
from grader.scoring.probed.view import View

WORTH_UNTRAINED = 0.5


def judge_training(view: View) -> Judged:
    """Judge a training by its network."""
    networks = trained_networks(view)
    names = (view.part.name, *view.part.aliases)
    kind = view.part.of or view.part.name
    network = named(networks, names) or first_of(networks, kind, view.part.sizes)
    if network is None:
        says = f"No trained network {view.name} was found{after_failures(view.recording)}."
        return Judged(says, missing=True, cause=cause_of(view.recording))
    if not view.cases:
        return Judged(doubt=f"There are no examples to try `{network.name}` on.")
    score = score_of(network, view)
    if score is None:
        return Judged("", (unanswered(network),), cause=cause_of(view.recording))
    if not np.isfinite(score.outputs).all():
        return Judged(
            _reached(network, score, view), (not_finite(network),), facts=facts(network, score)
        )
    return _judged(view, network, networks, score)


def structure_findings(view: View, network: Trained) -> list[Finding]:
    """Say where layers or activations are not those that were asked for."""
    wanted = tuple(view.part.sizes)
    if wanted and network.sizes and network.sizes != wanted:
        asked = "-".join(map(str, wanted))
        says = f"`{network.name}` has the layers {network.shape}; {asked} was asked for."
        return [Finding("sizes", says, 0.5)]
    bent = [curve for curve in network.curves if not is_straight(curve)]
    layers = len(network.sizes) - 1
    if wanted and network.curves and len(bent) < layers:
        says = (
            f"`{network.name}` has {len(bent)} activations for {layers} layers, not one for each."
        )
        return [Finding("activation-missing", says, 0.75)]
    return []


def calibration(view: View, network: Trained) -> Mapping[str, Any] | None:
    """Return what right networks reach; None where that is not known for these data."""
    name = view.part.threshold
    if name is None:
        return None
    reference = view.predictions.reference.function(name)
    for data in (*view.recording.data.values(), *view.recording.data):
        told = {"data": data, "grid": GRID, "curves": network.curves, "factor": network.factor}
        found: Mapping[str, Any] | None = reference({**view.predictions.given, **told})
        if found is not None:
            return found
    return None


def _judged(view: View, network: Trained, networks: Iterable[Trained], score: Score) -> Judged:
    known = calibration(view, network)
    says = _reached(network, score, view)
    if known is None:
        return Judged(
            doubt=f"{says} What right networks reach on these data was never measured.",
            facts=facts(network, score),
        )
    low, high = float(np.min(known["accuracies"])), float(np.max(known["accuracies"]))
    seeds = np.size(known["accuracies"])
    says += (
        f" Right networks trained as long: {percent(low)} to {percent(high)} over {seeds} seeds."
    )
    structure = structure_findings(view, network)
    if structure and (broken := unfinished(view, network)):
        says = (
            f"`{network.name}` has the layers {network.shape}, because {broken}; a person decides."
        )
        return Judged(doubt=says, cause=cause_of(view.recording), facts=facts(network, score))
    others = [one.name for one in networks if one.name != network.name]
    learnt = _reach(view, network, score, known)
    findings = [*structure, *learnt, *library_findings(view, network)]
    findings += _claim(view, network, others)
    remarks, doubt = _stored_claim(view, network, others, known)
    strange = too_bad(view, network, others) if learnt else too_good(view, network)
    strange = strange or (_slower(view, network, score) if learnt else "")
    doubt = doubt or (f"{strange} A person decides." if strange else "")
    numbers = {"threshold": float(known["threshold"]), "reference_low": low, "reference_high": high}
    if doubt:
        may_follow = bool(strange) and any(one.follows for one in findings)
        return Judged(
            says,
            tuple(findings),
            remarks,
            doubt=f"{says} {doubt}",
            doubt_follows=may_follow,
            facts=facts(network, score) | numbers,
        )
    return Judged(says, tuple(findings), remarks, facts=facts(network, score) | numbers)


def _reached(network: Trained, score: Score, view: View) -> str:
    low, high = score.bounds
    count, what = len(score.right), view.cases[0].label
    return (
        f"`{network.name}` recognises {percent(score.share)} of {count:,} {what} "
        f"({percent(low)} to {percent(high)})."
    )


def _reach(view: View, network: Trained, score: Score, known: Mapping[str, Any]) -> list[Finding]:
    """Say where a network stays below what right ones reach."""
    threshold = float(known["threshold"])
    if score.share < threshold:
        says = (
            f"With the same activations they hardly ever stay below {percent(threshold)}: "
            f"`{network.name}` did not learn as it should{after_failures(view.recording)}."
        )
        return [Finding("accuracy", says, WORTH_UNTRAINED, follows=True)]
    labels = labels_of(view, 0)
    if labels is None or is_above_guessing(score, labels) or _loss_fell(network, score, labels):
        return []
    says = f"The loss of `{network.name}` is no lower than before any training."
    return [Finding("loss", says, WORTH_UNTRAINED, follows=True)]


def _slower(view: View, network: Trained, score: Score) -> str:
    """Say that a training that was cut short may only be slow; "" for one that learns nothing."""
    labels = labels_of(view, 0)
    if not view.recording.changes or labels is None or not is_above_guessing(score, labels):
        return ""
    return (
        f"`{network.name}` learns, if more slowly than they do, and its training was cut short: "
        "small steps, large batches or few examples would do that, and so would a mistake."
    )


def _loss_fell(network: Trained, score: Score, labels: np.ndarray) -> bool:
    """Say whether the squared error is lower than that of the same network with fresh weights."""
    fresh = network.told.arrays.get("fresh")
    if fresh is None or fresh.ndim != 2 or fresh.shape[1] != score.outputs.shape[1]:
        return True  # nothing to hold it against
    count = min(len(fresh), len(labels))
    target = labels[:count, None] == np.arange(fresh.shape[1])
    before = float(np.mean((fresh[:count] - target) ** 2))
    return float(np.mean((score.outputs[:count] - target) ** 2)) < before


def _claim(view: View, network: Trained, others: list[str]) -> list[Finding]:
    """Say where this run printed another accuracy than is found on the same test data."""
    claim = last_claim(view.recording.executed, network.name, others)
    score = score_of(network, view, 1)
    if claim is None or score is None:
        return []
    count = len(score.right)
    if not differ(claim.share, score.share, (count, count)):
        return []
    says = (
        f"Cell {claim.cell} prints an accuracy of {percent(claim.share)}, but `{network.name}` "
        f"recognises {percent(score.share)} of the {view.cases[1].label}."
    )
    return [Finding("claim", says, 1.0)]


def _stored_claim(
    view: View, network: Trained, others: list[str], known: Mapping[str, Any]
) -> tuple[tuple[str, ...], str]:
    """Tell what the file claims of the whole training, and doubt what no right network reaches."""
    claim = last_claim(view.recording.handed_in, network.name, others)
    if claim is None:
        return (), ""
    says = f"The file handed in claims an accuracy of {percent(claim.share)} (cell {claim.cell})."
    whole = known.get("whole")
    if whole is None:
        return (f"{says} What the whole training reaches was not measured for these data.",), ""
    low, high = float(np.min(whole)), float(np.max(whole))
    reached = f"{percent(low)} to {percent(high)} of the {view.cases[0].label}"
    says += f" Right networks trained to the end: {reached}."
    if claim.share > high + 0.75 * (1 - high):
        return (), f"{says} That is more than they reach: a person should look."
    return (says,), ""
