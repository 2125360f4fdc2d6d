"""The environment of the process that checks: what it needs, and nothing of the workflow's."""

from collections.abc import Mapping

# A list of what may pass, as secrets have names nobody can list.
_PASSING = {"HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "LOGNAME", "PATH", "TZ", "USER"}
_PASSING_FAMILIES = ("LC_", "XDG_")


def scrubbed(environment: Mapping[str, str], temporary: str) -> dict[str, str]:
    """Give what a process needs to run, with a folder of its own for temporary files."""
    passing = {
        name: value
        for name, value in environment.items()
        if name in _PASSING or name.startswith(_PASSING_FAMILIES)
    }
    return {**passing, "TMPDIR": temporary, "PYTHONNOUSERSITE": "1"}
