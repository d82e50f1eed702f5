"""The cardboard backend's part for the settings page: documents, runs, log and inboxes."""

import copy
import threading
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, jsonify, request, send_from_directory

from tests.e2e import mapping_states as mapped
from tests.e2e import settings_states as told
from tests.e2e import states

if TYPE_CHECKING:
    from tests.e2e.fake_api import Fake


def language() -> str:
    """The reader's language."""
    return (request.headers.get("Accept-Language") or "en")[:2]


def add_settings(app: Flask, fake: "Fake") -> None:
    """Everything the settings page asks for."""
    _connections(app, fake)
    _documents(app, fake)
    _runs(app, fake)
    _log(app, fake)
    _inboxes(app, fake)
    _health(app, fake)
    _mapping(app, fake)

    @app.before_request
    def missing() -> Any:
        """Addresses a test takes away answer like a backend that never had them."""
        from tests.e2e.fake_api import problem

        if request.path in fake.fail:
            return problem(fake.fail[request.path], "unavailable")
        if fake.slow and request.path.startswith("/api/log"):
            threading.Event().wait(fake.slow)
        if any(request.path.startswith(path) for path in fake.missing):
            return problem(404, "not_found", "There is no such address.")
        return None


def _connections(app: Flask, fake: "Fake") -> None:
    @app.get("/api/me")
    def me() -> Any:
        named = {"id": fake.user_id, "name": fake.user_name}
        user = {**named, "locale": "en_GB", "admin": fake.admin}
        org = {"id": fake.org_id, "name": fake.org_name}
        return jsonify(user=user, org=org, language="en")

    @app.get("/api/connections")
    def connections() -> Any:
        return jsonify(fake.connections)

    @app.put("/api/connections/xero/organisation")
    def choose() -> Any:
        fake.connections = states.connected()
        for record_id in ("1012", "1013"):
            fake.settled(record_id, "en")
        return jsonify(fake.connections)

    @app.delete("/api/connections/xero")
    def reset() -> Any:
        fake.connections = states.connected(xero="disconnected")
        return jsonify(fake.connections)

    @app.post("/api/organisation/leave")
    def leave() -> Any:
        from tests.e2e.fake_api import problem

        if request.get_json()["name"] != fake.org_name:
            return problem(422, "leave_name", "The name typed is not that of this organisation.")
        fake.forget_sessions()
        return Response(status=204)

    @app.post("/api/connections/xero")
    def connect() -> Any:
        fake.connections = states.connected(xero="choose_organisation")
        return jsonify(url=f"{request.host_url}auth/xero?origin={request.get_json()['origin']}")


def _documents(app: Flask, fake: "Fake") -> None:
    from tests.e2e.fake_api import PAGES, problem

    @app.get("/auth/xero")
    def xero() -> Any:
        return send_from_directory(PAGES, "connected.html")

    @app.get("/auth/connected.js")
    def connected_script() -> Any:
        return send_from_directory(PAGES, "connected.js")

    @app.get("/api/settings")
    def read() -> Any:
        answer = jsonify(fake.settings)
        answer.headers["ETag"] = f'"{fake.version}"'
        return answer

    @app.put("/api/settings")
    def save() -> Any:
        if request.headers.get("If-Match") != f'"{fake.version}"':
            return problem(412, "changed_meanwhile", "Somebody else has saved this.")
        given = request.get_json()
        wrong = told.wrong_in(given)
        if wrong:
            answer, status = problem(422, "bad_body", "Something in it is not right.")
            answer.set_data(jsonify({**answer.get_json(), "fields": wrong}).get_data())
            return answer, status
        fake.version += 1
        fake.settings = given
        return read()

    @app.post("/api/settings/check")
    def check() -> Any:
        given = request.get_json()["document"]
        found = told.consequences(fake.settings, given, language())
        return jsonify(fields=told.wrong_in(given), consequences=found)

    @app.get("/api/modules")
    def modules() -> Any:
        return jsonify(rows=told.modules())

    @app.post("/api/modules/<module>/scope")
    def scope(module: str) -> Any:
        given = request.get_json()
        included = 471 if not given["filter"] and not given["start_date"] else 318
        return jsonify(total=471, included=included, fields=[])

    @app.get("/api/guide")
    def guide() -> Any:
        return jsonify(seen=fake.seen)

    @app.put("/api/guide/<step>")
    def see(step: str) -> Any:
        fake.seen.append(step)
        return jsonify(seen=fake.seen)

    @app.get("/api/preflight")
    def preflight() -> Any:
        return jsonify(told.preflight(language()))


