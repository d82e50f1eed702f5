"""What one message says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """``cause`` says what is, ``fix`` what to do and what then happens to the rest.

    ``act`` labels a link to where it is done, ``url`` is that link. {places} are filled with the
    message's parameters, except in ``act``. ``many`` holds singular and plural of a cause that
    counts; the parameter ``count`` chooses. ``news`` says what happened or what is, where nothing
    is to be done; every other text has a ``fix``.
    """

    cause: str
    fix: str | None = None
    many: tuple[str, str] | None = None
    act: str | None = None
    url: str | None = None
    news: bool = False
