"""`grader.check`: looks at the session, has it judged, and says what came of it."""

import threading
from collections.abc import Mapping
from typing import Any

from grader.live.forks import Request, can_fork, run_requests
from grader.live.messages import Message
from grader.live.process import KEPT, JudgeDied, JudgeLate, JudgeProcess
from grader.live.session import Session, find_session, question_of
from grader.live.shown import Shown, only_said
from grader.live.snapshot import take_snapshot
from grader.recording.npy import read_npy

SECONDS = 120.0  # for an answer; most take less than one
PROBE_SECONDS = 3.0  # for all calls of the student's own functions
WHOLE = "`grader check NOTEBOOK` in a terminal checks the whole notebook."
NO_PROCESS = f"Checks cannot run here, as no process can be started. {WHOLE}"
_ONE_AT_A_TIME = threading.Lock()
DIED = f"The check ended without an answer, twice. {WHOLE}"
FAILED = f"The check itself failed; this says nothing about your notebook. {WHOLE}"
LATE = f"The check took too long, and was ended. {WHOLE}"


def check(*questions: str, rubric: str | None = None) -> Shown:
    """Check questions of the live notebook, or all of them; nothing in it changes.

    Args:
        questions: their ids, as the rubric has them.
        rubric: the name of a rubric that ships with the grader, or the path of one; else it is
            found by the file `gradmark.toml`, or by the notebook's metadata.

    """
    if not all(type(one) is str for one in (*questions, rubric or "")):
        return only_said('Questions and rubrics are named by text, as in check("task-1").')
    try:
        session = find_session()
        asked = question_of(session, questions, rubric)
        with _ONE_AT_A_TIME:
            return _judged(session, asked, take_snapshot(session))
    except Exception:  # a student gets a sentence, whatever it was
        return only_said(FAILED)


def _judged(session: Session, question: Mapping[str, Any], snapshot: bytes) -> Shown:
    """Ask the judge; one that dies is started again, once."""
    for _ in range(2):
        answered = False
        try:
            shown = _ask(KEPT.ready(), session, question, snapshot)
            answered = True
            return shown
        except JudgeDied:
            continue
        except JudgeLate:
            return only_said(LATE)
        except OSError:
            return only_said(NO_PROCESS)
        finally:
            if not answered:  # what it says later would be taken for the next answer
                KEPT.end()
    return only_said(DIED)


def _ask(
    judge: JudgeProcess, session: Session, question: Mapping[str, Any], snapshot: bytes
) -> Shown:
    header, payload = judge.ask(question, snapshot, SECONDS)
    while header.get("kind") == "probes":
        answer = _probed(session, header, payload, judge.descriptors())
        header, payload = judge.ask(*answer, SECONDS)
    return Shown(
        plain=str(header["plain"]),
        markdown=str(header["markdown"]),
        html=str(header["html"]),
        data=header["data"],
    )


def _probed(
    session: Session, header: Mapping[str, Any], payload: bytes, close: tuple[int, ...]
) -> Message:
    """Call what is asked for, in forks."""
    told: Any = header["probes"]
    if not can_fork():
        return {"kind": "probed", "lengths": []}, b""
    requests = [_request(one, payload) for one in told]
    streams = run_requests(session, requests, PROBE_SECONDS, close)
    return {"kind": "probed", "lengths": [len(one) for one in streams]}, b"".join(streams)


def _request(told: Mapping[str, Any], payload: bytes) -> Request:
    inputs = {name: read_npy(payload[a:b]) for name, (a, b) in told["inputs"].items()}
    return Request(told["steps"], inputs, float(told["seconds"]), told["slopes"])
