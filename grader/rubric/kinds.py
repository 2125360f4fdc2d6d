"""What each kind of part needs, which keys it has a use for, and what judging it may find."""

from collections.abc import Mapping

from grader.rubric.parts import Kind

CLASSES = frozenset[Kind]({"layer", "module", "network"})
TRAINED = frozenset[Kind]({"training", "contest"})
DIRECT = frozenset[Kind]({"function", "derivative", "loss"})
"""Kinds whose answers the reference predicts from the inputs alone."""

NEEDED: Mapping[Kind, Mapping[str, str]] = {
    "function": {
        "expect": "what it is held against",
        "inputs": "what it is called with",
    },
    "derivative": {
        "of": "the function it is the derivative of",
        "inputs": "what it is called with",
    },
    "loss": {
        "expect": "what it is held against",
        "inputs": "what it is called with",
    },
    "layer": {"inputs": "what it is called with"},
    "network": {
        "build": "the network that is asked",
        "inputs": "what it is asked about",
    },
    "training": {"inputs": "the examples it is tried on"},
    "contest": {
        "of": "the network it is to beat",
        "inputs": "the examples both are tried on",
    },
}
"""Keys that a kind cannot do without, and what they are there for."""

OF_USE: Mapping[str, frozenset[Kind]] = {
    "of": TRAINED | {"derivative", "loss", "module"},
    "forward": CLASSES | TRAINED,
    "backward": frozenset({"layer"}),
    "build": TRAINED | {"module", "network"},
    "sizes": TRAINED | {"module"},
    "threshold": frozenset({"training"}),
}
"""Keys that only some kinds have a use for; every other key is for all of them."""

_CALLED = ("wrong", "changes-argument", "integers", "overflow", "overflow-warning", "shape")
_LIMITS = ("inexact", "no-arrays", "no-rows", "whole-numbers")
_ARRAYS = (*_CALLED, *_LIMITS, "batch", "kink", "other-library", "single-number", "vector")
_SLOPES = ("follows", "own-differs", "wrong-sign")

FINDINGS: Mapping[Kind, tuple[str, ...]] = {
    "function": _ARRAYS,
    "derivative": (*_ARRAYS, *_SLOPES, "takes-output"),
    "loss": (
        *_ARRAYS,
        *_SLOPES,
        "inconsistent",
        "inconsistent-batch",
        "not-reduced",
        "of-the-labels",
        "per-example",
        "scaled",
        "stacked",
    ),
    "layer": (
        "adds-up",
        "backward",
        "batch",
        "bias-not-updated",
        "bias-update",
        "changes-argument",
        "columns",
        "constructor",
        "forward",
        "forward-no-bias",
        "initialisation",
        "initialisation-large",
        "initialisation-one-sign",
        "input-gradient",
        "learning-rate-ignored",
        "learning-rate-twice",
        "momentum",
        "next-step",
        "no-bias",
        "not-in-place",
        "old-input",
        "other-library",
        "outputs-first",
        "parameters",
        "returns-more",
        "shape",
        "stale",
        "step-size",
        "transposed",
        "update-first",
        "weights-not-updated",
        "weights-update",
        "wrong-sign",
    ),
    "module": (
        "activation-missing",
        "forward",
        "forward-values",
        "hangs",
        "last-activation-missing",
        "no-bias",
        "no-class",
        "no-gradient",
        "not-finite",
        "other-activation",
        "raises",
        "sizes",
        "unregistered",
        "unused-layer",
    ),
    "network": (
        "accuracy",
        "accuracy-rule",
        "hangs",
        "loss",
        "loss-summed",
        "not-finite",
        "outputs",
        "raises",
    ),
    "training": (
        "accuracy",
        "activation-missing",
        "claim",
        "loss",
        "no-outputs",
        "not-finite",
        "sizes",
    ),
    "contest": (
        "no-outputs",
        "not-better",
        "not-finite",
        "not-significant",
        "other-library",
        "same-architecture",
        "untrained",
    ),
}
"""What judging a part of a kind may find; a new finding is one line here, and one in the docs."""
