"""The dashboard in one answer, from our own database."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from backend.store import views
from backend.store.tables import Run
from backend.sync import audits
from backend.web.api.audit import shown
from backend.web.api.runs import run_view
from backend.web.context import bridge, caller
from backend.web.dashboard_view import (
    Board,
    by_module,
    by_state,
    days,
    money,
    needs,
    over_time,
)
from backend.web.present import iso
from backend.web.reading import view
from backend.web.zones import reader_zone

dashboard = Blueprint("dashboard", __name__)

RUNS = 5
SWEEPS = 3
"""Shown besides, so that neither hides the other."""


@dashboard.get("/dashboard")
def read() -> Response:
    """Records by state, module and day, money owed, outcomes, causes, runs, the last audit."""
    zone = reader_zone()
    with view() as (session, standing, reader):
        now = bridge().now()
        board = Board(session=session, standing=standing, reader=reader, now=now, zone=zone)
        modules = by_module(board)
        runs = _last_runs(session)
        audit = audits.latest(session, caller().org_id, standing.tenant_id)
        return jsonify(
            as_of=iso(now),
            connection=standing.connection,
            by_state=by_state(modules),
            by_module=modules,
            over_time=over_time(board, modules),
            days=days(board),
            money=money(board),
            needs=needs(board),
            runs=[run_view(row, reader) for row in runs],
            audit={"last": shown(audit, reader)} if audit is not None else None,
        )


def _last_runs(session: Session) -> list[Run]:
    """What people started and what the schedule did, the newest first."""
    mine = caller().org_id
    found = [*views.runs(session, mine, limit=RUNS), *views.sweeps(session, mine, limit=SWEEPS)]
    return sorted(found, key=lambda row: row.created_at, reverse=True)
