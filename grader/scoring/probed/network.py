"""A network's `predict` judged: outputs, and with labels the mean loss and the accuracy."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from grader.recording.model import StepResult
from grader.scoring.probed.findings import Finding, Judged
from grader.scoring.probed.told import Told, read_told
from grader.scoring.probed.view import CaseView, View

_NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_TOLERANCE = 1e-6
Settings = dict[str, Any]
Known = Mapping[int, list[tuple[Settings, Mapping[str, float]]]]  # by the case


def judge_network(view: View) -> Judged:
    """Judge `predict` on a network that was built from the student's own layers."""
    built = view.result.step("built")
    if built is None or built.error:
        return _unbuilt(view)
    if not any(_own(view, case) is not None for case in view.cases):
        doubt = f"The layers {view.name} is made of give nothing to hold `predict` against."
        return Judged(doubt=f"{doubt} A person decides.")
    if _is_blank(view):
        return Judged(f"The `predict` of {view.name} returns nothing yet.", missing=True)
    known = {case.number: list(_predictions(view, case)) for case in view.cases}
    found, conventions = _accuracy(view, known)
    findings = _outputs(view)
    if not any(one.id == "raises" for one in findings):  # else there is nothing to look through
        findings += [*_loss(view, known), *found]
    says = f"{view.name}.predict was called on a small network."
    if not findings:
        says = f"{view.name}.predict gives the outputs, the mean loss and the accuracy it should."
    return Judged(says, tuple(findings), _mended(view), conventions=conventions)


def _mended(view: View) -> tuple[str, ...]:
    """Tell where others stood in for the student's own layers."""
    mended = view.result.array("mended")
    if mended is None or not mended.any():
        return ()
    return (
        "Your own layers fail on these examples; `predict` was tried with others in their place.",
    )


def _own(view: View, case: CaseView) -> np.ndarray | None:
    """Return what the layers give for a case, one after the other; None where they give nothing."""
    own = view.result.array(f"own{case.number}")
    if own is None or own.ndim != 2:
        return None
    return own if len(own) == _count(case) and np.isfinite(own).all() else None


def _unbuilt(view: View) -> Judged:
    """Say that no network could be built, and by whose doing."""
    errors = [step.error for step in view.result.steps if step.error]
    reason = errors[0].rstrip(".") if errors else view.result.fault
    doubt = f"No network could be built of {view.name} to try `predict` on ({reason})"
    return Judged(doubt=f"{doubt}; a person decides.")


def _is_blank(view: View) -> bool:
    told = [
        read_told(view.result.step(f"{way}{c.number}"))
        for c in view.cases
        for way in ("plain", "case")
    ]
    errors = any(step.error for step in view.result.steps)
    return not errors and all(
        one is not None and one.facts.get("nothing") is True and not one.text("printed")
        for one in told
    )


def _outputs(view: View) -> list[Finding]:
    """Hold the outputs against what the layers give one by one; the same fault is told once."""
    plain, labelled = _of_way(view, "plain"), _of_way(view, "case")
    if plain is not None and labelled is not None and plain.id == labelled.id:
        return [replace(labelled, worth=max(0.0, plain.worth + labelled.worth - 1))]
    return [one for one in (plain, labelled) if one is not None]


def _of_way(view: View, way: str) -> Finding | None:
    """Return what is first found to be wrong with one way of calling."""
    for case in view.cases:
        own = _own(view, case)
        if own is None:
            continue
        step = view.result.step(f"{way}{case.number}")
        finding = _of_answer(view, case, step, own, labelled=way == "case")
        if finding is not None:
            return finding
    return None


def _of_answer(
    view: View, case: CaseView, step: StepResult | None, own: np.ndarray, *, labelled: bool
) -> Finding | None:
    """Say what is wrong with the outputs of one call; None where nothing is."""
    call = f"{view.name}.predict {'with labels' if labelled else 'without labels'} ({case.label})"
    if step is None:
        late = f"{call} did not come to its end."
        return Finding("hangs", late, 0.25 if labelled else 0.75)
    if step.error:
        says = f"{call} raises {step.error.rstrip('.')}."
        return Finding("raises", says, 0.25 if labelled else 0.75)
    told = read_told(step)
    outputs = told.arrays.get("outputs") if told is not None else None
    id_, fault = _fault(outputs, own)
    worth = 0.6 if labelled else 0.75
    return Finding(id_, f"{call} returns {fault}.", worth) if fault else None


def _fault(outputs: np.ndarray | None, own: np.ndarray) -> tuple[str, str]:
    """Name what is wrong with outputs, and say it; "" where nothing is."""
    if outputs is None:
        return "outputs", "no outputs, one row for each example"
    if outputs.shape != own.shape:
        return "outputs", f"{outputs.size:,} numbers where {own.size:,} outputs are to be"
    if not np.isfinite(outputs).all():
        return "not-finite", "outputs that are not finite"
    if not np.allclose(outputs, own, rtol=1e-5, atol=1e-7):
        return "outputs", "other outputs than its layers give, one after the other"
    return "", ""


