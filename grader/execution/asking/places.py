"""Under which name, and in which states of the notebook, a part of a question is looked for."""

import builtins
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.execution.asking.definitions import Binding
from grader.rubric.kinds import CLASSES
from grader.rubric.parts import Part

_MOST_STATES = 3
_WORD = re.compile(r"[A-Za-z_]\w*")
_DRAWN = ("rand", "normal", "uniform", "zeros")  # what a class with weights begins with


@dataclass(frozen=True)
class Place:
    """A name in one state of the notebook; `source` is run first where the name was lost."""

    name: str
    after: int | None = None
    source: str = ""


def places_of(part: Part, bindings: Sequence[Binding]) -> list[Place]:
    """List where a part may be found: most likely first, and the name asked for if nowhere.

    A name that later stands for something else, as in `f = f(z)`, is looked for in the state
    after the cell that defined it; defined twice, both definitions are asked. Where another
    function's name is lost, which this one may call, the state before that is asked, too.
    """
    name = name_of(part, bindings)
    bound = [one for one in bindings if one.name == name]
    if part.probe == "training":  # a contest needs two networks, both there in the end
        return [Place(name), *_before_others(name, bound)]
    defined = [one for one in bound if one.kind != "value"]
    if not defined:
        return [Place(name)]
    places = [] if bound[-1].kind == "value" else [Place(name)]
    lost = defined if bound[-1].kind == "value" else defined[:-1]
    places += [_earlier(one, bound) for one in reversed(lost)]
    places += _before_losses(defined[-1], bindings)
    return list(dict.fromkeys(places))[:_MOST_STATES]


def _before_others(name: str, bound: Sequence[Binding]) -> list[Place]:
    """Return the states before a variable got another network, latest first."""
    cells = list(dict.fromkeys(one.cell for one in bound))
    return [Place(name, after=cell - 1) for cell in reversed(cells[1:])][: _MOST_STATES - 1]


def _before_losses(definition: Binding, bindings: Sequence[Binding]) -> list[Place]:
    """Return the state before anything it may call loses its name, if it is there then.

    That is a function or class of the notebook, and what its functions use of modules that
    were imported and of Python's own functions, as in `sum = 0`.
    """
    lost = (
        one
        for one in _losses(bindings)
        if one.name != definition.name and definition.cell < one.cell
    )
    return [Place(definition.name, after=one.cell - 1) for one in lost][:1]


def _losses(bindings: Sequence[Binding]) -> Iterator[Binding]:
    """Yield where names that can be called come to stand for something else."""
    used = {word for one in bindings for word in _WORD.findall(one.source)}
    own: set[str] = set()
    others = set(dir(builtins)) & used
    for one in bindings:
        if one.kind != "value":
            own.add(one.name)
        elif one.name in own or (one.name in others and not one.imported):
            yield one
            own.discard(one.name)
            others.discard(one.name)
        elif one.imported and one.name in used:
            others.add(one.name)


def _earlier(definition: Binding, bound: Sequence[Binding]) -> Place:
    """Return where a definition is found that another one took the name of."""
    after = bound[bound.index(definition) + 1 :]
    if any(other.cell == definition.cell for other in after):
        return Place(definition.name, source=definition.source)
    return Place(definition.name, after=definition.cell)


def name_of(part: Part, bindings: Sequence[Binding]) -> str:
    """Return the name under which a part was written."""
    kind = "class" if part.probe in CLASSES else "function"
    defined = [one for one in bindings if one.kind == kind]
    names = [one.name for one in defined]
    for wanted in (part.name, *part.aliases):
        if wanted in names:
            return wanted
    spelt = {plain(one): one for one in reversed(names)}
    for wanted in (part.name, *part.aliases):
        if plain(wanted) in spelt:
            return spelt[plain(wanted)]
    alike = [one.name for one in defined if _is_alike(part, one)]
    return alike[0] if len(set(alike)) == 1 else part.name


def plain(name: str) -> str:
    """Return a name without what people write differently."""
    return name.replace("_", "").casefold()


def _is_alike(part: Part, one: Binding) -> bool:
    """Tell a class of another name by what it can do."""
    if part.probe == "layer":
        return {part.forward, part.backward} <= one.methods and any(w in one.source for w in _DRAWN)
    if part.probe == "module":
        return any(base.split(".")[-1] == "Module" for base in one.bases)
    return False
