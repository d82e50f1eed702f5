"""What `settings/modules`, `settings/fields`, `settings/layouts` tell, and fields that are added.

Zoho CRM API v8 "Modules Metadata", "Fields Metadata", "Create Custom Field", "Layouts Metadata".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simulator.zoho.catalogue import ModuleSpec
from simulator.zoho.errors import ZohoError
from simulator.zoho.fields import LENGTHS, FieldSpec, field
from simulator.zoho.organisation import ADMINISTRATOR, STANDARD

if TYPE_CHECKING:
    from simulator.zoho.state import ZohoState

LABEL_LENGTH = 25
FIELDS_PER_CALL = 5
CUSTOM_FIELDS = 500
TEXT_LENGTH = 255
CREATABLE = {
    "text",
    "textarea",
    "email",
    "phone",
    "picklist",
    "multiselectpicklist",
    "date",
    "datetime",
    "integer",
    "currency",
    "percent",
    "bigint",
    "double",
    "website",
    "boolean",
}
UNIQUE_TYPES = {"text", "email", "phone", "integer", "bigint"}
RESERVED = {"id", "owner", "created time", "modified time", "layout"}
PROFILES = (ADMINISTRATOR, STANDARD)


def find_module(state: ZohoState, name: str | None) -> ModuleSpec:
    """The module of a `module` parameter (case does not matter); ZohoError otherwise."""
    if not name:
        raise ZohoError(
            400,
            "REQUIRED_PARAM_MISSING",
            "One of the expected parameter is missing",
            param_name="module",
        )
    for api_name, module in state.modules.items():
        if api_name.lower() == name.lower():
            return module
    raise ZohoError(400, "INVALID_MODULE", "the module name given seems to be invalid")


# What is the same for every module and says nothing a synchronisation needs.
SAME_FOR_MODULES: dict[str, Any] = {
    "module_type": "ENTITIES",
    "api_supported": True,
    "visibility": 1,
    "status": "visible",
    "public_fields_configured": False,
    "has_more_profiles": False,
    "cc_enabled": False,
    "description": None,
    "email_parser_supported": False,
    "web_link": None,
    "static_subform_properties": None,
    "scoring_supported": False,
    "webform_supported": False,
    "arguments": [],
    "business_card_field_limit": 5,
    "access_type": "org_based",
    "private_profile": None,
    "track_current_data": False,
    "modified_by": None,
    "territory": None,
}
# What a module of records has and a line module has not.
OF_RECORDS = (
    *("creatable", "editable", "deletable", "viewable", "lookupable", "show_as_tab"),
    *("global_search_supported", "recycle_bin_on_delete", "sub_menu_available"),
    *("presence_sub_menu", "triggers_supported", "isBlueprintSupported", "quick_create"),
    *("emailTemplate_support", "filter_supported", "feeds_required"),
)


def module_json(state: ZohoState, module: ModuleSpec) -> dict[str, Any]:
    """One entry of `modules`."""
    changed = state.changed_schema.get(module.api_name)
    parent = module.parent
    return {
        **SAME_FOR_MODULES,
        **dict.fromkeys(OF_RECORDS, parent is None),
        "id": state.module_id(module.api_name),
        "api_name": module.api_name,
        "module_name": module.api_name,
        "singular_label": module.singular,
        "plural_label": module.plural,
        "actual_singular_label": module.singular,
        "actual_plural_label": module.plural,
        "generated_type": module.generated,
        "convertable": module.api_name in {"Quotes", "Sales_Orders"},
        "sequence_number": list(state.modules).index(module.api_name) + 1,
        "profile_count": len(PROFILES),
        "inventory_template_supported": module.lines is not None,
        "modified_time": state.shown(changed) if changed else None,
        "profiles": [{"name": one.name, "id": one.id} for one in PROFILES],
        "parent_module": {"api_name": parent, "id": state.module_id(parent)} if parent else {},
    }


def choices_of(state: ZohoState, spec: FieldSpec) -> list[dict[str, Any]]:
    """Picklist values; `Currency` offers the organisation's."""
    values: tuple[str, ...] = spec.choices
    if spec.api_name == "Currency":
        values = tuple(one.iso_code for one in state.org.currencies if one.is_active)
    if spec.data_type not in {"picklist", "multiselectpicklist"}:
        return []
    return [
        {
            "id": str(487687600000900000 + place),
            "display_value": value,
            "actual_value": value,
            "reference_value": value,
            "sequence_number": place,
            "type": "used",
        }
        for place, value in enumerate(values, 1)
    ]


