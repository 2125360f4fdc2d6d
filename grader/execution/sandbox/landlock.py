"""Landlock: a process gives up files, and what else Linux lets it give up, without any right to."""

import ctypes
import os
from collections.abc import Sequence

from .linux import syscall

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_VERSION = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_FOR_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | 1 << 14  # 1 << 14: truncate
_READING = _EXECUTE | _READ_FILE | _READ_DIR
_RIGHTS = {1: 1 << 13, 2: 1 << 14, 3: 1 << 15}  # by version: rights below this bit are known
_TCP = 0b11  # bind, connect; from version 4 on
_SCOPES = 0b11  # abstract sockets and signals stay among ourselves; from version 6 on


class _Ruleset(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("files", "network", "scopes")]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("rights", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def version() -> int:
    """Ask for Landlock's version; 0 where there is none."""
    try:
        return syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION)
    except OSError:
        return 0


def restrict_files(
    readable: Sequence[str], writable: Sequence[str], listed: Sequence[str] = ()
) -> None:
    """Leave this process only what lies beneath these paths; a path that is not there is no loss.

    Beneath `listed` folders, names can be seen, but nothing can be read.
    Where Landlock knows them, TCP and signals to processes outside are given up too.
    Does nothing without Landlock. To be called with no right to gain rights.
    """
    known = version()
    if not known:
        return
    everything = _RIGHTS.get(known, 1 << 15) - 1
    ruleset = _Ruleset(everything, _TCP if known >= 4 else 0, _SCOPES if known >= 6 else 0)
    size = 8 if known < 4 else 16 if known < 6 else 24
    rules = syscall(_CREATE, ctypes.byref(ruleset), ctypes.c_size_t(size), 0)
    try:
        for path in readable:
            _allow_beneath(rules, path, _READING)
        for path in listed:
            _allow_beneath(rules, path, _READ_DIR)
        for path in writable:
            _allow_beneath(rules, path, everything)
        syscall(_RESTRICT, rules, 0)
    finally:
        os.close(rules)


def _allow_beneath(rules: int, path: str, rights: int) -> None:
    """Add one rule."""
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):  # no pathlib in a fresh child
            rights &= _FOR_FILES
        rule = _Beneath(rights, handle)
        syscall(_ADD_RULE, rules, 1, ctypes.byref(rule), 0)
    finally:
        os.close(handle)
