"""The probes of one notebook: what its rubric asks of the code that was written in it."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from grader.execution.asking.about import about
from grader.execution.asking.cases import Case, Data, cases_of
from grader.execution.asking.definitions import Binding, bindings_of
from grader.execution.asking.digest import probe_digest
from grader.execution.asking.kinds import ask
from grader.execution.asking.places import Place, name_of, places_of, plain
from grader.execution.outcome import Probe, Step
from grader.execution.slopes import slope_probes
from grader.rubric.loading import load
from grader.rubric.model import Rubric
from grader.rubric.parts import Part
from grader.rubric.reference import Reference

_WORD = re.compile(r"(?<![\w.'\"])[A-Za-z_]\w*")


@dataclass(frozen=True)
class Asking:
    """What a rubric asks of notebooks, light enough to be handed to another process.

    Attributes:
        rubric: its questions have parts, or name constants to differentiate by.
        path: where the rubric lies, by which its reference is found.
        data: arrays of the assignment's data files.

    """

    rubric: Rubric
    path: Path
    data: Data = field(default_factory=dict)

    def digest(self, seed: int) -> str:
        """Digest all that the probes of a notebook depend on, beside the notebook."""
        return f"{self._digest} {seed}" if self._digest else ""

    @cached_property
    def _digest(self) -> str:
        """Digest what is asked with the inputs of one seed, which stand for those of any."""
        if not self._asks:
            return ""
        told = [probe_digest(probe) for probe in self._slopes()]
        cases = self._cases(0)
        for part in _parts(self.rubric):
            probe = _probe(part, Place(part.name), cases[part.inputs], (), about(part))
            told += [probe_digest(probe), *part.aliases]
        return hashlib.sha256("\0".join(told).encode()).hexdigest() if told else ""

    def probes(self, notebook: Any, seed: int) -> tuple[Probe, ...]:
        """Make the probes of a notebook.

        Args:
            notebook: as it is run.
            seed: of the inputs; nobody who writes a notebook can know it.

        """
        if not self._asks:
            return ()
        bindings = bindings_of(notebook) if any(q.parts for q in self.rubric.question) else []
        return (*self._slopes(), *self._of_parts(bindings, seed))

    def _of_parts(self, bindings: Sequence[Binding], seed: int) -> list[Probe]:
        """Make the probes of all parts; where a name was lost, several are about the same."""
        made = []
        parts, cases = _parts(self.rubric), self._cases(seed)
        names = {part.name: name_of(part, bindings) for part in parts}
        for part in parts:
            asked, subject = _with_names(part, names, bindings), about(part)
            made += [
                _probe(asked, place, cases[part.inputs], bindings, subject)
                for place in places_of(part, bindings)
            ]
        return made

    def _cases(self, seed: int) -> dict[str | None, list[Case]]:
        """Make the cases of all parts, once for those that have the same inputs."""
        parts = {part.inputs: part for part in _parts(self.rubric)}
        return {
            inputs: cases_of(part, self._reference, seed, self.data)
            for inputs, part in parts.items()
        }

    def _slopes(self) -> tuple[Probe, ...]:
        return slope_probes(self.rubric, self._reference.given)

    @property
    def _asks(self) -> bool:
        return any(one.parts or one.with_respect_to for one in self.rubric.question)

    @property
    def _reference(self) -> Reference:
        return _opened(self.rubric.reference, self.path)


@cache
def _opened(name: str, path: Path) -> Reference:
    """Load a reference once in a process."""
    return load(name, path)


def _with_names(part: Part, names: Mapping[str, str], bindings: Sequence[Binding]) -> Part:
    """Return a part whose own Python calls what it builds with by the names in the notebook.

    CLASS stands for the part itself; other spellings of a name that is nowhere are found, too.
    """
    if part.build is None:
        return part
    bound = {one.name for one in bindings}
    own = {plain(one.name): one.name for one in bindings if one.kind != "value"}

    def known(found: re.Match[str]) -> str:
        word = part.name if found[0] == "CLASS" else found[0]
        word = names.get(word, word)
        return word if word in bound else own.get(plain(word), word)

    return part.model_copy(update={"build": _WORD.sub(known, part.build)})


def _probe(
    part: Part, place: Place, cases: list[Case], bindings: Sequence[Binding], subject: str
) -> Probe:
    """Make the probe of a part at one place."""
    asked = ask(part, place.name, cases, bindings)
    first = (Step(place.source),) if place.source else ()
    return Probe(
        steps=(*first, *asked.steps),
        inputs=asked.inputs,
        withheld=asked.withheld,
        labels=tuple(case.label for case in cases),
        about=subject,
        found=place.name,
        after=place.after,
        seconds=part.seconds,
    )


def _parts(rubric: Rubric) -> list[Part]:
    return [part for question in rubric.question for part in question.parts]
