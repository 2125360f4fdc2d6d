"""The outputs of a running notebook, gathered from the kernel's messages within bounds."""

import json
from typing import Any

import nbformat

KINDS = (  # what is kept of a rich output; earlier ones first, should room be short
    "text/plain",
    "text/latex",
    "text/markdown",
    "text/html",
    "image/png",
    "image/jpeg",
    "image/svg+xml",
    "application/json",
)
OVERHEAD = 64  # bytes charged for each output, besides what is in it
ERRORS_LIMIT = 20  # kept beside a full allowance: they explain the cell
TRACEBACK_LIMIT = 64 * 1024  # characters
DEPTH_LIMIT = 50  # levels of JSON
NAMESAKES = 100  # displays of one name in a cell that are kept up to date
NAME_LIMIT = 200  # characters of a display's name


class CellOutputs:
    """What one cell put out. Past its allowance of bytes nothing more is kept."""

    def __init__(self, allowance_kib: int) -> None:
        self.cut = False
        self._note = f"[output cut at {allowance_kib} KiB]"
        self._allowance = allowance_kib * 1024
        self._clear_first = False
        self._forget()

    def write(self, stream: str, text: str) -> None:
        """Add to a stream; text that follows text of the same stream becomes one output."""
        self._clear_if_due()
        last = self._outputs[-1] if self._outputs else None
        fresh = last is None or last.output_type != "stream" or last.name != stream
        text = self._spend(text, OVERHEAD if fresh else 0)
        if text and fresh:
            self._outputs.append(_output("stream", name=stream, text=""))
            self._texts[len(self._outputs) - 1] = []
        if text:
            self._texts[len(self._outputs) - 1].append(text)

    def show(self, kind: str, content: dict[str, Any]) -> None:
        """Add a rich output, as far as there is room for it."""
        self._clear_if_due()
        kept = self._admit(content["data"])
        if not kept:
            self._left -= OVERHEAD
            return
        output = _output(kind, data=kept, metadata={})
        if kind == "execute_result":
            count = content.get("execution_count")
            output["execution_count"] = count if isinstance(count, int) else None
        self._outputs.append(output)
        name = _display_name(content)
        if name and len(self._named.setdefault(name, [])) < NAMESAKES:
            self._named[name].append(output)

    def update(self, name: str, data: dict[str, Any]) -> None:
        """Replace what is shown under a name; where there is no room it stays as it was."""
        for output in self._named.get(name, []):
            self._left += sum(_size(mime, part) for mime, part in output["data"].items())
            output["data"] = self._admit(data) or self._admit(output["data"])

    def fail(self, name: str, value: str, traceback: list[str]) -> None:
        """Add an error, whatever was put out before it."""
        self._clear_if_due()
        self._errors += 1
        if self._errors > ERRORS_LIMIT:
            self.cut = True
            return
        text = "\n".join(traceback)[-TRACEBACK_LIMIT:]
        self._outputs.append(
            _output("error", ename=name[:200], evalue=value[:2000], traceback=[text])
        )

    def clear(self, *, wait: bool) -> None:
        """Forget what was put out so far, at once or when the next output comes."""
        self._clear_first = wait
        if not wait:
            self._forget()

    def lose(self) -> None:
        """Note that outputs did not reach us."""
        self.cut = True

    def finish(self) -> list[Any]:
        """Give the outputs, with a note at the end where some are missing."""
        for place, pieces in self._texts.items():
            self._outputs[place].text = "".join(pieces)
        if not self.cut:
            return list(self._outputs)
        return [*self._outputs, _output("stream", name="stderr", text=self._note + "\n")]

    def _forget(self) -> None:
        """Start afresh, with the whole allowance."""
        self._left = self._allowance
        self._errors = 0
        self._outputs: list[Any] = []
        self._texts: dict[int, list[str]] = {}
        self._named: dict[str, list[Any]] = {}

    def _clear_if_due(self) -> None:
        """Do the clearing that waited for an output to come."""
        if self._clear_first:
            self.clear(wait=False)

    def _spend(self, text: str, charge: int) -> str:
        """Pay for text from the allowance; give as much of it as there was room for."""
        room = max(self._left - charge, 0)
        data = text[: room + 1].encode("utf-8", "replace")
        self.cut = self.cut or len(data) > room
        self._left -= charge + len(data[:room])
        return data[:room].decode("utf-8", "ignore")

    def _admit(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep the known representations of an object for which there is room."""
        kept = {}
        for mime in KINDS:
            if mime not in data or not (isinstance(data[mime], str) or mime == KINDS[-1]):
                continue
            if not _is_shallow(data[mime], DEPTH_LIMIT):
                self.cut = True
                continue
            size = _size(mime, data[mime])
            if size > self._left:
                self.cut = True
                continue
            self._left -= size
            kept[mime] = data[mime]
        return kept


class NotebookOutputs:
    """The outputs of all cells; a display of one cell may be updated from another."""

    def __init__(self, allowance_kib: int) -> None:
        self._allowance_kib = allowance_kib
        self._cells: dict[int, CellOutputs] = {}

    def of(self, index: int) -> CellOutputs:
        """Give the outputs of the cell at this place of the notebook."""
        return self._cells.setdefault(index, CellOutputs(self._allowance_kib))

    def receive(self, index: int, message: dict[str, Any]) -> None:
        """Take a message of the kernel; one that is not as it should be is dropped."""
        content, kind, cell = message.get("content"), message.get("msg_type"), self.of(index)
        if not isinstance(content, dict):
            return
        if kind == "stream":
            stream = "stderr" if content.get("name") == "stderr" else "stdout"
            cell.write(stream, str(content.get("text", "")))
        elif kind in ("display_data", "execute_result", "update_display_data"):
            self._display(cell, str(kind), content)
        elif kind == "error":
            lines = content.get("traceback")
            shown = [str(line) for line in lines] if isinstance(lines, list) else []
            cell.fail(str(content.get("ename")), str(content.get("evalue")), shown)
        elif kind == "clear_output":
            cell.clear(wait=bool(content.get("wait")))

    def _display(self, cell: CellOutputs, kind: str, content: dict[str, Any]) -> None:
        """Bring displays of the same name up to date, and add the new one."""
        if not isinstance(content.get("data"), dict):
            return
        name = _display_name(content)
        for other in self._cells.values() if name else ():
            other.update(name, content["data"])
        if kind != "update_display_data":
            cell.show(kind, content)


def _is_shallow(content: Any, levels: int) -> bool:
    """Say whether JSON is nested no deeper than so many levels."""
    if not isinstance(content, dict | list):
        return True
    parts = content.values() if isinstance(content, dict) else content
    return levels > 0 and all(_is_shallow(part, levels - 1) for part in parts)


def _output(kind: str, **fields: Any) -> Any:
    """Build an output as nbformat keeps it."""
    return nbformat.from_dict({"output_type": kind, **fields})  # type: ignore[no-untyped-call]


def _display_name(content: dict[str, Any]) -> str:
    """Read the name under which a display can be updated; empty where it has none."""
    transient = content.get("transient")
    name = transient.get("display_id") if isinstance(transient, dict) else None
    return name if isinstance(name, str) and len(name) <= NAME_LIMIT else ""


def _size(mime: str, content: Any) -> int:
    """Count the bytes a representation is charged for."""
    text = json.dumps(content) if mime == "application/json" else content
    return len(text.encode("utf-8", "replace")) + OVERHEAD
