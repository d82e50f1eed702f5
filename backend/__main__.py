"""Operator commands: ``python -m backend COMMAND``. Settings come from the environment."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from backend.modules import module_keys
from backend.settings import Settings, SettingsError

_Command = Callable[[Settings, argparse.Namespace], int]


def migrate(settings: Settings, _options: argparse.Namespace) -> int:
    """Bring the database to the newest shape."""
    from backend.store.migrated import migrate as upgrade
    from backend.store.migrated import newest

    upgrade(settings.database_url)
    print(f"the database is at revision {newest()}")
    return 0


def sweep(settings: Settings, options: argparse.Namespace) -> int:
    """Look once for changes by the rules of the schedule; the work goes to the workers."""
    from backend.sync.app import Sync
    from backend.sync.sweep import sweep_all

    swept = sweep_all(Sync.from_settings(settings), org_id=options.org, module=options.module)
    print(f"swept {len(swept)} organisation{'' if len(swept) == 1 else 's'}")
    return 0


def verify(settings: Settings, options: argparse.Namespace) -> int:
    """Compare both sides without writing anything: 0 in agreement, 1 differences, 2 could not."""
    from backend.sync.app import Sync
    from backend.sync.audit_command import verify as compared

    return compared(
        Sync.from_settings(settings), org_id=options.org, form=options.format, heal=options.heal
    )


def rotate_keys(settings: Settings, _options: argparse.Namespace) -> int:
    """Seal every stored token with the first of TOKEN_KEYS; 1 when one could not be opened."""
    from backend.sync.app import Sync
    from backend.sync.keys import rotate_keys as rotate

    done, broken = rotate(Sync.from_settings(settings))
    print(f"sealed {done} secrets with the first key; {broken} could not be opened by any")
    return 1 if broken else 0


def export_config(settings: Settings, options: argparse.Namespace) -> int:
    """Write an organisation's settings and mappings as JSON to standard output."""
    from backend.store.columns import utcnow
    from backend.store.engine import Database
    from backend.web.portable import BadConfiguration, exported, find_organisation

    try:
        with Database(settings.database_url).begin() as session:
            org = find_organisation(session, options.org)
            found = exported(session, org, now=utcnow())
    except BadConfiguration as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0


def import_config(settings: Settings, options: argparse.Namespace) -> int:
    """Store settings and mappings from a file, all or nothing; a file of another organisation needs
    --org to say where it goes."""
    from backend.i18n import DEFAULT
    from backend.store.engine import Database
    from backend.texts import sentence
    from backend.web.portable import BadConfiguration, find_organisation, import_into

    try:
        given = json.loads(Path(options.file).read_text(encoding="utf-8"), parse_float=Decimal)
        with Database(settings.database_url).begin() as session:
            org = find_organisation(session, options.org)
            found = import_into(
                session,
                org,
                given,
                by="import-config",
                copy=options.org is not None,
                dry_run=options.dry_run,
            )
    except (OSError, ValueError, BadConfiguration) as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 1
    for change in found.changes:
        old, new = (json.dumps(change[name], ensure_ascii=False) for name in ("before", "after"))
        print(f"{change['path']}: {old} -> {new}")
    for path, message in found.gaps:
        print(f"{path}: {sentence(message, DEFAULT)}", file=sys.stderr)
    print("not stored" if options.dry_run else "imported")
    return 0


def purge(settings: Settings, _options: argparse.Namespace) -> int:
    """Delete log rows older than LOG_DAYS, old runs, and sign-ins that are over."""
    from backend.sync import forgetting
    from backend.sync.app import Sync

    counts = forgetting.purge(Sync.from_settings(settings))
    print(", ".join(f"{count} {name}" for name, count in counts.items()) + " deleted")
    return 0


def uninstall(settings: Settings, options: argparse.Namespace) -> int:
    """End an organisation's connections and erase everything kept of it; records stay."""
    from backend.sync.app import Sync
    from backend.sync.leaving import UnknownOrganisation, find, leave

    sync = Sync.from_settings(settings)
    try:
        org_id, name = find(sync, options.org)
    except UnknownOrganisation:
        print(f"no organisation {options.org}", file=sys.stderr)
        return 1
    if not options.yes:
        print(f"{name} ({org_id}) would be erased for good; say --yes", file=sys.stderr)
        return 1
    leave(sync, org_id, by="operator")
    print(f"{name} ({org_id}) is erased")
    return 0


COMMANDS: dict[str, _Command] = {
    "migrate": migrate,
    "sweep": sweep,
    "rotate-keys": rotate_keys,
    "export-config": export_config,
    "import-config": import_config,
    "purge": purge,
    "uninstall": uninstall,
    "verify": verify,
}


def parser() -> argparse.ArgumentParser:
    """What the command line understands."""
    root = argparse.ArgumentParser(prog="python -m backend", description=__doc__)
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        told = commands.add_parser(name, help=command.__doc__, description=command.__doc__)
        if name in {"sweep", "verify", "export-config", "import-config"}:
            told.add_argument("--org", metavar="ID", help="one organisation: our id or Zoho's")
        if name == "uninstall":
            told.add_argument("--org", metavar="ID", required=True, help="our id or Zoho's")
            told.add_argument("--yes", action="store_true", help="really erase it")
        if name == "sweep":
            told.add_argument("--module", choices=module_keys(), help="one module only")
        if name == "verify":
            told.add_argument("--format", choices=("text", "json", "csv"), default="text")
            told.add_argument(
                "--heal", action="store_true", help="note what differs, for the workers to settle"
            )
        if name == "import-config":
            told.add_argument("file", help="what export-config wrote")
            told.add_argument("--dry-run", action="store_true", help="only say what would change")
    return root


def main(argv: list[str]) -> int:
    """Run one command; answers with its exit code, 2 when a setting is wrong."""
    options = parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    try:
        return COMMANDS[options.command](Settings.from_env(), options)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
