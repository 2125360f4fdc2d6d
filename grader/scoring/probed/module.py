"""An `nn.Module` judged: its layers and activations, as walking and following it show them."""

import re

import numpy as np

from grader.scoring.failures import after_failures, cause_of
from grader.scoring.probed.findings import Finding, Judged
from grader.scoring.probed.followed import Stage, names_between, read_stages, sizes_walked
from grader.scoring.probed.told import Told, facts_in, read_told
from grader.scoring.probed.view import View

_LOGITS = re.compile(r"\b(?:CrossEntropyLoss|cross_entropy|BCEWithLogitsLoss|\w+_with_logits)\b")
_OF_SLOPES = {"activation-missing", "no-gradient", "other-activation"}
_NOT_CLASSES = {
    "object": "{name} is an object; a class derived from nn.Module was asked for.",
    "function": "{name} is a function; a class derived from nn.Module was asked for.",
    "other": "No class {name} has layers; the one other network of PyTorch's was judged instead.",
}


def judge_module(view: View) -> Judged:
    """Judge a module by its architecture."""
    kind = view.result.step("kind")
    if kind is None or kind.error:
        return _unmade(view)
    traced, standing = (read_told(view.result.step(name)) for name in ("traced", "standing"))
    if traced is None:
        return _not_followed(view, standing)
    stages = list(read_stages(traced))
    if not stages:
        return _without_layers(view, traced)
    return _judged(view, traced, stages, str(facts_in(kind.array).get("value", "")))


def _unmade(view: View) -> Judged:
    """Say why there is no module."""
    errors = [step.error for step in view.result.steps if step.error]
    error = errors[0] if errors else view.result.fault
    if error.startswith("LookupError"):
        says = f"No nn.Module {view.name} was found{after_failures(view.recording)}."
        return Judged(says, missing=True, cause=cause_of(view.recording))
    if not errors:
        return Judged("", (Finding("hangs", f"{view.name}() did not come to its end."),))
    return Judged("", (Finding("raises", f"{view.name}() raises {error.rstrip('.')}."),))


def _not_followed(view: View, standing: Told | None) -> Judged:
    """Judge a module that answers no example by what it holds."""
    step = view.result.step("traced")
    error = step.error.rstrip(".") if step is not None else view.result.fault
    walked = sizes_walked(standing)
    if standing is not None and not standing.number("parameters"):
        return Judged(f"{view.name} holds no layers yet.", missing=True)
    says = f"The forward pass of {view.name} raises {error}."
    right = bool(view.part.sizes) and walked == tuple(view.part.sizes)
    held = f"{view.name} holds the layers {_shape(walked)}." if walked else ""
    return Judged(held, (Finding("forward", says, 0.4 if right else 0.1),))


def _without_layers(view: View, traced: Told) -> Judged:
    if not traced.number("parameters"):
        return Judged(f"{view.name} holds no layers yet.", missing=True)
    says = f"No layer of {view.name} takes part in its forward pass."
    return Judged("", (Finding("forward", says, 0.1),))


def _judged(view: View, traced: Told, stages: list[Stage], kind: str) -> Judged:
    sizes = (stages[0].sizes[0], *(stage.sizes[1] for stage in stages))
    between = names_between(traced)
    findings = [*_sizes(view, sizes), *_values(view, traced, stages)]
    conventions: dict[str, str] = {}
    if not any(one.id == "sizes" for one in findings):
        bent, conventions = _activations(view, traced, stages)
        findings += bent
    if kind in _NOT_CLASSES:
        findings.append(Finding("no-class", _NOT_CLASSES[kind].format(name=view.name), 1.0))
    findings += [*_learning(view, traced, stages), *_alone(view, traced)]
    findings += _unused(view, traced, sizes)
    hidden = [number for number, stage in enumerate(stages, 1) if stage.is_one_sided]
    if hidden and any(one.id in _OF_SLOPES for one in findings):
        which = ", ".join(map(str, hidden))
        says = f"All numbers of layer {which} of {view.name} lie on one side of 0 as it was tried"
        return Judged(doubt=f"{says}: what follows it cannot be told. A person decides.")
    parameters = traced.number("parameters")
    says = (
        f"{view.name} has the layers {_shape(sizes)} with {', '.join(between) or 'no activations'}"
    )
    says += f", {int(parameters):,} parameters." if parameters else "."
    facts = {"parameters": parameters} if parameters else {}
    return Judged(says, tuple(findings), conventions=conventions, facts=facts)


def _sizes(view: View, sizes: tuple[int, ...]) -> list[Finding]:
    wanted = tuple(view.part.sizes)
    if not wanted or sizes == wanted:
        return []
    says = f"The layers of {view.name} are {_shape(sizes)}; {_shape(wanted)} was asked for."
    return [Finding("sizes", says, 0.4)]


