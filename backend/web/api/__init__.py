"""Everything below ``/api``: one file per page of the widget."""

from __future__ import annotations

from backend.web.api.audit import audit
from backend.web.api.configuration import configuration
from backend.web.api.connections import connections
from backend.web.api.dashboard import dashboard
from backend.web.api.foresight import foresight
from backend.web.api.guide import guide
from backend.web.api.health import health
from backend.web.api.inboxes import inboxes
from backend.web.api.log import log
from backend.web.api.mapping import mapping
from backend.web.api.notices import notices
from backend.web.api.records import records
from backend.web.api.runs import runs
from backend.web.api.search import search
from backend.web.api.settings import settings
from backend.web.api.setup import setup

API = (
    audit,
    connections,
    dashboard,
    foresight,
    configuration,
    guide,
    health,
    inboxes,
    log,
    mapping,
    notices,
    records,
    runs,
    search,
    settings,
    setup,
)
