"""Output as students' notebooks print it, and what is read from it."""

import numpy as np
import pytest

from grader.observation.printed import PrintedArray, read_numbers

NAN, INF = np.nan, np.inf

# What is printed; then form and values of what is read from it, in order.
OUTPUTS = [
    # NumPy, as str and repr
    ("[0.13238887 0.86761113]", [("brackets", [0.13238887, 0.86761113])]),
    ("Output for x1: [0.1324 0.8676]", [("brackets", [0.1324, 0.8676])]),
    (
        "[[0.38 0.38]\n [0.46 0.46]\n [0.55 0.55]]",
        [("brackets", [[0.38] * 2, [0.46] * 2, [0.55] * 2])],
    ),
    (
        "[[0.1 0.2 0.3\n  0.4]\n [0.5 0.6 0.7\n  0.8]]",
        [("brackets", [[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8]])],
    ),
    ("[[[1. 2.]]\n\n [[3. 4.]]]", [("brackets", [[[1, 2]], [[3, 4]]])]),
    ("array([[0.1, 0.2]], dtype=float32)", [("array", [[0.1, 0.2]])]),
    ("array([0.1, 0.2], shape=(2,))", [("array", [0.1, 0.2])]),
    (
        "array([[0.1, 0.2],\n       [0.3, 0.4]],\n      dtype=float32)",
        [("array", [[0.1, 0.2], [0.3, 0.4]])],
    ),
    ("array(0.25)", [("array", 0.25)]),
    ("array([ 0.1,  0.2])", [("array", [0.1, 0.2])]),
    ("[ 1.32388872e-01 -8.67611128e-05]", [("brackets", [0.132388872, -8.67611128e-05])]),
    ("[nan inf -inf]", [("brackets", [NAN, INF, -INF])]),
    ("[1. +2.j 3.5-1.j]", [("brackets", [1 + 2j, 3.5 - 1j])]),
    ("matrix([[1, 2]])", [("array", [[1, 2]])]),
    ("np.float64(0.1324)", [("array", 0.1324)]),
    ("(np.float64(0.1324), np.float64(0.8676))", [("brackets", [0.1324, 0.8676])]),
    ("[np.float32(0.1), np.float32(0.2)]", [("brackets", [0.1, 0.2])]),
    # torch
    ("tensor([[0.1324, 0.8676]], grad_fn=<SoftmaxBackward0>)", [("tensor", [[0.1324, 0.8676]])]),
    (
        "tensor([0.1, 0.2], device='cuda:0',\n       grad_fn=<A object at 0x7f>)",
        [("tensor", [0.1, 0.2])],
    ),
    ("tensor(0.6931, grad_fn=<NllLossBackward0>)", [("tensor", 0.6931)]),
    (
        "Parameter containing:\ntensor([[0.1, 0.2],\n        [0.3, 0.4]], requires_grad=True)",
        [("tensor", [[0.1, 0.2], [0.3, 0.4]])],
    ),
    (
        "tensor(1.00000e-05 *\n       [[ 1.2345,  2.3456]])",
        [("tensor", [[1.2345e-05, 2.3456e-05]])],
    ),
    ("1.0000e-02 *\n [[ 1.5,  2.5]]", [("brackets", [[0.015, 0.025]])]),
    ("w1.grad: tensor([-1.3239e-02, 2.e+00])", [("tensor", [-0.013239, 2])]),
    ("outputtensor([0.5, 0.5])", [("tensor", [0.5, 0.5])]),
    ("tensor([1.+2.j, 0.5000-0.2500j])", [("tensor", [1 + 2j, 0.5 - 0.25j])]),
    # Python
    ("[[0.1, 0.2], [0.3, 0.4]]", [("brackets", [[0.1, 0.2], [0.3, 0.4]])]),
    ("((0.1, 0.2), (0.3, 0.4))", [("brackets", [[0.1, 0.2], [0.3, 0.4]])]),
    ("[(1+2j), 2j, (0.5-1e-05j)]", [("brackets", [1 + 2j, 2j, 0.5 - 1e-05j])]),
    ("(0.5,)", [("brackets", [0.5])]),
    ("['0.1324', '0.8676']", [("brackets", [0.1324, 0.8676])]),
    (
        "{'w1': array([0.5, 1. ]), 'w2': [0.25, 0.75]}",
        [("array", [0.5, 1]), ("brackets", [0.25, 0.75])],
    ),
    (
        "[array([0.5, 1. ]), array([1.5, 2. ])]",
        [("brackets", [[0.5, 1], [1.5, 2]]), ("array", [0.5, 1]), ("array", [1.5, 2])],
    ),
    ("[array([0.5, 1. ]), array([1.5])]", [("array", [0.5, 1]), ("array", [1.5])]),
    ("dict_values([tensor([0.5]), 3])", [("tensor", [0.5])]),
    # running text
    ("output x1: 0.1324, 0.8676", [("loose", [0.1324, 0.8676])]),
    ("x1 -> 0.1324 | 0.8676.", [("loose", [0.1324, 0.8676])]),
    ("0.1324\n0.8676", [("loose", [0.1324, 0.8676]), ("loose", [0.1324]), ("loose", [0.8676])]),
    (
        "Sample 1: 0.13 0.87\r\nSample 2: 0.01 0.99",
        [
            ("loose", [[1, 0.13, 0.87], [2, 0.01, 0.99]]),
            ("loose", [1, 0.13, 0.87]),
            ("loose", [[0.13, 0.87], [0.01, 0.99]]),
            ("loose", [0.13, 0.87]),
            ("loose", [2, 0.01, 0.99]),
            ("loose", [0.01, 0.99]),
        ],
    ),
    (
        "loss: 6.9e-1 (95.5%) +1.0 .5 5. \u22120.25",
        [("loose", [0.69, 95.5, 1, 0.5, 5, -0.25]), ("loose", [1, 0.5, 5, -0.25])],
    ),
    ("x=0.13,y=-0.87; 'z': nan", [("loose", [0.13, -0.87, NAN])]),
    ("Epoch [3/100], Loss: 0.6931", [("loose", [0.6931])]),
    ("[epoch 5] [loss 0.6931]", [("loose", [0.6931])]),
    ("{'x1': 0.13, 'x2': 0.87}", [("loose", [0.13, 0.87])]),
    ("Result(x1=0.13, x2=0.87)", [("loose", [0.13, 0.87])]),
    ("\x1b[1;31mloss\x1b[0m\x1b[32m0.5\x1b[0m", [("loose", [0.5])]),
    # rows
    (
        "[0.38 0.46]\n[0.55 0.64]\n[0.1]",
        [
            ("brackets", [[0.38, 0.46], [0.55, 0.64]]),
            ("brackets", [0.38, 0.46]),
            ("brackets", [0.55, 0.64]),
            ("brackets", [0.1]),
        ],
    ),
    (
        "row 0: tensor([0.5])\nrow 1: tensor([1.5])",
        [
            ("loose", [0, 1]),
            ("loose", [0]),
            ("brackets", [[0.5], [1.5]]),
            ("tensor", [0.5]),
            ("loose", [1]),
            ("tensor", [1.5]),
        ],
    ),
    (
        "1.0000e-05 *\n  1.5\n  2.5\n[torch.FloatTensor of size 2]",
        [("loose", [1.5e-05, 2.5e-05]), ("loose", [1.5e-05]), ("loose", [2.5e-05])],
    ),
    # what is certain of what is broken
    ("[[0.1, 0.2], [0.3]]", [("brackets", [0.1, 0.2]), ("brackets", [0.3])]),
    ("[[0.1 0.2]\n [0.3 0.", [("brackets", [0.1, 0.2])]),
    ("interval [0.5 to 1, then [0.25 0.75]", [("brackets", [0.25, 0.75])]),
    ("interval [0, 1): output\n[0.25 0.75]", [("brackets", [0.25, 0.75])]),
    (") ] 0.5", [("loose", [0.5])]),
    ("[0.1 0.2)] and [0.3 0.4]", [("loose", [0.1, 0.2]), ("brackets", [0.3, 0.4])]),
]

