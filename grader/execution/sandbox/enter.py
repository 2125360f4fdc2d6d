"""Start a program within walls: in namespaces of its own, on a root with nothing else in it.

    python -I enter.py SETTINGS PROGRAM [ARGUMENT...]

SETTINGS is JSON: "folders", "code", "hidden" and "shown" (see root.py), "user", the id taken by
root, and "groups", files by which the process enters control groups first.
What stays of this process waits for the program, and ends as it does. It says in one line on
standard error why it could not be done, and ends with code 70.
"""

import importlib.util
import json
import os
import sys
from typing import Any

NAMESPACES_FAILED = 70
PACKAGE = "_walls"


def main() -> None:
    """Build the walls, then become the program."""
    settings, program = json.loads(sys.argv[1]), sys.argv[2:]
    for entrance in settings["groups"]:
        _write(entrance, "0")
    linux, root = _load("linux"), _load("root")
    try:
        _enter(settings, linux, root)
    except OSError as error:
        sys.stderr.write(f"{error.strerror or error}\n")
        sys.exit(NAMESPACES_FAILED)
    os.execv(program[0], program)  # noqa: S606  # that is what this is for


def _enter(settings: dict[str, Any], linux: Any, root: Any) -> None:
    """Enter the namespaces; only a child of this process returns from here."""
    folders = [settings[part] for part in ("folders", "code", "hidden", "shown")]
    privileged = os.geteuid() == 0
    user, group = os.geteuid(), os.getegid()
    if privileged:
        # Files only root may pass through are bound before root is given up.
        linux.unshare(linux.NEWNS)
        root.enter_new_root(*folders)
        user = group = _become_nobody(settings["user"])
        linux.set_dumpable()
    linux.unshare(
        *[linux.NEWUSER | linux.NEWNS | linux.NEWPID | linux.NEWNET | linux.NEWIPC | linux.NEWUTS]
    )
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"0 {user} 1"),
        ("gid_map", f"0 {group} 1"),
    ):
        _write(f"/proc/self/{name}", text)
    _go_on_as_child()
    linux.die_with_parent()
    if not privileged:
        root.enter_new_root(*folders)
    linux.mount("proc", "/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC)


def _write(path: str, text: str) -> None:
    """Write to a file of the kernel's."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def _become_nobody(user: int) -> int:
    """Give up being root, for an id that owns nothing."""
    os.setgroups([])
    for wanted in (user, 65534):
        try:
            os.setresgid(wanted, wanted, wanted)
            os.setresuid(wanted, wanted, wanted)
        except OSError:
            continue
        return wanted
    raise OSError(1, "the user cannot be changed")


def _go_on_as_child() -> None:
    """Fork; the child, process 1 of the new namespace, returns, the parent ends as it does."""
    child = os.fork()
    if child:
        os.closerange(3, 1024)
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _load(name: str) -> Any:
    """Load a module that lies beside this one."""
    here = os.path.dirname(os.path.abspath(__file__))
    if PACKAGE not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            PACKAGE, os.path.join(here, "__init__.py"), submodule_search_locations=[here]
        )
        if spec is None:
            raise ImportError(here)
        sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)
    return importlib.import_module(f"{PACKAGE}.{name}")


if __name__ == "__main__":
    main()
