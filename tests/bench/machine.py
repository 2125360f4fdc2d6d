"""The machine of a run, described so that another one can be compared with it."""

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("numpy", "torch", "ipykernel", "nbclient")


def describe_machine() -> dict[str, str]:
    """Say what the figures depend on; nothing by which the machine could be told from its like."""
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{_memory_gib()} GiB",
        "system": f"{platform.system()} {_release()}",
        "Python": platform.python_version(),
        **{name: version(name).partition("+")[0] for name in PACKAGES},
    }


def _processor() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1].strip() if found else platform.machine()


def _memory_gib() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _release() -> str:
    return ".".join(platform.release().split(".")[:2])