NO_NUMBERS = [
    "",
    "x1 w2 layer3 conv2d fc1.weight hw-1 GPT-2 3D 2x 10ms v1.2",
    "3.11.7 2.13.0+cpu 2024-01-05 2024-01-05T10:30:00 05/01/2024 10:30 10:30:15.5",
    "/tmp/12/3.txt C:\\4\\5 0x7f3a 1_000 3-4-2 7/10 #4 cuda:0 0.13...",
    "w1[0] w1[1, 2] w1[0][-1] torch.Size([2, 2]) range(0, 10) Linear(3, 4)",
    "[ True False]",
    "tensor([True, False])",
    "[] () tensor([], size=(0, 3)) array([], shape=(0, 3), dtype=float64)",
    "[...] tensor(...) [[...]]",
    "[0. 1. 2. ... 7. 8. 9.]",
    "[[0. 1.]\n ...\n [8. 9.]]",
    "[[0. 1.]\n ...\n [8. 9.",
    "array([[0., 1.],\n       ...,\n       [8., 9.]], shape=(2000, 2))",
    "tensor([[0., 1.],\n        ...,\n        [8., 9.]], grad_fn=<A>)",
    "[[0. 1.\n  2. ... 9.]\n [0. 1.\n  2. 3.",
    "0.1, 0.2, ..., 0.9",
]