def _runs(app: Flask, fake: "Fake") -> None:
    @app.get("/api/runs")
    def runs() -> Any:
        return jsonify(rows=fake.runs)

    @app.post("/api/modules/<module>/<kind>")
    def start_run(module: str, kind: str) -> Any:
        fake.run_steps = [0, 128, 549]
        fake.run_module = module
        given = request.get_json(silent=True) or {}
        row = told.run(kind, module, done=0, state="queued", preview=given.get("preview"))
        fake.runs = [row, *(one for one in fake.runs if one["id"] != kind)]
        return jsonify(run_id=kind), 202

    @app.get("/api/runs/<run_id>")
    def run(run_id: str) -> Any:
        done = fake.run_steps.pop(0) if fake.run_steps and not fake.hold_runs else None
        over = not fake.run_steps and not fake.hold_runs
        if run_id == "sync" and over:
            fake.accepted = True
        old = next((one for one in fake.runs if one["id"] == run_id), None)
        row = told.run(
            run_id,
            (old or {}).get("module", "invoices"),
            done=549 if over else (128 if done is None else done),
            state="done" if over else "running",
            preview=(old or {}).get("preview"),
        )
        if fake.confirm and run_id == "sync":
            row.update(state="running", confirm={"deletions": 64, "limit": 10})
        fake.runs = [row, *(one for one in fake.runs if one["id"] != run_id)]
        return jsonify(row)

    @app.get("/api/runs/<run_id>/items")
    def run_items(run_id: str) -> Any:
        rows = [
            one
            for one in told.run_items(language())
            if request.args.get("operation") in {None, one["operation"]}
            and request.args.get("status") in {None, one["status"]}
        ]
        return jsonify(rows=rows, cursor=None)

    @app.post("/api/runs/<run_id>/<act>")
    def tell(run_id: str, act: str) -> Any:
        if act == "undo":
            fake.run_steps = [0, 549]
            return jsonify(run_id="undo"), 202
        fake.hold_runs = False
        fake.confirm = False
        fake.run_steps = []
        return run(run_id)


def _log(app: Flask, fake: "Fake") -> None:
    @app.get("/api/log")
    def log() -> Any:
        rows = _filtered(fake.log_rows or told.log_rows(language()))
        limit = int(request.args.get("limit", 50))
        start = int(request.args.get("cursor") or 0)
        page = rows[start : start + limit]
        more = str(start + limit) if start + limit < len(rows) else None
        counts = {"held": 6, "failed": 3}
        return jsonify(rows=page, cursor=more, counts=counts)

    @app.get("/api/log.csv")
    def export() -> Any:
        return Response("at,module\r\n2026-11-18,invoices\r\n", mimetype="text/csv")

    @app.post("/api/log/<row_id>/retry")
    def retry(row_id: str) -> Any:
        return jsonify(request_id="r-1"), 202

    @app.post("/api/retry")
    def retry_all() -> Any:
        return jsonify(count=4), 202


def _filtered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    args = request.args
    key = args.get("message_key")
    return [
        row
        for row in rows
        if args.get("module") in {None, row["module"]}
        and args.get("status") in {None, row["status"]}
        and (key is None or (row["message"] or {}).get("key") == key)
        and (args.get("q") or "").lower() in row["label"].lower()
    ]


def _inboxes(app: Flask, fake: "Fake") -> None:
    from tests.e2e.fake_api import problem

    @app.get("/api/conflicts")
    def conflicts() -> Any:
        return jsonify(_page(told.conflicts(language()), fake))

    @app.get("/api/attention")
    def attention() -> Any:
        rows = told.attention(language())
        answer = _page(rows, fake)
        kinds = [row["kind"] for row in rows if row["id"] not in fake.decided]
        answer["counts"] = {kind: kinds.count(kind) for kind in sorted(set(kinds))}
        answer["causes"] = told.causes(language())
        return jsonify(answer)

    @app.post("/api/attention/<row_id>")
    def decide(row_id: str) -> Any:
        if row_id in fake.decided:
            return problem(404, "unknown_record", "Nothing is known of this record.")
        fake.decided.add(row_id)
        return jsonify(request_id="r-2"), 202

    @app.get("/api/crm/search/<module>")
    def search_in_crm(module: str) -> Any:
        wanted, text = request.args.get("id"), request.args.get("q", "").lower()
        named = [row for row in mapped.products() if text in f"{row['label']} {row['number']}".lower()]  # fmt: skip
        return jsonify(rows=[row for row in named if wanted in {None, row["id"]}])

    @app.get("/api/xero/search/<module>")
    def search(module: str) -> Any:
        rows = [{"id": "x-77", "label": "Whitby Marine Holdings", "number": "C-77", "archived": False, "linked_to": None}]  # fmt: skip
        return jsonify(rows=rows if "whitby" in request.args["q"].lower() else [])


