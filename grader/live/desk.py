"""The judge's process: it waits for sessions to be sent, and answers; it ends with the notebook."""

import contextlib
import logging
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any

from grader.execution.outcome import Probe
from grader.faults import Fault
from grader.live.asking import Answers, answered, packed
from grader.live.judging import LiveJudge, Seen
from grader.live.messages import read_message, write_message
from grader.live.whereabouts import Whereabouts, rubric_of
from grader.results.forms import html, markdown, plain
from grader.results.model import CheckResult, unchecked

FAILED = "The grader itself failed; this says nothing about your notebook."


class Desk:
    """Answers one session, with the rubrics it has asked for open."""

    def __init__(self, incoming: IO[bytes], outgoing: IO[bytes]) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._judges: dict[tuple[Path, int], LiveJudge] = {}

    def serve(self) -> None:
        """Answer until the notebook has ended."""
        while (message := read_message(self._incoming)) is not None:
            header, payload = message
            if header.get("kind") == "prepare":
                self._prepare(header)
                continue
            begun = time.monotonic()
            result = self._guarded(header, payload)
            result = replace(result, seconds=time.monotonic() - begun)
            write_message(self._outgoing, _told(result))

    def _prepare(self, header: Mapping[str, Any]) -> None:
        """Open the rubric that will be asked for; what is at fault is told when it is."""
        with contextlib.suppress(Exception):
            self._judge(rubric_of(_place(header))).warm()

    def _guarded(self, header: Mapping[str, Any], payload: bytes) -> CheckResult:
        """Check; whatever goes wrong is told in a sentence."""
        try:
            return self._check(header, payload)
        except EOFError:
            raise
        except Fault as fault:
            return unchecked(str(fault), "submission")
        except Exception:
            logging.getLogger("grader").exception("a session could not be checked")
            return unchecked(FAILED, "grader")

    def _check(self, header: Mapping[str, Any], payload: bytes) -> CheckResult:
        judge = self._judge(rubric_of(_place(header)))
        questions = [str(one) for one in header["questions"]]
        judge.require(questions)
        sources = {int(number): str(source) for number, source in header["sources"].items()}
        printed = {int(number): str(text) for number, text in header["printed"].items()}
        cells = {int(number): str(cell) for number, cell in header.get("cells", {}).items()}
        seen = Seen(payload, sources, bool(header["torch"]), printed, cells)
        return judge.result(seen, questions, self._ask)

    def _judge(self, path: Path) -> LiveJudge:
        """Open a rubric, unless it is open and has not changed since."""
        key = path, path.stat().st_mtime_ns
        if key not in self._judges:
            self._judges = {key: LiveJudge(path)}
        return self._judges[key]

    def _ask(self, probes: tuple[Probe, ...], left: frozenset[str]) -> Answers:
        """Have the session's own code called."""
        told, content = packed(probes)
        write_message(self._outgoing, {"kind": "probes", "probes": told}, content)
        message = read_message(self._incoming)
        if message is None:
            raise EOFError
        return answered(probes, *message, left)


def main() -> None:
    """Serve over standard input and output, which nothing else may use."""
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        Desk(sys.stdin.buffer, outgoing).serve()
    except (EOFError, OSError, KeyboardInterrupt):
        return


def _place(header: Mapping[str, Any]) -> Whereabouts:
    rubric, notebook = str(header["rubric"] or ""), str(header["notebook"])
    return Whereabouts(Path(header["folder"]), rubric, notebook)


def _told(result: CheckResult) -> dict[str, Any]:
    """Put a result into a message, in all its forms."""
    return {
        "kind": "result",
        "plain": plain(result),
        "markdown": markdown(result),
        "html": html(result),
        "data": {**asdict(result), "passes": result.passes},
    }
