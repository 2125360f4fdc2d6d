"""A forked kernel beside a fresh one: the same cells, the same outcomes, outputs and recordings."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbformat import v4

from grader.execution.isolation import detect
from grader.execution.outcome import Execution
from grader.execution.run import Runner
from grader.faults import IntakeFault
from grader.intake import find_submissions, read_notebook
from grader.recording.assemble import assemble
from grader.recording.model import Recording
from grader.rubric.model import Limits

CLASS = Path(__file__).parents[2] / "submissions" / "hw1"
ODD = {
    "plain": "1 + 1",
    "text and result": "print('one'); print('two', end=''); 'three'",
    "last of several": "1\n2\n3",
    "silenced": "1;",
    "rich": "class R:\n    def _repr_html_(self): return '<b>r</b>'\n"
    "    def __repr__(self): return 'r'\nR()",
    "display of many": "from IPython.display import display, HTML, Markdown, Latex\n"
    "display(HTML('<i>x</i>'), Markdown('*m*'), Latex('$a$'), 3)",
    "picture": "from IPython.display import Image\n"
    "Image(data=bytes.fromhex('89504e470d0a1a0a') + b'x' * 50, format='png')",
    "svg and json": "from IPython.display import SVG, JSON\n"
    "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'), JSON({'a': [1, 2]}))",
    "shell": "!echo from a shell",
    "shell's answer": "lines = !printf 'a\\nb\\n'\nlines",
    "bash": "%%bash\necho out\necho err >&2",
    "bash that fails": "%%bash\nexit 3",
    "await": "import asyncio\nawait asyncio.sleep(0.01)\n'awaited'",
    "task": "async def later():\n    await asyncio.sleep(0.01)\n    return 7\n"
    "task = asyncio.create_task(later())",
    "task's end": "await task",
    "run of a loop": "c = later()\ntry:\n    asyncio.run(c)\nfinally:\n    c.close()",
    "input": "input('name? ')",
    "getpass": "import getpass; getpass.getpass()",
    "threads": "import threading\ndef work(n): print('thread', n)\n"
    "for n in range(3):\n    t = threading.Thread(target=work, args=(n,)); t.start(); t.join()",
    "a thread that raises": "t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()",
    "clear at once": "from IPython.display import clear_output\nprint('gone'); clear_output()\n"
    "print('stays')",
    "clear later": "print('gone'); clear_output(wait=True); print('stays')",
    "update": "handle = display('first', display_id='d')\nhandle.update('second')",
    "update of another cell": "handle.update('third'); 'done'",
    "descriptor 1": "import os, time; _ = os.write(1, b'by descriptor\\n'); time.sleep(0.5)",
    "descriptor 2": "_ = os.write(2, b'error by descriptor\\n'); time.sleep(0.5)",
    "system": "code = os.system('echo by system'); time.sleep(0.5)",
    "subprocess": "import subprocess, sys\n"
    "subprocess.run([sys.executable, '-c', 'print(6 * 7)']).returncode",
    "captured": "subprocess.run(['echo', 'hidden'], capture_output=True, text=True).stdout",
    "stderr": "print('e', file=sys.stderr)",
    "interleaved": "print('a'); print('b', file=sys.stderr); print('c')",
    "pickles": "import pickle\nclass Point:\n    def __init__(self, x): self.x = x\n"
    "pickle.loads(pickle.dumps(Point(3))).x",
    "dataclass": "from dataclasses import dataclass\n@dataclass\nclass D:\n    a: int = 1\nD()",
    "main": "__name__, sys.modules['__main__'] is not None, Point.__module__",
    "names": "sorted(n for n in globals() if n.startswith('__'))",
    "counter": "get_ipython().execution_count, len(In), sorted(Out)[:3]",
    "history of results": "_, __, _i[:7]",
    "raises": "def deep(n):\n    if n == 0: raise ValueError('deep')\n    deep(n - 1)\ndeep(3)",
    "chained": "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise KeyError('k') from e",
    "syntax": "def f(:",
    "name": "not_there",
    "group": "raise ExceptionGroup('g', [ValueError(1), TypeError(2)])",
    "exit by sys": "sys.exit(3)",
    "keyboard": "raise KeyboardInterrupt",
    "broken repr": "class B:\n    def __repr__(self): raise RuntimeError('no repr')\nB()",
    "warning": "import warnings; warnings.warn('careful')",
    "magic time": "%who_ls int",
    "unknown magic": "%no_such_magic",
    "cd": "%cd -q /tmp\nos.getcwd()",
    "back": "os.chdir(os.path.expanduser('~')); os.path.exists('.')",
    "writefile": "%%writefile part.py\nvalue = 5",
    "run": "%run part.py\nvalue",
    "import beside": "import part; part.value",
    "help": "len?",
    "time cell": "%%capture taken\nprint('taken')",
    "taken": "taken.stdout",
    "numpy": "import numpy as np; np.set_printoptions(precision=3); np.random.rand(2)",
    "python's random": "import random; random.random(), random.randint(0, 9)",
    "dtype": "np.arange(6).reshape(2, 3).astype('float32')",
    "torch": "import torch; torch.rand(2), torch.get_num_threads(), torch.get_default_dtype()",
    "gradient": "w = torch.ones(2, requires_grad=True); (w * 3).sum().backward(); w.grad",
    "one step": "o = torch.optim.Adam([w], lr=0.1); o.step(); w",
    "hash": "hash('text'), os.environ['PYTHONHASHSEED'], sys.flags.hash_randomization",
    "arguments": "len(sys.argv), sys.argv[1], os.path.basename(sys.argv[0])",
    "shell class": "type(get_ipython()).__name__, type(sys.stdout).__name__, sys.stdout.name",
    "is a kernel": "'IPKernelApp' in get_ipython().config or hasattr(get_ipython(), 'kernel')",
    "warnings again": "warnings.warn('careful')",
    "generator": "(n for n in range(3)).__next__()",
    "walrus": "(q := 10) + q",
    "unicode": "print('é ∑ 🎈')",
    "carriage returns": "print('10%\\r20%\\r30%')",
    "long line": "print('x' * 5000)",
    "tracer": "sys.gettrace() is None and sys.getprofile() is None",
    "fork": "pid = os.fork()\nif pid == 0:\n    print('child'); sys.stdout.flush(); os._exit(0)\n"
    "_ = os.waitpid(pid, 0)[1]; del pid; _",
    "pool": "from multiprocessing import get_context\nimport math\n"
    "with get_context('fork').Pool(2) as pool: done = pool.map(math.sqrt, [4, 9])\ndone",
    "logging": "import logging; logging.warning('logged')",
    "atexit": "import atexit; atexit.register(print, 'bye'); 'registered'",
    "last": "'the end'",
}


@pytest.fixture(scope="module")
def warm() -> Iterator[Runner]:
    if not detect().forks:
        pytest.skip(f"kernels cannot be forked here: {detect().text}")
    with Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def both(warm: Runner) -> tuple[Execution, Execution]:
    given = v4.new_notebook(cells=[v4.new_code_cell(source) for source in ODD.values()])
    limits = Limits(cell_seconds=30)
    with Runner(cold=True) as cold:
        return tuple(r.execute(given, limits=limits, seed=5) for r in (warm, cold))  # type: ignore[return-value]


@pytest.mark.parametrize("name", ODD)
def test_an_odd_cell_ends_alike(both: tuple[Execution, Execution], name: str) -> None:
    place = list(ODD).index(name)
    forked, fresh = (run.cells[place] for run in both)

    assert (forked.status, neutral(forked.error)) == (fresh.status, neutral(fresh.error))


@pytest.mark.parametrize("name", ODD)
def test_an_odd_cell_shows_the_same(both: tuple[Execution, Execution], name: str) -> None:
    place = list(ODD).index(name)
    forked, fresh = (shown(run.notebook.cells[place].outputs) for run in both)

    assert forked == fresh


def test_of_odd_cells_the_same_is_recorded(both: tuple[Execution, Execution]) -> None:
    forked, fresh = (recorded(run) for run in both)

    assert facts(forked) == facts(fresh)


@pytest.mark.proof
def test_the_sample_class_is_recorded_alike(warm: Runner) -> None:
    limits = Limits(cell_seconds=6, memory_mib=4096)
    unlike = {}
    with Runner(cold=True) as cold:
        for submission in find_submissions(CLASS):
            try:
                notebook = read_notebook(submission.path)
            except IntakeFault:
                continue
            runs = [
                recorded(r.execute(notebook, limits=limits, seed=7, files=submission.files))
                for r in (warm, cold)
            ]
            if facts(runs[0], UNSEEDED) != facts(runs[1], UNSEEDED):
                unlike[submission.id] = [
                    (a, b) for a, b in zip(*map(facts, runs), strict=False) if a != b
                ]
    assert unlike == {}


UNSEEDED = re.compile(r"default_rng\(\)|secrets|perf_counter|time\(\)")


def recorded(run: Execution) -> Recording:
    return assemble("s", "s.ipynb", "key", run.notebook, run)


def facts(recording: Recording, loose: re.Pattern[str] | None = None) -> list[Any]:
    """Everything a recording holds but times; no numbers where a cell's own draws differ."""
    sources = "".join(cell.source for cell in recording.cells)
    exact = loose is None or not loose.search(sources)
    if any(cell.status == "timed_out" for cell in recording.cells):  # how far it came varies
        return [[(c.number, c.status, neutral(c.error)) for c in recording.cells]]

    def content(array: Any) -> Any:
        return (array.dtype.str, array.shape, array.tobytes() if exact else None)

    return [
        [(c.number, c.status, neutral(c.error)) for c in recording.cells],
        [
            (v.origin, v.cell, v.last_cell, v.path, v.library, exact and v.span, *content(v.array))
            for v in recording.values
        ],
        [
            (d.cell, d.generator, d.call, tuple(d.parameters.items()), *content(d.array))
            for d in recording.draws
        ],
        recording.torch_cells,
        recording.left_out,
        recording.incomplete,
    ]


def shown(outputs: list[Any]) -> list[str]:
    """Outputs with text of the same stream together, and without what differs run by run."""
    texts: dict[str, str] = {}
    others = []
    for output in outputs:
        if output["output_type"] == "stream":
            texts[output["name"]] = texts.get(output["name"], "") + output["text"]
        else:
            others.append(neutral(json.dumps(output, sort_keys=True)))
    return sorted(f"{name}: {neutral(text)}" for name, text in texts.items()) + others


def neutral(text: str) -> str:
    """Take out addresses, process numbers and the paths of the two folders."""
    text = re.sub(r"0x[0-9a-f]+", "0x", text)
    text = re.sub(r"/[^ \"]*/ipykernel_\d+", "/tmp/ipykernel", text)
    text = re.sub(r"/tmp/gradmark-\w+/(home|tmp|work)|/notebook(/work)?|/tmp\b", "/place", text)
    return re.sub(r"Thread-\d+", "Thread", text)
