"""The filter that refuses student code the system calls no notebook needs.

What reaches far into the kernel, looks into other processes or makes namespaces fails as it
would without the right to it. The rest is allowed: a notebook may start threads and programs.
"""

import ctypes
import errno
import struct
from functools import cache

from .linux import MACHINE, load_filter

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # where they lie in seccomp_data
_NAMESPACES = 0x7E020000  # the flags of clone that ask for a new one
_AF_UNIX, _AF_INET, _AF_INET6 = 1, 2, 10

# AUDIT_ARCH_..., then the numbers of socket, clone, and of the calls refused.
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_SOCKET = {"x86_64": 41, "aarch64": 198}
_CLONE = {"x86_64": 56, "aarch64": 220}
_REFUSED: dict[str, tuple[int, int]] = {  # x86_64, aarch64; -1 where there is none
    "semget": (64, 190),
    "msgget": (68, 186),
    "shmget": (29, 194),  # memory that no limit of a process counts, as memfd_create's
    "ptrace": (101, 117),
    "syslog": (103, 116),
    "uselib": (134, -1),
    "personality": (135, 92),
    "ustat": (136, -1),
    "sysfs": (139, -1),
    "vhangup": (153, 58),
    "modify_ldt": (154, -1),
    "pivot_root": (155, 41),
    "adjtimex": (159, 171),
    "chroot": (161, 51),
    "acct": (163, 89),
    "settimeofday": (164, 170),
    "mount": (165, 40),
    "umount2": (166, 39),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "iopl": (172, -1),
    "ioperm": (173, -1),
    "init_module": (175, 105),
    "delete_module": (176, 106),
    "quotactl": (179, 60),
    "lookup_dcookie": (212, 18),
    "clock_settime": (227, 112),
    "kexec_load": (246, 104),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "migrate_pages": (256, 238),
    "unshare": (272, 97),
    "move_pages": (279, 239),
    "perf_event_open": (298, 241),
    "fanotify_init": (300, 262),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "clock_adjtime": (305, 266),
    "setns": (308, 268),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "finit_module": (313, 273),
    "memfd_create": (319, 279),
    "kexec_file_load": (320, 294),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "mount_setattr": (442, 442),
    "quotactl_fd": (443, 443),
}
_CLONE3 = 435
_X32 = 0x40000000  # numbers from here on are those of another convention, on x86_64


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def supported() -> bool:
    """Say whether the filter is known for this machine."""
    return MACHINE in _ARCHITECTURES


def refuse_system_calls(*, network: bool) -> None:
    """Load the filter; without `network` there are no sockets but pairs of them.

    Call it last, with no right to gain rights: it cannot be taken off again.
    """
    code = _assemble(network)
    load_filter(_Program(len(code) // 8, code))


@cache
def _assemble(network: bool) -> bytes:
    """Write the filter: each rule tests, and returns or falls through to the next."""
    column = 0 if MACHINE == "x86_64" else 1
    refused = sorted(numbers[column] for numbers in _REFUSED.values() if numbers[column] >= 0)
    # Without a network of its own, a socket may lead to the machine's services; pairs may be had.
    families = (_AF_UNIX, _AF_INET, _AF_INET6) if network else ()
    return b"".join(
        [
            _instruction(_LOAD, _ARCHITECTURE),
            _instruction(_JUMP_EQUAL, _ARCHITECTURES[MACHINE], 1, 0),
            _instruction(_RETURN, _KILL),
            _instruction(_LOAD, _NUMBER),
            *(_refuse(_JUMP_AT_LEAST, _X32, errno.ENOSYS) if column == 0 else []),
            # clone3's flags lie in memory, out of sight: without it, programs use clone.
            *_refuse(_JUMP_EQUAL, _CLONE3, errno.ENOSYS),
            *(part for number in refused for part in _refuse(_JUMP_EQUAL, number, errno.EPERM)),
            _instruction(_JUMP_EQUAL, _CLONE[MACHINE], 0, 4),
            _instruction(_LOAD, _FIRST_ARGUMENT),
            _instruction(_JUMP_ANY_BIT, _NAMESPACES, 0, 1),
            _instruction(_RETURN, _ERRNO | errno.EPERM),
            _instruction(_RETURN, _ALLOW),
            _instruction(_JUMP_EQUAL, _SOCKET[MACHINE], 1, 0),
            _instruction(_RETURN, _ALLOW),
            _instruction(_LOAD, _FIRST_ARGUMENT),
            *(part for family in families for part in _allow(family)),
            _instruction(_RETURN, _ERRNO | errno.EAFNOSUPPORT),
        ]
    )


def _refuse(jump: int, number: int, error: int) -> list[bytes]:
    """Fail with an error where the comparison holds."""
    return [_instruction(jump, number, 0, 1), _instruction(_RETURN, _ERRNO | error)]


def _allow(value: int) -> list[bytes]:
    """Allow where the loaded value is this one."""
    return [_instruction(_JUMP_EQUAL, value, 0, 1), _instruction(_RETURN, _ALLOW)]


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """Encode one instruction of the filter."""
    return struct.pack("=HBBI", code, if_true, if_false, value)
