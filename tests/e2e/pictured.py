"""A picture of the documents says in itself what it was taken of, so that an old one is noticed.

What was on the page is kept in lines, and the styles that applied to it: both are the same on every
machine, while pixels are not. ``PICTURES=docs/pictures ./dev test -k pictures`` takes anew whatever
is old.
"""

import difflib
import json
import os
import re
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Page

COMMITTED = Path(__file__).parents[2] / "docs" / "pictures"
COMMAND = "PICTURES=docs/pictures ./dev test -k pictures"
SMALL = 240 * 1024
SCRIPT = (Path(__file__).parent / "described.js").read_text(encoding="utf-8")
START = b"\x89PNG\r\n\x1a\n"
KEY = b"Taken of\0\0"
READING_SECONDS, SETTLED_SECONDS = 10, 0.4

Described = dict[str, list[str]]


def keep_picture(page: Page, name: str, tmp_path: Path, *, running: bool = False) -> None:
    """Promise that the committed picture shows this page and is small; where pictures are asked for, take an old one anew.

    A ``running`` system has numbers, times and an order of its own: only words and parts are
    compared.
    """
    page.mouse.move(0, 0)  # what lies under the pointer looks different
    if asked := os.environ.get("PICTURES"):
        take_if_old(page, Path(asked) / name, running=running)
        return
    taken = tmp_path / name
    page.screenshot(path=taken)
    assert taken.stat().st_size <= SMALL
    assert (COMMITTED / name).stat().st_size <= SMALL
    differs = difference(page, COMMITTED / name, running=running)
    assert not differs, "\n".join([
        f"docs/pictures/{name} was taken of another page. Take it anew: {COMMAND}", *differs
    ])  # fmt: skip


def take_if_old(page: Page, file: Path, *, running: bool) -> None:
    """Write the picture unless the one that is there shows the same."""
    shown = settled(page, running=running)
    if kept(file) != shown:
        page.screenshot(path=file)
        file.write_bytes(with_note(file.read_bytes(), shown))


def difference(page: Page, file: Path, *, running: bool) -> list[str]:
    """In what the page differs from a picture, once it has had the time to become what it shows."""
    was = kept(file)
    until = time.monotonic() + READING_SECONDS
    while (now := described(page, running=running)) != was and time.monotonic() < until:
        page.wait_for_timeout(100)
    return [
        line
        for part in now
        for line in difflib.unified_diff(was.get(part, []), now[part], part, part, n=0, lineterm="")
    ]


def settled(page: Page, *, running: bool) -> Described:
    """What a page shows once it no longer changes."""
    before, since = described(page, running=running), time.monotonic()
    while time.monotonic() < since + SETTLED_SECONDS:
        page.wait_for_timeout(100)
        if (now := described(page, running=running)) != before:
            before, since = now, time.monotonic()
    return before


def described(page: Page, *, running: bool = False) -> Described:
    """What can be seen on a page and its frames, their styles, and the size of it all."""
    frames = [frame for frame in page.frames if not frame.is_detached()]
    lines = [_steady(line) for frame in frames for line in _asked(frame, "asSeen()")]
    seen = sorted(re.sub(r"\d+", "#", line) for line in lines) if running else lines
    styles = [rule for frame in frames for rule in _asked(frame, "await rulesInUse()")]
    size = page.viewport_size or {}
    scale = page.evaluate("devicePixelRatio")
    return {
        "seen": seen,
        "styles": sorted(set(styles)),
        "size": [f"{size.get('width')} × {size.get('height')} at {scale}"],
    }


def kept(file: Path) -> Described:
    """What a picture says it was taken of; nothing when it says nothing or is not there."""
    if not file.exists():
        return {}
    for kind, data in chunks(file.read_bytes()):
        if kind == b"zTXt" and data.startswith(KEY):
            return dict(json.loads(zlib.decompress(data.removeprefix(KEY))))
    return {}


def with_note(png: bytes, shown: Described) -> bytes:
    """The picture with a note of what it was taken of, where viewers expect such notes."""
    note = KEY + zlib.compress(json.dumps(shown, ensure_ascii=False).encode(), 9)
    chunk = b"zTXt" + note
    whole = struct.pack(">I", len(note)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    head = len(START) + 25  # the header comes first and is as long in every picture
    return png[:head] + whole + png[head:]


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts a PNG file is made of."""
    at = len(START)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _asked(frame: Frame, question: str) -> Any:
    """Ask a frame one question the script answers."""
    return frame.evaluate(f"async () => {{ {SCRIPT} return {question}; }}")


def _steady(line: str) -> str:
    """A line without where the servers listen."""
    return re.sub(r"(127\.0\.0\.1|localhost):\d+", "host", line)
