"""A real Chromium and the cardboard backend for every test of the pages."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from tests.e2e import states
from tests.e2e.fake_api import Fake, Serving, create_backend, create_host

# A busy machine may take longer than the library's five seconds for what is usually at once.
USUAL = 20_000
expect.set_options(timeout=USUAL)

LOCALES = {"en": "en_GB", "fr": "fr_FR", "de": "de_DE"}
KEEP = """try { sessionStorage.getItem("zoho-xero-refresh") ?? sessionStorage.setItem(
  "zoho-xero-refresh", JSON.stringify({ refresh: "seed", user: "701" })); } catch (error) {}"""


@dataclass
class Opened:
    """A host page with the widget in it, and everything the browser complained about."""

    page: Page
    widget: FrameLocator
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def frame(self) -> Any:
        """The widget's frame, for scripts."""
        return next(one for one in self.page.frames if "/widget/" in one.url)


@dataclass
class Stage:
    """The two cardboard servers; `open` shows a page of the widget in the host."""

    fake: Fake
    backend: str
    host: str
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(
        self,
        record: str,
        *,
        language: str = "en",
        theme: str = "light",
        width: int = 640,
        height: int = 900,
        signed_in: bool = True,
        scale: float = 1,
        system: Literal["dark", "light"] = "light",
        sdk: str = "",
        bypass_csp: bool = False,
        wait: bool = True,
        **query: str,
    ) -> Opened:
        """Open a record by the name of its state, or by its id.

        SDK 1.2 cannot say that CRM is dark, so a dark host comes with 1.4 unless ``sdk`` is named.
        """
        self.fake.sdk = sdk or ("1.4" if theme == "dark" else "1.2")
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
            bypass_csp=bypass_csp,
            reduced_motion="reduce",
            color_scheme=system,
        )
        self.contexts.append(context)
        page = context.new_page()
        page.clock.set_fixed_time(states.NOW)
        if signed_in:
            self.fake.refreshes.add("seed")
            page.add_init_script(KEEP)
        opened = Opened(page=page, widget=page.frame_locator("#widget"))
        self._listen(opened)
        asked = {
            "id": states.IDS.get(record, record),
            "locale": LOCALES.get(language, language),
            "theme": theme,
            **query,
        }
        page.goto(f"{self.host}/host.html?{urlencode(asked)}")
        if wait:
            opened.widget.locator("h2").first.wait_for(timeout=20_000)
        return opened

    def at_rest(self, opened: Opened) -> None:
        """Return once the page has shown what it was opened for and asks for nothing more."""
        busy = opened.widget.locator(".bones, .ghost, [aria-busy=true]")
        opened.widget.locator("#root :is(h1, h2)").first.wait_for(timeout=20_000)
        quiet = 0
        for _ in range(200):
            before = len(self.fake.calls)
            opened.page.wait_for_timeout(100)
            still = busy.count() == 0 and len(self.fake.calls) == before > 0
            quiet = quiet + 1 if still else 0
            if quiet == 5:
                return
        raise AssertionError(("the page never came to rest", self.fake.calls[-5:]))

    def _listen(self, opened: Opened) -> None:
        ours = (self.backend, self.host, "data:")

        def asked(request: Any) -> None:
            if not request.url.startswith(ours):
                opened.foreign.append(request.url)

        opened.page.on("request", asked)
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on(
            "console",
            lambda line: (
                opened.complaints.append(line.text) if line.type in {"error", "warning"} else None
            ),
        )


@pytest.fixture
def stage(browser: Browser) -> Iterator[Stage]:
    """Fresh servers and a fresh memory for one test."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    fake = Fake()
    backend = Serving(create_backend(fake))
    host = Serving(create_host(backend.origin))
    fake.host = host.origin
    shown = Stage(fake=fake, backend=backend.origin, host=host.origin, browser=browser)
    yield shown
    for context in shown.contexts:
        context.close()
    host.stop()
    backend.stop()


@pytest.fixture
def show(stage: Stage) -> Callable[..., Opened]:
    """Short for `stage.open`."""
    return stage.open