def _loss(view: View, known: Known) -> list[Finding]:
    """Look for the mean loss among what came back: by the network's own loss, or any right one."""
    for case in view.cases:
        told = _answered(view, case)
        own = _numbers(view.result.array(f"loss{case.number}"))
        if told is None:
            continue
        allowed = [*own, *(parts["loss"] for _, parts in known[case.number])]
        if not allowed or _has(told, allowed):
            continue
        total = [count * one for one in own for count in [_count(case)]]
        says = f"{view.name}.predict does not give the mean loss over {case.label}"
        if _count(case) > 1 and _has(told, total):
            return [Finding("loss-summed", f"{says}, but the sum of all losses.", 0.75)]
        return [Finding("loss", f"{says}.", 0.7)]
    return []


def _accuracy(view: View, known: Known) -> tuple[list[Finding], dict[str, str]]:
    """Look for the accuracy, and for the rule by which it was counted."""
    fitting: list[list[Settings]] = []
    for case in view.cases:
        told = _answered(view, case)
        predictions = known[case.number]
        if told is None or not predictions:
            continue
        fitting.append([one for one, parts in predictions if _has(told, [parts["accuracy"]])])
    if not fitting:
        return [], {}
    common = [one for one in fitting[0] if all(one in other for other in fitting[1:])]
    if not common:
        return [Finding("accuracy", f"{view.name}.predict does not give the accuracy.", 0.7)], {}
    accepted = [one for one in common if _is_accepted(view, one)]
    if accepted:
        return [], {k: str(v) for k, v in accepted[0].items() if k in view.part.accept}
    return [_rule(view, min(common, key=lambda one: len(_odd(view, one))))], {}


def _rule(view: View, settings: Settings) -> Finding:
    """Name the rule by which an accuracy was counted: in the rubric's words where it has any."""
    odd = _odd(view, settings)
    for mistake in view.question.mistake:
        if mistake.when and all(odd.get(name) == value for name, value in mistake.when.items()):
            return Finding(mistake.id, mistake.says, mistake.worth)
    told = ", ".join(f"{name}: {str(value).replace('_', ' ')}" for name, value in odd.items())
    says = f"{view.name}.predict counts hits by another rule than the largest output ({told})."
    return Finding("accuracy-rule", says, 0.75)


def _odd(view: View, settings: Settings) -> Settings:
    """Return the settings that are neither usual nor accepted, of those the accuracy hangs on."""
    return {k: v for k, v in settings.items() if v not in _allowed(view, k)}


def _is_accepted(view: View, settings: Settings) -> bool:
    return not _odd(view, settings)


def _allowed(view: View, setting: str) -> list[Any]:
    family = view.predictions.reference.family(view.part.expect or "")
    accepted = view.part.accept.get(setting)
    if accepted is None:
        return [family.defaults[setting]]
    return accepted if isinstance(accepted, list) else [accepted]


def _predictions(view: View, case: CaseView) -> Iterator[tuple[Settings, Mapping[str, float]]]:
    """Predict loss and accuracy from the layers' outputs, under every setting there is."""
    own = _own(view, case)
    if view.part.expect is None or own is None:
        return
    family = view.predictions.reference.family(view.part.expect)
    labels = list(case.arguments.values())[-1]
    if own.size != labels.size:  # the network is not the one that was to be built
        return
    given = {**view.predictions.given, **case.arguments, "outputs": own}
    for values in product(*family.settings.values()):
        settings = dict(zip(family.settings, values, strict=True))
        parts = family.function(given, **settings)
        if parts is not None:
            yield settings, {name: float(np.asarray(part)) for name, part in parts.items()}


def _answered(view: View, case: CaseView) -> Told | None:
    return read_told(view.result.step(f"case{case.number}"))


def _has(told: Told, wanted: list[float]) -> bool:
    """Say whether one of these numbers is among those returned or printed."""
    returned = told.arrays.get("numbers", np.empty(0)).astype(float).reshape(-1)
    if any(np.isclose(returned, one, rtol=1e-5, atol=_TOLERANCE).any() for one in wanted):
        return True
    for text in _NUMBER.findall(told.text("printed")):
        digits = len(text.partition(".")[2]) if "e" not in text.lower() else 6
        if any(abs(float(text) - one) <= 0.5 * 10**-digits + _TOLERANCE for one in wanted):
            return digits > 1 or float(text) in wanted
    return False


def _numbers(array: np.ndarray | None) -> list[float]:
    found = np.empty(0) if array is None else array.reshape(-1)
    return [float(one) for one in found if np.isfinite(one)]


def _count(case: CaseView) -> int:
    return len(next(iter(case.arguments.values())))
