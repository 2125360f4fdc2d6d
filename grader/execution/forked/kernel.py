"""An IPython kernel without ZMQ: made and warmed before the fork, asked by a channel after it."""

import asyncio
import inspect
import logging
import os
import select
import signal
import sys
import threading
from types import SimpleNamespace
from typing import Any, NoReturn

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from tornado.ioloop import IOLoop
from traitlets.config import Config

from .channel import Channel, ChannelSession, ChannelStream
from .probes import run_probe

TICK_SECONDS = 0.1  # until text without an end of line is sent all the same
CHUNK = 65536
CHUNKS = 16  # read of a pipe at once
# What is used once before the fork is loaded, and shared, in every child.
WARM_UP = {
    "builtins": "import asyncio, warnings\nprint('text', 1.5)\n[1.0, 2.0]",
    "sys": "1 / 0",
    "numpy": """
import numpy as np
np.random.seed(0)
weights = np.random.rand(4, 2)
for _ in range(3):
    keep = np.random.binomial(1, 0.5, size=(2, 4))
    shown = np.exp(np.maximum(keep @ weights, 0.0)).sum(axis=1, keepdims=True).T
print(np.round(shown, 4), np.random.default_rng(0).random())
shown
""",
    "torch": """
import torch
torch.set_num_threads(1)
torch.manual_seed(0)
weights = torch.rand(4, 2, dtype=torch.float64, requires_grad=True)
network = torch.nn.Sequential(torch.nn.Linear(4, 2), torch.nn.Tanh())
for _ in range(3):
    optimizer = torch.optim.SGD([weights, *network.parameters()], lr=0.1)
    optimizer.zero_grad()
    keep = torch.empty(4, 4).bernoulli_(0.5)
    scores = keep.double() @ weights
    loss = torch.nn.functional.cross_entropy(scores, torch.tensor([0, 1, 0, 1]))
    (loss + torch.nn.MSELoss()(network(keep), torch.zeros(4, 2)) + scores.abs().mean()).backward()
    optimizer.step()
with torch.no_grad():
    weights -= 0.1 * weights.grad
print(weights, loss.item(), weights.detach().numpy())
weights.grad
""",
}


