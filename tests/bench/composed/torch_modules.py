"""PyTorch halves made of modules: subclasses of nn.Module, nn.Sequential, own parameters."""

from tests.bench.composed import torch_core
from tests.bench.composed.masks import draw
from tests.bench.composed.numpy_core import scaling
from tests.bench.composed.numpy_rows import Cells
from tests.bench.composed.pen import Pen, indented
from tests.bench.composed.plan import Half
from tests.bench.composed.torch_around import around

_FILLED = (
    "{l}.weight = nn.Parameter({w}.T.clone())",
    "{l}.weight.data = {w}.t().clone()",
    "{l}.weight.data.copy_({w}.T)",
    "with torch.no_grad():\n    {l}.weight.copy_({w}.T)",
    "{l}.load_state_dict({{'weight': {w}.T}}, strict=False)",
    "{l}.weight.data[:] = {w}.transpose(0, 1)",
)


def module(pen: Pen, half: Half, data: list[str]) -> dict[str, Cells]:
    """Write a subclass of nn.Module with two linear layers, or with parameters of its own."""
    own = half.bias == "none" and pen.often(0.3)
    first, second = pen.one(
        ("fc1", "fc2"), ("linear1", "linear2"), ("hidden", "out"), ("l1", "l2"), ("W1", "W2")
    )
    define, weights = (_with_parameters if own else _with_layers)(pen, half, first, second)
    made = "v_Net(v_rate)" if _takes_rate(half) else "v_Net()"
    return around(pen, half, data, define, made, weights, turned=not own)


def sequential(pen: Pen, half: Half, data: list[str]) -> dict[str, Cells]:
    """Write a function that makes nn.Sequential stacks."""
    bias = "" if half.bias == "random" else ", bias=False"
    act = (
        "nn.Tanh()"
        if half.is_odd("tanh")
        else "nn.Sigmoid()"
        if half.is_odd("sigmoid-hidden")
        else "nn.ReLU()"
    )
    kind = ", dtype=v_X.dtype"
    end = ", nn.Softmax(dim=1)" if half.softmax_passes == 2 else ""
    rate = torch_core.dropout_rate(half)
    first, last = f"nn.Linear(3, 4{bias}{kind})", f"nn.Linear(4, 2{bias}{kind})"
    plain = f"nn.Sequential({first}, {act}, {last}{end})"
    drop = f"nn.Sequential({first}, {act}, nn.Dropout({rate}), {last}{end})"
    if half.dropout == "input":
        drop = f"nn.Sequential(nn.Dropout({rate}), {first}, {act}, {last}{end})"
    fill = pen.one(*_FILLED)
    places = (
        ("net[0]", "net[2]"),
        (("net[1]", "net[3]") if half.dropout == "input" else ("net[0]", "net[3]")),
    )
    define: list[str] = []
    for name, stack, (one, two) in (("plain", plain, places[0]), ("dropping", drop, places[1])):
        body = [
            f"net = {stack}",
            *fill.format(l=one, w="v_w1").split("\n"),
            *fill.format(l=two, w="v_w2").split("\n"),
            "return net",
        ]
        define += [f"def {name}(v_rate=0.4, v_keep=0.6):", *indented(body), ""]
    weights = (
        ("{net}[0].weight", "{net}[2].weight"),
        tuple(place.replace("net", "{net}") + ".weight" for place in places[1]),
    )
    return around(
        pen,
        half,
        data,
        define,
        "plain()",
        weights[0],
        turned=True,
        drop=("dropping(v_rate, v_keep)", weights[1]),
    )


def _takes_rate(half: Half) -> bool:
    return True


def _forward_lines(pen: Pen, half: Half, first: str, second: str) -> list[str]:
    """Write the body of forward(self, x), with dropout where the module is told to."""
    rate = "self.rate"
    inner = []
    drop = ""
    if half.dropout in {"hidden", "input"} or half.is_odd("unused"):
        manual = (
            half.scale == "none"
            or half.mask_per == "batch"
            or half.keep == "swapped"
            or half.is_odd("scaled-by-rate")
        )
        if manual:
            units = 3 if half.dropout == "input" else 4
            rows = 2 if half.steps == "together" else 1
            own = pen.habit("shared", [0, 1]) if half.mask_per == "batch" and rows == 2 else rows
            drawn = f"v_mask = {draw(pen, half, own, units, like='')}{scaling(half)}"
            drop = (
                "if self.rate and self.training:\n    "
                + drawn.replace("v_X.dtype", "v_x.dtype").replace("v_X)", "v_x)")
                + "\n    {v} = {v} * v_mask"
            )
        else:
            drop = pen.one(
                "{v} = F.dropout({v}, p=" + rate + ", training=self.training and self.rate > 0)",
                "{v} = self.drop({v})",
                "if self.rate:\n    {v} = self.drop({v})",
            )
    if half.dropout == "input" and drop:
        inner += drop.format(v="v_x").split("\n")
    inner.append(f"v_h = {torch_core.activation(pen, half, first)}")
    if half.dropout == "hidden":
        inner += drop.format(v="v_h").split("\n")
    inner.append(f"v_z2 = {second}")
    return [
        *inner,
        "return " + (torch_core.softmax(pen, half, "v_z2") if half.softmax_passes == 2 else "v_z2"),
    ]


def _with_layers(
    pen: Pen, half: Half, first: str, second: str
) -> tuple[list[str], tuple[str, str]]:
    bias = "" if half.bias == "random" else ", bias=False"
    fill = pen.one(*_FILLED)
    init = ["super().__init__()", "self.rate = v_rate", "self.drop = nn.Dropout(v_rate)"]
    init += [
        f"self.{first} = nn.Linear(3, 4{bias}).to(v_X.dtype)",
        f"self.{second} = nn.Linear(4, 2{bias}).to(v_X.dtype)",
    ]
    init += [
        *fill.format(l=f"self.{first}", w="v_w1").split("\n"),
        *fill.format(l=f"self.{second}", w="v_w2").split("\n"),
    ]
    forward = _forward_lines(pen, half, f"self.{first}(v_x)", f"self.{second}(v_h)")
    lines = [
        "class v_Net(nn.Module):",
        "    def __init__(self, v_rate=0.0):",
        *indented(init, 2),
        "",
        "    def forward(self, v_x):",
        *indented(forward, 2),
    ]
    return lines, (f"{{net}}.{first}.weight", f"{{net}}.{second}.weight")


def _with_parameters(
    pen: Pen, half: Half, first: str, second: str
) -> tuple[list[str], tuple[str, str]]:
    init = ["super().__init__()", "self.rate = v_rate", "self.drop = nn.Dropout(p=v_rate)"]
    init += [
        f"self.{first} = nn.Parameter(v_w1.clone())",
        f"self.{second} = nn.Parameter(v_w2.clone())",
    ]
    forward = _forward_lines(pen, half, f"v_x @ self.{first}", f"v_h @ self.{second}")
    lines = [
        "class v_Net(nn.Module):",
        "    def __init__(self, v_rate=0.0):",
        *indented(init, 2),
        "",
        "    def forward(self, v_x):",
        *indented(forward, 2),
    ]
    return lines, (f"{{net}}.{first}", f"{{net}}.{second}")