def _values(view: View, traced: Told, stages: list[Stage]) -> list[Finding]:
    """Compute the affine maps once more with the module's own weights."""
    outputs = traced.arrays.get("outputs")
    if outputs is None:
        return [Finding("forward", f"The forward pass of {view.name} returns no outputs.", 0.4)]
    if not np.isfinite(outputs).all():
        return [Finding("not-finite", f"The outputs of {view.name} are not finite.", 0.4)]
    if any(stage.bias is None for stage in stages):
        return [Finding("no-bias", f"A layer of {view.name} has no bias.", 0.75)]
    if all(stage.is_exact for stage in stages):
        return []
    says = f"{view.name} gives other values than its weights do when computed by hand."
    return [Finding("forward-values", says, 0.5)]


def _activations(
    view: View, traced: Told, stages: list[Stage]
) -> tuple[list[Finding], dict[str, str]]:
    """Hold what lies after each layer against the first network's own activations."""
    straight = [number for number, stage in enumerate(stages[:-1], 1) if not stage.is_bent]
    findings = []
    if straight:
        which = ", ".join(map(str, straight))
        says = f"No activation follows layer {which} of {view.name}."
        findings.append(Finding("activation-missing", says, 0.6))
    end, conventions = _end(view, stages[-1])
    findings += end
    if not straight:
        findings += _unlike(view, stages, skip_last=bool(conventions or end))
    return findings, conventions


def _end(view: View, last: Stage) -> tuple[list[Finding], dict[str, str]]:
    """Say what the network ends with, where that is no activation of each number by itself."""
    if last.left is None or last.left.shape != last.after.shape:
        return [], {}
    if not last.is_bent:
        if _uses_logits(view):
            return [], {"output": "logits"}
        says = (
            f"No activation follows the last layer of {view.name}, and no loss that contains one."
        )
        return [Finding("last-activation-missing", says, 0.75)], {}
    left = last.left.astype(float)
    if left.shape[1] > 1 and np.allclose(left.sum(axis=1), 1, atol=1e-4) and (left >= 0).all():
        return [], {"output": "probabilities"}
    with np.errstate(over="ignore"):
        total = np.exp(left).sum(axis=1)
    if left.shape[1] > 1 and np.allclose(total, 1, atol=1e-4):
        return [], {"output": "log-probabilities"}
    return [], {}


def _uses_logits(view: View) -> bool:
    sources = [cell.source for cell in view.recording.cells]
    notebook = view.recording.handed_in
    if not sources and notebook is not None:
        sources = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return any(_LOGITS.search(source) for source in sources)


def _unlike(view: View, stages: list[Stage], *, skip_last: bool) -> list[Finding]:
    """Say where activations are not those of the notebook's own network."""
    own = read_told(view.result.step("own"))
    if own is None or own.number("count") != len(stages):
        return []
    unlike = [
        number
        for number, stage in enumerate(stages)
        if (curve := own.arrays.get(f"own{number}")) is not None
        and not (skip_last and number == len(stages) - 1)
        and stage.left is not None
        and (
            curve.shape != stage.left.shape
            or not np.allclose(curve, stage.left, rtol=1e-4, atol=1e-5)
        )
    ]
    if not unlike:
        return []
    which = ", ".join(str(number + 1) for number in unlike)
    says = f"After layer {which}, {view.name} has another activation than the first network."
    return [Finding("other-activation", says, 0.75)]


def _learning(view: View, traced: Told, stages: list[Stage]) -> list[Finding]:
    """Say which layers no training would change: an optimiser never sees or never moves them."""
    used = {stage.weight.tobytes(): stage.size for stage in stages}
    if (traced.number("parameters") or 0) < sum(used.values()):
        says = (
            f"Not all layers of {view.name} are among its parameters(), so an optimiser never "
            "sees them: a plain list hides them."
        )
        return [Finding("unregistered", says, 0.6)]
    idle = traced.sizes("idle")
    if not idle:
        return []
    which = ", ".join(map(str, idle))
    says = f"No gradient of the outputs reaches layer {which} of {view.name}: it cannot learn."
    return [Finding("no-gradient", says, 0.5)]


def _alone(view: View, traced: Told) -> list[Finding]:
    """Say that several examples are too many."""
    if traced.facts.get("alone") is not True:
        return []
    return [Finding("batch", f"{view.name} takes one example at a time, and no batch.", 0.75)]


def _unused(view: View, traced: Told, sizes: tuple[int, ...]) -> list[Finding]:
    walked = traced.facts.get("walked")
    count = len(walked) if isinstance(walked, list) else 0
    if count <= len(sizes) - 1:
        return []
    says = f"{view.name} holds {count} layers, of which {len(sizes) - 1} take part as it answers."
    return [Finding("unused-layer", says, 1.0)]


def _shape(sizes: tuple[int, ...]) -> str:
    return "-".join(map(str, sizes))
