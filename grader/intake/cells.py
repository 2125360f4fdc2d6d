"""Cells and outputs as nbformat 4.5 wants them, rebuilt from whatever a file holds."""

import re
from typing import Any

from grader.faults import IntakeFault

Cell = dict[str, Any]
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
JSON_MIME = re.compile(r"application/(.*\+)?json")


def tidy_cells(raw: object) -> list[Cell]:
    """Rebuild cells with only what the format knows; outputs that break it are dropped.

    Ids that are missing, invalid or taken are replaced by one that follows from the
    cell's place, so that a file always reads the same.

    Raises:
        IntakeFault: something in the list is no cell; dropping it would change the work.

    """
    if not isinstance(raw, list):
        raise IntakeFault("is JSON but no notebook: 'cells' is no list")
    cells = [_tidy_cell(cell, number) for number, cell in enumerate(raw, start=1)]
    return _with_ids(cells, raw)


def joined(value: object) -> str | None:
    """Join a text that may be stored as a list of its lines; None where it is no text."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return None


def _tidy_cell(raw: object, number: int) -> Cell:
    place = f"is a damaged notebook: cell {number} from the top"
    if not isinstance(raw, dict):
        raise IntakeFault(f"{place} is no cell")
    source = joined(raw.get("source"))
    if source is None:
        raise IntakeFault(f"{place} has no source")
    cell = {"metadata": _object(raw.get("metadata")), "source": source}
    match raw.get("cell_type"):
        case "code":
            outputs = raw.get("outputs")
            kept = outputs if isinstance(outputs, list) else []
            tidied = [output for output in map(_tidy_output, kept) if output is not None]
            count = _count(raw.get("execution_count"))
            return cell | {"cell_type": "code", "outputs": tidied, "execution_count": count}
        case "markdown" | "raw" as cell_type:
            attached = _object(raw.get("attachments"))
            if attachments := {name: _bundle(data) for name, data in attached.items()}:
                cell["attachments"] = attachments
            return cell | {"cell_type": cell_type}
        case other:
            raise IntakeFault(f"{place} has the unknown type {str(other)[:40]!r}")


def _with_ids(cells: list[Cell], raw: list[Cell]) -> list[Cell]:
    wanted = [_valid_id(cell.get("id")) for cell in raw]
    taken = {cell_id for cell_id in wanted if cell_id}
    free = (name for n in range(1, 2 * len(raw) + 2) if (name := f"cell-{n}") not in taken)
    used: set[str] = set()
    for cell, cell_id in zip(cells, wanted, strict=True):
        cell["id"] = cell_id if cell_id and cell_id not in used else next(free)
        used.add(cell["id"])
    return cells


def _valid_id(value: object) -> str | None:
    return value if isinstance(value, str) and CELL_ID.fullmatch(value) else None


def _tidy_output(raw: object) -> Cell | None:
    if not isinstance(raw, dict):
        return None
    match raw.get("output_type"):
        case "stream":
            text, name = joined(raw.get("text")), raw.get("name")
            name = name if isinstance(name, str) else "stdout"
            return None if text is None else {"output_type": "stream", "name": name, "text": text}
        case "error":
            lines = raw.get("traceback")
            return {
                "output_type": "error",
                "ename": joined(raw.get("ename")) or "",
                "evalue": joined(raw.get("evalue")) or "",
                "traceback": lines if isinstance(lines, list) and joined(lines) is not None else [],
            }
        case "display_data" | "execute_result" as output_type:
            data, metadata = _bundle(raw.get("data")), _object(raw.get("metadata"))
            output = {"output_type": output_type, "data": data, "metadata": metadata}
            if output_type == "execute_result":
                output["execution_count"] = _count(raw.get("execution_count"))
            return output
    return None


def _bundle(raw: object) -> Cell:
    """Keep the representations of a display that are text, or JSON where they say so."""
    kept: Cell = {}
    for mime, value in _object(raw).items():
        text = value if JSON_MIME.fullmatch(mime) else joined(value)
        if text is not None:
            kept[mime] = text
    return kept


def _object(value: object) -> Cell:
    return value if isinstance(value, dict) else {}


def _count(value: object) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if is_count else None  # type: ignore[return-value]
