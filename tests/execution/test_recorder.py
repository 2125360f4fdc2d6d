"""What the recorder keeps of a notebook's variables."""

from typing import Any

import numpy as np
import pytest

SETUP = """
import numpy as np
import torch
import collections, types
"""


@pytest.fixture(scope="module")
def kernel(start_recorded: Any) -> Any:
    kernel = start_recorded(preload_torch=True, value_kib=64)
    kernel.run(SETUP)
    return kernel


@pytest.fixture(autouse=True)
def clean(kernel: Any) -> None:
    kernel.run("for _name in [n for n in dir() if n[0] != '_']: del globals()[_name]\n" + SETUP)


@pytest.mark.parametrize(
    ("expression", "library", "expected"),
    [
        ("np.arange(6.0).reshape(2, 3)", "numpy", np.arange(6.0).reshape(2, 3)),
        ("np.arange(6.0).reshape(2, 3).T[::2]", "numpy", np.array([[0.0, 3.0], [2.0, 5.0]])),
        ("np.matrix([[1, 2]])", "numpy", np.array([[1, 2]])),
        ("np.array([1, 2], dtype='>f4')", "numpy", np.array([1, 2], dtype=np.float32)),
        ("np.array([1.5], dtype=np.float16)", "numpy", np.array([1.5], dtype=np.float32)),
        ("np.array([1.5], dtype=np.longdouble)", "numpy", np.array([1.5])),
        ("np.float32(0.5)", "numpy", np.array(0.5, dtype=np.float32)),
        ("np.array([np.nan, np.inf, -np.inf])", "numpy", np.array([np.nan, np.inf, -np.inf])),
        ("True", "python", np.array(True)),
        ("0.1", "python", np.array(0.1)),
        ("1 + 2j", "python", np.array(1 + 2j)),
        ("[[1, 2], (3, 4.5)]", "python", np.array([[1, 2], [3, 4.5]])),
        ("[np.float64(1), np.float64(2)]", "numpy", np.array([1.0, 2.0])),
        ("torch.tensor([1.0, 2.0])", "torch", np.array([1, 2], dtype=np.float32)),
        ("torch.arange(6).reshape(2, 3).T", "torch", np.array([[0, 3], [1, 4], [2, 5]])),
        ("torch.ones(2, 1).expand(2, 2)", "torch", np.ones((2, 2), dtype=np.float32)),
        ("torch.tensor([1j]).conj()", "torch", np.array([-1j], dtype=np.complex64)),
        ("torch.tensor([1.5]).bfloat16()", "torch", np.array([1.5], dtype=np.float32)),
        ("torch.ones(2, requires_grad=True) * 2", "torch", np.array([2, 2], dtype=np.float32)),
        ("torch.zeros((), dtype=torch.float64)", "torch", np.array(0.0)),
    ],
)
def test_a_value_is_kept_with_its_shape_type_and_library(
    kernel: Any, expression: str, library: str, expected: np.ndarray
) -> None:
    ran = kernel.run(f"value = {expression}")

    actual = ran.values()["value"]
    assert ran.value_headers()["value"]["library"] == library
    assert (actual.dtype, actual.shape) == (expected.dtype, expected.shape)
    np.testing.assert_array_equal(actual, expected)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("np.array(['a'])", "value: an array of str"),
        ("np.array([1, 'a'], dtype=object)", "value: an array of objects"),
        ("np.zeros(2, dtype=[('a', float)])", "value: an array of void"),
        ("np.ma.array([1, 2], mask=[0, 1])", "value: masked arrays are not recorded"),
        ("10 ** 30", "value: an integer of more than 64 bits"),
        ("np.zeros((1000, 1000))", "value (8 MB): larger than 64 KiB"),
        ("[[0.0] * 1000] * 10", "value (80 kB): larger than 64 KiB"),
        ("torch.zeros(1).expand(10**10)", "value (40,000 MB): larger than 64 KiB"),
        ("torch.zeros(2, device='meta')", "value: a tensor on the device meta"),
        ("torch.eye(2).to_sparse()", "value: a tensor that is not dense"),
        (
            "torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.quint8)",
            "value: a tensor of quint8",
        ),
    ],
)
def test_a_value_that_is_not_kept_is_named_with_the_reason(
    kernel: Any, expression: str, reason: str
) -> None:
    ran = kernel.run(f"value = {expression}")

    assert "value" not in ran.values()
    assert [what for what in ran.left_out if what.startswith(reason)]


def test_what_was_left_out_is_said_once(kernel: Any) -> None:
    kernel.run("said_once = np.zeros((1000, 1000)); another = np.zeros((1000, 1000))")

    ran = kernel.run("a = 1")

    assert ran.left_out == []


def test_variables_left_out_for_one_reason_share_a_sentence(kernel: Any) -> None:
    ran = kernel.run("for i in range(9): globals()[f'large{i}'] = np.zeros(10**6 + i)")

    (sentence,) = ran.left_out
    assert sentence.endswith("large3 (8 MB) and 5 more: larger than 64 KiB")


