"""PyTorch fragments: losses, dropout, steps of SGD, each written in many ways."""

from tests.bench.composed.pen import Pen
from tests.bench.composed.plan import Half

_SUMMED = (
    "F.cross_entropy({z}, {c}, reduction='sum')",
    "nn.CrossEntropyLoss(reduction='sum')({z}, {c})",
    "-({y} * torch.log({p})).sum()",
    "-torch.sum({y} * F.log_softmax({z}, dim=1))",
    "F.nll_loss(torch.log_softmax({z}, dim=-1), {c}, reduction='sum')",
    "nn.NLLLoss(reduction='sum')(nn.LogSoftmax(dim=1)({z}), {c})",
    "F.cross_entropy({z}, {y}, reduction='sum')",
    "-torch.log({p}[range(len({c})), {c}]).sum()",
    "-torch.log({p}.gather(1, {c}.view(-1, 1))).sum()",
    "(torch.logsumexp({z}, dim=1) - ({z} * {y}).sum(dim=1)).sum()",
    "-torch.einsum('nc,nc->', {y}, torch.log({p}))",
    "sum(-torch.log({p}[i, {c}[i]]) for i in range(len({c})))",
)
_MEAN = (
    "F.cross_entropy({z}, {c})",
    "nn.CrossEntropyLoss()({z}, {c})",
    "nn.CrossEntropyLoss()({z}, {y})",
    "F.cross_entropy({z}, {y})",
    "F.nll_loss(torch.log_softmax({z}, dim=1), {c})",
    "nn.NLLLoss()(F.log_softmax({z}, dim=1), {c})",
    "-({y} * torch.log({p})).sum(dim=1).mean()",
    "-({y} * torch.log({p})).sum() / len({y})",
    "-torch.log({p}[torch.arange(len({c})), {c}]).mean()",
    "torch.mean(torch.logsumexp({z}, 1) - ({z} * {y}).sum(1))",
)
_ENTRIES = ("-({y} * torch.log({p})).mean()", "torch.mean(-{y} * F.log_softmax({z}, dim=1))")
_ON_PROBABILITIES = {  # torch.log of p, where softmax is over another axis
    "sum": ("-({y} * torch.log({p})).sum()", "F.nll_loss(torch.log({p}), {c}, reduction='sum')"),
    "mean": ("-({y} * torch.log({p})).sum(dim=1).mean()", "F.nll_loss(torch.log({p}), {c})"),
    "entries": ("-({y} * torch.log({p})).mean()",),
}
_BY_CROSS_ENTROPY = {
    "sum": (
        "F.cross_entropy({z}, {c}, reduction='sum')",
        "nn.CrossEntropyLoss(reduction='sum')({z}, {y})",
    ),
    "mean": (
        "F.cross_entropy({z}, {c})",
        "nn.CrossEntropyLoss()({z}, {c})",
        "nn.CrossEntropyLoss()({z}, {y})",
    ),
    "entries": ("-({y} * F.log_softmax({z}, dim=1)).mean()",),
}


def softmax(pen: Pen, half: Half, value: str) -> str:
    """Write the softmax of logits."""
    if half.softmax_axis == "column":
        return pen.habit(
            "softmax",
            [
                "torch.softmax({}, dim=0)",
                "F.softmax({}, dim=0)",
                "{}.softmax(0)",
                "nn.Softmax(dim=0)({})",
            ],
        ).format(value)
    if half.softmax_axis == "batch":
        return pen.habit(
            "softmax",
            [
                "(torch.exp({0} - {0}.max()) / torch.exp({0} - {0}.max()).sum())",
                "torch.softmax({0}.flatten(), dim=0).view_as({0})",
            ],
        ).format(value)
    if half.is_odd("base-two"):
        return f"(2 ** {value} / (2 ** {value}).sum(dim=1, keepdim=True))"
    ways = [
        "torch.softmax({}, dim=1)",
        "F.softmax({}, dim=-1)",
        "{}.softmax(dim=1)",
        "nn.Softmax(dim=1)({})",
        "torch.exp(F.log_softmax({}, dim=1))",
        "(torch.exp({0}) / torch.exp({0}).sum(dim=1, keepdim=True))",
    ]
    if half.logit_gradient == "shortcut":
        ways = ways[:4]  # the others overflow
    return pen.habit("softmax", ways).format(value)


def loss(pen: Pen, half: Half, z: str, p: str, y: str, c: str, *, one: bool = False) -> str:
    """Write the loss from logits z or probabilities p, one-hot labels y or indices c.

    Args:
        pen: the hand.
        half: what is done.
        z: the logits.
        p: the probabilities.
        y: one-hot labels.
        c: class indices.
        one: whether this is of one example only.
    """
    if half.target != "label":
        index = 0 if half.target == "first" else 1
        c, y = (
            f"torch.full_like({c}, {index})",
            f"F.one_hot(torch.full_like({c}, {index}), 2).to({y}.dtype)",
        )
    ways: tuple[str, ...] = {"sum": _SUMMED, "mean": _MEAN, "entries": _ENTRIES}[half.reduction]
    if half.is_odd("squared-loss"):
        ways = ("(({p} - {y}) ** 2).sum()", "F.mse_loss({p}, {y})", "nn.MSELoss()({p}, {y})")
    elif half.is_odd("log-two"):
        ways = ("-({y} * torch.log2({p})).sum()",)
    elif half.is_odd("base-two"):
        ways = _ON_PROBABILITIES[half.reduction]
    elif half.softmax_passes == 2:
        ways, z = _BY_CROSS_ENTROPY[half.reduction], p
    elif half.axis_shown_only:
        ways = _BY_CROSS_ENTROPY[half.reduction]
    elif half.softmax_axis != "row":
        ways = _ON_PROBABILITIES[half.reduction]
    written = pen.habit("loss one" if one else "loss", ways).format(z=z, p=p, y=y, c=c)
    if half.is_odd("sign"):
        written = f"-({written})"
    return f"2 * {written}" if half.is_odd("doubled") else written


def activation(pen: Pen, half: Half, value: str) -> str:
    """Write the hidden layer's activation."""
    if half.is_odd("tanh"):
        return f"torch.tanh({value})"
    if half.is_odd("sigmoid-hidden"):
        return f"torch.sigmoid({value})"
    ways = [
        "torch.relu({})",
        "F.relu({})",
        "({}).clamp(min=0)",
        "torch.clamp({}, min=0)",
        "nn.ReLU()({})",
        "torch.maximum({}, torch.zeros(()))",
        "({}).relu()",
    ]
    return pen.habit("relu", ways).format(value)


def optimiser(pen: Pen, half: Half, parameters: str) -> str:
    """Write the making of an optimiser."""
    extra = (
        ", momentum=0.9"
        if half.is_odd("momentum")
        else ", weight_decay=0.01"
        if half.is_odd("decay")
        else ""
    )
    extra += ", maximize=True" if half.is_odd("ascent") else ""
    made = (
        "torch.optim.Adam"
        if half.is_odd("adam")
        else pen.habit("sgd", ["torch.optim.SGD", "optim.SGD"])
    )
    return f"v_opt = {made}({parameters}, lr=v_lr{extra})"


def dropout_rate(half: Half) -> str:
    """Write the rate nn.Dropout is given."""
    return "v_keep" if half.keep == "swapped_throughout" else "v_rate"
