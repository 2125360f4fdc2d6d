"""What is on a page, told by the browser: elements, texts, and how well they can be read."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator

# Of every text: its colour on what lies under it, by the formula of WCAG 2.
SEEN = """root => {
  const parse = text => {
    const match = /^rgba?\\((.*)\\)$/.exec(text);
    if (!match) throw new Error('a colour of another kind: ' + text);
    const [r, g, b, a = 1] = match[1].split(/[ ,/]+/).map(Number);
    return [r, g, b, a];
  };
  const over = (top, bottom, alpha) => bottom.map((b, i) => top[i] * alpha + b * (1 - alpha));
  const light = rgb => {
    const [r, g, b] = rgb.map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (element, property = 'color') => {
    const chain = [];
    for (let e = element; e; e = e.parentElement) chain.unshift(e);
    let ground = [255, 255, 255], opacity = 1;
    for (const e of chain) {
      const style = getComputedStyle(e), [r, g, b, a] = parse(style.backgroundColor);
      opacity *= Number(style.opacity);
      ground = over([r, g, b], ground, a * opacity);
    }
    const [r, g, b, a] = parse(getComputedStyle(element)[property]);
    const [x, y] = [light(over([r, g, b], ground, a * opacity)), light(ground)];
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  };
  for (const folded of root.querySelectorAll('details')) folded.open = true;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), texts = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (node.data.trim()) texts.push([node.data.trim(), ratio(node.parentElement)]);
  const bars = [...root.querySelectorAll('td')]
    .filter(e => parseFloat(getComputedStyle(e).borderLeftWidth) > 0)
    .map(e => ratio(e, 'borderLeftColor'));
  const elements = [...root.querySelectorAll('*')].map(e =>
    [e.localName, Object.fromEntries([...e.attributes].map(a => [a.name, a.value]))]);
  return {texts, bars, elements, wide: root.scrollWidth > root.clientWidth};
}"""


@dataclass(frozen=True)
class Seen:
    """What an output shows."""

    texts: tuple[tuple[str, float], ...]  # and the contrast of each to its ground
    bars: tuple[float, ...]  # the contrast of those beside the words
    elements: tuple[tuple[str, dict[str, str]], ...]  # names and attributes
    wide: bool  # whether it has to be scrolled sideways

    @property
    def words(self) -> str:
        return " ".join(text for text, _ in self.texts)

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self.elements}

    @property
    def attributes(self) -> set[str]:
        return {attribute for _, attributes in self.elements for attribute in attributes}

    @property
    def contrast(self) -> float:
        return min(ratio for _, ratio in self.texts)


def look(output: "Locator") -> Seen:
    """Look at an output, unfolded."""
    told = output.evaluate(SEEN)
    return Seen(
        tuple((text, ratio) for text, ratio in told["texts"]),
        tuple(told["bars"]),
        tuple((name, attributes) for name, attributes in told["elements"]),
        told["wide"],
    )
