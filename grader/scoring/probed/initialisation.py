"""How the weights of new layers were drawn: their variance, held against the usual methods."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from grader.scoring.probed.findings import Finding

_SIGMAS = 4.9  # of a normal distribution: both tails together are one in a million
_UNIFORM, _NORMAL = 1.8, 3.0  # the fourth moment over the squared variance
_ORDER_ONE = 0.25  # a mean above it is no matter of scaling
_LARGE = 0.5  # of the variance, whatever the number of inputs


@dataclass(frozen=True)
class Initial:
    """How weights were drawn: a name, and what is to be said of it."""

    name: str
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Method:
    """A way to draw weights around 0."""

    name: str
    variance: float
    kurtosis: float


def judge_initial(weights: np.ndarray) -> Initial:
    """Judge the weights of new layers, shape (layers, inputs, outputs).

    What is found fault with is certain (weights all equal, all of one sign, not finite); only
    the name of the method rests on statistics, and a method is missed once in a
    million times.
    """
    if not np.isfinite(weights).all():
        says = "The weights start with values that are not finite."
        return Initial("not finite", (Finding("initialisation", says, 0.6),))
    if float(np.ptp(weights)) == 0.0:
        return _constant(float(weights.flat[0]))
    same = len(weights) > 1 and bool((weights == weights[:1]).all())
    drawn = weights[:1] if same else weights
    remarks = ("Every new layer starts with the same weights: the seed is set inside.",)
    found = _positive(drawn) or _around_zero(drawn)
    return Initial(found.name, found.findings, remarks if same else ())


def methods(inputs: int, outputs: int) -> list[Method]:
    """List the usual ways to draw weights, the most usual first."""
    variances = {
        "Xavier": 2 / (inputs + outputs),
        "He": 2 / inputs,
        "LeCun": 1 / inputs,
        "He by the outputs": 2 / outputs,
        "LeCun by the outputs": 1 / outputs,
    }
    shapes = {"uniform": _UNIFORM, "normal": _NORMAL}
    usual = [
        Method(f"{name} ({shape})", variance, kurtosis)
        for name, variance in variances.items()
        for shape, kurtosis in shapes.items()
    ]
    bounded = {
        "uniform within 1/sqrt(inputs)": 1 / sqrt(inputs),
        "uniform within 1/sqrt(outputs)": 1 / sqrt(outputs),
        **{f"uniform within {bound:g}": bound for bound in (1.0, 0.5, 0.1, 0.05, 0.01)},
    }
    usual += [Method(name, bound**2 / 3, _UNIFORM) for name, bound in bounded.items()]
    spreads = (1.0, 0.5, 0.1, 0.05, 0.01, 0.001)
    return usual + [Method(f"normal with deviation {s:g}", s**2, _NORMAL) for s in spreads]


def _constant(value: float) -> Initial:
    says = f"All weights start as {value:g}: all units of a layer stay alike and learn the same."
    return Initial("all alike", (Finding("initialisation", says, 0.8),))


def _positive(drawn: np.ndarray) -> Initial | None:
    """Name weights that are all of one sign."""
    if float(drawn.min()) < 0 < float(drawn.max()):
        return None
    sign = "positive" if drawn.max() > 0 else "negative"
    if abs(float(drawn.mean())) < _ORDER_ONE:
        says = f"No weight starts with the other sign: all are {sign}."
        return Initial(f"all {sign}, scaled", (Finding("initialisation-one-sign", says, 1.0),))
    says = f"The weights start all {sign} and large, as plain `rand` draws them: "
    says += "a network of such layers does not train."
    return Initial("plain rand", (Finding("initialisation", says, 0.8),))


def _around_zero(drawn: np.ndarray) -> Initial:
    """Name weights of both signs by their variance and their distribution."""
    inputs, outputs = drawn.shape[1:]
    fitting = [one for one in methods(inputs, outputs) if _fits(one, drawn)]
    variance = float(drawn.var())
    name = fitting[0].name if fitting else f"deviation {sqrt(variance):.2g}, by no usual method"
    if variance < _LARGE:
        return Initial(name)
    says = "The weights start with a deviation that does not shrink with the number of inputs: "
    says += "many inputs saturate what follows the layer."
    return Initial(name, (Finding("initialisation-large", says, 1.0),))


def _fits(method: Method, drawn: np.ndarray) -> bool:
    """Say whether mean, variance and fourth moment are those of a method, up to chance."""
    squares, count = method.variance, drawn.size
    if abs(float(drawn.mean())) > _SIGMAS * sqrt(squares / count):
        return False
    spread = sqrt((method.kurtosis - 1) / count)
    if abs(float(np.mean(drawn**2)) / squares - 1) > _SIGMAS * spread:
        return False
    fourth = float(np.mean(drawn**4)) / float(np.mean(drawn**2)) ** 2
    return abs(fourth - method.kurtosis) < abs(_UNIFORM - _NORMAL) / 2