def form_and_values(found: list[PrintedArray]) -> list[tuple[str, object]]:
    return [(one.form, one.values.tolist()) for one in found]


@pytest.mark.parametrize(("text", "expected"), OUTPUTS, ids=[text[:40] for text, _ in OUTPUTS])
def test_output_of_real_notebooks_is_read(text: str, expected: list[tuple[str, object]]) -> None:
    found = read_numbers(text)

    assert [one.form for one in found] == [form for form, _ in expected]
    for one, (_, values) in zip(found, expected, strict=True):
        assert one.values.shape == np.shape(values)
        np.testing.assert_allclose(one.values, values, rtol=1e-12)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_only_looks_like_numbers_or_was_cut_is_not_read(text: str) -> None:
    assert form_and_values(read_numbers(text)) == []


@pytest.mark.parametrize("braces", ["{'a': %s, 'b': %s}", "[%s, %s]", "(%s, %s)", "%s %s"])
def test_what_is_left_out_costs_only_its_own_array(braces: str) -> None:
    text = braces % ("array([0., ..., 9.])", "array([0.25, 0.75])")

    (found,) = read_numbers(text)

    assert found.values.tolist() == [0.25, 0.75]


@pytest.mark.parametrize(
    ("text", "dtype"),
    [
        ("tensor([0.5], dtype=torch.float64)", "torch.float64"),
        ("array([0.5], dtype=float32)", "float32"),
        ("np.float64(0.5)", "float64"),
        ("[np.float32(0.5)]", "float32"),
        ("array([0.5])", None),
        ("[0.5]", None),
    ],
)
def test_type_is_given_as_printed(text: str, dtype: str | None) -> None:
    assert read_numbers(text)[0].dtype == dtype


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("\x1b[31mw1 = [0.5 0.25]\x1b[0m", "[0.5 0.25]"),
        ("w1 = tensor([0.5], requires_grad=True) end", "tensor([0.5], requires_grad=True)"),
        ("a 0.5 b \u22120.25 c", "0.5 b \u22120.25"),
        ("[0.5]\n[0.25]\n", "[0.5]\n[0.25]"),
    ],
)
def test_place_refers_to_the_text_as_it_was_printed(text: str, printed: str) -> None:
    found = read_numbers(text)[0]

    assert text[found.start : found.end] == printed


@pytest.mark.parametrize("between", ["\n\n", "\n...\n", "\nNow:\n"])
def test_rows_apart_make_no_matrix(between: str) -> None:
    text = f"[0.5 0.25]{between}[1.5 1.25]\n0.5{between}0.25"

    found = read_numbers(text)

    assert [one.values.ndim for one in found] == [1, 1, 1, 1]


@pytest.mark.parametrize("row", ["[0.5 0.25]", "0.5 0.25"])
def test_rows_beside_left_out_ones_make_no_matrix(row: str) -> None:
    found = read_numbers(f"{row}\n{row}\n...\n{row}\n{row}")

    assert [one.values.ndim for one in found] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    "text", ["[0.5] [0.25]\n[1.5] [1.25]", "tensor([0.5])\n[0.25]\nnp.float64(0.5)\n1.5 2.5"]
)
def test_lines_of_several_or_of_different_arrays_make_no_matrix(text: str) -> None:
    assert all(one.values.ndim < 2 for one in read_numbers(text))


def test_a_log_of_many_lines_makes_no_matrix() -> None:
    lines = [f"Epoch {epoch} loss {1 / epoch:.4f}" for epoch in range(1, 101)]

    found = read_numbers("\n".join(lines))

    assert [one.values.shape for one in found] == [(2,)] * 100
