"""What rubrics say of functions of a reference and of their settings, held against these."""

from collections.abc import Iterable, Iterator

from grader.faults import ReferenceFault
from grader.rubric.families import Family, Reference, is_among
from grader.rubric.problem import Location, Problem
from grader.rubric.sketch import MistakeSketch, Settings
from grader.rubric.wording import close_match, join, quote, suggestion, toml

RIGHT = '"when" describes a right answer: "accept" and the defaults allow the same'


def unknown_function(
    table: Location, key: str, name: str | None, known: Iterable[str], reference: Reference
) -> Iterator[Problem]:
    """Look for a name of a function that the reference does not have."""
    if name is not None and name not in reference.functions:
        end = suggestion(name, known, f"functions of {reference.name}")
        yield Problem(table, f"{quote(key)} names an unknown function: {quote(name)}{end}")


def read_family(name: str | None, reference: Reference) -> tuple[Family | None, list[Problem]]:
    """Read a family, and what is wrong with it; an unknown function is another problem."""
    if name not in reference.functions:
        return None, []
    try:
        return reference.family(str(name)), []
    except ReferenceFault as fault:
        # The function is at fault wherever it is named: said once, without a place in the rubric.
        return None, [Problem((), f"reference {fault}")]


def setting_problems(table: Location, settings: Settings, family: Family) -> Iterator[Problem]:
    """Look for settings and values that a family does not have."""
    for name, value in settings.items():
        if name not in family.settings:
            end = suggestion(name, family.settings, f"settings of {quote(family.name)}")
            yield Problem(table, f"unknown setting {quote(name)}{end}")
            continue
        values = family.settings[name]
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str | bool | int | float) and not is_among(item, values):
                yield Problem(table, _unknown_value(name, item, values))


def describes_right(mistake: MistakeSketch, accept: Settings, family: Family) -> bool:
    """Say whether the settings of a mistake are those of a right answer."""
    right = {name: accept.get(name, family.defaults[name]) for name in mistake.when}
    return all(_overlap(value, right[name]) for name, value in mistake.when.items())


def _unknown_value(name: str, item: object, values: Iterable[object]) -> str:
    texts = [value for value in values if isinstance(value, str)]
    match = close_match(item, texts) if isinstance(item, str) else None
    end = f"; did you mean {quote(match)}?" if match else ""
    return f"{quote(name)} must be {join(map(toml, values))}; found {toml(item)}{end}"


def _overlap(one: object, other: object) -> bool:
    values = other if isinstance(other, list) else [other]
    return any(is_among(value, values) for value in (one if isinstance(one, list) else [one]))
