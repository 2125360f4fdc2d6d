"""Pages read back as a browser would: elements, texts, links; unbalanced tags are an error."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "img", "br", "hr", "link", "input", "path", "use"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(c if isinstance(c, str) else c.text for c in self.children)

    @property
    def words(self) -> str:
        return " ".join(self.text.split())

    def all(self, tag: str = "", class_: str = "", **attributes: str) -> list["Element"]:
        found = [self] if self._is(tag, class_, attributes) else []
        inner = (child.all(tag, class_, **attributes) for child in self._elements())
        return found + [element for each in inner for element in each]

    def one(self, tag: str = "", class_: str = "", **attributes: str) -> "Element":
        found = self.all(tag, class_, **attributes)
        assert len(found) == 1, f"{len(found)} elements {tag}.{class_} {attributes}"
        return found[0]

    def _elements(self) -> list["Element"]:
        return [child for child in self.children if isinstance(child, Element)]

    def _is(self, tag: str, class_: str, attributes: dict[str, str]) -> bool:
        has = self.attributes
        return (
            tag in ("", self.tag)
            and (not class_ or class_ in has.get("class", "").split())
            and all(has.get(name) == value for name, value in attributes.items())
        )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> repeats an attribute"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        assert closed.tag == tag, f"<{closed.tag}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(path: Path) -> Element:
    reader = _Reader()
    reader.feed(path.read_text("utf-8"))
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> is never closed"
    return reader.open[0].one("html")
