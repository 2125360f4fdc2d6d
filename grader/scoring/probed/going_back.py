"""Going back through a layer: the gradient of its input, and the step of its parameters."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from grader.scoring.hypothesis import Hypothesis
from grader.scoring.predictions import Parts
from grader.scoring.probed.findings import Finding
from grader.scoring.probed.parameters import back_finding, step_of
from grader.scoring.probed.passes import Pass

Found = tuple[list[Finding], dict[str, str]]


def judge_back(passes: Sequence[Pass]) -> Found:
    """Say what is not right about going back, and by which conventions the rest is."""
    failed = [one for one in passes if (step := one.step("backward")) is None or step.error]
    if any(one.single for one in failed) or len(failed) == len(passes):
        return [_failed(failed[0])], {}
    through = [one for one in passes if one not in failed]
    chosen, predicted = _best(through)
    if chosen is None:
        chosen, predicted = None, [_plain(one) for one in through]
    findings = [] if chosen is None else [Finding(m.id, m.says, m.worth) for m in chosen.mistakes]
    pairs = list(zip(through, predicted, strict=True))
    judges = (_of_input, _of_weights, _of_bias)[: 3 if passes[0].layout.bias else 2]
    found = [_pooled(pairs, judge) for judge in judges]
    findings += _nothing_right(found) or [one for several in found for one in several]
    if failed:
        findings.append(_batch(failed[0]))
    return _told_apart(findings, passes[0]), dict(chosen.conventions) if chosen is not None else {}


def _nothing_right(found: Sequence[Sequence[Finding]]) -> list[Finding]:
    """Make one finding of a method that does nothing right: it is worth what one is that fails."""
    each = [one for several in found for one in several]
    if not all(found) or any(one.id == "batch" for one in each):
        return []
    whole = back_finding("backward", " ".join(dict.fromkeys(one.says for one in each)))
    costs = {one.id: 1 - one.worth for one in each}
    return [whole] if sum(costs.values()) > 1 - whole.worth else []


def _told_apart(findings: list[Finding], one: Pass) -> list[Finding]:
    """Say of what is wrong for batches alone that it comes on top of what always is."""
    if all(found.id == "batch" for found in findings):
        return findings
    says = f"For several examples at once, more of `{one.view.part.backward}` is wrong."
    return [replace(found, says=says) if found.id == "batch" else found for found in findings]


def _best(passes: Sequence[Pass]) -> tuple[Hypothesis | None, list[Parts]]:
    """Return the hypothesis of the reference that fits most of what was seen."""
    best: tuple[int, Hypothesis | None, list[Parts]] = (-1, None, [])
    for hypothesis in passes[0].view.hypotheses if passes[0].view.part.expect else []:
        predicted = [parts for one in passes if (parts := one.predicted(hypothesis)) is not None]
        if len(predicted) < len(passes):
            continue
        fits = sum(_fits(one, parts) for one, parts in zip(passes, predicted, strict=True))
        if fits > best[0]:
            best = (fits, hypothesis, predicted)
    return best[1], best[2]


def _fits(one: Pass, parts: Parts) -> int:
    """Count the parts of a prediction that were seen."""
    judges = (_of_input, _of_weights, _of_bias)
    return sum(judge(one, parts) is None for judge in judges)


def _plain(one: Pass) -> Parts:
    """Predict by the chain rule for a loss that is summed over the examples."""
    x, grad, rate = one.arguments
    return {
        "input_grad": grad @ one.weights.T,
        "weights": one.weights - rate * (x.T @ grad),
        "bias": one.bias - rate * grad.sum(axis=0),
    }


def _pooled(
    pairs: Sequence[tuple[Pass, Parts]], judge: Callable[[Pass, Parts], Finding | None]
) -> list[Finding]:
    """Make one finding of those of all cases: of batches it counts if single ones are right."""
    found = [(one, finding) for one, parts in pairs if (finding := judge(one, parts)) is not None]
    if not found:
        return []
    single = [finding for one, finding in found if one.single]
    if not single and any(one.single for one, _ in pairs):
        named = found[0][1].id in ("update-first", "transposed", "returns-more")
        return [found[0][1] if named else _batch(found[0][0])]
    return [single[0] if single else found[0][1]]


def _of_input(one: Pass, parts: Parts) -> Finding | None:
    """Judge the gradient of the input."""
    method, step, wanted = one.view.part.backward, one.step("backward"), parts["input_grad"]
    if step is None or one.gave("backward", wanted):
        return _lying(one, wanted)
    arrays = [value.array for value in step.values.values()]
    if any(one.same(array, wanted) for array in arrays):
        return back_finding(
            "returns-more", f"`{method}` returns more than the gradient of the input."
        )
    array = step.array
    if array is None:
        says = f"`{method}` does not return the gradient of the input."
        return back_finding("input-gradient", says)
    after = one.weights_after
    if after is not None and one.same(array, one.arguments[1] @ after.T):
        says = f"`{method}` takes its step first, and the gradient of the input with weights "
        return back_finding("update-first", f"{says}that have changed already.")
    if one.same(array, wanted.T):
        return back_finding("transposed", f"`{method}` returns its gradient transposed.")
    how = ""
    if array.size != wanted.size:
        how = f": it has the shape {array.shape}, the input {wanted.shape}"
    elif one.same(array, one.arguments[2] * wanted):
        how = ": it is multiplied by the learning rate"
    says = f"`{method}` returns another gradient of the input than it should{how}."
    return back_finding("input-gradient", says)


def _lying(one: Pass, wanted: np.ndarray) -> Finding | None:
    """Name a right gradient that lies across."""
    step = one.step("backward")
    if step is None or step.array is None or step.array.ndim != 2:
        return None
    if step.array.shape == wanted.shape:
        return None
    return back_finding(
        "transposed", f"`{one.view.part.backward}` returns its gradient transposed."
    )


def _of_weights(one: Pass, parts: Parts) -> Finding | None:
    x, grad, _ = one.arguments
    return step_of(one, "weights", (one.weights, one.weights_after), x.T @ grad, parts)


def _of_bias(one: Pass, parts: Parts) -> Finding | None:
    if not one.layout.bias:
        return None
    before_and_after = (one.bias, one.bias_after)
    return step_of(one, "bias", before_and_after, one.arguments[1].sum(axis=0), parts)


def _failed(one: Pass) -> Finding:
    method, step = one.view.part.backward, one.step("backward")
    if step is None:
        return back_finding("backward", f"`{method}` was not called any more.")
    return back_finding("backward", f"`{method}` raises {step.error.rstrip('.')}.")


def _batch(one: Pass) -> Finding:
    method, step = one.view.part.backward, one.step("backward")
    raised = f" ({step.error})" if step is not None and step.error else ""
    says = f"`{method}` is right for one example, but not for several at once{raised}."
    return back_finding("batch", says)
