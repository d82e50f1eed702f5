"""One read transaction per page, and the reader it is shown to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from backend.store import mappings
from backend.store.views import Standing, standing
from backend.web.context import bridge, caller, language
from backend.web.present import Reader


@contextmanager
def view() -> Iterator[tuple[Session, Standing, Reader]]:
    """A session, the caller's organisation as it stands, and the caller as reader."""
    with bridge().database.begin() as session:
        held = standing(session, caller().org_id)
        facts = held.zoho.facts if held.zoho is not None else {}
        yield (
            session,
            held,
            Reader(
                language=language(),
                crm_fields=facts.get("fields") or {},
                bound=mappings.bound(session, held.org.id),
            ),
        )


def etag(version: int | str) -> str:
    """A version as a strong ETag. It names the caller's organisation: what was read of one is never
    saved over another that happens to have the same version."""
    return f'"{caller().org_id}.{version}"'


def is_stale(version: int | str, asked: str | None) -> bool:
    """Whether the caller has changed an older version; False when he does not say."""
    if asked is None or asked.strip() == "*":
        return False
    return etag(version) not in [one.strip() for one in asked.split(",")]
