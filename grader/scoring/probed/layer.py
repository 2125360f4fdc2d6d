"""A layer judged: the parameters it keeps, going forward and back, and how it begins."""

import re
from collections.abc import Sequence

import numpy as np

from grader.execution.asking.layers import BACKWARD, COLUMNS, FORWARD, LAYERS, OUTPUTS_FIRST
from grader.scoring.probed.findings import Finding, Judged
from grader.scoring.probed.going_back import judge_back
from grader.scoring.probed.initialisation import Initial, judge_initial
from grader.scoring.probed.layout import Layout, layouts, most_numbers
from grader.scoring.probed.libraries import other_library
from grader.scoring.probed.next_step import judge_next
from grader.scoring.probed.passes import Pass
from grader.scoring.probed.view import View

_PRODUCT = re.compile(r"@|\b(dot|matmul|einsum)\b")  # of matrices


def judge_layer(view: View) -> Judged:
    """Judge a layer by all its cases."""
    if not view.cases or any(len(case.arguments) != 3 for case in view.cases):
        return Judged(doubt=f"The inputs of {view.name} are no passes of a layer.")
    if _is_blank(view):
        says = f"{view.name} keeps and returns nothing: what it is to do is still to be written."
        return Judged(says, missing=True)
    built = view.result.step("layer0")
    if built is None or built.error:
        why = f"raises {built.error.rstrip('.')}" if built is not None else "does not end"
        return Judged("", (Finding("constructor", f"Building {view.name} {why}.", 0.0),))
    found = _layouts(view)
    if not found:
        return _unkept(view)
    passes = max((_passes(view, one) for one in found), key=_score)
    return _judged(view, passes)


def _is_blank(view: View) -> bool:
    """Tell a class as a template has it: nothing fails, and nothing comes of it."""
    steps = [view.result.step(what) for what in ("layer0", "forward0", "backward0", "after0")]
    return all(step is not None and not step.error and not step.values for step in steps)


def _layouts(view: View) -> list[Layout]:
    """List the layouts that go with every case."""
    x, grad, _ = view.cases[0].arguments.values()
    for what in ("layer0", "kept0"):
        step = view.result.step(what)
        found = [] if step is None else layouts(step, x.shape[-1], grad.shape[-1])
        found = [one for one in found if all(_is_there(view, one, c.number) for c in view.cases)]
        if found:
            return found
    return []


def _is_there(view: View, layout: Layout, number: int) -> bool:
    steps = [view.result.step(f"{what}{number}") for what in ("layer", "kept")]
    if steps[0] is None:
        return True  # it was never built: it took too long before
    return any(layout.weights_in(step) is not None for step in steps)


def _passes(view: View, layout: Layout) -> list[Pass]:
    return [
        Pass(view, case, layout)
        for case in view.cases
        if view.result.step(f"layer{case.number}") is not None
    ]


def _score(passes: Sequence[Pass]) -> int:
    """Count what a layout explains."""
    forward = sum(one.forward("forward") or _is_left_out(one) for one in passes)
    backward, _ = judge_back(passes)
    wrong = sum(3 if one.id == "backward" else 1 for one in backward)
    return 10 * forward + 10 - wrong + (1 if passes[0].layout.bias else 0)


def _is_left_out(one: Pass) -> bool:
    """Tell a bias that is not added from an array of its shape that is none."""
    after = one.bias_after
    changed = after is not None and not np.array_equal(after, one.bias)
    return changed and _unbiased(one, "forward")


def _unkept(view: View) -> Judged:
    """Say that no weights were found; where there may be some, a person has to look."""
    x, grad, _ = view.cases[0].arguments.values()
    size = x.shape[-1] * grad.shape[-1]
    steps = [view.result.step(what) for what in ("layer0", "kept0")]
    works = _gives_outputs(view)
    if works or any(step is not None and most_numbers(step) >= size for step in steps):
        return Judged(doubt=f"How {view.name} keeps its weights was not found out.")
    says = f"{view.name} keeps no weights: no array of its sizes is among its attributes."
    return Judged("", (Finding("parameters", says, 0.0),))


def _gives_outputs(view: View) -> bool:
    """Say whether going forward makes numbers of the outputs' shape, wherever weights are."""
    x, grad, _ = view.cases[0].arguments.values()
    array = view.result.array("forward0")
    made = array is not None and array.shape == grad.shape and array.shape != x.shape
    return made and bool(_PRODUCT.search(view.source))


def _judged(view: View, passes: Sequence[Pass]) -> Judged:
    layout = passes[0].layout
    findings, conventions = judge_back(passes)
    findings += judge_next(passes) if not findings else []
    initial = _initial(view, layout)
    all_found = (*_forward(passes), *findings, *initial.findings, *_besides(view, passes))
    unique = tuple({one.id: one for one in reversed(all_found)}.values())[::-1]
    bias = f" and its bias as `{layout.bias[1:]}`" if layout.bias else ""
    says = f"{view.name} keeps its weights {layout.words} as `{layout.weights[1:]}`{bias}."
    if not unique:
        says += " Forward, backward and its step are right, for one example and for several."
    conventions = {**conventions, "weights": layout.words}
    if initial.name:
        conventions["initialisation"] = initial.name
    return Judged(says, unique, (*initial.remarks, *_remarks(view)), conventions)