def test_an_unchanged_value_is_not_written_again(kernel: Any) -> None:
    kernel.run("x = np.ones(3); y = 2.0")

    ran = kernel.run("z = x")

    assert list(ran.values()) == ["z"]


def test_a_change_in_place_ends_the_old_value(kernel: Any) -> None:
    kernel.run("x = np.ones(2); w = torch.ones(2); d = {'k': [1, 2]}")

    ran = kernel.run("x[0] = 7; w.mul_(3); d['k'].append(3)")

    assert sorted(ran.ended) == ["d['k']", "w", "x"]
    assert {path: array.tolist() for path, array in ran.values().items()} == {
        "x": [7, 1],
        "w": [3, 3],
        "d['k']": [1, 2, 3],
    }


def test_a_type_that_changes_is_a_change(kernel: Any) -> None:
    kernel.run("x = np.zeros(2)")

    ran = kernel.run("x = torch.zeros(2, dtype=torch.float64)")

    assert ran.ended == ["x"]
    assert ran.value_headers()["x"]["library"] == "torch"


def test_what_is_deleted_or_becomes_something_else_ends(kernel: Any) -> None:
    kernel.run("x = 1.0; softmax = np.ones(2); e = [np.ones(1), 'a']")

    ran = kernel.run("del x; softmax = len; e.pop(0)")

    assert sorted(ran.ended) == ["e[0]", "softmax", "x"]


def test_items_of_lists_tuples_and_dicts_have_paths(kernel: Any) -> None:
    ran = kernel.run(
        "Point = collections.namedtuple('Point', 'x y')\n"
        "parts = [np.ones(2), ('text', {'k': torch.ones(1), 3: [[1], [2, 3]]})]\n"
        "queue = collections.deque([np.ones(1), np.ones(1)])\n"
        "point = Point(np.zeros(1), None)"
    )

    assert sorted(ran.values()) == [
        "parts[0]",
        "parts[1][1]['k']",
        "parts[1][1][3][0]",
        "parts[1][1][3][1]",
        "point[0]",
        "queue[0]",
        "queue[1]",
    ]


def test_attributes_and_slots_of_student_objects_have_paths(kernel: Any) -> None:
    ran = kernel.run(
        "class Net:\n"
        "    rate = 0.4\n"
        "    __slots__ = ('w', 'unset', '__dict__')\n"
        "    def __init__(self):\n"
        "        self.w = np.ones(2); self._hidden = [np.ones(1), None]\n"
        "net = Net(); bag = types.SimpleNamespace(loss=0.5)"
    )

    assert sorted(ran.values()) == ["Net.rate", "bag.loss", "net._hidden[0]", "net.w"]
    assert {header["origin"] for header in ran.headers("value")} == {"attribute"}


def test_a_module_gives_parameters_gradients_buffers_and_own_attributes(kernel: Any) -> None:
    ran = kernel.run(
        "class Net(torch.nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.fc1 = torch.nn.Linear(3, 2, bias=False)\n"
        "        self.rest = torch.nn.Sequential(torch.nn.BatchNorm1d(2), torch.nn.Dropout(0.4))\n"
        "        self.register_buffer('mask', torch.ones(2))\n"
        "        self.rate = 0.4\n"
        "model = Net()\n"
        "model.fc1(torch.ones(1, 3)).sum().backward()"
    )

    assert sorted(ran.values()) == [
        "model.fc1.weight",
        "model.fc1.weight.grad",
        "model.mask",
        "model.rate",
        "model.rest[0].bias",
        "model.rest[0].num_batches_tracked",
        "model.rest[0].running_mean",
        "model.rest[0].running_var",
        "model.rest[0].weight",
    ]
    assert ran.values()["model.fc1.weight"].shape == (2, 3)


def test_the_gradient_of_a_tensor_is_kept_and_none_is_asked_of_others(kernel: Any) -> None:
    ran = kernel.run(
        "w1 = torch.ones(2, requires_grad=True)\nloss = (w1 * 3).sum(); loss.backward()"
    )

    assert ran.values()["w1.grad"].tolist() == [3, 3]
    assert ran.value_headers()["w1.grad"]["origin"] == "attribute"
    assert ran.stderr == ""


def test_cycles_and_deep_nests_end(kernel: Any) -> None:
    ran = kernel.run(
        "loop = [np.ones(1)]; loop.append(loop)\n"
        "deep = [[[[[[[np.ones(1), None]]]]]]]\n"
        "class Node: pass\n"
        "a, b = Node(), Node(); a.other, b.other = b, a; b.w = 1.0"
    )

    assert sorted(ran.values()) == ["a.other.w", "b.w", "loop[0]"]
    assert [what for what in ran.left_out if "nested deeper than 5" in what]


