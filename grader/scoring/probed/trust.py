"""Whether what a network answers is what it has learnt, and all that it has learnt."""

import numpy as np

from grader.scoring.probed.accuracy import chance_of_better, differ, hits
from grader.scoring.probed.claims import last_claim
from grader.scoring.probed.findings import Finding
from grader.scoring.probed.scores import labels_of, percent, score_of
from grader.scoring.probed.trained import Trained
from grader.scoring.probed.view import View

LEVEL = 0.001  # below it, predicting is not as good as the layers
TESTED, TAUGHT = 1, 2  # the cases of test and training examples as they are
SIGMAS = 3.0  # of noise, by which test examples are better known than training examples


def too_good(view: View, network: Trained) -> str:
    """Say why good answers may not be what a network learnt; "" where nothing speaks against it."""
    return (
        _beside_its_layers(view, network)
        or _whatever_its_weights(network)
        or _taught_the_test(view, network)
    )


def too_bad(view: View, network: Trained, others: list[str]) -> str:
    """Say that a network did far better in the notebook itself; "" where it did not."""
    claim = last_claim(view.recording.executed, network.name, others)
    score = score_of(network, view, TESTED)
    if claim is None or score is None:
        return ""
    share, count = score.share, len(score.right)
    if claim.share < share or not differ(claim.share, share, (count, count)):
        return ""
    return (
        f"In this run, cell {claim.cell} prints an accuracy of {percent(claim.share)} for "
        f"`{network.name}`, which recognises {percent(share)} of the {view.cases[TESTED].label} "
        "as they are: its inputs may be prepared in a way that was not found, or it was printed "
        "and not computed."
    )


def library_findings(view: View, network: Trained) -> list[Finding]:
    """Say where a network that was to be the student's own is a library's."""
    if view.question.library != "numpy" or not (network.is_module or network.libraries):
        return []
    whose = "PyTorch" if network.is_module else ", ".join(network.libraries)
    says = f"`{network.name}` is made of layers of {whose}; your own were asked for."
    return [Finding("other-library", says, 0.5)]


def _beside_its_layers(view: View, network: Trained) -> str:
    labels = labels_of(view, 0)
    told = [network.told.arrays.get(name) for name in ("outputs0", "layered0")]
    shapes = [one.shape if one is not None and one.ndim == 2 else () for one in told]
    if labels is None or not shapes[0] or shapes[0] != shapes[1] or shapes[0][0] != len(labels):
        return ""
    predicted, layered = (hits(np.asarray(one, dtype=float), labels) for one in told)
    if chance_of_better(predicted, layered) >= LEVEL:
        return ""
    return (
        f"What `{network.name}` predicts is right more often ({percent(predicted.mean())}) than "
        f"what its layers give one after the other ({percent(layered.mean())})."
    )


def _whatever_its_weights(network: Trained) -> str:
    """Hold its answers against those with other weights, where its layers are not known."""
    arrays = network.told.arrays
    fresh, outputs = arrays.get("fresh"), arrays.get("outputs0")
    known = network.is_module or network.libraries or "layered0" in arrays
    if known or fresh is None or outputs is None:
        return ""
    same = fresh.shape[1:] == outputs.shape[1:] and np.allclose(fresh, outputs[: len(fresh)])
    return f"`{network.name}` answers the same with other weights." if same else ""


def _taught_the_test(view: View, network: Trained) -> str:
    """Compare what it recognises of the test part, and of what it was to be taught."""
    scores = [score_of(network, view, case) for case in (TESTED, TAUGHT)]
    if scores[0] is None or scores[1] is None:
        return ""
    tested, taught = scores[0].share, scores[1].share
    counts = len(scores[0].right), len(scores[1].right)
    if tested < taught or not differ(tested, taught, counts, SIGMAS):
        return ""
    return (
        f"`{network.name}` recognises more of the {view.cases[TESTED].label} as they are "
        f"({percent(tested)}) than of the {view.cases[TAUGHT].label} ({percent(taught)}), as "
        "if it had been trained on them."
    )
