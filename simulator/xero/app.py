"""The Xero side as a Flask application: identity service and Accounting API 2.0.

Order of checks on a call: token, organisation, scopes, limits, idempotency, then the entity. JSON
is answered when the request accepts it by name; anything else gets minimal XML, as with Xero.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

from simulator.door import Door, House
from simulator.faults import Fault, Kind
from simulator.jsontext import dumps, loads
from simulator.xero import api, identity, scopes
from simulator.xero.books import Books
from simulator.xero.entities import ENTITIES
from simulator.xero.errors import ApiError, api_exception, not_found, problem
from simulator.xero.idempotency import METHODS
from simulator.xero.oauth import Grant
from simulator.xero.resource import Call, Resource
from simulator.xero.where import refuse
from simulator.xero.wire import envelope, parse_moment, xml

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from simulator.world import World

API = "/api.xro/2.0"
# The name the application was registered with.
PROVIDER = "CRM bridge"
LARGEST_BODY = 3_500_000


def create_app(world: World) -> Flask:
    """The application, with its door in front."""
    app = Flask(__name__)
    app.register_blueprint(identity.blueprint(world))
    rule = f"{API}/<entity>"
    for more in ("", "/<key>", "/<key>/<part>", "/<key>/<part>/<part_key>"):
        app.add_url_rule(
            rule + more,
            f"api{more}",
            lambda **path: answer(world, **path),
            methods=["GET", "PUT", "POST", "DELETE"],
        )
    door = Door(
        app.wsgi_app,
        world,
        House(
            side="xero",
            error_body=_broken,
            tenant_of=_tenant_of,
            secret_paths=("/connect/", "/identity/"),
        ),
    )
    app.wsgi_app = door  # type: ignore[method-assign]
    return app


def _tenant_of(environ: WSGIEnvironment) -> str:
    return str(environ.get("HTTP_XERO_TENANT_ID", "")).lower()


def _broken(status: int) -> bytes:
    title = {500: "An error occurred", 503: "The organisation is offline"}[status]
    body = {"Type": None, "Title": title, "Status": status, "Detail": title}
    return dumps({**body, "Instance": str(uuid.uuid4()), "Extensions": {}}).encode()


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One authenticated call."""

    grant: Grant
    books: Books
    resource: Resource


def answer(world: World, **path: str) -> Response:
    """One call of the Accounting API."""
    correlation = str(uuid.uuid4())
    tenant = request.headers.get("xero-tenant-id", "").lower()
    try:
        visit = _visit(world, tenant, path["entity"])
        response = _stored_or_fresh(world, visit, path)
    except ApiError as refusal:
        response = _refused(refusal)
    if tenant in world.xero.organisations:
        response.headers.update(world.xero.limits.headers(tenant))
    response.headers["Xero-Correlation-Id"] = correlation
    return response


def _visit(world: World, tenant: str, entity: str) -> Visit:
    """Token, organisation, scopes and limits, in this order."""
    fault: Fault | None = request.environ.get("simulator.fault")
    grant = identity.bearer(world)
    if fault is not None and fault.kind == Kind.TOKEN_REVOKED:
        world.xero.oauth.revoke_user(grant.user_id)
        raise problem(401, "Unauthorized", "AuthenticationUnsuccessful")
    if tenant not in world.xero.organisations or not world.xero.oauth.connected(grant, tenant):
        raise problem(403, "Forbidden", "AuthenticationUnsuccessful")
    resource = ENTITIES.get(entity)
    if resource is None:
        raise not_found()
    scopes.require(
        resource,
        request.method,
        set(grant.scopes),
        items_by_invoices=world.switches.xero_items_by_invoice_scope,
    )
    if fault is not None and (refusal := world.xero.limits.simulated(tenant, fault)):
        raise refusal
    free = entity == "Organisation" and world.switches.xero_organisation_is_free
    if not free:
        world.xero.limits.count(tenant, request.environ.get("simulator.in_flight", 1))
    return Visit(grant=grant, books=world.xero.organisations[tenant], resource=resource)


def _stored_or_fresh(world: World, visit: Visit, path: dict[str, str]) -> Response:
    """Answer from the idempotency store, or work and store."""
    key = request.headers.get("Idempotency-Key", "")
    if not key or request.method not in METHODS:
        return _work(world, visit, path)
    store, now = world.xero.idempotency, world.clock.now()
    target = request.full_path.rstrip("?")
    mark = store.fingerprint(request.method, target, visit.books.tenant, request.get_data())
    kept = store.find(key, mark, now)
    if kept is not None:
        return Response(kept.body, kept.status, content_type=kept.content_type)
    try:
        response = _work(world, visit, path)
    except ApiError as refusal:
        response = _refused(refusal)
    store.keep(
        key,
        mark,
        status=response.status_code,
        body=response.get_data(as_text=True),
        content_type=response.content_type or "",
        now=now,
    )
    return response


def _work(world: World, visit: Visit, path: dict[str, str]) -> Response:
    call = _call(world, visit)
    with world.xero.events.muted(not world.switches.own_writes_notify):
        status, content = api.dispatch(visit.resource, call, request.method, path)
    if content is None:
        return Response(b"", status)
    if status == 200 and "ErrorNumber" not in content:
        content = envelope(world.clock.now(), PROVIDER, content)
    return _written(content, status)


def _call(world: World, visit: Visit) -> Call:
    user = world.xero.oauth.user(visit.grant.user_id)
    fault: Fault | None = request.environ.get("simulator.fault")
    lagging = fault is not None and fault.kind == Kind.LAGGING_SEARCH
    since = request.headers.get("If-Modified-Since", "")
    try:
        modified_since = parse_moment(since) if since else None
    except ValueError as error:
        raise refuse("If-Modified-Since is not a valid date") from error
    return Call(
        books=visit.books,
        user=f"{user.first_name} {user.last_name}",
        args=request.args,
        modified_since=modified_since,
        unitdp=4 if request.args.get("unitdp") == "4" else 2,
        create_only=request.method == "PUT",
        lag_seconds=(fault.seconds or 30.0) if lagging and fault else 0.0,
        payload=_payload() if request.method in METHODS else None,
    )


def _payload() -> Any:
    data = request.get_data()
    if len(data) > LARGEST_BODY:
        raise ApiError(413, "Request body too large")
    if not request.is_json:
        raise api_exception("PostDataInvalidException", "The Content-Type is not application/json")
    try:
        return loads(data)
    except (ValueError, RecursionError) as error:
        message = "JSON for post data was invalid"
        raise api_exception("PostDataInvalidException", message) from error


def _refused(refusal: ApiError) -> Response:
    if refusal.body == "":
        response = Response(b"", refusal.status)
        response.headers.remove("Content-Type")
    else:
        response = _written(refusal.body, refusal.status)
    response.headers.update(refusal.headers)
    return response


def _written(content: Any, status: int) -> Response:
    if isinstance(content, str):
        return Response(content, status, content_type="text/html; charset=utf-8")
    if "json" in request.headers.get("Accept", ""):
        return Response(dumps(content), status, content_type="application/json; charset=utf-8")
    return Response(xml("Response", content), status, content_type="text/xml; charset=utf-8")
