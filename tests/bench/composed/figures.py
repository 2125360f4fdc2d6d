"""The figures of a validity run, as text."""

from collections import Counter
from collections.abc import Sequence

from tests.bench.composed.judging import Judged


def confusion(judged: Sequence[Judged]) -> str:
    """Return the confusion matrix as a Markdown table: what was done, what was named."""
    counts = Counter((one.truth.deed, one.named) for one in judged)
    rows = sorted(
        {deed for deed, _ in counts}, key=lambda deed: (deed != "right", deed.startswith("("), deed)
    )
    columns = sorted(
        {named for _, named in counts},
        key=lambda named: (named in {"unexplained", "missing", "person"}, named != "right", named),
    )
    lines = ["| done \\ named | " + " | ".join(columns) + " |", "|---|" + "---:|" * len(columns)]
    for deed in rows:
        cells = [str(counts[deed, named] or "") for named in columns]
        lines.append(f"| {deed} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def by_question(judged: Sequence[Judged]) -> str:
    """Return the figures of each question, and of all, as a Markdown table."""
    names = list(dict.fromkeys(one.question for one in judged))
    head = (
        "| question | answers | as a careful person | mistakes named right "
        "| sent to a person | false full marks | right work given 0 |"
    )
    lines = [head, "|---|---:|---:|---:|---:|---:|---:|"]
    for name in [*names, "all"]:
        some = [one for one in judged if name in {one.question, "all"}]
        mistaken = [one for one in some if one.truth.odd is None and one.truth.mistakes]
        lines.append(
            f"| {name} | {len(some)} | {_share(sum(o.as_a_person for o in some), len(some))} "
            f"| {_share(sum(o.well_named for o in mistaken), len(mistaken))} "
            f"| {_share(sum(o.to_a_person for o in some), len(some))} "
            f"| {sum(o.false_full for o in some)} | {sum(o.false_zero for o in some)} |"
        )
    return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def failures(judged: Sequence[Judged]) -> list[str]:
    """List every answer that was not graded as a careful person would, worst first."""

    def harm(one: Judged) -> int:
        return 0 if one.false_full else 1 if one.false_zero else 3 if one.to_a_person else 2

    bad = sorted((one for one in judged if not one.as_a_person or one.to_a_person), key=harm)
    return [
        f"{one.notebook} {one.question} [{one.style}]: done {one.truth.deed}, named {one.named}, "
        f"{one.points:g} of {one.most:g}"
        + (f", due {one.due:g}" if one.due is not None else "")
        + f". {one.explanation}"
        for one in bad
    ]
