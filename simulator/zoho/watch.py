"""Change notifications: channels, their expiry, and the callbacks, which carry no signature.

Zoho CRM API v8 "Notification APIs": a channel lives one hour unless `channel_expiry` asks for up to
a week; asking for more silently gives an hour. A callback names module, ids and operation
(insert, update, delete), never values or a person; the token set with the channel comes along.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from simulator import jsontext
from simulator.webhooks import Delivery
from simulator.zoho.errors import ZohoError
from simulator.zoho.wire import parse_time

if TYPE_CHECKING:
    from simulator.zoho.state import ZohoState

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
TOKEN_LENGTH = 50
URL_LENGTH = 255
EVENTS = {"insert": "create", "update": "edit", "delete": "delete"}
SUBSCRIBED = "Successfully subscribed for actions-watch of the given module"


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One subscription of the application."""

    id: str
    events: tuple[str, ...]
    url: str
    token: str | None
    expiry: datetime
    affected_values: bool = False
    on_related: bool = True

    def wants(self, module: str, operation: str) -> bool:
        """Whether the channel listens to this."""
        return bool({f"{module}.all", f"{module}.{EVENTS[operation]}"} & set(self.events))

    def modules(self) -> list[str]:
        """The modules it listens to, in order."""
        return list(dict.fromkeys(event.partition(".")[0] for event in self.events))


def bad(message: str, code: str = "INVALID_DATA", **details: Any) -> ZohoError:
    """A watch entry Zoho does not take."""
    return ZohoError(400, code, message, **details)


class Channels:
    """All channels and the events that have not been posted yet."""

    def __init__(self, state: ZohoState) -> None:
        self.state = state
        self.open: dict[str, Channel] = {}
        self._pending: dict[tuple[str, str, str], list[str]] = {}
        self.silent = False
        state.world.webhooks.add_source(self._deliveries)

    def subscribe(self, entry: dict[str, Any], *, path: str) -> Channel:
        """Open or replace a channel; ZohoError when the entry is wrong."""
        number = str(entry.get("channel_id", ""))
        if not number.isdigit():
            raise bad("invalid data", api_name="channel_id", json_path=f"{path}.channel_id")
        channel = Channel(
            id=number,
            events=self._events(entry, path),
            url=self._url(entry, path),
            token=self._token(entry, path),
            expiry=self._expiry(entry, path),
            affected_values=bool(entry.get("return_affected_field_values", False)),
            on_related=bool(entry.get("notify_on_related_action", True)),
        )
        self.open[number] = channel
        return channel

    def patch(self, entry: dict[str, Any], *, path: str) -> Channel | None:
        """Change part of a channel; None when `_delete_events` closed it."""
        channel = self.known(str(entry.get("channel_id", "")))
        if entry.get("_delete_events"):
            gone = set(entry.get("events", ()))
            channel = replace(channel, events=tuple(e for e in channel.events if e not in gone))
        elif "events" in entry:
            channel = replace(channel, events=self._events(entry, path))
        if "notify_url" in entry:
            channel = replace(channel, url=self._url(entry, path))
        if "token" in entry:
            channel = replace(channel, token=self._token(entry, path))
        if "channel_expiry" in entry:
            channel = replace(channel, expiry=self._expiry(entry, path))
        self.open[channel.id] = channel
        if not channel.events:
            del self.open[channel.id]
            return None
        return channel

    def known(self, channel_id: str) -> Channel:
        """A channel that has not expired; ZohoError NOT_SUBSCRIBED otherwise."""
        channel = self.open.get(channel_id)
        if channel is None or channel.expiry <= self.state.clock.now():
            raise bad("no channel with this id is subscribed", "NOT_SUBSCRIBED")
        return channel

    def close(self, channel_id: str) -> Channel:
        """End a channel; ZohoError NOT_SUBSCRIBED when there is none."""
        channel = self.known(channel_id)
        del self.open[channel_id]
        return channel

    def alive(self) -> list[Channel]:
        """The channels that have not expired."""
        now = self.state.clock.now()
        return [one for one in self.open.values() if one.expiry > now]

    def note(self, module: str, operation: str, record_id: str) -> None:
        """Remember a change for every channel that listens."""
        if self.silent:
            return
        for channel in self.alive():
            if channel.wants(module, operation):
                ids = self._pending.setdefault((channel.id, module, operation), [])
                if record_id not in ids:
                    ids.append(record_id)

    def _deliveries(self) -> list[Delivery]:
        with self.state.world.lock:
            pending, self._pending = self._pending, {}
            made = []
            for (channel_id, module, operation), ids in pending.items():
                channel = self.open.get(channel_id)
                if channel is not None:
                    made.append(self._delivery(channel, module, operation, ids))
            return made

    def _delivery(self, channel: Channel, module: str, operation: str, ids: list[str]) -> Delivery:
        body = {
            "server_time": int(self.state.clock.now().timestamp() * 1000),
            "query_params": dict(parse_qsl(urlsplit(channel.url).query)),
            "module": module,
            "resource_uri": self.resource_uri(module),
            "ids": ids,
            "affected_fields": [],
            "operation": operation,
            "channel_id": channel.id,
            "token": channel.token,
        }
        return Delivery(
            side="zoho",
            url=channel.url,
            body=jsontext.dumps(body).encode(),
            headers={"Content-Type": "application/json;charset=UTF-8"},
        )

    def resource_uri(self, module: str) -> str:
        """The address of a module as notifications name it (still the v2 path)."""
        return f"{self.state.world.urls.zoho_api}/crm/v2/{module}"

    def _events(self, entry: dict[str, Any], path: str) -> tuple[str, ...]:
        events = entry.get("events")
        if not isinstance(events, list) or not events:
            raise bad("required field not found", "MANDATORY_NOT_FOUND", api_name="events")
        for place, event in enumerate(events):
            module, _, act = str(event).partition(".")
            spec = self.state.modules.get(module)
            if spec is None or spec.parent or act not in {"all", *EVENTS.values()}:
                raise bad("invalid data", api_name="events", json_path=f"{path}.events[{place}]")
        return tuple(events)

    def _url(self, entry: dict[str, Any], path: str) -> str:
        url = entry.get("notify_url")
        parts = urlsplit(url) if isinstance(url, str) else None
        if parts is None or parts.scheme not in {"http", "https"} or len(str(url)) > URL_LENGTH:
            raise bad("invalid data", api_name="notify_url", json_path=f"{path}.notify_url")
        return str(url)

    def _token(self, entry: dict[str, Any], path: str) -> str | None:
        token = entry.get("token")
        if token is not None and (not isinstance(token, str) or len(token) > TOKEN_LENGTH):
            raise bad(
                "invalid data",
                api_name="token",
                json_path=f"{path}.token",
                maximum_length=TOKEN_LENGTH,
            )
        return token

    def _expiry(self, entry: dict[str, Any], path: str) -> datetime:
        now = self.state.second()
        if entry.get("channel_expiry") is None:
            return now + HOUR
        asked = parse_time(str(entry["channel_expiry"]))
        if asked is None:
            raise bad(
                "invalid data",
                api_name="channel_expiry",
                expected_data_type="datetime",
                json_path=f"{path}.channel_expiry",
            )
        return asked if now < asked <= now + WEEK else now + HOUR