# What is the same for every field and says nothing a synchronisation needs.
SAME_FOR_FIELDS: dict[str, Any] = {
    "visible": True,
    "external": None,
    "pick_list_values_sorted_lexically": False,
    "webhook": True,
    "virtual_field": False,
    "type": "used",
    "display_type": -1,
    "ui_type": 1,
    "separator": False,
    "businesscard_supported": True,
    "history_tracking_enabled": False,
    "history_tracking": None,
    "colour_code_enabled_by_system": False,
    "enable_colour_code": False,
    "multi_module_lookup": {},
    "multiselectlookup": None,
    "convert_mapping": {},
    "rollup_summary": {},
    "crypt": None,
    "private": None,
    "hipaa_compliance": None,
    "hipaa_compliance_enabled": False,
    "global_picklist": None,
    "association_details": None,
    "range": None,
    "public": False,
    "mass_update": True,
    "email_parser": {"fields_update_supported": False, "record_operations_supported": False},
    "parent_field": None,
    "child_fields": [],
}


def field_json(state: ZohoState, module: ModuleSpec, spec: FieldSpec) -> dict[str, Any]:
    """One entry of `fields`."""
    searchable = spec.data_type not in {"subform", "textarea"}
    return {
        **SAME_FOR_FIELDS,
        **_rights(spec),
        **_of_type(state, module, spec),
        "id": state.field_id(module.api_name, spec.api_name),
        "api_name": spec.api_name,
        "field_label": spec.label,
        "display_label": spec.label,
        "data_type": _public_type(spec),
        "json_type": spec.json_type,
        "length": spec.length,
        "decimal_place": spec.places,
        "system_mandatory": spec.mandatory,
        "custom_field": spec.custom,
        "created_source": "custom" if spec.custom else "default",
        "searchable": searchable,
        "sortable": searchable,
        "filterable": spec.data_type != "subform",
        "unique": {"case_sensitive": spec.unique == "sensitive"} if spec.unique else {},
        "tooltip": {"name": "info_icon", "value": spec.tooltip} if spec.tooltip else None,
        "display_field": spec.api_name == module.name_field,
        "layout_associations": [
            {"name": "Standard", "id": layout_id(state, module), "api_name": "Standard"}
        ],
    }


def _rights(spec: FieldSpec) -> dict[str, Any]:
    """Who may write the field, and where."""
    writable = not spec.read_only
    permission = "read_write" if writable else "read_only"
    ways = ("web_create", "web_update", "api_create", "api_update")
    return {
        "read_only": spec.read_only,
        "field_read_only": spec.read_only,
        "operation_type": dict.fromkeys(ways, writable),
        "view_type": {
            "view": True,
            "edit": writable,
            "create": writable,
            "quick_create": spec.mandatory,
        },
        "profiles": [
            {"id": one.id, "name": one.name, "permission_type": permission} for one in PROFILES
        ],
    }


def _of_type(state: ZohoState, module: ModuleSpec, spec: FieldSpec) -> dict[str, Any]:
    """The parts of the metadata only fields of one type fill."""
    kind = spec.data_type
    number = {"prefix": "", "suffix": "", "start_number": 1}
    return {
        "pick_list_values": choices_of(state, spec),
        "lookup": _lookup(state, module, spec),
        "associated_module": (
            {"module": spec.lines, "id": state.module_id(spec.lines)} if spec.lines else None
        ),
        "formula": {"return_type": "currency"} if kind == "formula" else {},
        "auto_number": number if kind == "autonumber" else {},
        "currency": (
            {"rounding_option": "normal", "precision": spec.places} if kind == "currency" else {}
        ),
    }


def _lookup(state: ZohoState, module: ModuleSpec, spec: FieldSpec) -> dict[str, Any]:
    if spec.data_type != "lookup" or spec.lookup not in state.modules:
        return {}
    target = {"api_name": spec.lookup, "crypt": False, "id": state.module_id(spec.lookup)}
    return {
        "display_label": spec.label,
        "api_name": spec.api_name,
        "module": target,
        "id": state.field_id(module.api_name, spec.api_name),
        "query_details": {"system_query_id": None},
    }


def _public_type(spec: FieldSpec) -> str:
    """Zoho knows no type of its own for line taxes."""
    return "multiselectlookup" if spec.data_type == "line_tax" else spec.data_type


def visible_fields(state: ZohoState, module: ModuleSpec) -> list[FieldSpec]:
    """The module's fields; the currency fields only with multi-currency."""
    hidden = set() if state.org.multi_currency else {"Currency", "Exchange_Rate"}
    return [
        one
        for name, one in module.fields.items()
        if name not in hidden and one.data_type != "line_tax"
    ]


def fields_json(state: ZohoState, module: ModuleSpec) -> dict[str, Any]:
    """The answer of `GET settings/fields`."""
    return {"fields": [field_json(state, module, one) for one in visible_fields(state, module)]}


def layout_id(state: ZohoState, module: ModuleSpec) -> str:
    """The id of the module's only layout."""
    return str(int(state.module_id(module.api_name)) + 700_000)


