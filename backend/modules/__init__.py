"""The synced modules, one declarative file each; found here, registered nowhere."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from backend.core.shown import GROUPS
from backend.core.spec import ModuleSpec, Side


@cache
def all_specs() -> Mapping[str, ModuleSpec]:
    """Every module's SPEC by key, dependencies before dependants."""
    found = {
        spec.key: spec
        for name in sorted(each.name for each in pkgutil.iter_modules(__path__))
        if isinstance(
            spec := getattr(import_module(f"{__name__}.{name}"), "SPEC", None), ModuleSpec
        )
    }
    return {key: found[key] for key in sorted(found, key=lambda key: (depth(found, key), key))}


@cache
def module_keys() -> tuple[str, ...]:
    """Every module key in the order people think of them: by group, then by place in it."""
    specs = all_specs()

    def place(key: str) -> tuple[int, int, int, str]:
        shown = specs[key].shown
        return GROUPS.index(shown.group), shown.place, depth(specs, key), key

    return tuple(sorted(specs, key=place))


def scopes_of(side: Side) -> tuple[str, ...]:
    """What the modules need to be allowed on ``side``, each once."""
    homes = (all_specs()[key].resource(side) for key in module_keys())
    return tuple(dict.fromkeys(scope for home in homes for scope in home.scopes))


def depth(specs: Mapping[str, ModuleSpec], key: str) -> int:
    """How many modules come before ``key`` in a row: 0 for one that needs none."""
    first = (*specs[key].depends_on, *specs[key].after)
    return max((1 + depth(specs, each) for each in first if each in specs), default=0)
