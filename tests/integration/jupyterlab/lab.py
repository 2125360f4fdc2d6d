"""A JupyterLab of its own: its settings, its trust and its kernels end with it."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 120
END_SECONDS = 15
SETTINGS: dict[str, dict[str, object]] = {
    "apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "notebook-extension/tracker": {"windowingMode": "none"},  # cells out of sight are there, too
}


@dataclass(frozen=True)
class Lab:
    """A server that answers; `folder` is what it shows."""

    url: str
    token: str
    folder: Path

    def page(self, notebook: str) -> str:
        """Give the address of a notebook, alone on its page."""
        return f"{self.url}doc/tree/{notebook}?token={self.token}"


@contextmanager
def running_lab(folder: Path, home: Path, *, dark: bool = False) -> Iterator[Lab]:
    """Start a server for a folder; `home` takes all that it keeps, and was never trusted."""
    token = secrets.token_hex(16)
    _write_settings(home / "settings", dark=dark)
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [*_command(token), f"--ServerApp.root_dir={folder}"],
            cwd=folder,
            env=_environment(home),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield Lab(_address(process, home), token, folder)
    finally:
        _end(process)


def _command(token: str) -> list[str]:
    return [
        sys.executable,
        *("-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ip=127.0.0.1", "--ServerApp.port=0", f"--IdentityProvider.token={token}"),
        *("--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly"),
    ]


def _environment(home: Path) -> dict[str, str]:
    """Keep everything of one's own out, and what the server keeps in its home."""
    own = {
        "HOME": "home",
        "XDG_CACHE_HOME": "cache",
        "IPYTHONDIR": "ipython",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "run",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }
    for folder in own.values():
        (home / folder).mkdir(parents=True, exist_ok=True)
    kept = {name: text for name, text in os.environ.items() if not name.startswith("JUPYTER")}
    kept.pop("PYTEST_CURRENT_TEST", None)
    kept.pop("GRADMARK_GRADING", None)
    return {**kept, **{name: str(home / folder) for name, folder in own.items()}}


def _write_settings(folder: Path, *, dark: bool) -> None:
    theme = {"theme": "JupyterLab Dark" if dark else "JupyterLab Light"}
    for name, settings in {**SETTINGS, "apputils-extension/themes": theme}.items():
        file = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings))


def _address(process: "subprocess.Popen[bytes]", home: Path) -> str:
    """Wait until the server has written down where it is."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        for file in (home / "run").glob("jpserver-*.json"):
            try:
                return str(json.loads(file.read_text())["url"])
            except ValueError:  # it is being written
                continue
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{(home / 'log').read_text()[-2000:]}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the server, which ends its kernels; where it does not, they notice and end."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, number)
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                continue
