"""Cells of notebooks that want more points than they have earned."""

FORGED = "::notice title=Autograding complete::Points 100/100"

PRINTS_COMMANDS = f"""
import os, sys
print("{FORGED}")
print("\\n##[error]forged\\n{FORGED}", file=sys.stderr)
for number in (1, 2):
    os.write(number, b"\\n{FORGED}\\n")
for number in os.listdir("/proc"):
    if number.isdigit():
        for stream in (1, 2):
            try:
                with open(f"/proc/{{number}}/fd/{{stream}}", "w") as other:
                    other.write("\\n{FORGED}\\n")
            except OSError:
                pass
"""

RAISES_COMMANDS = f"""
raise ValueError("\\n{FORGED}\\n##[error]forged")
"""


def writes_to(places: str) -> str:
    """Write to every file a runner reads, by its environment's word and by guessing."""
    return f"""
import glob, os
named = [os.environ.get("GITHUB_OUTPUT"), os.environ.get("GITHUB_STEP_SUMMARY")]
for path in [*filter(None, named), *glob.glob({places!r}, recursive=True)]:
    try:
        with open(path, "a") as file:
            file.write("score=1000\\nresult=e30=\\n")
    except OSError:
        pass
print(sorted(name for name in os.environ if name.startswith(("GITHUB", "RUNNER", "ACTIONS"))))
"""


def forges_on(places: str) -> str:
    """Leave a daemon of no environment that writes to the runner's files again and again."""
    shell = f"while true; do for file in {places}; do echo score=1000 >> $file; done; done"
    return f"""
import subprocess, time
print("{FORGED}", flush=True)
subprocess.Popen(["setsid", "-f", "sh", "-c", {shell!r}], env={{}}).wait()
time.sleep(0.5)
"""


LOOPS = """
while True:
    pass
"""

FLOODS = """
print("x" * 79 + "\\n", end="")
print(("y" * 79 + "\\n") * 65_536)
"""