def layouts_json(state: ZohoState, module: ModuleSpec) -> dict[str, Any]:
    """The answer of `GET settings/layouts`: one standard layout with one section."""
    rows = [
        {
            **field_json(state, module, one),
            "required": one.mandatory,
            "sequence_number": place,
            "section_id": 1,
        }
        for place, one in enumerate(visible_fields(state, module), 1)
    ]
    section = {
        "name": f"{module.singular} Information",
        "display_label": f"{module.singular} Information",
        "api_name": f"{module.singular} Information",
        "sequence_number": 1,
        "column_count": 2,
        "tab_traversal": 2,
        "issubformsection": False,
        "isSubformSection": False,
        "type": "used",
        "generated_type": "default",
        "properties": None,
        "fields": rows,
    }
    layout = {
        "id": layout_id(state, module),
        "name": "Standard",
        "display_label": "Standard",
        "api_name": "Standard",
        "has_more_profiles": False,
        "status": "active",
        "visible": True,
        "generated_type": "system",
        "source": "crm",
        "mode": "view",
        "show_business_card": True,
        "created_time": None,
        "modified_time": None,
        "created_by": None,
        "modified_by": None,
        "profiles": [{"id": one.id, "name": one.name, "default": True} for one in PROFILES],
        "sections": [section],
    }
    return {"layouts": [layout]}


def create_field(
    state: ZohoState, module: ModuleSpec, given: dict[str, Any], *, path: str
) -> FieldSpec:
    """Add a custom field; ZohoError as the settings API words it."""
    label = _label(state, module, given, path)
    kind = given.get("data_type")
    if kind not in CREATABLE:
        raise _refused("INVALID_DATA", f"{path}.data_type", "data_type")
    spec = field(
        api_name_of(label),
        str(kind),
        label=label,
        length=_length(given, str(kind), path),
        unique=_unique(state, given, str(kind), path),
        choices=tuple(str(one.get("display_value")) for one in given.get("pick_list_values", ())),
        custom=True,
        places=int(given.get("decimal_place", 2)),
        tooltip=(given.get("tooltip") or {}).get("value"),
    )
    if spec.api_name in module.fields:
        spec = replace(spec, api_name=f"{spec.api_name}1")
    if state.custom_fields.get(module.api_name, 0) >= CUSTOM_FIELDS:
        raise ZohoError(400, "LIMIT_EXCEEDED", "custom field limit exceeded", limit=CUSTOM_FIELDS)
    module.fields[spec.api_name] = spec
    state.custom_fields[module.api_name] = state.custom_fields.get(module.api_name, 0) + 1
    state.changed_schema[module.api_name] = state.second()
    return spec


def api_name_of(label: str) -> str:
    """The API name Zoho derives from a label."""
    name = re.sub(r"[^A-Za-z0-9]+", "_", label).strip("_")
    return name if name[:1].isalpha() else f"field_{name}"


def _refused(code: str, path: str, name: str, **details: Any) -> ZohoError:
    words = {
        "INVALID_DATA": "invalid data",
        "MANDATORY_NOT_FOUND": "required field not found",
        "DUPLICATE_DATA": "duplicate data",
        "RESERVED_KEYWORD_NOT_ALLOWED": "reserved keyword not allowed",
        "NOT_ALLOWED": "not allowed",
    }
    return ZohoError(400, code, words[code], api_name=name, json_path=path, **details)


def _label(state: ZohoState, module: ModuleSpec, given: dict[str, Any], path: str) -> str:
    del state
    label, where = given.get("field_label"), f"{path}.field_label"
    if not isinstance(label, str) or not label.strip():
        raise _refused("MANDATORY_NOT_FOUND", where, "field_label")
    if len(label) > LABEL_LENGTH:
        raise _refused("INVALID_DATA", where, "field_label", maximum_length=LABEL_LENGTH)
    if label.lower() in RESERVED:
        raise _refused("RESERVED_KEYWORD_NOT_ALLOWED", where, "field_label")
    if any(one.label.lower() == label.lower() for one in module.fields.values()):
        raise _refused("DUPLICATE_DATA", where, "field_label")
    return label


def _length(given: dict[str, Any], kind: str, path: str) -> int:
    length = given.get("length", LENGTHS.get(kind, TEXT_LENGTH))
    most = max(LENGTHS.get(kind, TEXT_LENGTH), TEXT_LENGTH)
    if isinstance(length, bool) or not isinstance(length, int) or not 1 <= length <= most:
        raise _refused("INVALID_DATA", f"{path}.length", "length", maximum_length=most)
    return length


def _unique(state: ZohoState, given: dict[str, Any], kind: str, path: str) -> str | None:
    wanted = given.get("unique")
    if not wanted:
        return None
    if not state.switches.unique_fields_by_api or kind not in UNIQUE_TYPES:
        raise _refused("NOT_ALLOWED", f"{path}.unique", "unique")
    sensitive = isinstance(wanted, dict) and bool(wanted.get("case_sensitive"))
    return "sensitive" if sensitive else "insensitive"