def _page(rows: list[dict[str, Any]], fake: "Fake") -> dict[str, Any]:
    module, kind = request.args.get("module"), request.args.get("kind")
    left = [
        row
        for row in rows
        if row["id"] not in fake.decided
        and module in {None, row["module"]}
        and kind in {None, row["kind"]}
    ]
    return {"rows": left, "total": len(left), "cursor": None, "causes": [], "counts": {}}


def _health(app: Flask, fake: "Fake") -> None:
    @app.get("/api/health")
    def health() -> Any:
        document = copy.deepcopy(states.health(accepted=fake.accepted))
        document.update(told.health_more())
        document["modules"] = told.health_modules(fake.settings, accepted=fake.accepted)
        return jsonify(document)

    @app.get("/api/audit")
    def audit() -> Any:
        return jsonify(last=told.audit(language()))

    @app.post("/api/audit")
    def compare() -> Any:
        return jsonify(run_id="audit"), 202


def _mapping(app: Flask, fake: "Fake") -> None:
    from tests.e2e.fake_api import problem

    @app.get("/api/mapping/<module>")
    def mapping(module: str) -> Any:
        held = fake.mappings.setdefault(module, mapped.mapping(module, language()))
        answer = jsonify(held)
        answer.headers["ETag"] = f'"{held["version"]}"'
        return answer

    @app.put("/api/mapping/<module>")
    def save_mapping(module: str) -> Any:
        held = fake.mappings.setdefault(module, mapped.mapping(module, language()))
        given = request.get_json()
        if request.headers.get("If-Match") != f'"{held["version"]}"':
            return problem(412, "changed_meanwhile", "Somebody else has saved this.")
        rows = {row["name"]: row for row in held["rows"]}
        held["rows"] = [{**rows.get(row["name"], {}), **row} for row in given["rows"]]
        held["version"] += 1
        return mapping(module)

    @app.post("/api/mapping/<module>/check")
    def check_mapping(module: str) -> Any:
        return jsonify(mapped.checked(request.get_json()["rows"], language()))

    @app.get("/api/mapping/<module>/versions")
    def versions(module: str) -> Any:
        return jsonify(rows=mapped.versions())

    @app.post("/api/mapping/<module>/versions/<int:version>/restore")
    def restore(module: str, version: int) -> Any:
        fake.mappings.pop(module, None)
        return mapping(module)

    @app.get("/api/xero/choices")
    def xero_choices() -> Any:
        found = mapped.choices()
        if fake.bare:
            found.update(accounts=[], tax_rates=[], currencies=[])
        return jsonify(found)

    @app.get("/api/maps")
    def maps() -> Any:
        found = mapped.maps(language())
        if fake.bare:
            found.update(tax=[], status={}, currencies=[], gaps=[])
        return jsonify(found)

    @app.get("/api/configuration")
    def export_all() -> Any:
        document = {"format": "zoho-xero-sync", "version": 1, "settings": fake.settings}
        return jsonify(document)

    @app.post("/api/configuration")
    def take() -> Any:
        given = request.get_json()
        if not isinstance(given.get("document"), dict) or "format" not in given["document"]:
            return problem(422, "bad_body", "This is not a configuration of this product.")
        version = f'"{fake.version}.0"'
        if not given["dry_run"] and request.headers.get("If-Match") != version:
            return problem(412, "configuration_changed", "Something was saved meanwhile.")
        fake.imported = not given["dry_run"]
        change = {"path": "modules.quotes.to_xero.update", "before": False, "after": True}
        found = [change, {"path": "language", "before": fake.settings["language"], "after": "fr"}]
        answer = jsonify(changes=found)
        answer.headers["ETag"] = version
        return answer
