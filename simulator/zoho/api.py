"""The routes below `/crm/v8`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, request

from simulator import jsontext
from simulator.faults import Fault, Kind
from simulator.zoho import coql, listing, metadata, recycle, scopes, writes
from simulator.zoho.catalogue import ModuleSpec
from simulator.zoho.errors import ZohoError, missing_parameter
from simulator.zoho.login import as_json, error_json
from simulator.zoho.render import render
from simulator.zoho.watch import SUBSCRIBED, Channel
from simulator.zoho.wire import parse_time
from simulator.zoho.writer import Writing

if TYPE_CHECKING:
    from simulator.world import World
    from simulator.zoho.organisation import User

CREDITS_PER_ROWS = 10


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who calls, with which scopes."""

    user: User
    scopes: tuple[str, ...]


class Crm:
    """The answers of the API; one method per call."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.state = world.zoho

    # At the door

    def enter(self) -> None:
        """Who is it, and may another call come in; ZohoError otherwise."""
        fault: Fault | None = request.environ.get("simulator.fault")
        kind = fault.kind if fault else ""
        if kind == Kind.TOKEN_REVOKED:
            self.state.revoke()
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        access = self.state.accounts.access(token)
        if not scheme:
            raise ZohoError(401, "AUTHENTICATION_FAILURE", "Authentication failed")
        if scheme != "Zoho-oauthtoken" or access is None:
            raise ZohoError(401, "INVALID_TOKEN", "invalid oauth token")
        g.caller = Caller(user=access.user, scopes=access.scopes)
        g.search_lag = fault.seconds if fault and kind == Kind.LAGGING_SEARCH else None
        if kind == Kind.CREDITS:
            raise ZohoError(429, "TOO_MANY_REQUESTS", "API credits of the day are used up")
        in_flight = request.environ.get("simulator.in_flight", 1)
        if kind == Kind.CONCURRENCY:
            in_flight = self.state.limits.concurrent + 1
        heavy = request.environ.get("simulator.zoho.heavy", 0)
        self.state.limits.admit(in_flight=in_flight, heavy_in_flight=heavy)
        self.state.limits.spend(1)

    def need(self, *needed: str) -> None:
        """The caller's token has to hold these scopes."""
        scopes.require(g.caller.scopes, *needed)

    def module(self, name: str, *, method: str | None = None) -> ModuleSpec:
        """A module of records by the API name in the path, with the scope for it."""
        module = self.state.modules.get(name)
        if module is None or module.parent is not None:
            raise ZohoError(
                400,
                "INVALID_MODULE",
                "the module name given seems to be invalid",
                resource_path_index=0,
            )
        self.need(scopes.for_records(module, method or request.method))
        return module

    def body(self) -> Any:
        """The JSON of the request; ZohoError when it is none."""
        try:
            return jsontext.loads(request.get_data())
        except ValueError:
            raise ZohoError(
                400, "INVALID_DATA", "The given data could not be read as JSON"
            ) from None

    def rows(self) -> Any:
        """The body of a write; every ten rows cost a credit. ZohoError 429 when they ran out."""
        body = self.body()
        rows = body.get("data") if isinstance(body, dict) else None
        self._charge(len(rows) if isinstance(rows, list) else 1)
        return body

    def _charge(self, rows: int) -> None:
        self.state.limits.spend(max(-(-rows // CREDITS_PER_ROWS) - 1, 0))

    def writing(self, module: ModuleSpec) -> Writing:
        """A write by the caller, with its optimistic lock."""
        text = request.headers.get("If-Unmodified-Since")
        since = parse_time(text) if text else None
        if text and since is None:
            raise ZohoError(400, "INVALID_DATA", "invalid data", param_name="If-Unmodified-Since")
        return Writing(module=module, user=g.caller.user, unmodified_since=since)

    # Records

    def listed(self, name: str) -> Response:
        """GET /{module}."""
        module = self.module(name)
        found = listing.list_records(
            self.state,
            module,
            request.args,
            since=request.headers.get("If-Modified-Since"),
            user=g.caller.user.id,
        )
        return found_or_empty(found)

    def single(self, name: str, record_id: str) -> Response:
        """GET /{module}/{id}: everything, lines included."""
        module = self.module(name)
        row = self.state.tables[name].rows.get(record_id)
        if row is None:
            return Response(status=204)
        since = request.headers.get("If-Modified-Since")
        listing.changed_since([row], since)
        shown = render(self.state, module, row)
        names = request.args.get("fields")
        if names:
            wanted = {"id", *(one.strip() for one in names.split(","))}
            shown = {key: value for key, value in shown.items() if key in wanted}
        return as_json({"data": [shown]})

    def inserted(self, name: str) -> Response:
        """POST /{module}."""
        module = self.module(name)
        return self._written(writes.insert(self.state, self.writing(module), self.rows()))

    def updated(self, name: str, record_id: str | None = None) -> Response:
        """PUT /{module} and PUT /{module}/{id}."""
        module = self.module(name)
        answer = writes.update(self.state, self.writing(module), self.rows(), record_id)
        return self._written(answer)

    def upserted(self, name: str) -> Response:
        """POST /{module}/upsert."""
        module = self.module(name)
        self.need(scopes.for_records(module, "PUT"))
        return self._written(writes.upsert(self.state, self.writing(module), self.rows()))

    def deleted(self, name: str, record_id: str | None = None) -> Response:
        """DELETE /{module}?ids= and DELETE /{module}/{id}."""
        module = self.module(name)
        if record_id is None and "ids" not in request.args:
            raise missing_parameter("ids")
        ids = [record_id] if record_id else request.args["ids"].split(",")
        self._charge(len(ids))
        return self._written(writes.delete(self.state, self.writing(module), ids))

    def gone(self, name: str) -> Response:
        """GET /{module}/deleted."""
        module = self.module(name)
        since = request.headers.get("If-Modified-Since")
        self.state.limits.spend(1)
        found = listing.list_deleted(self.state, module, request.args, since=since)
        return found_or_empty(found)

    def searched(self, name: str) -> Response:
        """GET /{module}/search."""
        module = self.module(name)
        self.need("ZohoSearch.securesearch.READ")
        lag = self.state.switches.zoho_search_lag_seconds
        if g.search_lag is not None:
            lag = g.search_lag or 60.0
        return found_or_empty(listing.search(self.state, module, request.args, lag_seconds=lag))

    def queried(self) -> Response:
        """POST /coql."""
        self.need("ZohoCRM.coql.READ")
        body = self.body()
        text = body.get("select_query") if isinstance(body, dict) else None
        if not isinstance(text, str):
            raise ZohoError(
                400, "MANDATORY_NOT_FOUND", "required field not found", api_name="select_query"
            )
        module, found, credits = coql.run(self.state, text)
        self.state.limits.spend(credits - 1)
        owner = self.state.modules[module.parent] if module.parent else module
        self.need(scopes.for_records(owner, "GET"))
        return found_or_empty(found)

    def _written(self, answer: writes.Batch) -> Response:
        if answer.status == 412 and self.state.switches.update_answers_304:
            return Response(status=304)
        return as_json(answer.body, answer.status)

    # Notes of a record

    def notes(self, name: str, record_id: str) -> Response:
        """GET and POST /{module}/{id}/Notes."""
        self.module(name, method="GET")
        module = self.state.modules["Notes"]
        self.need(scopes.for_records(module, request.method))
        if request.method == "POST":
            body = self.body()
            for row in writes.rows_of(body):
                row["Parent_Id"] = {"id": record_id}
            return self._written(writes.insert(self.state, self.writing(module), body))
        rows = [
            render(self.state, module, row)
            for row in self.state.tables["Notes"]
            if (row.values.get("Parent_Id") or {}).get("id") == record_id
        ]
        return found_or_empty({"data": rows, "info": {"count": len(rows)}} if rows else None)

    # Settings and organisation

    def modules(self) -> Response:
        """GET /settings/modules."""
        self.need("ZohoCRM.settings.modules.READ")
        all_of_them = [metadata.module_json(self.state, m) for m in self.state.modules.values()]
        return as_json({"modules": all_of_them})

    def one_module(self, name: str) -> Response:
        """GET /settings/modules/{name}."""
        self.need("ZohoCRM.settings.modules.READ")
        module = metadata.find_module(self.state, name)
        return as_json({"modules": [metadata.module_json(self.state, module)]})

    def fields(self) -> Response:
        """GET /settings/fields?module=."""
        self.need("ZohoCRM.settings.fields.READ")
        module = metadata.find_module(self.state, request.args.get("module"))
        return as_json(metadata.fields_json(self.state, module))

    def new_fields(self) -> Response:
        """POST /settings/fields?module=."""
        self.need("ZohoCRM.settings.fields.CREATE")
        self._admin("Crm_Implied_Customize_Zoho_CRM")
        module = metadata.find_module(self.state, request.args.get("module"))
        body = self.body()
        given = body.get("fields") if isinstance(body, dict) else None
        if not isinstance(given, list) or not given or not isinstance(given[0], dict):
            raise ZohoError(
                400, "MANDATORY_NOT_FOUND", "required field not found", api_name="fields"
            )
        if len(given) > metadata.FIELDS_PER_CALL:
            raise ZohoError(400, "LIMIT_EXCEEDED", "at most 5 fields in one request", limit=5)
        answers = [self._new_field(module, place, one) for place, one in enumerate(given)]
        good = [one for one in answers if one["status"] == "success"]
        status = 201 if len(good) == len(answers) else 207 if good else 400
        return as_json({"fields": answers}, status)

    def _new_field(self, module: ModuleSpec, place: int, given: Any) -> dict[str, Any]:
        try:
            spec = metadata.create_field(self.state, module, given, path=f"$.fields[{place}]")
        except ZohoError as error:
            return error.body()
        return {
            "code": "SUCCESS",
            "details": {"id": self.state.field_id(module.api_name, spec.api_name)},
            "message": "field created",
            "status": "success",
        }

    def layouts(self) -> Response:
        """GET /settings/layouts?module=."""
        self.need("ZohoCRM.settings.layouts.READ")
        module = metadata.find_module(self.state, request.args.get("module"))
        return as_json(metadata.layouts_json(self.state, module))

    def org(self) -> Response:
        """GET /org."""
        self.need("ZohoCRM.org.READ")
        return as_json({"org": [self.state.org.as_json()]})

    def taxes(self) -> Response:
        """GET /org/taxes."""
        self.need("ZohoCRM.settings.taxes.READ|ZohoCRM.org.READ")
        rows = [one.as_json(place) for place, one in enumerate(self.state.org.taxes, 1)]
        preference = {"auto_populate_tax": False, "modify_tax_rates": True}
        return as_json({"org_taxes": {"taxes": rows, "preference": preference}})

    def currencies(self) -> Response:
        """GET /org/currencies."""
        self.need("ZohoCRM.settings.currencies.READ")
        if not self.state.org.multi_currency:
            return Response(status=204)
        admin = self.state.org.users[0]
        return as_json({"currencies": [one.as_json(admin) for one in self.state.org.currencies]})

    def users(self) -> Response:
        """GET /users?type=."""
        self.need("ZohoCRM.users.READ")
        kind = request.args.get("type", "AllUsers")
        people = list(self.state.org.users)
        if kind == "CurrentUser":
            people = [self.state.org.user(g.caller.user.id)]
        elif kind in {"AdminUsers", "ActiveConfirmedAdmins"}:
            people = [one for one in people if one.profile.admin]
        elif kind not in {"AllUsers", "ActiveUsers", "ConfirmedUsers", "ActiveConfirmedUsers"}:
            return Response(status=204)
        info = {"per_page": 200, "count": len(people), "page": 1, "more_records": False}
        return as_json({"users": [one.as_json() for one in people], "info": info})

    def one_user(self, user_id: str) -> Response:
        """GET /users/{id}."""
        self.need("ZohoCRM.users.READ")
        found = [one.as_json() for one in self.state.org.users if one.id == user_id]
        return found_or_empty({"users": found} if found else None)

    def _admin(self, permission: str) -> None:
        if not g.caller.user.profile.admin:
            raise ZohoError(403, "NO_PERMISSION", "permission denied", permissions=[permission])

    # Notifications

    def watch(self) -> Response:
        """POST, PUT and PATCH /actions/watch."""
        self.need(f"ZohoCRM.notifications.{scopes.OPERATIONS[request.method]}")
        body = self.body()
        entries = body.get("watch") if isinstance(body, dict) else None
        if not isinstance(entries, list) or not entries:
            raise ZohoError(
                400, "MANDATORY_NOT_FOUND", "required field not found", api_name="watch"
            )
        if not all(isinstance(one, dict) for one in entries):
            raise ZohoError(400, "INVALID_DATA", "invalid data", api_name="watch")
        answers = [self._watched(place, one) for place, one in enumerate(entries)]
        good = [one for one in answers if one["status"] == "success"]
        created = 201 if request.method == "POST" else 200
        status = created if len(good) == len(answers) else 207 if good else 400
        return as_json({"watch": answers}, status)

    def _watched(self, place: int, entry: dict[str, Any]) -> dict[str, Any]:
        channels, path = self.state.channels, f"$.watch[{place}]"
        try:
            if request.method == "PUT":
                channels.known(str(entry.get("channel_id", "")))
            if request.method == "PATCH":
                channel = channels.patch(entry, path=path)
            else:
                channel = channels.subscribe(entry, path=path)
        except ZohoError as error:
            return error.body()
        return {
            "code": "SUCCESS",
            "details": {"events": self._events(channel)},
            "message": SUBSCRIBED,
            "status": "success",
        }

    def _events(self, channel: Channel | None) -> list[dict[str, Any]]:
        if channel is None:
            return []
        return [
            {
                "channel_expiry": self.state.shown(channel.expiry),
                "resource_uri": self.state.channels.resource_uri(module),
                "resource_id": self.state.module_id(module),
                "resource_name": module,
                "channel_id": channel.id,
            }
            for module in channel.modules()
            if module in self.state.modules
        ]

    def watched(self) -> Response:
        """GET /actions/watch."""
        self.need("ZohoCRM.notifications.READ")
        wanted = request.args.get("channel_id")
        alive = [one for one in self.state.channels.alive() if wanted in {None, one.id}]
        rows = [row for channel in alive for row in self._channel_rows(channel)]
        if not rows:
            return Response(status=204)
        info = {"per_page": 200, "count": len(rows), "page": 1, "more_records": False}
        return as_json({"watch": rows, "info": info})

    def _channel_rows(self, channel: Channel) -> list[dict[str, Any]]:
        return [
            {
                **row,
                "notify_url": channel.url,
                "token": channel.token,
                "events": [one for one in channel.events if one.startswith(row["resource_name"])],
                "notify_on_related_action": channel.on_related,
                "return_affected_field_values": channel.affected_values,
                "fields": None,
                "notification_condition": None,
            }
            for row in self._events(channel)
        ]

    def unwatched(self) -> Response:
        """DELETE /actions/watch?channel_ids=."""
        self.need("ZohoCRM.notifications.DELETE")
        if "channel_ids" not in request.args:
            raise missing_parameter("channel_ids")
        rows = []
        for channel_id in request.args["channel_ids"].split(","):
            channel = self.state.channels.close(channel_id.strip())
            rows += [
                {
                    "code": "SUCCESS",
                    "details": {
                        "resource_uri": row["resource_uri"],
                        "resource_id": row["resource_id"],
                        "channel_id": channel.id,
                    },
                    "message": "Successfully un-subscribed",
                    "status": "success",
                }
                for row in self._events(channel)
            ]
        return as_json({"watch": rows})


def found_or_empty(found: dict[str, Any] | None) -> Response:
    """200 with what was found, or 204 without a body."""
    return Response(status=204) if found is None else as_json(found)


ROUTES: tuple[tuple[str, str, str], ...] = (
    ("GET", "/settings/modules", "modules"),
    ("GET", "/settings/modules/<name>", "one_module"),
    ("GET", "/settings/fields", "fields"),
    ("POST", "/settings/fields", "new_fields"),
    ("GET", "/settings/layouts", "layouts"),
    ("GET", "/org", "org"),
    ("GET", "/org/taxes", "taxes"),
    ("GET", "/org/currencies", "currencies"),
    ("GET", "/users", "users"),
    ("GET", "/users/<user_id>", "one_user"),
    ("POST", "/coql", "queried"),
    ("GET", "/actions/watch", "watched"),
    ("POST PUT PATCH", "/actions/watch", "watch"),
    ("DELETE", "/actions/watch", "unwatched"),
    ("GET", "/<name>", "listed"),
    ("POST", "/<name>", "inserted"),
    ("PUT", "/<name>", "updated"),
    ("DELETE", "/<name>", "deleted"),
    ("GET", "/<name>/deleted", "gone"),
    ("GET", "/<name>/search", "searched"),
    ("POST", "/<name>/upsert", "upserted"),
    ("GET", "/<name>/<int:record_id>", "single"),
    ("PUT", "/<name>/<int:record_id>", "updated"),
    ("DELETE", "/<name>/<int:record_id>", "deleted"),
    ("GET POST", "/<name>/<int:record_id>/Notes", "notes"),
)


def blueprint(world: World) -> Blueprint:
    """All routes of the API."""
    crm = Crm(world)
    routes = Blueprint("zoho_crm", __name__, url_prefix="/crm/v8")

    @routes.before_request
    def enter() -> None:
        crm.enter()

    @routes.after_request
    def account(response: Response) -> Response:
        response.headers.update(crm.state.limits.header())
        return response

    @routes.errorhandler(ZohoError)
    def refuse(error: ZohoError) -> Response:
        return error_json(error)

    for methods, path, name in ROUTES:
        routes.add_url_rule(
            path,
            endpoint=f"{methods}{path}".replace(".", "_"),
            view_func=_view(crm, name),
            methods=methods.split(),
        )
    recycle.install(routes, crm)
    return routes


def _view(crm: Crm, name: str) -> Callable[..., Response]:
    def view(**parts: Any) -> Response:
        texts = {key: str(value) for key, value in parts.items()}
        answer: Response = getattr(crm, name)(**texts)
        return answer

    return view