def test_a_long_list_of_arrays_keeps_its_first_and_last_items(kernel: Any) -> None:
    ran = kernel.run("xs = [np.full(2, float(i)) for i in range(1000)]")

    assert len(ran.values()) == 200
    assert {"xs[0]", "xs[99]", "xs[900]", "xs[999]"} <= set(ran.values())
    assert ran.left_out == ["xs (1000 items): only 200 of the items"]


def test_a_huge_structure_does_not_hide_later_variables(kernel: Any) -> None:
    ran = kernel.run(
        "big = [[[[None, i, j] for i in range(90)] for j in range(90)] for k in range(90)]\nx = 1.5"
    )

    assert ran.values()["x"] == 1.5
    assert "big: too many objects to look at them all" in ran.left_out


def test_at_most_2000_values_of_a_cell_are_kept_and_the_rest_later(kernel: Any) -> None:
    first = kernel.run(
        "for i in range(15):\n globals()[f'l{i}'] = [np.full(1, float(k)) for k in range(150)]"
    )
    second = kernel.run("pass")

    assert len(first.values()) == 2000
    assert "more than 2000 values changed in this cell" in first.left_out
    assert len(second.values()) == 251


def test_imports_functions_and_names_of_the_shell_are_no_values(kernel: Any) -> None:
    kernel.run("1.5")
    ran = kernel.run("_ + 1\ndef f(): pass\nfrom math import sin\nopt = torch.optim.SGD")

    assert ran.values() == {}


def test_a_name_that_begins_with_an_underscore_is_a_students(kernel: Any) -> None:
    assert list(kernel.run("_hidden = 1.0").values()) == ["_hidden"]


def test_no_student_code_runs_while_recording(kernel: Any) -> None:
    made = kernel.run(
        "called = []\n"
        "class Meta(type):\n"
        "    def __getattribute__(cls, name):\n"
        "        called.append(name); return type.__getattribute__(cls, name)\n"
        "    def __instancecheck__(cls, other): called.append('isinstance'); return True\n"
        "def hostile(name):\n"
        "    def method(self, *args): called.append(name); raise RuntimeError(name)\n"
        "    return method\n"
        "names = '__getattr__ __len__ __iter__ __getitem__ __eq__ __hash__ __array__ __bool__'\n"
        "names += ' __float__ __repr__ __str__ keys items __torch_function__'\n"
        "body = {n: hostile(n) for n in names.split()}\n"
        "body |= {n: property(hostile(n)) for n in ('value', '__class__', 'dtype', 'grad')}\n"
        "made = [Meta(f'H{b.__name__}', (b,), dict(body)) for b in (object, list, dict, tuple)]\n"
        "objects = {m.__name__: m.__new__(m) for m in made}\n"
        "Arr = type('Arr', (np.ndarray,), dict(body))\n"
        "arr = np.zeros(2).view(Arr)\n"
        "list.append(objects['Hlist'], 1.0); dict.__setitem__(objects['Hdict'], 'k', 2.0)\n"
        "object.__setattr__(objects['Hobject'], 'w', 3.0); called.clear()"
    )
    first = kernel.run("called")
    again = kernel.run("called")

    assert made.error == ""
    assert first.outputs[0]["data"]["text/plain"] == "[]"
    assert again.outputs[0]["data"]["text/plain"] == "[]"
    assert not [what for what in first.left_out if "fault" in what]


def test_values_of_hostile_containers_are_read_all_the_same(kernel: Any) -> None:
    ran = kernel.run(
        "class L(list):\n"
        "    def __iter__(self): raise RuntimeError\n"
        "    def __len__(self): return 10**12\n"
        "xs = L([1, 2])"
    )

    assert ran.values()["xs"].tolist() == [1, 2]


def test_an_interrupted_or_failing_cell_is_recorded(kernel: Any) -> None:
    failed = kernel.run("x = 1.25\nraise ValueError('no')")
    interrupted = kernel.run(
        "y = 2.5\nprint('now', flush=True)\nimport time\nwhile True: time.sleep(0.01)",
        interrupt_after="now",
    )

    assert failed.values()["x"] == 1.25
    assert interrupted.reply["ename"] == "KeyboardInterrupt"
    assert interrupted.values()["y"] == 2.5


def test_a_cell_says_in_which_types_torch_had_a_part(kernel: Any) -> None:
    computed = kernel.run("def f(k): return torch.ones(2, dtype=k) * 3\nt = f(torch.float64)")
    formatted = kernel.run("print(f'{f(torch.float32)[0]:.2f}')")
    listed = kernel.run("print(f(torch.float32).tolist())")
    converted = kernel.run("print(str(f(torch.float16).numpy()))")
    summed = kernel.run("s = float(f(torch.float32).sum())")
    idle = kernel.run("u = np.ones(3) * 2; print(f'{u}')")
    whole = kernel.run("n = torch.arange(3)")

    assert computed.torch == ["float64"]
    assert formatted.torch == listed.torch == summed.torch == ["float32"]
    assert converted.torch == ["float16"]
    assert idle.torch == whole.torch == []
