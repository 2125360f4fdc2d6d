"""An `nn.Module` judged: its layers and activations, as walking and following it show them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from grader.scoring.failures import after_failures, cause_of
from grader.scoring.probed.findings import Finding, Judged
from grader.scoring.probed.told import Told, facts_in, read_told
from grader.scoring.probed.view import View

_SINGLE = 2e-5  # relative, of sums over hundreds of products in single precision
_LOGITS = re.compile(r"\b(?:CrossEntropyLoss|cross_entropy)\b")
_NOT_CLASSES = {
    "object": "{name} is an object; a class derived from nn.Module was asked for.",
    "function": "{name} is a function that makes a network; a class derived from nn.Module was asked for.",
    "other": "There is no class {name}; the one network of PyTorch's layers was judged instead.",
}


@dataclass(frozen=True)
class Stage:
    """An affine map of a module, and what becomes of its numbers before the next."""

    before: np.ndarray
    weight: np.ndarray  # (H, D), as torch keeps it
    bias: np.ndarray | None
    after: np.ndarray  # as the module has it
    left: np.ndarray | None  # what goes on: the next map's input, or the module's output

    @property
    def sizes(self) -> tuple[int, int]:
        """Inputs and outputs."""
        return self.weight.shape[1], self.weight.shape[0]

    @property
    def is_bent(self) -> bool:
        """Whether anything but the map itself goes on."""
        if self.left is None or self.left.shape != self.after.shape:
            return False
        return not np.allclose(self.left, self.after, rtol=_SINGLE, atol=1e-6)

    @property
    def is_exact(self) -> bool:
        """Whether the map gives what its weights give when computed here."""
        expected = self.before.astype(float) @ self.weight.astype(float).T
        if self.bias is not None:
            expected = expected + self.bias.astype(float)
        scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
        return expected.shape == self.after.shape and bool(
            np.allclose(expected, self.after, rtol=_SINGLE, atol=_SINGLE * scale)
        )


def judge_module(view: View) -> Judged:
    """Judge a module by its architecture."""
    kind = view.result.step("kind")
    if kind is None or kind.error:
        return _unmade(view)
    traced, standing = (read_told(view.result.step(name)) for name in ("traced", "standing"))
    if traced is None:
        return _not_followed(view, standing)
    stages = list(_stages(traced))
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
    walked = _walked(standing)
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
    between = _between(traced)
    findings = [*_sizes(view, sizes), *_values(view, traced, stages)]
    conventions: dict[str, str] = {}
    if not any(one.id == "sizes" for one in findings):
        bent, conventions = _activations(view, traced, stages)
        findings += bent
    if kind in _NOT_CLASSES:
        findings.append(Finding("no-class", _NOT_CLASSES[kind].format(name=view.name), 1.0))
    findings += _unused(view, traced, sizes)
    parameters = traced.number("parameters")
    says = (
        f"{view.name} has the layers {_shape(sizes)} with {', '.join(between) or 'no activations'}"
    )
    says += f", {int(parameters):,} parameters." if parameters else "."
    facts = {"parameters": parameters} if parameters else {}
    return Judged(says, tuple(findings), conventions=conventions, facts=facts)


def _stages(traced: Told) -> Iterator[Stage]:
    """Read the affine maps in order; a table that does not fit together ends them."""
    number = 0
    while f"weight{number}" in traced.arrays:
        arrays = [traced.arrays.get(f"{name}{number}") for name in ("before", "weight", "after")]
        before, weight, after = arrays
        if before is None or weight is None or after is None or weight.ndim != 2:
            return
        if before.ndim != 2 or before.shape[1] != weight.shape[1] or not weight.size:
            return
        left = traced.arrays.get(f"before{number + 1}", traced.arrays.get("outputs"))
        bias = traced.arrays.get(f"bias{number}")
        bias = bias if bias is not None and bias.size == weight.shape[0] else None
        yield Stage(before, weight, None if bias is None else bias.reshape(-1), after, left)
        number += 1


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
        findings += _unlike(view, stages, skip_last=bool(conventions))
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


def _unused(view: View, traced: Told, sizes: tuple[int, ...]) -> list[Finding]:
    walked = traced.facts.get("walked")
    count = len(walked) if isinstance(walked, list) else 0
    if count <= len(sizes) - 1:
        return []
    says = f"{view.name} holds {count} layers, of which {len(sizes) - 1} take part in the forward pass."
    return [Finding("unused-layer", says, 1.0)]


def _between(traced: Told) -> list[str]:
    """Name what the module does between its layers."""
    groups = traced.facts.get("between")
    names = groups if isinstance(groups, list) else []
    return [
        " ".join(str(one)[:30] for one in group[:4])
        for group in names[:20]
        if isinstance(group, list) and group
    ]


def _walked(standing: Told | None) -> tuple[int, ...]:
    """Read the sizes of the layers a module holds."""
    pairs = standing.facts.get("walked") if standing is not None else None
    if not isinstance(pairs, list) or not pairs:
        return ()
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        return ()
    fitting = all(one[1] == other[0] for one, other in pairwise(pairs))
    numbers = all(type(number) is int for pair in pairs for number in pair)
    return (pairs[0][0], *(pair[1] for pair in pairs)) if fitting and numbers else ()


def _shape(sizes: tuple[int, ...]) -> str:
    return "-".join(map(str, sizes))
