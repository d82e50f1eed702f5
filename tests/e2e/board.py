"""The cardboard backend's dashboard and list: figures like those of the design."""

import copy
from datetime import date, timedelta
from typing import Any

from flask import Flask, jsonify, request

LONG = "Compañía Internacional de Distribución Vinícola y Alimentaria del Mediterráneo " * 4
HEBREW = "מסעדת הנמל הישן בע״מ"


def states(in_sync: int, pending: int, conflict: int, attention: int, excluded: int) -> Any:
    """Counts by state."""
    return {
        "in_sync": in_sync, "pending": pending, "conflict": conflict,
        "needs_attention": attention, "excluded": excluded, "not_linked": 0,
    }  # fmt: skip


def days() -> list[dict[str, Any]]:
    """Fourteen days, two of them a weekend."""
    done = (82, 96, 61, 12, 9, 104, 118, 97, 130, 88, 14, 11, 126, 74)
    held = (4, 0, 3, 0, 0, 4, 0, 5, 0, 3, 0, 0, 5, 6)
    failed = (0, 3, 0, 0, 0, 4, 0, 0, 4, 0, 0, 0, 6, 4)
    return [
        {
            "day": f"2026-11-{10 + n:02}",
            "done": done[n],
            "held": held[n],
            "failed": failed[n],
            "modules": {
                "accounts": {"done": done[n] // 2, "held": 0, "failed": 0},
                "invoices": {"done": done[n] - done[n] // 2, "held": held[n], "failed": failed[n]},
            },
        }
        for n in range(14)
    ]


def over_time() -> list[dict[str, Any]]:
    """Thirty days that end as the board stands now; two of them nobody counted."""
    found = []
    for n in range(30):
        if n in (11, 12):
            continue
        left = 29 - n
        rough = (left * 7) % 5
        found.append({
            "day": (date(2026, 11, 23) - timedelta(days=left)).isoformat(),
            "modules": {
                "accounts": counts(630 - left, 6 + rough, 2, 3 + left // 6),
                "contacts": counts(890 - 3 * left, 9 + left % 4, 3, 5 + left // 4),
                "products": counts(208, 0, 0, 3),
                "quotes": counts(186 - left // 2, 4, 1, 1),
                "invoices": counts(460 - 4 * left, 4 + (30 if left == 19 else 0), 0, 4 + rough),
                "purchase_orders": counts(94 - left // 3, 0, 0, 2),
            },
        })  # fmt: skip
    return found


def counts(in_sync: int, pending: int, conflict: int, attention: int) -> dict[str, int]:
    """Counts of one day."""
    return {
        "in_sync": in_sync, "pending": pending, "conflict": conflict, "needs_attention": attention,
    }  # fmt: skip


NOBODY = (0, "0.00", "0.00")


def owed(
    due: str,
    overdue: str,
    customers: list[tuple[str, str, str]],
    amounts: tuple[str, ...],
    others: tuple[int, str, str] = NOBODY,
) -> Any:
    """What is owed in one currency, by customer and by age."""
    bounds = ((None, 0), (1, 30), (31, 60), (61, 90), (91, None))
    return {
        "due": due,
        "overdue": overdue,
        "documents": 31 if others[0] else len(customers),
        "ageing": [
            {"from": start, "to": end, "amount": amount, "count": 3}
            for (start, end), amount in zip(bounds, amounts, strict=True)
        ],
        "customers": [
            {"label": label, "module": "accounts", "zoho_id": str(5000 + n), "due": mine,
             "overdue": late}
            for n, (label, mine, late) in enumerate(customers)
        ],
        "others": dict(zip(("count", "due", "overdue"), others, strict=True)),
        "days_to_pay": "23.4",
        "days_to_pay_of": 214,
    }  # fmt: skip


CUSTOMERS = [
    ("Pōhutukawa Hotels Ltd", "104220.00", "31400.00"),
    ("Kauri Timber Co", "48915.60", "0.00"),
    ("Te Aro Roasters", "22087.75", "9640.00"),
    ("Southern Cross Cellars", "12310.25", "0.00"),
    ("Aotea Linen Hire", "6480.00", "6480.00"),
]


def cause(language: str, texts: tuple[str, str, str], count: int, **more: Any) -> dict[str, Any]:
    """One reason why records wait."""
    text = texts[("en", "fr", "de").index(language)]
    records = [
        {"module": "invoices", "label": f"INV-20{n}", "zoho_id": f"60{n}"} for n in range(count)
    ]
    held = {
        "state": "needs_attention",
        "message_key": texts[0],
        "message": {"key": texts[0], "params": {}, "text": text, "fix": "Add it in Xero."},
        "count": count,
        "modules": {"invoices": count},
        "records": records,
    }
    return {**held, **more}


def run(number: int, **more: Any) -> dict[str, Any]:
    """A bulk run."""
    usual = {
        "id": f"run-{number}", "kind": "sync", "module": "all", "direction": "both",
        "state": "done", "stage": "", "total": 12, "done": 12, "created": 0, "updated": 2,
        "deleted": 0, "linked": 0, "skipped": 0, "held": 0, "failed": 0, "eta_seconds": 0,
        "calls": 13, "figures": {}, "preview": None, "by": None, "message": None,
        "created_at": "2026-11-23T14:30:00Z", "started_at": "2026-11-23T14:30:00Z",
        "finished_at": "2026-11-23T14:30:04Z",
    }  # fmt: skip
    return {**usual, **more}


def board(language: str = "en") -> dict[str, Any]:
    """What `GET /api/dashboard` answers."""
    usd = (
        "Currency USD is not enabled in Xero.",
        "La devise USD n’est pas activée dans Xero.",
        "Die Währung USD ist in Xero nicht aktiviert.",
    )
    several = (
        "Several partners in Xero fit.",
        "Plusieurs correspondances existent dans Xero.",
        "Mehrere Gegenstücke in Xero passen.",
    )
    cent = (
        "Totals differ by a cent.",
        "Les totaux diffèrent d’un centime.",
        "Die Summen weichen um einen Cent ab.",
    )
    modules = {
        "accounts": states(630, 6, 2, 3, 12),
        "contacts": states(890, 9, 3, 5, 8),
        "products": states(208, 0, 0, 3, 0),
        "quotes": states(186, 4, 1, 1, 4),
        "invoices": states(460, 4, 0, 4, 6),
        "purchase_orders": states(94, 0, 0, 2, 0),
    }
    total = {name: sum(one[name] for one in modules.values()) for name in states(0, 0, 0, 0, 0)}
    return {
        "as_of": "2026-11-23T14:33:00Z",
        "connection": "connected",
        "by_state": total,
        "by_module": modules,
        "days": days(),
        "over_time": over_time(),
        "money": {
            "NZD": owed(
                "213758.50", "49735.40", CUSTOMERS,
                ("164023.10", "31400.00", "9640.00", "6480.00", "2215.40"), (17, "19744.90", "2215.40"),
            ),
            "GBP": owed(
                "8915.60", "0.00", [("Kauri Timber Co", "8915.60", "0.00")],
                ("8915.60", "0.00", "0.00", "0.00", "0.00"),
            ),
            "EUR": owed(
                "310.00", "310.00", [(LONG[:300], "300.00", "300.00"), (HEBREW, "10.00", "10.00")],
                ("0.00", "300.00", "10.00", "0.00", "0.00"),
            ),
        },
        "needs": {
            "causes": 4,
            "rows": [
                cause(language, usd, 4),
                cause(language, several, 5, modules={"accounts": 4, "contacts": 1}),
                cause(language, usd, 6, state="conflict", message_key=None, message=None),
                cause(language, cent, 1),
            ],
        },
        "runs": [
            run(3, kind="sweep"),
            run(2, kind="sweep", held=1, updated=3, created=1, total=9, started_at="2026-11-23T14:20:00Z",
                finished_at="2026-11-23T14:20:05Z"),
            run(1, module="products", by="Priya Nair", total=214, created=18, updated=41, calls=9,
                started_at="2026-11-23T09:02:00Z", finished_at="2026-11-23T09:02:11Z"),
        ],
        "audit": None,
    }  # fmt: skip


BUDGET = {
    "xero": {
        "minute": {"left": 56, "limit": 60},
        "day": {"left": 688, "limit": 1000},
        "reserve": {"day": 100, "minute": 15},
    },
    "zoho": {"credits": {"left": 46820, "limit": 56000}},
}


def empty(language: str = "en") -> dict[str, Any]:
    """The dashboard of an organisation that has just been connected."""
    nothing = [
        {"day": f"2026-11-{10 + n:02}", "done": 0, "held": 0, "failed": 0, "modules": {}}
        for n in range(14)
    ]
    bare = states(0, 0, 0, 0, 0)
    needs = {"causes": 0, "rows": []}
    return {
        **board(language), "by_state": bare, "by_module": {}, "over_time": [], "days": nothing,
        "money": {},
        "needs": needs, "runs": [],
    }  # fmt: skip


def add_board(app: Flask, fake: Any) -> None:
    """What the dashboard and the list button ask for."""

    @app.get("/api/dashboard")
    def dashboard() -> Any:
        language = (request.headers.get("Accept-Language") or "en")[:2]
        return jsonify(fake.board or board(language))

    @app.get("/api/records/<module>")
    def chosen(module: str) -> Any:
        ids = request.args["ids"].split(",")
        return jsonify(
            rows=[known(module, one) for one in ids],
            allowed=fake.allowed,
            denied={},
            connection="connected",
            organisation={"id": "t", "name": "Harbour & Vine Ltd"},
        )

    @app.get("/api/records/<module>/<record_id>/plan")
    def plan(module: str, record_id: str) -> Any:
        return jsonify(fake.plan)

    @app.post("/api/records/<module>/sync")
    def start_chosen(module: str) -> Any:
        fake.chosen = request.get_json()["ids"]
        fake.reached = 0
        return jsonify(run_id="chosen"), 202

    @app.get("/api/runs/chosen")
    def progress() -> Any:
        if fake.chosen_run:
            usual = {"id": "chosen", "module": "invoices", "total": len(fake.chosen), "done": 0}
            return jsonify(run(9, **{**usual, **fake.chosen_run}))
        fake.reached = min(len(fake.chosen), fake.reached + max(1, len(fake.chosen) // 3))
        over = fake.reached == len(fake.chosen) and not fake.hold_requests
        return jsonify(
            run(9, id="chosen", module="invoices", state="done" if over else "running",
                total=len(fake.chosen), done=fake.reached, eta_seconds=30)
        )  # fmt: skip

    @app.get("/api/runs/chosen/items")
    def items() -> Any:
        after = int(request.args.get("cursor") or 0)
        rows = [result(fake, n, one) for n, one in enumerate(fake.chosen[: fake.reached], 1)]
        return jsonify(rows=rows[after:], cursor=None)


def known(module: str, zoho_id: str) -> dict[str, Any]:
    """A chosen record as the database knows it."""
    number = int(zoho_id)
    linked = number % 3 != 0
    return {
        "zoho_id": zoho_id,
        "label": f"INV-{zoho_id}",
        "state": "in_sync" if linked else "not_linked",
        "reason": None,
        "xero_number": f"INV-{zoho_id}" if linked else None,
        "url": None,
    }


def result(fake: Any, number: int, zoho_id: str) -> dict[str, Any]:
    """What became of one chosen record; an id that ends in 7 fails unless it goes alone."""
    fails = zoho_id.endswith("7") and len(fake.chosen) > 1
    message = {
        "key": "currency_not_enabled", "params": {"code": "USD"}, "fix": "Add it there.",
        "text": "Currency USD is not enabled in Xero.",
    }  # fmt: skip
    return {
        "id": str(number),
        "zoho_id": zoho_id,
        "label": f"INV-{zoho_id}",
        "status": "failed" if fails else "success",
        "operation": "none" if fails else "update",
        "message": copy.deepcopy(message) if fails else None,
        "changes": [] if fails else [{"field": "due_date", "label": "Due date"}],
    }
