"""Copies of a notebook as other students would have written it, meaning the same."""

import ast
import builtins
import copy
import io
import random
import re
import tokenize
from collections.abc import Iterator
from typing import Any

SEED = re.compile(
    r"^((?:np\.random\.|torch\.manual_|random\.)seed\(|\w.*\bdefault_rng\()(\d+)\)", re.MULTILINE
)
WORD = re.compile(r"[^\W\d]\w*")
SUFFIXES = ("_", "_a", "_val", "_new", "_1", "_k", "_mine", "_var")
REMARKS = ("see the lecture", "next step", "checked by hand", "as on the sheet", "done")


def vary(notebook: Any, number: int) -> Any:
    """Make copy `number` of a notebook: other seeds, names, comments and white space.

    Copy 0 is the notebook itself. Only variables get other names, and only those that occur in
    no text, as no attribute, no parameter and no keyword: what is printed stays as it is. A seed
    that is set inside a loop stays: it does not start the random numbers, it is all of them.
    """
    varied = copy.deepcopy(notebook)
    if number == 0:
        return varied
    dice = random.Random(number)
    code = [cell for cell in varied["cells"] if cell["cell_type"] == "code"]
    names = _new_names([cell["source"] for cell in code], dice)
    for cell in code:
        source = _rename(_reseed(cell["source"], dice), names)
        cell["source"] = _remark(source, dice)
    for cell in varied["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] += f"\n\nstudent {dice.randrange(10**6):06d}"
            break
    return varied


def _reseed(source: str, dice: random.Random) -> str:
    return SEED.sub(lambda found: f"{found[1]}{dice.randrange(10**6)})", source)


def _new_names(sources: list[str], dice: random.Random) -> dict[str, str]:
    """Choose about half of the variables, and another name for each."""
    trees = [tree for source in sources if (tree := _parsed(source)) is not None]
    if len(trees) < len(sources):
        return {}
    nodes = [node for tree in trees for node in ast.walk(tree)]
    bound = {node.id for node in nodes if isinstance(node, ast.Name) and _is_stored(node)}
    kept = {name for node in nodes for name in _fixed(node)} | set(dir(builtins))
    spoken = {word for source in sources for word in WORD.findall("\n".join(_texts(source)))}
    used = {word for source in sources for word in WORD.findall(source)}
    chosen = [name for name in sorted(bound - kept - spoken) if dice.random() < 0.5]
    renamed = {name: name + dice.choice(SUFFIXES) for name in chosen if name != "_"}
    return {old: new for old, new in renamed.items() if new not in used}


def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except SyntaxError:
        return None


def _is_stored(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _fixed(node: ast.AST) -> Iterator[str]:
    """Name what an identifier stands for beside a variable."""
    match node:
        case ast.Attribute(attr=name):
            yield name
        case ast.arg(arg=name) | ast.keyword(arg=str(name)):
            yield name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.alias(name=name, asname=other):
            yield (other or name).partition(".")[0]
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            yield from names


def _tokens(source: str) -> list[tokenize.TokenInfo]:
    return list(tokenize.generate_tokens(io.StringIO(source).readline))


def _texts(source: str) -> Iterator[str]:
    """Give the strings of a source, f-strings with what they format."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str)
        ):
            yield ast.get_source_segment(source, node) or ast.unparse(node)


def _rename(source: str, names: dict[str, str]) -> str:
    if not names:
        return source
    lines = source.splitlines(keepends=True)
    for token in reversed(_tokens(source)):
        if token.type == tokenize.NAME and token.string in names:
            row, (start, end) = token.start[0] - 1, (token.start[1], token.end[1])
            lines[row] = lines[row][:start] + names[token.string] + lines[row][end:]
    return "".join(lines)


def _remark(source: str, dice: random.Random) -> str:
    """Put comments and empty lines between the statements of a cell."""
    tree = _parsed(source)
    if tree is None or not source.strip():
        return source
    lines = source.splitlines()
    for statement in reversed(tree.body):
        row = min([statement.lineno, *(one.lineno for one in _decorators(statement))]) - 1
        if lines[row][: statement.col_offset].strip():  # not the first statement of its line
            continue
        if dice.random() < 0.3:
            lines.insert(row, f"# {dice.choice(REMARKS)}")
        if dice.random() < 0.3:
            lines.insert(row, "")
    return "\n".join(lines)


def _decorators(statement: ast.stmt) -> list[ast.expr]:
    return list(getattr(statement, "decorator_list", []))
