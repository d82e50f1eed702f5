"""A pytest plugin: the product with one module more, from a single file, and a CRM that has it.

`ONE_MORE_MODULE` names the folder of that file; nothing else of the product is touched.
"""

import os

import backend.modules
from simulator.zoho import catalogue, state
from simulator.zoho.fields import by_name, field, system_fields

backend.modules.__path__.append(os.environ["ONE_MORE_MODULE"])

SERVICES = catalogue.ModuleSpec(
    api_name="Services",
    singular="Service",
    plural="Services",
    scope="services",
    name_field="Service_Name",
    duplicate_field=None,
    fields=by_name([
        *system_fields("Service"),
        field("Service_Name", length=200, mandatory=True),
        field("Service_Code", length=40),
        field("Remark", "textarea", length=32000),
    ]),
)  # fmt: skip
_standard = catalogue.standard_modules


def _with_services() -> dict[str, catalogue.ModuleSpec]:
    return _standard() | {SERVICES.api_name: SERVICES}


vars(state)["standard_modules"] = _with_services
