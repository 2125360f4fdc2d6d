"""A notebook in a real browser: opened, run, saved, and looked at."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.integration.jupyterlab.lab import Lab

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MILLISECONDS = 60_000
WIDTH, HEIGHT = 940, 900
READY = "() => Boolean(window.jupyterapp?.shell?.currentWidget?.sessionContext)"
LOADED = """async () => {
  const panel = window.jupyterapp.shell.currentWidget;
  await panel.context.ready;
  await panel.sessionContext.ready;
}"""
RUN_ALL = """async () => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  await kernel.info;
  await window.jupyterapp.commands.execute('notebook:run-all-cells');
}"""
SAVE = "async () => { await window.jupyterapp.shell.currentWidget.context.save(); }"
TRUSTED = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .filter(cell => cell.model.type === 'code').map(cell => cell.model.trusted)"""
THEME = "() => document.body.dataset.jpThemeLight"


@dataclass(frozen=True)
class Opened:
    """A notebook on a page; `requests` are the addresses it asked."""

    page: "Page"
    requests: list[str] = field(default_factory=list)

    def run_all(self) -> None:
        """Run all cells, and wait for the last."""
        self.page.evaluate(RUN_ALL)

    def save(self) -> None:
        """Save the file."""
        self.page.evaluate(SAVE)

    @property
    def trusted(self) -> list[bool]:
        """Whether each code cell is trusted."""
        return list(self.page.evaluate(TRUSTED))

    @property
    def is_light(self) -> bool:
        """Whether the page says it has a light theme."""
        return bool(self.page.evaluate(THEME) == "true")

    def cell(self, number: int) -> "Locator":
        """A cell, counted from 1."""
        return self.page.locator(".jp-Notebook-cell").nth(number - 1)

    def output(self, number: int) -> "Locator":
        """The last output of a cell that is shown as HTML."""
        return self.cell(number).locator(".jp-OutputArea-output.jp-RenderedHTML").last


@contextmanager
def browsing() -> Iterator["Browser"]:
    """Start the browser this machine has.

    Raises:
        RuntimeError: it has none.

    """
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        raise RuntimeError(
            "no browser was found to try the checks in: install Chromium, so that one of "
            f"{', '.join(BROWSERS)} is on the path"
        )
    from playwright.sync_api import sync_playwright  # these tests are collected without it, too

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: "Browser", lab: Lab, notebook: str) -> Iterator[Opened]:
    """Open a notebook on a page of its own."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=1
    )
    context.set_default_timeout(MILLISECONDS)
    try:
        page, requests = context.new_page(), list[str]()
        page.on("request", lambda request: requests.append(request.url))
        page.goto(lab.page(notebook))
        page.wait_for_function(READY)
        page.evaluate(LOADED)
        yield Opened(page, requests)
    finally:
        context.close()
