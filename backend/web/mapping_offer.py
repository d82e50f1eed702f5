"""A module's mapping as pages draw it: the rows in force, and the fields on offer on both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backend.core.errors import Message
from backend.core.offers import Offer
from backend.core.overlay import Offers
from backend.core.spec import Field, ModuleSpec, Side, Transform
from backend.core.transforms import ARGUMENTS
from backend.store.views import Standing
from backend.sync.mapped import Kept, effective, offers_of
from backend.texts import render, xero_label
from backend.web.present import TYPES, Reader

OURS = frozenset({"xero_id", "xero_number", "xero_status", "xero_url", "crm_url", "crm_id"})
"""Rows that carry our own marks; without them a pair could not be found again."""

Samples = Mapping[Side, Mapping[str, str]]


def known(standing: Standing) -> tuple[Kept, Kept]:
    """What was last read of both organisations."""
    zoho = standing.zoho.facts if standing.zoho is not None else {}
    xero = standing.xero.facts if standing.xero is not None else {}
    return zoho, xero


def in_force(spec: ModuleSpec, saved: Sequence[Any] | None, standing: Standing) -> ModuleSpec:
    """The module with ``saved`` rows over it."""
    zoho, xero = known(standing)
    return effective(spec, rows=saved, zoho=zoho, xero=xero)


def offered(spec: ModuleSpec, standing: Standing) -> Offers:
    """The fields of both sides, without words for people."""
    return offers_of(spec, *known(standing))


# --- rows --------------------------------------------------------------------------------------


def rows_of(
    spec: ModuleSpec, saved: Sequence[Any] | None, standing: Standing, reader: Reader
) -> list[dict[str, Any]]:
    """The rows in force, as they may be sent back; ``label``, ``type`` and ``locked`` are for
    reading."""
    given = {str(row["name"]): row for row in saved or ()}
    return [
        _row(spec, row, given.get(row.name) or {}, reader)
        for row in in_force(spec, saved, standing).fields
    ]


def _row(spec: ModuleSpec, row: Field, given: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": row.name,
        "label": reader.name_of(spec.key, row),
        "zoho": row.zoho,
        "xero": row.xero,
        "flow": str(given.get("flow") or row.flow),
        "on": row.on.value,
        "owner": row.owner.value,
        "type": TYPES.get(row.codec, "text"),
        "locked": render(locked(row), reader.language),
    }
    if row.value_map:
        told["value_map"] = dict(row.value_map)
    if row.transform:
        told["transform"] = [_step(step) for step in row.transform]
    if given.get("fixed") is not None:
        told["fixed"] = given["fixed"]
    return told


def _step(step: Transform) -> dict[str, Any]:
    told: dict[str, Any] = {"op": step.op}
    for name in ARGUMENTS[step.op]:
        value = getattr(step, name)
        if value is not None:
            plain = list(value) if isinstance(value, tuple) else value
            told[name] = plain if isinstance(plain, (int, str, list)) else str(plain)
    return told


def locked(row: Field) -> Message | None:
    """Why a row stays as it is, None when an administrator may change it."""
    if row.name in OURS:
        return Message("row_is_ours")
    return Message("row_holds_lines") if row.codec == "lines" else None


# --- fields ------------------------------------------------------------------------------------


def on_offer(
    spec: ModuleSpec, standing: Standing, reader: Reader, samples: Samples
) -> dict[str, list[dict[str, Any]]]:
    """The fields a row may name on either side, with type, length, rights, choices, a sample."""
    both = offered(spec, standing)
    crm = both[Side.ZOHO] or {row.zoho: _declared(row) for row in spec.fields if row.zoho}
    xero = {**{row.xero: _other(row) for row in spec.fields if row.xero}, **both[Side.XERO]}
    return {
        "zoho": [
            _field(offer, offer.label, samples.get(Side.ZOHO, {}))
            for _, offer in sorted(crm.items())
        ],
        "xero": [
            _field(
                offer,
                offer.label or xero_label(offer.path, reader.language),
                samples.get(Side.XERO, {}),
            )
            for offer in xero.values()
        ],
    }


def _declared(row: Field) -> Offer:
    """A CRM field before anything was read of CRM."""
    return Offer(
        path=row.zoho or "",
        type=TYPES.get(row.codec, "text"),
        label=(row.zoho or "").replace("_", " "),
        length=row.zoho_length,
        required=Side.ZOHO in row.required,
        read_only=not row.flow.reaches(Side.ZOHO),
    )


def _other(row: Field) -> Offer:
    """A field of Xero only the declaration names."""
    return Offer(
        path=row.xero or "",
        type=TYPES.get(row.codec, "text"),
        length=row.xero_length,
        required=Side.XERO in row.required,
        read_only=not row.flow.reaches(Side.XERO),
    )


def _field(offer: Offer, label: str, samples: Mapping[str, str]) -> dict[str, Any]:
    return {
        "path": offer.path,
        "label": label,
        "type": offer.type,
        "length": offer.length,
        "required": offer.required,
        "read_only": offer.read_only,
        "custom": offer.custom,
        "choices": [{"value": value, "label": label} for value, label in offer.choices],
        "sample": samples.get(offer.path),
    }