class ServedKernel:
    """A kernel, its shell and its streams."""

    def __init__(self) -> None:
        """Make a kernel that reads no configuration and runs no start-up file of anybody."""
        self.channel = Channel()
        self.session = ChannelSession()
        self.session.channel, self.session.before_reply = self.channel, self._drain
        self._streams = [ChannelStream(self.session, name) for name in ("stdout", "stderr")]
        sys.stdout, sys.stderr = self._streams
        self._recorder: Any = None
        self.kernel = _make_kernel(self.session)
        self.shell = self.kernel.shell
        self.shell.exit_now = False
        sys.path.insert(0, "")
        self._pipes: list[tuple[int, ChannelStream]] = []
        self._reading = threading.Lock()

    def warm(self) -> None:
        """Run a cell or two, and forget them."""
        loop = asyncio.new_event_loop()
        self.kernel.io_loop = SimpleNamespace()
        of_the_module = dict(vars(self.shell.user_module))
        for number, source in enumerate(WARM_UP[name] for name in WARM_UP if name in sys.modules):
            loop.run_until_complete(self._run(_request(f"warm {number}", source)))
        loop.close()
        asyncio.set_event_loop(None)
        self.shell.reset(new_session=True)
        vars(self.shell.user_module).update(of_the_module)
        self.shell.execution_count = 1
        self.shell._last_traceback = None
        for name in ("last_type", "last_value", "last_traceback", "last_exc"):
            vars(sys).pop(name, None)

    def prepare(self) -> None:
        """Do what can be done before the notebook is known; in the forked process."""
        asyncio.set_event_loop(asyncio.new_event_loop())
        self.shell.run_cell("pass", silent=True, store_history=False)

    def serve(self, descriptor: int, limit: int, recorder: Any) -> None:
        """Run the cells that are asked for, until nobody asks any more; in the forked process."""
        self.channel.limit, self._recorder = limit, recorder
        self.channel.open(descriptor)
        for stream in self._streams:
            stream.is_mine()
        self._catch_descriptors()
        self.kernel.shell_channel_thread.parent_thread = threading.main_thread()
        asyncio.get_event_loop().run_until_complete(self._serve())

    async def _serve(self) -> None:
        """Take requests one by one; tasks of the notebook go on in between."""
        loop = asyncio.get_running_loop()
        self.kernel.io_loop = IOLoop.current()
        self.session.publish("ready", {}, None)
        while True:
            asked = loop.create_future()
            loop.add_reader(self.channel.fileno(), _settle, asked)
            await asked
            loop.remove_reader(self.channel.fileno())
            request, descriptors = self.channel.receive()
            if request is None:
                return
            if descriptors:
                self._answer(request, descriptors)
            else:
                await self._run(_request(request["id"], request["code"]))
                if not self.channel.mine:  # the cell forked, and this is not the notebook
                    os._exit(0)

    def _answer(self, request: dict[str, Any], descriptors: list[int]) -> None:
        """Run a snippet in a fork, or leave a fork behind that answers such requests later."""
        (descriptor,) = descriptors
        if request["kind"] == "probe":
            run_probe(self.shell, self._recorder, request, descriptor)
        elif os.fork() == 0:
            self._keep(descriptor)
        os.close(descriptor)
        self.session.publish("execute_reply", {"status": "ok"}, request)

    def _keep(self, descriptor: int) -> NoReturn:
        """Be the notebook as it is now, and run snippets in forks of it, until nobody asks."""
        try:
            self.channel.open(descriptor)
            self.session.before_reply = _do_nothing
            while True:
                request, descriptors = self.channel.receive()
                if request is None:
                    break
                self._answer(request, descriptors)
        finally:
            os._exit(0)

    async def _run(self, request: dict[str, Any]) -> None:
        """Run one cell, as a kernel that was sent an execute_request does."""
        self.kernel.set_parent([b""], request)
        kept = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            await self.kernel.execute_request(None, [b""], request)
        except KeyboardInterrupt:  # it came when the cell's own code had ended
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            late = {"status": "error", "ename": "KeyboardInterrupt", "evalue": ""}
            self.session.publish("execute_reply", late, request)
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN if self.channel.mine else kept)

    def _catch_descriptors(self) -> None:
        """Read what is written to descriptors 1 and 2 by other means than the streams."""
        for stream, descriptor in zip(self._streams, (1, 2), strict=True):
            reading, writing = os.pipe()
            stream._original_stdstream_copy = os.dup(descriptor)
            os.dup2(writing, descriptor)
            os.close(writing)
            os.set_blocking(reading, False)
            self._pipes.append((reading, stream))
        threading.Thread(target=self._watch, name="IOPub", daemon=True).start()

    def _watch(self) -> None:
        """Hand on what comes by the pipes, and text that waits for its end of line."""
        watched = [reading for reading, _ in self._pipes]
        while True:
            ready, _, _ = select.select(watched, [], [], TICK_SECONDS)
            if ready:
                self._drain()
            for stream in self._streams:
                stream._flush()

    def _drain(self) -> None:
        """Read the pipes empty."""
        with self._reading:
            for reading, stream in self._pipes:
                _pass_on(reading, stream)


class _Compiler(XCachingCompiler):
    """Tells `inspect` where cells belong: a traceback would else search all modules a frame."""

    def get_code_name(self, raw_code: Any, code: Any, number: Any) -> Any:
        """Name a cell's file."""
        name = super().get_code_name(raw_code, code, number)  # type: ignore[no-untyped-call]
        inspect.modulesbyfile[name] = "__main__"
        return name


def _make_kernel(session: ChannelSession) -> Any:
    """Make a kernel that keeps no history, logs nothing and waits for nobody."""
    config = Config({"HistoryManager": {"enabled": False}})
    quiet = logging.Logger("kernel", logging.CRITICAL)
    kernel = IPythonKernel.instance(
        session=session, config=config, log=quiet, user_ns=None, compiler_class=_Compiler
    )
    kernel._execute_sleep = 0
    kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.main_thread())
    return kernel


def _pass_on(reading: int, stream: ChannelStream) -> None:
    """Write to a stream what waits in a pipe; who writes on and on is not waited for."""
    for _ in range(CHUNKS):
        try:
            data = os.read(reading, CHUNK)
        except BlockingIOError:
            return
        if not data:
            return
        stream.write(data.decode("utf-8", "replace"))


def _request(name: str, code: str) -> dict[str, Any]:
    """Make the request a front end would send."""
    content = {
        "code": code,
        "silent": False,
        "store_history": True,
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": False,
    }
    header = {"msg_id": name, "msg_type": "execute_request", "username": "", "session": ""}
    return {"header": header, "parent_header": {}, "metadata": {}, "content": content}


def _do_nothing() -> None:
    """Do not read the pipes of the process that was forked."""


def _settle(asked: "asyncio.Future[None]") -> None:
    """Say that a request came."""
    if not asked.done():
        asked.set_result(None)
