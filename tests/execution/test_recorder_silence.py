"""A notebook runs with the recorder as it runs without."""

import re
from typing import Any

import pytest

CELLS = {
    "imports": "import numpy as np, random, torch, sys, copy, pickle\n"
    "import builtins, inspect, io, types\n"
    "import torch.nn.functional as F",
    "looks of print": "print(repr(print), type(print), print.__name__, print.__module__)\n"
    "print(print.__doc__[:40], inspect.signature(print))\n"
    "print(isinstance(print, types.BuiltinFunctionType), dir(print))\n"
    "print(pickle.loads(pickle.dumps(print)) is print, copy.copy(print) is print, callable(print))",
    "help on print": "print?",
    "print's arguments": "print(1, 2, sep='-', end='.\\n', flush=True)\n"
    "print(); print(*'ab', file=None)",
    "print's mistakes": "print(1, nonsense=2)",
    "print's wrong file": "print(1, file=3)",
    "print of what raises": "class B:\n    def __str__(self): raise ValueError('no')\nprint(B())",
    "caught traceback": "import traceback\ntry: print(B())\n"
    "except ValueError: print(traceback.format_exc())",
    "write of a number": "sys.stdout.write(1)",
    "streams": "print(type(sys.stdout), sys.stdout.name, sys.stdout.writable())",
    "builtins": "print(sorted(vars(builtins)))",
    "names": "dir()",
    "globals": "sorted(k for k in globals() if not k.startswith('_i'))",
    "who": "%who",
    "modules": "sorted(m for m in sys.modules if 'record' in m or m in "
    "('launch', 'tape', 'walk', 'frames', 'notes', 'prints', 'variables', 'grader'))",
    "path and arguments": "[p for p in sys.path if 'grader' in p], sys.argv[:1]",
    "main": "import __main__; print(__main__.__dict__ is globals(), __name__)",
    "tracing": "print(sys.gettrace(), sys.getprofile(), __import__('threading').gettrace())",
    "counts": "get_ipython().execution_count",
    "looks of random": "np.random.seed(5)\n"
    "print(np.random.rand, type(np.random.rand), np.random.rand.__doc__[:30])\n"
    "print(random.random, random.uniform.__name__, inspect.signature(random.uniform))\n"
    "print(np.random.Generator, np.random.RandomState, np.random.default_rng(1))\n"
    "print(type(np.random.default_rng(1)), np.random.default_rng)",
    "kinds of random": "g = np.random.default_rng(1)\n"
    "print(isinstance(g, np.random.Generator), type(g) is np.random.Generator)\n"
    "print(np.random.default_rng(g) is g)\n"
    "print(isinstance(np.random.mtrand._rand, np.random.RandomState))\n"
    "print(isinstance(1, np.random.Generator), issubclass(int, np.random.RandomState))\n"
    "class Mine(np.random.Generator): pass\n"
    "print(isinstance(g, Mine), isinstance(Mine(np.random.PCG64(1)), np.random.Generator))",
    "seeded numpy": "np.random.seed(1)\n"
    "print(np.random.rand(2), np.random.randn(), np.random.binomial(1, 0.6, (2, 2)))\n"
    "print(np.random.choice([0, 1], p=[.4, .6]), np.random.randint(9), np.random.permutation(4))\n"
    "print(np.random.uniform(2, 3), np.random.normal(size=2), np.random.get_state()[2])\n"
    "r = np.random.RandomState(3); print(r.rand(2), r.choice(5, 2), r)",
    "seeded generator": "g = np.random.default_rng(3)\n"
    "print(g.random(2), g.choice(9, 3), g.integers(5), g.permutation(3), g.normal())\n"
    "print(g.spawn(1)[0].random(), copy.deepcopy(g).random())\n"
    "print(pickle.loads(pickle.dumps(g)).random(), pickle.dumps(np.random.rand)[:9])\n"
    "print(g.bit_generator.state['state'])",
    "seeded python": "random.seed(2)\n"
    "print(random.random(), random.choice('abc'), random.randint(1, 9), random.gauss(0, 1))\n"
    "print(random.sample(range(9), 3), random.choices([0, 1], [1, 3], k=4))\n"
    "print(hash(random.getstate()))",
    "seeded torch": "torch.manual_seed(4)\n"
    "print(torch.rand(2), torch.randn(1), torch.randint(9, (2,)), torch.randperm(4))\n"
    "print(F.dropout(torch.ones(2, 4), 0.4), torch.rand_like(torch.ones(2)))\n"
    "print(torch.bernoulli(torch.full((3,), 0.3)), torch.multinomial(torch.ones(4), 2))\n"
    "print(torch.nn.Linear(2, 2).weight, torch.initial_seed())\n"
    "print(torch.get_rng_state().sum())",
    "dropout training": "torch.manual_seed(0)\n"
    "w = torch.ones(3, 4, requires_grad=True)\n"
    "for _ in range(5):\n"
    "    F.dropout(torch.ones(2, 3) @ w, 0.4).sum().backward()\n"
    "print(w.grad, w.grad.sum().item(), w.detach().numpy().tolist(), f'{w.grad[0, 0]:.3f}')",
    "mapped dropout": "torch.manual_seed(0)\n"
    "torch.vmap(lambda v: F.dropout(v, 0.4), randomness='different')(torch.ones(2, 4))",
    "random's mistakes": "np.random.rand(-1)",
    "generator's mistakes": "np.random.default_rng(1).choice([1], p=[3])",
    "seed's mistakes": "np.random.default_rng('x')",
    "torch's mistakes": "torch.empty(3).bernoulli_(2.0)",
    "module of random": "random.choice([])",
    "own torch mode": "from torch.overrides import TorchFunctionMode\n"
    "class Mode(TorchFunctionMode):\n"
    "    def __torch_function__(self, func, types, args=(), kwargs=None):\n"
    "        seen.append(func.__name__); return func(*args, **(kwargs or {}))\n"
    "seen = []\n"
    "with Mode():\n"
    "    t = torch.rand(2); print(t.sum().item(), [t])\n"
    "print(seen)",
    "own dispatch mode": "from torch.utils._python_dispatch import TorchDispatchMode\n"
    "class Dispatch(TorchDispatchMode):\n"
    "    def __torch_dispatch__(self, func, types, args=(), kwargs=None):\n"
    "        seen.append(str(func)); return func(*args, **(kwargs or {}))\n"
    "seen = []\n"
    "with Dispatch():\n"
    "    u = F.dropout(torch.ones(2), 0.5); print('in between', [u].__len__(), u)\n"
    "print(seen)",
    "traced function": "def f(x):\n    print('tracing', x.shape, x)\n    return x * 2\n"
    "torch.jit.trace(f, torch.ones(2)).code",
    "methods of tensors": "print(torch.Tensor.item, torch.Tensor.numpy, torch.ones(1).tolist)",
    "warnings": "import warnings\nwarnings.warn('take care')",
    "displayed": "display(np.ones(2)); print('after'); torch.ones(2)",
    "hidden by a semicolon": "np.ones(2);",
    "html": "class H:\n    def _repr_html_(self): return '<b>x</b>'\nH()",
    "broken representation": "class R:\n    def __repr__(self): raise ValueError('no')\nR()",
    "nested run": "get_ipython().run_cell('print(1)\\n2'); print(3)",
    "shell command": "!echo hello",
    "captured": "%%capture out\nprint(5)",
    "captured text": "out.stdout",
    "syntax error": "x = = 1",
    "exit of a cell": "raise SystemExit",
    "deep recursion": "def down(n):\n    print(n) if n == 50 else down(n + 1)\ndown(0)",
}


@pytest.fixture(scope="module")
def outputs(start_recorded: Any, plain: Any) -> dict[str, tuple[Any, Any, Any]]:
    recorded = start_recorded(preload_torch=True)
    both = {name: (recorded.run(code), plain.run(code)) for name, code in CELLS.items()}
    return {name: (_shown(ours), _shown(theirs), ours) for name, (ours, theirs) in both.items()}


def _shown(ran: Any) -> str:
    """What a cell put out, without addresses and the kernel's own number."""
    text = repr(
        (ran.outputs, ran.reply["status"], ran.reply["execution_count"], ran.reply["payload"])
    )
    return re.sub(r"0x[0-9a-fA-F]+|ipykernel_\d+", "...", text)


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_puts_out_the_same_with_the_recorder(outputs: Any, name: str) -> None:
    ours, theirs, _ = outputs[name]

    assert ours == theirs


@pytest.mark.parametrize("name", CELLS)
def test_the_recorder_itself_does_not_fail(outputs: Any, name: str) -> None:
    ran = outputs[name][2]

    assert not [what for what in ran.left_out if "fault" in what]
    assert len(ran.headers("cell")) == 1
