"""A question that asks for code, checked by an edition: it fails for certain, or waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from grader.execution.asking.about import about
from grader.execution.asking.belonging import own_name
from grader.execution.asking.places import places_of
from grader.recording.model import ProbeResult, Recording
from grader.reporting.text import one_line
from grader.results.model import Check
from grader.results.words import AFTER, LATER, WORTH_LATER
from grader.rubric.model import Question, Tolerance
from grader.rubric.parts import Part
from grader.scoring.predictions import Predictions
from grader.scoring.probed.code import Code
from grader.scoring.probed.view import View
from grader.scoring.wording import listed
from grader.sealing.called import Found, found_in
from grader.sealing.coded import Coded
from grader.sealing.edition import Edition

_LONGEST = 400


@dataclass(frozen=True)
class Asked:
    """A recording, and what its probes say of the parts of an edition's questions."""

    edition: Edition
    recording: Recording
    predictions: Predictions

    @cached_property
    def code(self) -> Code:
        """The code of the notebook."""
        return Code(self.recording.handed_in)

    def check(self, question: Question) -> Check:
        """Check a question: it never passes, as the reference is the teacher's."""
        parts = {part.name: part for part in question.parts}
        found = [
            (coded.part, self._found(question, parts[coded.part], coded))
            if coded.part in parts
            else (coded.part, Found())
            for coded in self.edition.code[question.id]
        ]
        failing = [one for _, one in found if one.fails]
        if failing:
            missing = all(one.missing for _, one in found)
            return _check(question, _failing(failing), "missing" if missing else "wrong")
        return _check(question, _open(found))

    def _found(self, question: Question, part: Part, coded: Coded) -> Found:
        """Judge a part by the best of its probes; it fails if none can be right."""
        results, places = self._results(part), places_of(part, self.code.bindings)
        if not results:
            return Found()
        alone = self._is_alone(question, part, results)
        found = [found_in(self._view(question, part, r), coded, alone=alone) for r in results]
        best = next((one for one in found if not one.fails), None)
        if best is None and len(results) < len(places):
            return Found()  # it may be right where it was defined, which could not be asked
        return best or found[0]

    def _results(self, part: Part) -> list[ProbeResult]:
        return [one for one in self.recording.probes if one.about == about(part)]

    def _is_alone(self, question: Question, part: Part, results: Sequence[ProbeResult]) -> bool:
        """Say whether a part was asked in the notebook's end only, and its function, too."""
        owners = [one for one in question.parts if one.name == part.of]
        others = [result for one in owners for result in self._results(one)]
        if len(results) != 1 or len(others) != 1:
            return False
        found = {own_name(part, self.code.bindings), others[0].found}
        return results[0].after is None and others[0].after is None and len(found) == 1

    def _view(self, question: Question, part: Part, result: ProbeResult) -> View:
        tolerance: Tolerance = question.tolerance or self.edition.rubric.tolerance
        return View(question, part, result, self.recording, self.code, self.predictions, tolerance)


def _failing(failing: Sequence[Found]) -> str:
    """Tell the first part that fails, and how many more do."""
    first = failing[0].fails.rstrip(". ")
    more = f" (and {len(failing) - 1} more of this question)" if len(failing) > 1 else ""
    return f"{first}{more}. {WORTH_LATER}"


def _open(found: Sequence[tuple[str, Found]]) -> str:
    """Say what looks odd, what holds, and that the rest comes later."""
    odd = [one.open for _, one in found if one.open]
    fitting = [(f"`{name}`", one.fits) for name, one in found if one.fits]
    works = [f"`{name}`" for name, one in found if one.works and not one.fits and not one.open]
    told = []
    if fitting:
        names, own = listed(name for name, _ in fitting), listed(own for _, own in fitting)
        told.append(f"{names} {_goes(len(fitting))} with your own {own}, by differences")
    if works:
        told.append(f"{listed(works)} {'gives' if len(works) == 1 else 'give'} numbers")
    rest = f"{'; '.join(told)}. Whether that is right is {AFTER}." if told else LATER
    return " ".join([*odd[:1], rest])


def _goes(count: int) -> str:
    return "goes" if count == 1 else "go"


def _check(question: Question, sentence: str, outcome: str = "ungraded") -> Check:
    fails = outcome != "ungraded"
    return Check(
        question=question.id,
        title=question.title,
        outcome="missing" if outcome == "missing" else "wrong" if fails else "ungraded",
        points=0.0,
        max_points=question.points,
        sentence=one_line(sentence, _LONGEST),
        scope="public" if fails else "later",
    )
