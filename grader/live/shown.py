"""What a check gives back: the same result as HTML, as Markdown and as text."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, repr=False)
class Shown:
    """The result of a check; a front end shows the richest form it can.

    `data` is the result as plain data: what `grader.results.model.CheckResult` holds.
    """

    plain: str
    markdown: str
    html: str
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def passes(self) -> bool:
        """Whether something was checked, and nothing of it failed."""
        return bool(self.data.get("passes"))

    def __repr__(self) -> str:
        return self.plain

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        """Give all forms, marked as a check's; the shell asks for them."""
        forms = {"text/plain": self.plain, "text/markdown": self.markdown, "text/html": self.html}
        return forms, {"gradmark": {"check": True}}


def only_said(sentence: str) -> Shown:
    """Give back a sentence, where nothing was checked."""
    escaped = html.escape(sentence)
    return Shown(sentence, sentence.replace("<", "&lt;"), f"<p>{escaped}</p>", {"fault": sentence})
