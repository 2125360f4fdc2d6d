"""Start an IPython kernel with the recorder in it; run as a script, by the process that grades.

    python launch.py --stream PATH --settings JSON -f CONNECTION_FILE

The recorder's modules are loaded as a package of no importable name, so that nothing a
student can import, and no name a student could choose, is taken by it.
"""

import argparse
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PACKAGE = "_recorder_of_this_run"


def main() -> None:
    """Prepare the process, then run the kernel until it is shut down."""
    options, kernel_options = _read_options()
    settings = {key: _frozen(value) for key, value in json.loads(options.settings).items()}
    _limit_process(settings.get("memory_mib", 0))
    if sys.path and Path(sys.path[0] or ".").resolve() == HERE:
        del sys.path[0]
    recorder, libraries, checks = _load_recorder("recorder", "absent_libraries", "self_checks")
    app = _make_kernel(kernel_options)
    known = {name: settings[name] for name in recorder.Settings.__annotations__.keys() & settings}
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
    recording = recorder.Recorder(app.shell)
    recording.begin(recorder.Settings(**known), os.open(options.stream, flags, 0o600))
    recording.attach()
    if settings.get("preload_torch"):
        _preload_torch()
    libraries.let_parts_stand_in()
    checks.make_harmless(app.shell)
    app.start()


def _read_options() -> tuple[argparse.Namespace, list[str]]:
    """Read our options, and leave the others to the kernel, as if there had been no others."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--stream", required=True)
    parser.add_argument("--settings", default="{}")
    options, others = parser.parse_known_args()
    usual = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [usual.origin if usual and usual.origin else sys.argv[0], *others]
    return options, others


def _limit_process(memory_mib: int) -> None:
    """Bound the address space, and leave no core dump behind."""
    try:
        import resource  # noqa: PLC0415  # not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory_mib:
        size = memory_mib * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _load_recorder(*names: str) -> list[Any]:
    """Load modules beside this one, then take their names out of reach."""
    spec = importlib.util.spec_from_file_location(
        PACKAGE, HERE / "__init__.py", submodule_search_locations=[str(HERE)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(str(HERE))
    package = sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)
    loaded = [importlib.import_module(f"{PACKAGE}.{name}") for name in names]
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]
    return loaded


def _make_kernel(options: list[str]) -> Any:
    """Make a kernel that reads no configuration and runs no start-up file of anybody."""
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415  # after the limits are set
    from traitlets.config import Config  # noqa: PLC0415

    def nothing(self: Any, *_: Any, **__: Any) -> None:
        """Do not."""

    entries = {"load_config_file": nothing, "_run_startup_files": nothing}
    kernel_app = type(
        "IPKernelApp", (IPKernelApp,), {**entries, "__module__": "ipykernel.kernelapp"}
    )
    config = Config({"HistoryManager": {"enabled": False}})
    app = kernel_app.instance(config=config)  # type: ignore[attr-defined]
    app.initialize(options)
    return app


def _preload_torch() -> None:
    """Load torch before the clock of the first cell runs."""
    try:
        import torch  # noqa: F401, PLC0415
    except ImportError:
        return


def _frozen(value: Any) -> Any:
    """Make a list a tuple."""
    return tuple(value) if isinstance(value, list) else value


if __name__ == "__main__":
    main()
