"""What callers may send. Unknown keys are refused, and nothing is guessed: no "true" for true."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import (
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
    validates_schema,
)

from backend.core.attention import ACTIONS
from backend.core.roles import CUSTOMERS
from backend.i18n import LANGUAGES
from backend.modules import module_keys

DIRECTIONS = ("both", "to_xero", "to_zoho")
OPERATORS = ("eq", "ne", "in", "not_in", "gt", "ge", "lt", "le", "empty", "not_empty")
RECORD_NUMBER = re.compile(r"[0-9]{1,30}")
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,255}\.[^@\s,;<>\".]{2,63}")


class Flag(fields.Boolean):
    """True or false and nothing that resembles them."""

    def _deserialize(self, value: Any, *_more: Any, **_named: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("field_boolean")
        return value


class Whole(fields.Integer):
    """A whole number within bounds; neither text nor true."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(
            validate=validate.Range(min=least, max=most, error="field_out_of_range"), **kwargs
        )

    def _deserialize(self, value: Any, *_more: Any, **_named: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError("field_number")
        return value


class Day(fields.String):
    """A date as YYYY-MM-DD; kept as text."""

    def _deserialize(self, value: Any, *_more: Any, **_named: Any) -> str:
        try:
            return date.fromisoformat(value if isinstance(value, str) else "").isoformat()
        except ValueError:
            raise ValidationError("field_date") from None


def one_of(*values: str, **kwargs: Any) -> fields.String:
    """One word of a list."""
    return fields.String(validate=validate.OneOf(values, error="field_choice"), **kwargs)


def words(most: int, **kwargs: Any) -> fields.String:
    """A text of one to ``most`` characters."""
    return fields.String(validate=validate.Length(1, most, error="field_length"), **kwargs)


def matching(pattern: re.Pattern[str], **kwargs: Any) -> fields.String:
    """A text of one shape."""

    def check(value: str) -> None:
        if not pattern.fullmatch(value):
            raise ValidationError("field_invalid")

    return fields.String(validate=check, **kwargs)


# --- the work ----------------------------------------------------------------------------------


class SyncRequest(Schema):
    """Which way one record, a module, or everything is to be synced."""

    direction = one_of(*DIRECTIONS, load_default="both")


class ListRequest(SyncRequest):
    """The list button: up to a hundred records."""

    ids = fields.List(
        matching(RECORD_NUMBER),
        required=True,
        validate=validate.Length(1, 100, error="field_length"),
    )


class BulkRequest(SyncRequest):
    """A module's sync; its first one names the accepted preview."""

    preview = matching(re.compile(r"[0-9a-f]{32}"), load_default=None, allow_none=True)


class ResolveRequest(Schema):
    """One choice per field of a conflict."""

    choices = fields.Dict(
        keys=words(80),
        values=one_of("zoho", "xero"),
        required=True,
        validate=validate.Length(1, 200, error="field_length"),
    )
    remember = Flag(load_default=False)
    version = words(64, load_default=None, allow_none=True)


class JoinRequest(Schema):
    """The Xero record a person joins a CRM record with; null asks for a new one."""

    xero_id = matching(GUID, required=True, allow_none=True)


class AttentionRequest(Schema):
    """What a person answers to a record that needs attention; ``link`` names the partner."""

    action = one_of(*ACTIONS, required=True)
    xero_id = matching(GUID, load_default=None, allow_none=True)
    zoho_id = matching(RECORD_NUMBER, load_default=None, allow_none=True)


class OrganisationChoice(Schema):
    """One of the Xero organisations on offer."""

    id = words(64, required=True)


class ConnectRequest(Schema):
    """Where the page that opens the popup lives."""

    origin = words(255, load_default=None, allow_none=True)


class LeaveRequest(Schema):
    """The organisation's own name, typed by whoever ends everything."""

    name = words(255, required=True)


class RetryRequest(Schema):
    """Every record that failed for one cause."""

    message_key = matching(re.compile(r"[a-z0-9_.]{1,80}"), required=True)


# --- settings ----------------------------------------------------------------------------------


class Condition(Schema):
    """One row of a record filter."""

    field = matching(re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,99}"), required=True)
    op = one_of(*OPERATORS, required=True)
    value = fields.Raw(load_default=None, allow_none=True)

    @validates_schema
    def _value_fits(self, data: Mapping[str, Any], **_more: Any) -> None:
        if not _fits(str(data.get("op")), data.get("value")):
            raise ValidationError("filter_value", "value")


def _fits(op: str, value: object) -> bool:
    if op in {"empty", "not_empty"}:
        return value is None
    if op in {"in", "not_in"}:
        return isinstance(value, list) and 0 < len(value) <= 200 and all(map(_scalar, value))
    return _scalar(value)


def _scalar(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= 255
    return value is not None and not isinstance(value, (list, dict))


class Direction(Schema):
    """The switches of one direction."""

    allow = Flag(required=True)
    create = Flag(required=True)
    update = Flag(required=True)
    delete = Flag(required=True)


class ModuleSettings(Schema):
    """The switches of one module."""

    enabled = Flag(required=True)
    schedule = Flag(required=True)
    conflict = one_of("ask", "zoho", "xero", "newest", required=True)
    start_date = Day(required=True, allow_none=True)
    filter = fields.List(
        fields.Nested(Condition),
        required=True,
        validate=validate.Length(0, 50, error="field_length"),
    )
    to_xero = fields.Nested(Direction, required=True)
    to_zoho = fields.Nested(Direction, required=True)


Modules = Schema.from_dict(
    {key: fields.Nested(ModuleSettings, required=True) for key in module_keys()}, name="Modules"
)


class ZohoTax(Schema):
    """A tax of CRM."""

    name = words(120, required=True)
    percentage = fields.Raw(required=True)

    @validates_schema
    def _percentage_is_a_number(self, data: Mapping[str, Any], **_more: Any) -> None:
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", str(data.get("percentage"))):
            raise ValidationError("field_number", "percentage")


class TaxPair(Schema):
    """Which Xero tax type stands for a tax of CRM; with ``use`` on purchases alone."""

    zoho = fields.Nested(ZohoTax, required=True)
    xero = matching(re.compile(r"[A-Z0-9]{1,50}"), required=True)
    use = one_of("purchases")


class Notify(Schema):
    """How people are told."""

    crm_task = Flag(required=True)
    emails = fields.List(
        matching(EMAIL), required=True, validate=validate.Length(0, 50, error="field_length")
    )


class SettingsDocument(Schema):
    """The settings of one organisation, whole."""

    modules = fields.Nested(Modules, required=True)
    customers = one_of(*CUSTOMERS, required=True)
    invoice_status_on_create = one_of("DRAFT", "SUBMITTED", "AUTHORISED", required=True)
    payment_account = words(64, required=True, allow_none=True)
    sales_account = words(10, required=True, allow_none=True)
    purchases_account = words(10, required=True, allow_none=True)
    fallback_product = matching(RECORD_NUMBER, required=True, allow_none=True)
    tax_map = fields.List(
        fields.Nested(TaxPair),
        required=True,
        validate=validate.Length(0, 500, error="field_length"),
    )
    status_map = fields.Dict(
        keys=one_of(*module_keys()),
        values=fields.Dict(
            keys=matching(re.compile(r"[A-Z_]{1,30}")),
            values=words(120),
            validate=validate.Length(0, 50, error="field_length"),
        ),
        required=True,
    )
    rounding = one_of("hold", "adjust", required=True)
    unarchive = one_of("ask", "always", required=True)
    delete_limit = Whole(0, 100, required=True)
    attempts = Whole(1, 20, required=True)
    suppress_zoho_automation = Flag(required=True)
    notify = fields.Nested(Notify, required=True)
    language = one_of(*LANGUAGES, required=True)


# --- mapping -----------------------------------------------------------------------------------


class MappingRow(Schema):
    """One field row of a module's mapping."""

    name = matching(re.compile(r"[a-z][a-z0-9_]{0,63}"), required=True)
    zoho = matching(re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,119}"), required=True, allow_none=True)
    xero = matching(re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,119}"), required=True, allow_none=True)
    flow = one_of("both", "to_xero", "to_zoho", "off", required=True)
    on = one_of("always", "create", "empty", required=True)
    owner = one_of("none", "zoho", "xero", required=True)
    value_map = fields.Dict(
        keys=words(255),
        values=words(255),
        validate=validate.Length(0, 500, error="field_length"),
    )
    transform = fields.List(
        fields.Dict(keys=words(20)), validate=validate.Length(0, 8, error="field_length")
    )
    fixed = words(4000, allow_none=True)
    label = fields.Raw(allow_none=True)
    type = fields.Raw(allow_none=True)
    locked = fields.Raw(allow_none=True)

    @post_load
    def _without_what_is_for_reading(self, data: Mapping[str, Any], **_more: Any) -> dict[str, Any]:
        """Label, type and lock of a row are ours to tell; empty parts say nothing."""
        kept = {key: value for key, value in data.items() if key not in {"label", "type", "locked"}}
        return {key: kept[key] for key in kept if kept[key] or key not in OPTIONAL}


OPTIONAL = frozenset({"value_map", "transform", "fixed"})


class ScopeRequest(Schema):
    """What a module's scope would be."""

    filter = fields.List(
        fields.Nested(Condition),
        load_default=list,
        validate=validate.Length(0, 50, error="field_length"),
    )
    start_date = Day(load_default=None, allow_none=True)


class SettingsProposal(Schema):
    """Settings as they might be saved."""

    document = fields.Dict(required=True)


class ConfigurationFile(Schema):
    """A configuration file, whether only to say what it would change, and whether a file of another
    organisation is to be copied as far as it fits."""

    document = fields.Dict(required=True)
    dry_run = Flag(load_default=True)
    copy = Flag(load_default=False)


SYNC_REQUEST = SyncRequest()
LIST_REQUEST = ListRequest()
BULK_REQUEST = BulkRequest()
RESOLVE_REQUEST = ResolveRequest()
JOIN_REQUEST = JoinRequest()
ATTENTION_REQUEST = AttentionRequest()
ORGANISATION_CHOICE = OrganisationChoice()
CONNECT_REQUEST = ConnectRequest()
LEAVE_REQUEST = LeaveRequest()
RETRY_REQUEST = RetryRequest()
SETTINGS_DOCUMENT = SettingsDocument()
MAPPING_ROW = MappingRow()
SCOPE_REQUEST = ScopeRequest()
SETTINGS_PROPOSAL = SettingsProposal()
CONFIGURATION = ConfigurationFile()
