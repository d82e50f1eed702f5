"""Settings refuse loudly, in one line that names the variable, and show no secret."""

import subprocess
import sys
from pathlib import Path

import pytest

from backend.settings import Settings, SettingsError

ROOT = Path(__file__).resolve().parents[1]
KEYS = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def needed(**more: str) -> dict[str, str]:
    """The variables without a default, and others."""
    return {
        "SECRET_KEY": "a-long-enough-secret",
        "TOKEN_KEYS": KEYS,
        "XERO_CLIENT_ID": "xero",
        "XERO_CLIENT_SECRET": "xero-secret",
        "XERO_WEBHOOK_KEY": "xero-webhook",
        "ZOHO_CLIENT_ID": "zoho",
        "ZOHO_CLIENT_SECRET": "zoho-secret",
        **more,
    }


def test_defaults_are_those_of_the_interface() -> None:
    settings = Settings.from_env(needed())
    assert settings.database_url == "sqlite:///var/sync.db"
    assert settings.redis_url is None
    assert settings.public_url == "http://localhost:8000"
    assert settings.xero_login_url == "https://login.xero.com"
    assert settings.xero_identity_url == "https://identity.xero.com"
    assert settings.xero_api_url == "https://api.xero.com"
    limits = (settings.xero_calls_per_minute, settings.xero_calls_per_day)
    assert (*limits, settings.xero_concurrency) == (60, 1000, 5)
    assert settings.zoho_accounts_url == "https://accounts.zoho.com"
    assert settings.zoho_api_url is None
    assert "https://crm.zoho.eu" in settings.zoho_frame_ancestors
    assert (settings.smtp_url, settings.mail_from) == (None, None)
    assert (settings.sync_minutes, settings.sync_attempts) == (10, 3)
    assert (settings.retry_seconds, settings.log_days) == ((60, 600), 400)


@pytest.mark.parametrize("name", sorted(needed()))
def test_each_required_variable_is_named_when_it_is_missing(name: str) -> None:
    given = needed()
    del given[name]
    with pytest.raises(SettingsError, match=rf"^{name}: "):
        Settings.from_env(given)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "not a url"),
        ("REDIS_URL", "http://localhost"),
        ("PUBLIC_URL", "localhost:8000"),
        ("PUBLIC_URL", "https://bridge.example/path"),
        ("PUBLIC_URL", "https://bridge.example:port"),
        ("SECRET_KEY", "short"),
        ("TOKEN_KEYS", "not-a-key"),
        ("TOKEN_KEYS", f"{KEYS},also-not"),
        ("TOKEN_KEYS", ","),
        ("XERO_API_URL", "ftp://api.xero.com"),
        ("XERO_CALLS_PER_MINUTE", "0"),
        ("XERO_CALLS_PER_DAY", "many"),
        ("XERO_CONCURRENCY", "-1"),
        ("ZOHO_FRAME_ANCESTORS", "crm.zoho.eu"),
        ("ZOHO_SDK_URL", "javascript:alert(1)"),
        ("WIDGET_ORIGINS", "*"),
        ("SMTP_URL", "http://mail"),
        ("MAIL_FROM", "nobody"),
        ("SYNC_MINUTES", "1.5"),
        ("SYNC_ATTEMPTS", "0"),
        ("RETRY_SECONDS", "60;600"),
        ("LOG_DAYS", "٣"),
        ("XERO_CLIENT_ID", "two\nlines"),
    ],
)
def test_a_malformed_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{name}: ") as refused:
        Settings.from_env(needed(**{name: value}))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "name", ["XERO_CLIENTID", "ZOHO_ACCOUNT_URL", "SYNC_MINUTE", "XERO_CLIENT_ID_FILES", "RETRY_S"]
)
def test_a_misspelt_variable_is_refused_by_name(name: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{name}: "):
        Settings.from_env(needed(**{name: "x"}))


def test_variables_of_others_are_left_alone() -> None:
    settings = Settings.from_env(needed(PORT="80", HOME="/x", LOG_LEVEL="debug", SMTP_HOST="m"))
    assert settings.sync_minutes == 10


def test_a_secret_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from-the-file\n", encoding="utf-8")
    given = needed(XERO_CLIENT_SECRET_FILE=str(file))
    del given["XERO_CLIENT_SECRET"]
    assert Settings.from_env(given).xero_client_secret == "from-the-file"


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^SECRET_KEY: "):
        Settings.from_env(needed(SECRET_KEY_FILE=str(tmp_path)))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    given = needed(SECRET_KEY_FILE=str(tmp_path / "absent"))
    del given["SECRET_KEY"]
    with pytest.raises(SettingsError, match=r"^SECRET_KEY_FILE: "):
        Settings.from_env(given)


def test_no_secret_shows_in_the_settings_or_in_a_refusal() -> None:
    shown = repr(Settings.from_env(needed(SMTP_URL="smtp://user:pass@host:25")))
    for secret in (KEYS, "xero-secret", "zoho-secret", "xero-webhook", "a-long-enough", "pass"):
        assert secret not in shown
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(needed(TOKEN_KEYS="almost-a-key"))
    assert "almost-a-key" not in str(refused.value)


@pytest.mark.parametrize("command", [["-m", "backend", "migrate"], ["-c", "import backend.wsgi"]])
def test_every_process_stops_with_one_line(command: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={"PATH": "/usr/bin", **needed(SYNC_MINUTES="soon")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    assert ended.stderr.strip() == "SYNC_MINUTES: must be a whole number from 1 to 1440"


def test_vendor_addresses_may_have_a_path_before_the_vendors_own() -> None:
    given = needed(XERO_API_URL="http://127.0.0.1:9000/xero/")
    assert Settings.from_env(given).xero_api_url == "http://127.0.0.1:9000/xero"
