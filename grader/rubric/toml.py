"""Reads a TOML file, and says in a teacher's words why it cannot be read."""

import re
import tomllib
from pathlib import Path
from typing import Any

from grader.faults import RubricFault
from grader.rubric.wording import printable, visible

WORDS = {
    "Invalid value": 'a value is expected here: text in "quotation marks", a number, true, false',
    "Invalid statement": "a key, a [heading] or a # comment is expected here",
    "Illegal character '\\n'": "the text is not closed on its line; text of several lines "
    'stands in """three quotation marks"""',
    "Expected '=' after a key": "after a key an = is expected",
    "Expected newline or end of document": "the value ends here, but the line goes on",
    "Cannot overwrite a value": "this key or table is in the file already",
    "Unclosed array": "a list is not closed with ]",
    "Unterminated string": "a text is not closed",
    "Unescaped '\\'": "a backslash in \"text\" is written twice; in 'text' it stands for itself",
    "Invalid initial character for a key": "a key is expected here; a table in braces { } stands "
    "on one line, without a comma at its end",
    "Expected ']]'": "this heading of a table is not closed with ]]",
    "Expected ']'": "this heading of a table is not closed with ]",
}
"""What tomllib's messages begin with, and how a teacher reads them."""


def read_toml(path: Path) -> dict[str, Any]:
    """Read the tables of a TOML file.

    Raises:
        RubricFault: with the one reason why there are none.
    """
    text = decode(read_bytes(path), path)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RubricFault([_syntax(error, text, path)]) from None
    except RecursionError:
        raise RubricFault([f"{path}: lists or tables are nested too deeply"]) from None
    except ValueError:  # int() on thousands of digits
        raise RubricFault([f"{path}: a number has too many digits"]) from None


def read_bytes(path: Path) -> bytes:
    """Read a file of the teacher's, or say in one sentence why that cannot be done."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        reason = "there is no such file"
    except IsADirectoryError:
        reason = "this is a folder, not a file"
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror}"
    except ValueError:
        reason = "this is no name of a file"
    raise RubricFault([f"{visible(str(path))}: {reason}"])


def is_file(path: Path) -> bool:
    """Look for a file; a path that cannot be looked up holds none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def decode(content: bytes, path: Path) -> str:
    """Decode UTF-8, with or without the mark some editors put at the head of a file."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"the byte 0x{content[error.start]:02x}"
        reason = f"{found} is not UTF-8; save the file with the encoding UTF-8"
        raise RubricFault([f"{path}, line {line}: {reason}"]) from None


def _syntax(error: tomllib.TOMLDecodeError, text: str, path: Path) -> str:
    message, _, where = str(error).rpartition(" (at ")
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    numbers = re.fullmatch(r"line (\d+), column (\d+)\)", where)
    number = min(int(numbers[1]), len(lines)) if numbers else len(lines)
    column = numbers[2] if numbers else len(lines[-1]) + 1
    shown = printable(lines[number - 1].strip())
    return f"{path}, line {number}, column {column}: {_words(message)}; found: {shown}"


def _words(message: str) -> str:
    for start, words in WORDS.items():
        if message.startswith(start):
            return words
    twice = re.fullmatch(r"Cannot declare \((.*)\) twice", message)
    if twice:
        names = re.findall(r"'([^']*)'", twice[1])
        return f"the table [{printable('.'.join(names))}] is in the file already"
    return printable(message[:1].lower() + message[1:])
