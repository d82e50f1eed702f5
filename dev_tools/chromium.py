"""A Chromium for the browser tests: the system's, else installed, else a clear stop."""

import os
import shutil
import subprocess
from pathlib import Path

from dev_tools.console import Stop, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find_chromium() -> str | None:
    """The path of an installed Chromium; CHROMIUM_PATH wins; None when there is none."""
    named = os.environ.get("CHROMIUM_PATH")
    if named:
        return named
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (str(MAC) if MAC.exists() else None)


def chromium() -> str:
    """The path of a Chromium, installed from the distribution when we may."""
    found = find_chromium()
    if found:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("no Chromium here; installing the distribution's (apt-get install chromium)")
        install_with_apt()
        found = find_chromium()
        if found:
            return found
    raise Stop(
        "the browser tests need Chromium. Install it and run again:\n"
        "    sudo apt-get install -y chromium      (Debian, Ubuntu)\n"
        "    brew install --cask google-chrome     (macOS)\n"
        "or name one in CHROMIUM_PATH, or leave the browser tests out with ./dev test --fast"
    )


def install_with_apt() -> None:
    """Install Debian's package; a failure shows apt's own words."""
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for arguments in (["update", "-q"], ["install", "-y", "-q", "chromium"]):
        done = subprocess.run(
            ["apt-get", *arguments], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            say(f"apt-get {arguments[0]} failed: {done.stderr.strip()[-400:]}")
