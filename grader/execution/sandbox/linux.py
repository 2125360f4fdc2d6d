"""The few system calls the sandbox is made of, which Python 3.11 does not offer."""

import ctypes
import os
import platform

NEWNS, NEWCGROUP, NEWUTS, NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
DETACH = 2
_SET_PDEATHSIG, _SET_DUMPABLE, _CAPBSET_DROP, _SET_CHILD_SUBREAPER = 1, 4, 24, 36
_SET_NO_NEW_PRIVS, _CAP_AMBIENT, _AMBIENT_CLEAR = 38, 47, 4
_CAPABILITY_VERSION = 0x20080522
_AT_RECURSIVE, _ATTR_RDONLY, _ATTR_NOSUID, _AT_FDCWD = 0x8000, 0x1, 0x2, -100
# Numbers of the calls glibc has no function for; those from 424 on are the same everywhere.
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_MOUNT_SETATTR = 442
MACHINE = platform.machine()

_libc = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None


class _MountAttributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]


def call(name: str, *arguments: object) -> int:
    """Call a function of the C library; texts are passed as paths.

    Raises:
        OSError: it failed; the message names the function.

    """
    passed = [_passed(argument) for argument in arguments]
    result: int = getattr(_libc, name)(*passed)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def syscall(number: int, *arguments: object) -> int:
    """Make a system call by its number."""
    return call("syscall", ctypes.c_long(number), *arguments)


def unshare(flags: int) -> None:
    """Leave the namespaces of the given kinds for new ones."""
    call("unshare", flags)


def setns(descriptor: int, kind: int) -> None:
    """Enter a namespace."""
    call("setns", descriptor, kind)


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount a file system, or a folder once more at another place."""
    call("mount", source, target, kind or None, ctypes.c_ulong(flags), options or None)


def bind(source: str, target: str) -> None:
    """Make a file or a folder, with all that is mounted below it, visible at another place."""
    mount(source, target, flags=MS_BIND | MS_REC)


def detach(target: str) -> None:
    """Take a mounted file system out of sight."""
    call("umount2", target, DETACH)


def make_read_only(target: str) -> None:
    """Let nobody write to a mounted tree, nor gain rights by a file in it."""
    attributes = _MountAttributes(_ATTR_RDONLY | _ATTR_NOSUID, 0, 0, 0)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    syscall(_MOUNT_SETATTR, _AT_FDCWD, target, _AT_RECURSIVE, ctypes.byref(attributes), size)


def pivot_root(root: str, old: str) -> None:
    """Make `root` the root of the file system, and the root there was, `old` in it."""
    syscall(_PIVOT_ROOT[MACHINE], root, old)


def set_dumpable() -> None:
    """Let a process that changed its user write its own files in /proc again."""
    call("prctl", _SET_DUMPABLE, 1, 0, 0, 0)


def die_with_parent() -> None:
    """Be killed when the process that started this one ends."""
    call("prctl", _SET_PDEATHSIG, 9, 0, 0, 0)


def adopt_orphans(adopt: bool = True) -> None:
    """Become the parent of all descendants that lose theirs, or no longer."""
    call("prctl", _SET_CHILD_SUBREAPER, int(adopt), 0, 0, 0)


def drop_capabilities() -> None:
    """Give up every right beyond an ordinary user's, for good."""
    for capability in range(64):
        try:
            call("prctl", _CAPBSET_DROP, capability, 0, 0, 0)
        except OSError:  # no capability of this number, or no right to drop it any more
            break
    call("prctl", _CAP_AMBIENT, _AMBIENT_CLEAR, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    call("capset", header, (ctypes.c_uint32 * 6)())
    forbid_new_rights()


def forbid_new_rights() -> None:
    """Have no program gain rights when it is started, set-user-id or not."""
    call("prctl", _SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def load_filter(program: ctypes.Structure) -> None:
    """Have the kernel pass every system call of this process through a filter, for good."""
    syscall(_SECCOMP[MACHINE], 1, 0, ctypes.byref(program))


def _passed(argument: object) -> object:
    """Give what a C function takes."""
    return os.fsencode(argument) if isinstance(argument, str) else argument
