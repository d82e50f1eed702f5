"""Which version the widget's files have, and pages that name it in the addresses they load."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

NAMED = re.compile(r'(?<= )(src|href)="((?:js|css|img)/)')


class Files:
    """The files of a folder; their version is their content's, the same on every machine."""

    def __init__(self, folder: Path) -> None:
        """Nothing is read before somebody asks."""
        self._folder = folder
        self._known: tuple[tuple[tuple[str, int, int], ...], str] | None = None

    def version(self) -> str:
        """A word that changes whenever a file does; content is read only when a file's date or
        size is not what it was."""
        paths = sorted(path for path in self._folder.rglob("*") if path.is_file())
        looks = tuple((str(path), *_look(path)) for path in paths)
        if self._known is None or self._known[0] != looks:
            self._known = looks, self._digest(paths)
        return self._known[1]

    def with_versions(self, page: Path) -> str:
        """A page whose scripts and styles have the addresses of this version."""
        there = rf'\1="files-{self.version()}/\2'
        return NAMED.sub(there, page.read_text(encoding="utf-8"))

    def _digest(self, paths: list[Path]) -> str:
        digest = hashlib.sha256()
        for path in paths:
            content = path.read_bytes()
            digest.update(f"{path.relative_to(self._folder)}:{len(content)}:".encode() + content)
        return digest.hexdigest()[:16]


def _look(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size
