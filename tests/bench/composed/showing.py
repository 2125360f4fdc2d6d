"""Ways to show an answer."""

from tests.bench.composed.pen import Pen

_NUMPY = (
    "print({label}, {value})",
    "print({label}, {value})",
    'print(f"{text}: {{{value}}}")',
    "print({label}, ({value}).tolist())",
    "print(np.round({value}, {digits}))",
    "print({label}, np.around({value}, decimals={digits}))",
    "display({value})",
    "print(repr({value}))",
    "print(json.dumps(({value}).tolist()))",
    "pprint(({value}).tolist())",
    "print(np.array2string({value}, precision={digits}))",
    'print("{text} = %s" % ({value},))',
    'print("{text} -> {{}}".format({value}))',
    "sys.stdout.write(str({value}) + '\\n')",
    "print({label}, {value}, sep='\\n')",
    "print({label}, *({value}), sep='\\n')",
    "for row in np.atleast_2d({value}):\n    print(' '.join(f'{{v:.{digits}f}}' for v in row))",
    "for row in np.atleast_2d({value}):\n    print([round(float(v), {digits}) for v in row])",
    "print('\\n'.join(str(row) for row in ({value})))",
)
_TORCH = (
    "print({label}, {value})",
    "print({label}, {value})",
    'print(f"{text}: {{{value}}}")',
    "print({label}, ({value}).tolist())",
    "print({label}, ({value}).detach().numpy())",
    "print(({value}).detach().cpu().numpy().round({digits}))",
    "print(torch.round({value}, decimals={digits}))",
    "print(({value}).data)",
    "display({value})",
    "print(json.dumps(({value}).tolist()))",
    'print("{text} -> {{}}".format(({value}).detach()))',
    "for row in torch.atleast_2d({value}):\n"
    "    print(', '.join(f'{{v.item():.{digits}f}}' for v in row))",
    "for row in torch.atleast_2d({value}).detach().numpy():\n    print(row)",
    "for row in torch.atleast_2d({value}).tolist():\n    print(['%.{digits}f' % v for v in row])",
    "pprint(({value}).tolist())",
)
_LABELS = {
    "forward": (
        "output",
        "y_hat",
        "probabilities",
        "Ausgabe",
        "sortie",
        "çıkış",
        "Task 1",
        "salida",
    ),
    "gradient": ("dL/dw1", "gradient", "grad w1", "Gradient", "gradyan", "Task 2", "derivada"),
    "dropout": (
        "trained",
        "final weights",
        "after 100 epochs",
        "Task 3",
        "eğitilmiş",
        "neue Gewichte",
    ),
}


def show(pen: Pen, task: str, parts: dict[str, str], *, top: bool = True) -> list[str]:
    """Write lines that show the parts of an answer.

    Args:
        pen: the hand.
        task: what is answered, for labels.
        parts: expressions, by a short name for each.
        top: whether this stands outside of any function, where a cell's last line shows too.
    """
    ways = _TORCH if pen.library == "torch" else _NUMPY
    manner = pen.habit("manner", ["print"] * 6 + ["last", "dict", "kept"]) if top else "print"
    if manner == "dict":
        return _in_a_dict(pen, task, parts)
    if manner == "kept":
        return [f"v_result_{task}_{index} = {value}" for index, value in enumerate(parts.values())]
    if manner == "last":
        values = list(parts.values())
        return [", ".join(values) if len(values) > 1 else values[0]]
    way = pen.habit(f"way {task}", ways)
    return [line for name, value in parts.items() for line in _printed(pen, way, task, name, value)]


def _printed(pen: Pen, way: str, task: str, name: str, value: str) -> list[str]:
    label = pen.habit(f"label {task}", _LABELS[task])
    text = f"{label} {name}"
    quoted = value.replace('"', "'")
    digits = pen.habit("digits", [4, 5, 6, 8])
    return way.format(label=repr(text), text=text, value=quoted, digits=digits).split("\n")


def _in_a_dict(pen: Pen, task: str, parts: dict[str, str]) -> list[str]:
    shown = pen.habit("shown dict", ["print(v_result)", "v_result", "display(v_result)"])
    items = ", ".join(f"{name!r}: {value}" for name, value in parts.items())
    return [f"v_result = {{{items}}}", shown]