def _forward(passes: Sequence[Pass]) -> list[Finding]:
    """Say what is not right about going forward."""
    method, layout = passes[0].view.part.forward, passes[0].layout
    wrong = [one for one in passes if not one.forward("forward")]
    if not wrong:
        found = _shape(passes)
        if not layout.bias:
            found.append(Finding("no-bias", "It has no bias.", 0.7))
        elif not all(one.forward("again") for one in passes):
            found.append(_later(passes))
        return found
    if all(not one.single for one in wrong):
        says = f"`{method}` is right for one example, but not for several at once."
        return [Finding("batch", says, 0.75)]
    if all(_unbiased(one, "forward") for one in passes):
        return [Finding("forward-no-bias", f"`{method}` leaves out the bias.", 0.8)]
    return [Finding("forward", f"`{method}` {_did(wrong[0])}.", 0.6)]


def _did(one: Pass) -> str:
    """Tell what going forward did instead of what it should."""
    step, (x, grad, _) = one.step("forward"), one.arguments
    if step is None:
        return "was not called any more"
    if step.error:
        return f"raises {step.error.rstrip('.')}"
    if step.array is None:
        return f"gives no array ({step.type})"
    if not np.isfinite(step.array).all():
        return "gives numbers that are not finite"
    if step.array.shape != (len(x), grad.shape[-1]):
        return f"gives the shape {step.array.shape} for inputs of {x.shape}"
    return "gives other values than x W + b"


def _later(passes: Sequence[Pass]) -> Finding:
    """Name what is wrong once the parameters have changed."""
    method = passes[0].view.part.forward
    if all(_unbiased(one, "again") for one in passes):
        return Finding("forward-no-bias", f"`{method}` leaves out the bias.", 0.8)
    return Finding("stale", f"`{method}` does not use the parameters after a step.", 0.7)


def _unbiased(one: Pass, what: str) -> bool:
    weights = one.weights_after if what == "again" else one.weights
    return weights is not None and one.gave(what, one.arguments[0] @ weights)


def _shape(passes: Sequence[Pass]) -> list[Finding]:
    """Say where right values come in another shape."""
    for one in passes:
        step, wanted = one.step("forward"), (len(one.arguments[0]), one.weights.shape[1])
        if step is not None and step.array is not None and step.array.shape != wanted:
            says = f"`{one.view.part.forward}` gives the shape {step.array.shape} for {wanted}."
            return [Finding("shape", says, 0.75)]
    return []


def _initial(view: View, layout: Layout) -> Initial:
    """Judge how layers begin, by many that were only built."""
    step = view.result.step("initial")
    if step is None or step.error:
        return Initial("", remarks=("How the weights begin could not be seen.",))
    paths = [f"[{number}]{layout.weights}" for number in range(LAYERS)]
    arrays = [step.values[path].array for path in paths if path in step.values]
    if len(arrays) < LAYERS or len({array.shape for array in arrays}) > 1:
        return Initial("", remarks=("How the weights begin could not be seen.",))
    stacked = np.stack(arrays).astype(float)
    return judge_initial(stacked if layout.inputs_first else stacked.transpose(0, 2, 1))


def _besides(view: View, passes: Sequence[Pass]) -> list[Finding]:
    """Say what else there is: arguments that were changed, another library, another order."""
    elsewhere = other_library(view)
    found = list(elsewhere)
    if _chose(view, COLUMNS):
        says = "It takes examples as columns; a network hands them over as rows."
        found.append(Finding("columns", says, 0.75))
    if _chose(view, OUTPUTS_FIRST):
        says = "Its constructor takes the number of outputs first, then that of inputs."
        found.append(Finding("outputs-first", says, 1.0))
    steps = [step for step in view.result.steps if step.name]
    if any(step.changed for step in steps):
        says = f"{view.name} changes its arguments in place: whoever calls it loses them."
        found.append(Finding("changes-argument", says, 0.75))
    kept = passes[0].step("layer")
    libraries = {one.library for one in kept.values.values()} if kept is not None else set()
    if view.question.library == "numpy" and "torch" in libraries and not elsewhere:
        says = f"{view.name} keeps tensors of PyTorch; NumPy was asked for."
        found.append(Finding("other-library", says))
    return found


def _remarks(view: View) -> list[str]:
    part, told = view.part, []
    for flag, method in ((FORWARD, part.forward), (BACKWARD, part.backward)):
        if _is_set(view, flag):
            told.append(f"`{method}` has another name here.")
    return told


def _chose(view: View, flag: str) -> bool:
    """Say whether the notebook's process found that a layer wants something another way."""
    step = view.result.step(flag)
    return step is not None and step.array is not None and bool(step.array.any())


def _is_set(view: View, flag: str) -> bool:
    return bool(view.result.inputs.get(flag, np.array(False)).any())
