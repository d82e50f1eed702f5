"""Operator commands do what they say and end with a code that says whether."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from backend.__main__ import COMMANDS, main
from backend.modules.defaults import default_settings
from backend.store.engine import Database
from backend.store.tables import (
    Login,
    LogRow,
    Mapping,
    Organisation,
    Run,
    RunItem,
    XeroToken,
    ZohoConnection,
)
from backend.sync.crypt import Crypt, SealBroken

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
NOW = datetime.now(UTC)


@pytest.fixture
def database(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A migrated database and an environment that points at it."""
    for name, value in {
        "DATABASE_URL": sqlite_url,
        "SECRET_KEY": "a-long-enough-secret",
        "TOKEN_KEYS": OLD,
        "XERO_CLIENT_ID": "x",
        "XERO_CLIENT_SECRET": "x",
        "XERO_WEBHOOK_KEY": "x",
        "ZOHO_CLIENT_ID": "z",
        "ZOHO_CLIENT_SECRET": "z",
    }.items():
        monkeypatch.setenv(name, value)
    opened = Database(sqlite_url)
    yield opened
    opened.dispose()


def organisation(database: Database, zoho_id: str = "20071234") -> str:
    """An organisation with default settings; our id of it."""
    with database.begin() as session:
        org = Organisation(zoho_org_id=zoho_id, name="Harbour", settings=default_settings())
        session.add(org)
        session.flush()
        return org.id


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert name in capsys.readouterr().out


def test_the_commands_of_the_interface_are_there() -> None:
    wanted = {"migrate", "sweep", "rotate-keys", "export-config", "import-config", "purge"}
    assert wanted <= set(COMMANDS)


def test_migrate_brings_the_database_up(
    empty_database_url: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    assert main(["migrate"]) == 0
    opened = Database(empty_database_url)
    assert organisation(opened)
    opened.dispose()


def test_a_wrong_setting_ends_with_one_line_and_code_two(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOG_DAYS", "never")
    assert main(["purge"]) == 2
    assert capsys.readouterr().err.startswith("LOG_DAYS: ")


def test_a_sweep_without_organisations_does_nothing(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", "--module", "invoices"]) == 0
    assert "swept 0 organisations" in capsys.readouterr().out


def test_rotating_keys_seals_everything_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    org_id, old = organisation(database), Crypt([OLD])
    with database.begin() as session:
        session.add(
            ZohoConnection(
                org_id=org_id,
                accounts_server="a",
                api_domain="b",
                refresh_token=old.seal("zoho refresh"),
            )
        )
        session.add(
            XeroToken(
                org_id=org_id,
                xero_user_id="u",
                refresh_token=old.seal("xero refresh"),
                access_token=old.seal("xero access"),
                expires_at=NOW,
            )
        )
        session.add(Login(id="s", kind="zoho_sign_in", verifier=old.seal("v"), expires_at=NOW))
    monkeypatch.setenv("TOKEN_KEYS", f"{NEW},{OLD}")
    assert main(["rotate-keys"]) == 0
    new = Crypt([NEW])
    with database.begin() as session:
        zoho = session.query(ZohoConnection).one()
        xero = session.query(XeroToken).one()
        assert new.open(zoho.refresh_token or b"") == "zoho refresh"
        assert new.open(xero.access_token) == "xero access"
        assert new.open(session.query(Login).one().verifier) == "v"
    monkeypatch.setenv("TOKEN_KEYS", OLD)
    assert main(["rotate-keys"]) == 1


def test_a_seal_of_another_key_does_not_open() -> None:
    with pytest.raises(SealBroken):
        Crypt([NEW]).open(Crypt([OLD]).seal("secret"))
    assert Crypt([NEW, OLD]).open(Crypt([OLD]).seal("naïve ✓")) == "naïve ✓"


def test_a_configuration_travels_to_another_organisation(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = organisation(database)
    with database.begin() as session:
        org = session.get_one(Organisation, first)
        org.settings = {**org.settings, "delete_limit": 25}
        rows = [
            {
                "name": "fax",
                "zoho": "Fax",
                "xero": "Phones.FAX.PhoneNumber",
                "flow": "off",
                "on": "always",
                "owner": "none",
            }
        ]
        session.add(Mapping(org_id=first, module="accounts", version=1, rows=rows))
    assert main(["export-config"]) == 0
    text = capsys.readouterr().out
    file = tmp_path / "configuration.json"
    file.write_text(text, encoding="utf-8")
    second = organisation(database, "20079999")
    assert main(["import-config", "--org", "20079999", str(file)]) == 0
    with database.begin() as session:
        assert session.get_one(Organisation, second).settings["delete_limit"] == 25
        assert session.query(Mapping).filter_by(org_id=second).one().rows == rows
    assert main(["export-config"]) == 1
    assert "several" in capsys.readouterr().err


def bent(change: dict[str, Any]) -> dict[str, Any]:
    """A configuration in which something is wrong."""
    return {"format": 1, "settings": default_settings(), "mappings": {}, **change}


@pytest.mark.parametrize(
    "given",
    [
        [],
        {},
        bent({"format": 2}),
        bent({"settings": None}),
        bent({"settings": {"attempts": "many"}}),
        bent({"mappings": {"deals": []}}),
        bent({"mappings": {"accounts": [{"name": "fax"}]}}),
        bent({"mappings": {"accounts": ["fax"]}}),
        bent(
            {
                "mappings": {
                    "accounts": [
                        {
                            "name": "fax",
                            "zoho": "Nope",
                            "xero": "Name",
                            "flow": "both",
                            "on": "always",
                            "owner": "none",
                        }
                    ]
                }
            }
        ),
    ],
)
def test_a_wrong_configuration_stores_nothing(
    database: Database, tmp_path: Path, given: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    org_id = organisation(database)
    file = tmp_path / "configuration.json"
    file.write_text(json.dumps(given), encoding="utf-8")
    assert main(["import-config", str(file)]) == 1
    assert capsys.readouterr().err.strip()
    with database.begin() as session:
        assert session.get_one(Organisation, org_id).settings_version == 1
        assert session.query(Mapping).count() == 0


def test_an_unreadable_file_is_named(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    organisation(database)
    assert main(["import-config", str(tmp_path / "absent.json")]) == 1
    assert "absent.json" in capsys.readouterr().err


def test_purging_keeps_what_is_young(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    org_id = organisation(database)
    monkeypatch.setenv("LOG_DAYS", "30")
    with database.begin() as session:
        for days in (10, 29, 31, 400):
            at = NOW - timedelta(days=days)
            session.add(
                LogRow(org_id=org_id, tenant_id="t", at=at, module="accounts", status="success")
            )
            run = Run(org_id=org_id, tenant_id="t", kind="sync", module="accounts", finished_at=at)
            session.add(run)
            session.flush()
            session.add(RunItem(run_id=run.id, module="accounts"))
            session.add(Login(id=str(days), kind="zoho_sign_in", verifier=b"", expires_at=at))
    assert main(["purge"]) == 0
    with database.begin() as session:
        assert session.query(LogRow).count() == 2
        assert session.query(Run).count() == session.query(RunItem).count() == 2
        assert session.query(Login).count() == 0
