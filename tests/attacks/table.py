"""The attacks as a table for readers; `python -m tests.attacks.table` writes it again."""

from pathlib import Path

from tests.attacks.attack import (
    Attack,
    Theme,
    read_containments,
    read_not_promised,
    read_themes,
)

PAGE = Path(__file__).parents[2] / "docs" / "attacks.md"
HEAD = """# Attacks

What a hostile notebook may try, and what comes of it. Every line is a notebook that the test suite
runs; the notebooks stand in `tests/attacks/*.toml`, one file for each part of this page. This page
is made from those files by `python -m tests.attacks.table`, and a test holds the two together.

After each attack an innocent notebook runs in the same runner; beside some, marked with *, it runs
at the same time in a second one as well. Its values, random draws, outputs and outcomes must be
the same, entry for entry, as when nobody attacks. After each attack, too, no process is left, no
file outside the notebook's own folder has changed, and no answer that was planted around the
grader (in a rubric, a reference, another submission, its environment, its memory) stands in the
outputs or in the recording. The recording is then stored, graded and reported like any other.

An attack runs only where harmless notebooks have shown that what contains it is there; otherwise
it is skipped, and the test says why. On a machine with full isolation none is skipped.
"""


def write_page() -> str:
    """Give the whole page."""
    themes = read_themes()
    count = sum(len(theme.attacks) for theme in themes)
    return "\n".join(
        [
            HEAD,
            "## What contains them",
            "",
            "| | holds where |",
            "|---|---|",
            *(f"| {one.name} | {one.means} |" for one in read_containments()),
            "",
            "## What is not promised",
            "",
            *(f"- {sentence}" for sentence in read_not_promised()),
            "",
            f"## The {count} attacks",
            *(line for theme in themes for line in _write_theme(theme)),
            "",
        ]
    )


def _write_theme(theme: Theme) -> list[str]:
    return [
        "",
        f"### {theme.title}",
        "",
        theme.about,
        "",
        "| attack | tries | seen | needs |",
        "|---|---|---|---|",
        *map(_write_attack, theme.attacks),
    ]


def _write_attack(attack: Attack) -> str:
    name = f"{attack.id} *" if attack.beside else attack.id
    cells = (name, attack.tries, attack.seen, ", ".join(attack.needs))
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8")
