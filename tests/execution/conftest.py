"""A real kernel, started by the launcher with the recorder in it, and what it recorded."""

import io
import json
import os
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpec

from grader.execution import server

LIGHT = ("numpy",)  # what such a fork server loads
LAUNCHER = Path(__file__).parents[2] / "grader" / "execution" / "inside" / "launch.py"


@dataclass
class Ran:
    """What one cell put out, and the frames it left."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    frames: list[tuple[dict[str, Any], Any]] = field(default_factory=list)
    reply: dict[str, Any] = field(default_factory=dict)

    @property
    def stdout(self) -> str:
        return "".join(o["text"] for o in self.outputs if o.get("name") == "stdout")

    @property
    def stderr(self) -> str:
        return "".join(o["text"] for o in self.outputs if o.get("name") == "stderr")

    @property
    def error(self) -> str:
        return "\n".join(line for o in self.outputs for line in o.get("traceback", ()))

    def headers(self, kind: str) -> list[dict[str, Any]]:
        return [header for header, _ in self.frames if header["kind"] == kind]

    def values(self, *origins: str) -> dict[str, Any]:
        """The arrays by path."""
        origins = origins or ("variable", "attribute")
        return {h["path"]: a for h, a in self.frames if h.get("origin") in origins}

    def value_headers(self) -> dict[str, dict[str, Any]]:
        return {header["path"]: header for header in self.headers("value")}

    @property
    def draws(self) -> dict[tuple[str, str], Any]:
        return {(h["generator"], h["call"]): a for h, a in self.frames if h["kind"] == "draws"}

    @property
    def ended(self) -> list[str]:
        return [header["path"] for header in self.headers("end")]

    @property
    def left_out(self) -> list[str]:
        return [header["what"] for header in self.headers("left_out")]

    @property
    def torch(self) -> list[str]:
        (cell,) = self.headers("cell")
        return list(cell["torch"])


class Recorded:
    """A kernel with the recorder in it."""

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        self.stream = folder / "stream"
        argv = [*self._argv(settings), "-f", "{connection_file}"]
        self.manager = KernelManager(connection_file=str(folder / "kernel.json"), transport="ipc")
        self.manager._kernel_spec = KernelSpec(argv=argv, language="python")
        environment = {
            **os.environ,
            "IPYTHONDIR": str(folder),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        environment.pop("PYTEST_CURRENT_TEST", None)
        with (folder / "log").open("wb") as log:
            self.manager.start_kernel(env=environment, cwd=str(folder), stdout=log, stderr=log)
        self.client = self.manager.client()
        self.client.start_channels(hb=False, stdin=False)
        self.client.wait_for_ready(timeout=60)
        self.read = 0

    def run(self, code: str, *, interrupt_after: str = "") -> Ran:
        """Run a cell to its end; interrupt it when it has printed a text."""
        ran = Ran()
        interrupted: list[bool] = []

        def receive(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "clear_output":
                ran.outputs.clear()
            if message["msg_type"] == "stream" and _goes_on(ran.outputs, content):
                ran.outputs[-1]["text"] += content["text"]
            elif message["msg_type"] in ("stream", "error", "display_data", "execute_result"):
                ran.outputs.append(content)
            if interrupt_after and interrupt_after in ran.stdout and not interrupted:
                interrupted.append(True)
                self.manager.interrupt_kernel()

        reply = self.client.execute_interactive(
            code, output_hook=receive, timeout=60, stop_on_error=False, allow_stdin=False
        )
        ran.reply = reply["content"]
        ran.frames = self._new_frames()
        return ran

    def stop(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def _argv(self, settings: dict[str, Any]) -> list[str]:
        argv = [sys.executable, str(LAUNCHER), "--stream", str(self.stream)]
        return [*argv, "--settings", json.dumps(settings)]

    def _new_frames(self) -> list[tuple[dict[str, Any], Any]]:
        data = self.stream.read_bytes()
        frames = []
        while self.read < len(data):
            header_size, payload_size = struct.unpack_from(">II", data, self.read)
            start = self.read + 8
            header = json.loads(data[start : start + header_size])
            payload = data[start + header_size : start + header_size + payload_size]
            array = np.load(io.BytesIO(payload), allow_pickle=False) if payload else None
            frames.append((header, array))
            self.read = start + header_size + payload_size
        return frames


def _goes_on(outputs: list[dict[str, Any]], content: dict[str, Any]) -> bool:
    return bool(outputs) and outputs[-1].get("name") == content["name"]


class Plain(Recorded):
    """The same without a recorder."""

    def _argv(self, settings: dict[str, Any]) -> list[str]:
        return [sys.executable, "-m", "ipykernel_launcher"]

    def _new_frames(self) -> list[tuple[dict[str, Any], Any]]:
        return []


Start = Callable[..., Recorded]


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork servers that load no torch, and so cost little."""
    monkeypatch.setattr(server, "PRELOADED", LIGHT)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    """A kernel as any notebook gets it."""
    kernel = Plain(tmp_path_factory.mktemp("plain"), {})
    yield kernel
    kernel.stop()


@pytest.fixture(scope="module")
def start_recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start a kernel with the recorder in it."""
    started: list[Recorded] = []

    def start(**settings: Any) -> Recorded:
        folder = tmp_path_factory.mktemp("kernel")
        for name, text in settings.pop("profile", {}).items():
            file = folder / "profile_default" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        started.append(Recorded(folder, settings))
        return started[-1]

    yield start
    for kernel in started:
        kernel.stop()
