"""Ways to draw which units are kept: an expression of 0 and 1, or of False and True."""

from tests.bench.composed.pen import Pen
from tests.bench.composed.plan import Half

_NUMPY = (
    "(np.random.rand({dims}) < {keep})",
    "(np.random.rand({dims}) > {drop})",
    "(np.random.rand({dims}) >= {drop}).astype(float)",
    "(np.random.random({shape}) < {keep}).astype(np.float64)",
    "(np.random.random_sample({shape}) > {drop})",
    "np.random.binomial(1, {keep}, size={shape})",
    "np.random.binomial(n=1, p={keep}, size={shape}).astype(float)",
    "(1 - np.random.binomial(1, {drop}, {shape}))",
    "np.random.choice([0, 1], size={shape}, p=[{drop}, {keep}])",
    "np.random.choice([1.0, 0.0], size={shape}, p=[{keep}, {drop}])",
    "np.random.choice([True, False], {shape}, p=[{keep}, {drop}])",
    "(np.random.uniform(0, 1, {shape}) < {keep})",
    "(np.random.uniform(size={shape}) > {drop})",
    "np.where(np.random.rand({dims}) < {drop}, 0.0, 1.0)",
    "(rng.random({shape}) < {keep})",
    "(rng.random({shape}) >= {drop}).astype(float)",
    "rng.binomial(1, {keep}, size={shape})",
    "(rng.uniform(size={shape}) > {drop})",
    "rng.choice([0, 1], size={shape}, p=[{drop}, {keep}])",
    "(rng.uniform(0.0, 1.0, {shape}) <= {keep})",
    "(state.rand({dims}) < {keep})",
    "state.binomial(1, {keep}, {shape})",
    "np.array([1 if random.random() < {keep} else 0 for _k in range({count})]).reshape({shape})",
    "np.array([float(random.uniform(0, 1) > {drop}) for _k in range({count})]).reshape({shape})",
    "np.array([0 if np.random.rand() < {drop} else 1 for _ in range({count})]).reshape({shape})",
    "np.array(random.choices([0, 1], weights=[{drop}, {keep}], k={count})).reshape({shape})",
    "(np.random.randint(0, 10, {shape}) < 6)",
    "(np.random.sample({shape}) < {keep})",
    "np.logical_not(np.random.rand({dims}) < {drop})",
    "(np.random.rand({dims}) + {keep}).astype(int)",
    "np.floor(np.random.rand({dims}) + {keep})",
)
_TORCH = (
    "(torch.rand({shape}) < {keep}).to(v_X.dtype)",
    "(torch.rand({shape}) > {drop}).to(v_X.dtype)",
    "(torch.rand({dims}) >= {drop}).type_as(v_X)",
    "(torch.rand_like({like}) < {keep}).to({like}.dtype)",
    "(torch.empty({dims}).uniform_(0, 1) > {drop}).to(v_X.dtype)",
    "torch.bernoulli(torch.full({shape}, {keep})).to(v_X.dtype)",
    "torch.bernoulli(torch.full_like({like}, {keep}))",
    "torch.empty({shape}).bernoulli_({keep}).to(v_X.dtype)",
    "torch.zeros({shape}).bernoulli_({keep}).to(v_X.dtype)",
    "torch.distributions.Bernoulli({keep}).sample({shape}).to(v_X.dtype)",
    "torch.distributions.Bernoulli(probs=torch.tensor({keep})).sample({shape}).to(v_X.dtype)",
    "(1 - torch.bernoulli(torch.ones({shape}) * {drop})).to(v_X.dtype)",
    "(F.dropout(torch.ones({shape}, dtype=v_X.dtype), {drop}) > 0).to(v_X.dtype)",
    "torch.from_numpy(np.random.binomial(1, {keep}, {shape})).to(v_X.dtype)",
    "torch.tensor(np.random.rand({dims}) < {keep}).to(v_X.dtype)",
)


def draw(
    pen: Pen, half: Half, rows: int, units: int, *, turned: bool = False, like: str = "v_h"
) -> str:
    """Write the draw of keep flags of shape (rows, units); (units,) where rows is 0.

    Args:
        pen: the hand.
        half: what is done.
        rows: examples that get a mask of their own.
        units: units of the layer.
        turned: whether units are rows.
        like: a value of that shape.
    """
    sizes = (units, rows) if turned else (rows, units) if rows else (units,)
    shape = f"({', '.join(map(str, sizes))}{',' if len(sizes) == 1 else ''})"
    ways = _TORCH if half.library == "torch" else _NUMPY
    if half.keep != "as_asked":
        ways = tuple(way for way in ways if "randint" not in way)
    if (rows == 1 and half.steps == "together") or like == "":
        ways = tuple(way for way in ways if "{like}" not in way)
    way = pen.habit("draw", ways)
    keep, drop = ("v_keep", "v_rate") if half.keep == "as_asked" else ("v_rate", "v_keep")
    count = max(rows, 1) * units
    dims = ", ".join(map(str, sizes))
    written = way.format(shape=shape, dims=dims, count=count, keep=keep, drop=drop, like=like)
    return pen.drawn(written, turned=turned)


def sources(half: Half, pen: Pen) -> list[str]:
    """Write what a way of drawing needs beforehand."""
    way = str(pen.habits.get("draw", ""))
    if half.library != "numpy":
        return []
    made = []
    if "rng." in way:
        made.append(
            pen.habit(
                "rng",
                ["rng = np.random.default_rng()", "rng = np.random.Generator(np.random.PCG64())"],
            )
        )
    if "state." in way:
        made.append("state = np.random.RandomState()")
    return made
