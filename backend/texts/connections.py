"""What may be wrong with a connection, a limit or a whole run."""

from __future__ import annotations

from backend.texts.entry import Text

CONNECTIONS: dict[str, Text] = {}
