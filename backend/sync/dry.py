"""What a dry run keeps while it goes through the records: figures, rows to show, and of each
record only what others have to know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import update

from backend.core.errors import Message
from backend.core.guard import too_many_deletions, withdraws_on
from backend.core.parts import holder, is_part
from backend.core.plan import Need, Step
from backend.core.spec import ModuleSpec, Raw, Side
from backend.store import links
from backend.store.tables import Link, Run, RunItem
from backend.sync import beside
from backend.sync.coming import TWIN, Coming
from backend.sync.face import REF, key_values
from backend.sync.figures import Figures
from backend.sync.gather import Seen
from backend.sync.guarding import question
from backend.sync.taken import Names
from backend.sync.tell import COUNTED, Outcome
from backend.sync.turn import Turn
from backend.sync.work import Work

SLICE = 400
MARKS = {"zoho": "xero", "xero": "zoho"}


@dataclass(frozen=True, kw_only=True)
class Partner:
    """A record another one needs: whether it will be in both systems, and in which state."""

    link: Link
    crosses: bool = False
    settled: bool = True
    archived: bool = False
    unarchive: bool = False

    @property
    def label(self) -> str:
        """What people call it."""
        return self.link.label


@dataclass(kw_only=True)
class Dry:
    """One dry run under way. ``stuck`` holds records that stay without a partner, ``archived``
    those whose partner is archived; all others cross."""

    turn: Turn
    run: Run
    keys: tuple[str, ...]
    figures: Figures = field(default_factory=Figures)
    coming: Coming = field(default_factory=Coming)
    names: Names = field(default_factory=Names)
    written: dict[str, Raw] = field(default_factory=dict)
    """What Xero records that several modules share will be once the records planned so far are
    written; those about to be created under the id of their twin."""
    paired: set[str] = field(default_factory=set)
    foreseen: dict[tuple[str, Side, str], str] = field(default_factory=dict)
    """Pairs found so far that the run will make: what refers to them is planned with them."""
    deferred: list[Link] = field(default_factory=list)
    """Records to look at again once the others of their kind have found their partners."""
    second: bool = True
    """Whether what cannot be told apart now stays so."""
    stuck: set[tuple[str, Side, str]] = field(default_factory=set)
    archived: set[tuple[str, Side, str]] = field(default_factory=set)
    brought: set[str] = field(default_factory=set)
    withdrawn: dict[tuple[str, Side], list[tuple[str, str]]] = field(default_factory=dict)
    items: list[RunItem] = field(default_factory=list)
    confirm: list[dict[str, Any]] = field(default_factory=list)

    # --- what became of a record ---------------------------------------------------------------

    def settle(self, spec: ModuleSpec, work: Work, outcome: Outcome) -> None:
        """Count a planned record, and keep what others have to know of it."""
        link = work.link
        if spec.key not in self.keys:
            self.brought.add(link.id)
        self.figures.add(
            spec.key,
            outcome,
            writes=_writes(work, outcome),
            currency=str(work.plan.zoho.get("currency") or work.plan.xero.get("currency") or ""),
        )
        crosses = bool(link.zoho_id and link.xero_id) or (
            outcome.status == "planned" and outcome.operation == "create"
        )
        gone = work.pair.xero is not None and spec.state_of(work.pair.xero) in spec.gone
        for own, record_id in ((Side.ZOHO, link.zoho_id), (Side.XERO, link.xero_id)):
            if record_id is None:
                continue
            if not crosses:
                self.stuck.add((spec.key, own, record_id))
            if gone and work.matched_by:
                self.archived.add((spec.key, own, record_id))
        if outcome.status == "planned":
            self.keep_written(spec, work)
        side = withdraws_on(spec, work.plan)
        if side is not None and outcome.status == "planned":
            mine = self.withdrawn.setdefault((spec.key, side), [])
            mine.append((link.id, outcome.operation))

    def keep_written(self, spec: ModuleSpec, work: Work) -> None:
        """Keep what a planned write makes of a Xero record that other modules live in too."""
        step = work.plan.step(Side.XERO)
        if not spec.beside or step is None or step.operation not in ("create", "update"):
            return
        if is_part(work.link.xero_id or ""):
            return
        key = work.link.xero_id or f"{TWIN}{work.link.zoho_id}"
        start = {spec.xero.id: key, "ContactStatus": "ACTIVE"}
        self.written[key] = {**(work.pair.xero or start), **step.body}
        if work.link.xero_id and (told := _keys_after(spec, work, step)):
            self.coming.rename(spec, work.link.xero_id, told)

    def with_written(self, spec: ModuleSpec, seen: Seen) -> Seen:
        """A Xero record as it will be by the time this module is looked at; what lives inside
        another one shares its state."""
        own = str((seen.xero or {}).get(spec.xero.id)) if spec.beside else ""
        mine = self.written.get(holder(own))
        if mine is None:
            return seen
        shared = {"ContactStatus": mine.get("ContactStatus")} if is_part(own) else mine
        return replace(seen, xero={**(seen.xero or {}), **shared})

    def flush(self) -> None:
        """Store the rows of a slice."""
        if self.items:
            with self.turn.sync.database.begin() as session:
                session.add_all(self.items)
            self.items.clear()

    # --- partners ------------------------------------------------------------------------------

    def known_partner(self, work: Work, need: Need) -> Partner | None:
        """What is known of a needed record; not ``settled`` when it has to be planned first, None
        when there is no such record."""
        link = self._link_of(work, need)
        if link is None or need.module not in self.turn.specs:
            return None
        record_id = (link.zoho_id if need.side is Side.ZOHO else link.xero_id) or need.id
        key = (need.module, need.side, record_id)
        both = bool(link.zoho_id and link.xero_id)
        planned = need.module in self.keys or link.id in self.brought
        if not planned:
            return Partner(link=link, settled=False, unarchive=both)
        return Partner(link=link, crosses=key not in self.stuck, archived=key in self.archived)

    def _link_of(self, work: Work, need: Need) -> Link | None:
        spec = self.turn.specs.get(need.module)
        by_code = spec is not None and need.side is Side.XERO and spec.xero.number == "Code"
        with self.turn.sync.database.begin() as session:
            if by_code:
                rows = links.by_keys(session, work.link_of(need.module), "xero", {REF: need.id})
                return next((row for row in rows if row.xero_id), None)
            known = links.find(
                session,
                self.turn.org_id,
                self.turn.tenant_id,
                need.module,
                str(need.side),
                [need.id],
            )
            return known.get(need.id)

    # --- the whole of it -----------------------------------------------------------------------

    def ask(self) -> None:
        """Deletions above the limit: the run will stop and ask, so the preview says so."""
        limit = int(self.turn.settings.get("delete_limit", 10))
        for (module, side), found in self.withdrawn.items():
            with self.turn.sync.database.begin() as session:
                in_scope = links.pair_count(session, self.turn.org_id, self.turn.tenant_id, module)
            message = too_many_deletions(len(found), in_scope, limit)
            if message is not None:
                self._hold(module, found, message)
                self.confirm.append(question(message, module, side, deletions=len(found)))

    def _hold(self, module: str, found: list[tuple[str, str]], message: Message) -> None:
        held: Mapping[str, Any] = {
            "status": "held", "message_key": message.key, "message_params": dict(message.params),
        }  # fmt: skip
        with self.turn.sync.database.begin() as session:
            for start in range(0, len(found), SLICE):
                ids = [link_id for link_id, _ in found[start : start + SLICE]]
                mine = (RunItem.run_id == self.run.id, RunItem.link_id.in_(ids))
                session.execute(update(RunItem).where(*mine).values(**held))
        for _, operation in found:
            self.figures.move_to_held(module, operation, COUNTED[operation])

    def summary(self) -> dict[str, Any]:
        """What the run's page shows of the preview."""
        return {**self.figures.summary(), "confirm": self.confirm}


def _keys_after(spec: ModuleSpec, work: Work, step: Step) -> dict[str, str]:
    """What a Xero record will be known by when a write changes that, else nothing."""
    if not beside.kinds(spec) & step.values.keys():
        return {}
    return key_values(spec, {**work.plan.xero, **step.values})


def _writes(work: Work, outcome: Outcome) -> tuple[tuple[str, str], ...]:
    """(side, kind of request) the run will send for this record, its marks with it."""
    if outcome.status not in ("planned", "held"):
        return ()
    found = {(str(step.side), step.operation) for step in work.plan.steps}
    for step in work.plan.steps:
        if step.operation == "create":
            found.add((MARKS[str(step.side)], "update"))
    return tuple(sorted(found))
