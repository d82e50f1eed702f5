"""Why a record was changed, left alone, held or refused."""

from __future__ import annotations

from backend.texts.entry import Text

RECORDS: dict[str, Text] = {}
