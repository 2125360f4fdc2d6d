"""What stands in a notebook beside its answers: titles, remarks, and cells that do not matter."""

from tests.bench.composed.pen import Pen

_TITLES = {
    "data": (
        "## Given",
        "## Veriler",
        "## Gegeben",
        "# Datos",
        "### Setup",
        "## Données",
        "## 数据",
        "# Homework 1",
    ),
    "forward": (
        "## Task 1",
        "## Görev 1: ileri yayılım",
        "## Aufgabe 1",
        "## Tarea 1: salida",
        "## Exercice 1",
        "## 任务一",
        "**1) forward**",
    ),
    "gradient": (
        "## Task 2",
        "## Görev 2: türev",
        "## Aufgabe 2: Gradient",
        "## Tarea 2",
        "## Exercice 2 : gradient",
        "## 任务二",
        "**2) dL/dw1**",
    ),
    "dropout": (
        "## Task 3",
        "## Görev 3: dropout",
        "## Aufgabe 3: Dropout",
        "## Tarea 3",
        "## Exercice 3",
        "## 任务三",
        "**3) training with dropout**",
    ),
}
_REMARKS = (
    "# burada ileri geçiş",
    "# hier wird gerechnet",
    "# see lecture 4",
    "# TODO: clean up",
    "# aquí va lo importante",
    "# calcul principal",
    "# 计算",
    "#############################",
    "# checked by hand, looks ok :)",
)
_NUMPY = (
    "print(np.__version__)",
    "# trying out broadcasting\nnp.ones((3, 4)) + np.arange(4)",
    "tmp_a = np.arange(12).reshape(3, 4) / 7\nprint(tmp_a.mean(), tmp_a.std())",
    "print('accuracy:', np.mean(np.array([1, 0]) == np.array([1, 1])))",
    "np.exp(np.array([0.5, 0.25])) / np.exp(np.array([0.5, 0.25])).sum()   # how softmax behaves",
    "import warnings\nwarnings.warn('this is only a demo')",
    "for k in range(40):\n    print('.' * k)",
    "undefined_thing + 1",
    "assert 1 + 1 == 3, 'trying assert'",
    "%timeit -n 2 -r 1 np.ones(3) @ np.ones(3)",
    "# just to see\nother = np.full((3, 4), 0.25)\nprint(np.array([1., 2., 3.]) @ other)",
    "np.random.rand(2, 4)",
    "import time\nstart_time = time.time()",
    "help(np.outer)",
)
_TORCH = (
    "print(torch.__version__, torch.cuda.is_available())",
    "torch.rand(2, 2)",
    "demo = torch.nn.Linear(2, 2)\nprint(demo(torch.ones(1, 2)))",
    "device = 'cuda' if torch.cuda.is_available() else 'cpu'\ndevice",
    "torch.softmax(torch.tensor([0.5, 0.25]), dim=0)   # demo",
    "torch.arange(12.).reshape(3, 4).sum(dim=1)",
    "F.dropout(torch.ones(10), p=0.4)",
    "print(nn.Dropout(0.4))",
    "q_demo = torch.tensor(2.0, requires_grad=True)\n(q_demo ** 2).backward()\nprint(q_demo.grad)",
    "torch.ones(2, 3) @ torch.ones(2, 3)",
    "for name in ('a', 'b'):\n    print(name, torch.zeros(3))",
)


def title(pen: Pen, section: str) -> str:
    """Write a heading in Markdown."""
    language = pen.habit("language", range(len(_TITLES["forward"])))
    library = {"numpy": "NumPy", "torch": "PyTorch"}[pen.library]
    return f"{_TITLES[section][int(language)]} ({library})"


def remarked(pen: Pen, lines: list[str]) -> list[str]:
    """Put a remark on top of some cells."""
    return [pen.one(*_REMARKS), *lines] if pen.often(0.25) else lines


def aside(pen: Pen) -> list[str]:
    """Write a cell that does not matter, now and then."""
    if not pen.often(0.18):
        return []
    return [pen.one(*(_TORCH if pen.library == "torch" else _NUMPY))]
