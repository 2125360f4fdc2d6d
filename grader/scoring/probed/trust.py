"""Whether what a network answers is what it has learnt, and all that it has learnt."""

import numpy as np

from grader.scoring.probed.accuracy import chance_of_better, differ, hits
from grader.scoring.probed.claims import last_claim
from grader.scoring.probed.findings import Finding
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
    labels = labels_of(view, TESTED)
    outputs = None if labels is None else network.outputs(TESTED, labels)
    if claim is None or labels is None or outputs is None:
        return ""
    share = float(hits(outputs, labels).mean())
    if claim.share < share or not differ(claim.share, share, (len(labels), len(labels))):
        return ""
    return (
        f"In this run, cell {claim.cell} prints an accuracy of {100 * claim.share:.1f} % for "
        f"`{network.name}`, which recognises {100 * share:.1f} % of the {view.cases[TESTED].label} "
        "as they are: its inputs may be prepared in a way that was not found, or it was printed "
        "and not computed."
    )


def labels_of(view: View, case: int) -> np.ndarray | None:
    """Return the labels that were withheld from the notebook."""
    arrays = list(view.cases[case].arguments.values()) if case < len(view.cases) else []
    return np.asarray(arrays[1]).reshape(-1) if len(arrays) > 1 else None


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
        f"What `{network.name}` predicts is right more often ({100 * predicted.mean():.1f} %) than "
        f"what its layers give one after the other ({100 * layered.mean():.1f} %)."
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
    shares = []
    for case in (TESTED, TAUGHT):
        labels = labels_of(view, case)
        outputs = None if labels is None else network.outputs(case, labels)
        if labels is None or outputs is None:
            return ""
        shares.append((float(hits(outputs, labels).mean()), len(labels)))
    (tested, count), (taught, many) = shares
    if tested < taught or not differ(tested, taught, (count, many), SIGMAS):
        return ""
    return (
        f"`{network.name}` recognises more of the {view.cases[TESTED].label} as they are "
        f"({100 * tested:.1f} %) than of the {view.cases[TAUGHT].label} ({100 * taught:.1f} %), as "
        "if it had been trained on them."
    )
