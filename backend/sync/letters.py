"""What a CRM task and a mail look like, in the organisation's language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from typing import Any

from backend.core.errors import Message
from backend.i18n import counted, filled, translate
from backend.modules import all_specs
from backend.store.told import Notice
from backend.texts import module_label, render
from backend.texts import notices as words

SHOWN = 10
"""Records a mail names for each cause; the rest is counted."""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who it is for: the organisation, its language, and where its CRM opens."""

    organisation: str
    language: str
    crm_url: str

    def told(self, key: str, params: Mapping[str, str], module: str) -> dict[str, Any]:
        """Cause and remedy in the reader's language."""
        return render(Message(key, dict(params)), self.language, module=module) or {}

    def say(self, text: str, **params: str) -> str:
        """A text of ours in the reader's language."""
        return filled(translate(text, self.language), params)

    def address(self, notice: Notice) -> str | None:
        """Where the record opens in CRM."""
        spec = all_specs().get(notice.module)
        template = spec.zoho.deep_link if spec is not None else None
        if not (template and notice.zoho_id and self.crm_url):
            return None
        return template.replace("{crm_url}", self.crm_url).replace("{id}", notice.zoho_id)


# --- tasks -------------------------------------------------------------------------------------


def task(reader: Reader, notice: Notice, *, owner: str | None) -> dict[str, Any]:
    """The CRM task of one notice, on its record where it has one."""
    alarm = notice.kind == "alarm"
    told = reader.told(notice.message_key, notice.message_params, notice.module)
    closes = words.ALARM_CLOSES if alarm else words.TASK_CLOSES
    subject = words.TASK_ALARM if alarm else words.TASK_SUBJECT
    parts = (told.get("text"), told.get("fix"), reader.say(closes))
    made: dict[str, Any] = {
        "Subject": reader.say(subject, label=notice.label)[:255],
        "Description": "\n\n".join(part for part in parts if part)[:32000],
        "Status": "Not Started",
        "Priority": "High",
    }
    if owner:
        made["Owner"] = {"id": owner}
    spec = all_specs().get(notice.module)
    if notice.zoho_id and spec is not None:
        made |= {"What_Id": {"id": notice.zoho_id}, "$se_module": spec.zoho.path}
    return made


# --- mail --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One paragraph of a mail: a cause and the records it stops."""

    text: str
    fix: str | None
    rows: Sequence[tuple[str, str | None]]
    more: int


def digest(
    reader: Reader, found: Sequence[Notice], *, sender: str, to: Sequence[str], now: datetime
) -> EmailMessage:
    """One mail about all of these, grouped by cause, plain and HTML."""
    alarm = all(each.kind == "alarm" for each in found)
    count = counted(*words.MAIL_SUBJECT, len(found), language=reader.language)
    subject = reader.say(words.MAIL_ALARM) if alarm else count
    intro = reader.say(
        words.MAIL_ALARM_INTRO if alarm else words.MAIL_INTRO, organisation=reader.organisation
    )
    causes = [*_causes(reader, found)]
    close = [reader.say(words.MAIL_WHY)]
    if not alarm:
        close.insert(0, reader.say(words.MAIL_REST))
    message = EmailMessage()
    message["Subject"] = " ".join(f"{subject} – {reader.organisation}".split())
    message["From"], message["To"] = sender, ", ".join(to)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{_name_of(found)}@{_home(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_plain(reader, intro, causes, close))
    message.add_alternative(_html(reader, subject, intro, causes, close), subtype="html")
    return message


def _causes(reader: Reader, found: Sequence[Notice]) -> Iterable[Cause]:
    groups: dict[tuple[str, str], list[Notice]] = {}
    for notice in found:
        # What a sentence says beside the record itself keeps two causes apart.
        told = reader.told(notice.message_key, notice.message_params, notice.module)
        groups.setdefault((str(told.get("text")), str(told.get("fix") or "")), []).append(notice)
    for (text, fix), members in groups.items():
        rows = [
            (f"{module_label(each.module, reader.language)} · {each.label}", reader.address(each))
            for each in members[:SHOWN]
            if each.kind == "record"
        ]
        yield Cause(text=text, fix=fix or None, rows=rows, more=max(0, len(members) - SHOWN))


def _more(reader: Reader, cause: Cause) -> list[str]:
    if not cause.more:
        return []
    return [counted(*words.MAIL_MORE, cause.more, language=reader.language)]


def _plain(reader: Reader, intro: str, causes: Sequence[Cause], close: Sequence[str]) -> str:
    parts = [intro]
    for cause in causes:
        lines = [cause.text, *([cause.fix] if cause.fix else [])]
        lines += [f"  - {label}" + (f"\n    {url}" if url else "") for label, url in cause.rows]
        parts.append("\n".join(lines + [f"  {each}" for each in _more(reader, cause)]))
    return "\n\n".join([*parts, *close]) + "\n"


def _html(
    reader: Reader, title: str, intro: str, causes: Sequence[Cause], close: Sequence[str]
) -> str:
    body = [f"<h1 style='font-size:18px'>{escape(title)}</h1>", f"<p>{escape(intro)}</p>"]
    for cause in causes:
        body.append(f"<p><strong>{escape(cause.text)}</strong>")
        body.append(f"<br>{escape(cause.fix)}</p>" if cause.fix else "</p>")
        rows = [_row(label, url) for label, url in cause.rows]
        rows += [f"<li>{escape(each)}</li>" for each in _more(reader, cause)]
        body.append(f"<ul>{''.join(rows)}</ul>" if rows else "")
    body += [f"<p style='color:#5b6472'>{escape(each)}</p>" for each in close]
    return (
        f"<!DOCTYPE html><html lang='{reader.language}'><head><meta charset='utf-8'>"
        f"<title>{escape(title)}</title></head>"
        "<body style='font-family:system-ui,sans-serif;font-size:15px;line-height:1.5;"
        f"color:#1b1f24;max-width:640px'>{''.join(body)}</body></html>"
    )


def _row(label: str, url: str | None) -> str:
    if url is None:
        return f"<li>{escape(label)}</li>"
    return f"<li><a href='{escape(url, quote=True)}'>{escape(label)}</a></li>"


def _name_of(found: Sequence[Notice]) -> str:
    """The same for the same content, so that a repeated sending is seen to be one."""
    names = "".join(f"{each.id}{each.message_key}" for each in found)
    return hashlib.sha256(names.encode()).hexdigest()[:32]


def _home(sender: str) -> str:
    return sender.rpartition("@")[2].rstrip(">") or "localhost"
