"""How the tools speak to the person in front of the terminal."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
VAR: Final = ROOT / "var"


class Stop(Exception):
    """The command cannot go on; its text says what the person can do about it."""


def say(sentence: str) -> None:
    """Print one line of progress."""
    print(f"./dev: {sentence}", flush=True)


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner can read, and answer with it."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def private_file(path: Path, text: str) -> Path:
    """Write a file that only its owner can read (mode 0600), and answer with its path."""
    private_folder(path.parent)
    path.touch(mode=0o600, exist_ok=True)
    path.chmod(0o600)
    path.write_text(text, encoding="utf-8")
    return path
