"""JSON parsed, and what is wrong with it said by line and column."""

import json
import re
from json import JSONDecodeError
from typing import Any

from grader.faults import IntakeFault

DEEPEST = 100  # levels of lists and objects; copying and checking a notebook recurses
CONFLICT_MARKER = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?=\s|$)", re.MULTILINE)
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
CUT_TOKEN = re.compile(r"[tfnIN-][a-zA-Z]{0,8}|[.eE][-+]?|\\?u?[0-9a-fA-F]{0,4}|\\")
PROBLEMS = {
    "Expecting ',' delimiter": "a comma is missing, or a quote too early ended a text",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting value": "a value is missing",
    "Expecting property name enclosed in double quotes": "a name in double quotes is missing",
    "Extra data": "something follows after the end of the notebook",
    "Invalid control character at": "a text holds a raw line break or control character",
}


def parse_object(text: str) -> dict[str, Any]:
    """Parse the text of a JSON object, lone surrogates replaced.

    Raises:
        IntakeFault: it is damaged, no JSON, no object, or nested beyond `DEEPEST`.

    """
    if not text.strip("\0\ufeff \t\r\n"):
        raise IntakeFault("is empty")
    try:
        data = json.loads(text)
    except JSONDecodeError as error:
        raise IntakeFault(_damage(text, error)) from None
    except RecursionError:
        raise IntakeFault("is nested too deeply for a notebook") from None
    except ValueError:  # Python refuses to convert integers of thousands of digits
        raise IntakeFault("holds a number of too many digits") from None
    if not isinstance(data, dict):
        raise IntakeFault("is JSON but no notebook: it holds no object")
    if _depth(data) > DEEPEST:
        raise IntakeFault("is nested too deeply for a notebook")
    return _encodable(data) if ESCAPED_SURROGATE.search(text) else data


def _damage(text: str, error: JSONDecodeError) -> str:
    if marker := CONFLICT_MARKER.search(text):
        line = text.count("\n", 0, marker.start()) + 1
        return f"cannot be read: line {line} holds a merge conflict marker '{marker[0]}'"
    if not text.lstrip().startswith(("{", "[")):
        readable = all(char.isprintable() or char.isspace() for char in text[:4096])
        return f"is {'plain text' if readable else 'binary data'}, not a notebook"
    rest = text[error.pos :].strip()
    if error.msg.startswith("Unterminated string"):
        return f"ends in the middle of a string at {_place(text)}: the file was cut off"
    if not rest or (error.msg != "Extra data" and CUT_TOKEN.fullmatch(rest)):
        return f"ends before the notebook does, at {_place(text)}: the file was cut off"
    problem = PROBLEMS.get(error.msg, error.msg[:1].lower() + error.msg[1:])
    return f"is damaged at line {error.lineno}, column {error.colno}: {problem}"


def _place(text: str) -> str:
    """Say where a text ends."""
    text = text.rstrip()
    column = len(text) - text.rfind("\n") - 1
    return f"line {text.count(chr(10)) + 1}, column {max(column, 1)}"


def _depth(data: object) -> int:
    depth, level = 0, [data]
    while level and depth <= DEEPEST:
        depth += 1
        level = [child for item in level for child in _children(item)]
    return depth


def _children(item: object) -> list[Any]:
    if isinstance(item, dict):
        return list(item.values())
    return item if isinstance(item, list) else []


def _encodable(value: Any) -> Any:
    """Replace lone surrogates, which no file and no message could carry on."""
    if isinstance(value, str):
        return LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_encodable(item) for item in value]
    if isinstance(value, dict):
        return {_encodable(key): _encodable(item) for key, item in value.items()}
    return value
