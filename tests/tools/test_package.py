"""The extension's zip: what has to be in it is in it, and nothing else."""

import json
import re
import zipfile
from pathlib import Path

import pytest

from backend.settings import ZOHO_CRM_HOSTS
from dev_tools import package
from dev_tools.console import ROOT, Stop


def test_manifest_names_a_page_that_exists_for_every_widget() -> None:
    manifest = json.loads((ROOT / "plugin-manifest.json").read_text(encoding="utf-8"))
    assert manifest["service"] == "CRM"
    widgets = manifest["modules"]["widgets"]
    assert {one["url"] for one in widgets} == {
        "/app/record.html",
        "/app/settings.html",
        "/app/dashboard.html",
    }
    for one in widgets:
        for kind in ("url", "logo", "icon"):
            assert (ROOT / "widget" / one[kind].lstrip("/")).is_file(), one
    for language in manifest["locale"]:
        assert (ROOT / "widget" / "app" / "translations" / f"{language}.json").is_file()


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://sync.example.com", "https://sync.example.com"),
        ("https://sync.example.com:8443/", "https://sync.example.com:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
    ],
)
def test_backend_is_named_by_its_origin(address: str, origin: str) -> None:
    assert package.origin_of(address) == origin


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sync.example.com",
        "http://sync.example.com",
        "https://sync.example.com/api",
        "https://me:secret@sync.example.com",
        "javascript:alert(1)",
    ],
)
def test_address_a_page_in_crm_could_not_call_is_refused(address: str) -> None:
    with pytest.raises(Stop):
        package.origin_of(address)


def test_assembled_folder_calls_the_named_backend_alone(tmp_path: Path) -> None:
    folder = package.assemble(tmp_path / "extension", "https://sync.example.com")
    held = json.loads((folder / "app" / "config.json").read_text(encoding="utf-8"))
    assert held["api_base"] == "https://sync.example.com"
    assert held["host_origins"] == list(ZOHO_CRM_HOSTS)
    manifest = json.loads((folder / "plugin-manifest.json").read_text(encoding="utf-8"))
    assert manifest["cspDomains"] == {"connect-src": ["https://sync.example.com"]}
    assert not list(folder.rglob("SHA256SUMS"))


def test_pages_zoho_hosts_carry_the_policy_our_header_would_be(tmp_path: Path) -> None:
    folder = package.assemble(tmp_path / "extension", "https://sync.example.com")
    pages = sorted((folder / "app").glob("*.html"))
    assert len(pages) == 3
    for page in pages:
        head, policy, rest = re.split(
            r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', page.read_text()
        )
        assert "<script" not in head
        assert "<script" in rest
        said = dict(one.strip().split(" ", 1) for one in policy.split(";"))
        assert said["default-src"] == "'none'"
        assert said["script-src"] == "'self' https://live.zwidgets.com"
        assert said["connect-src"] == "'self' https://sync.example.com"
        assert "frame-ancestors" not in said  # no browser hears that from a page itself


def test_a_page_the_policy_cannot_be_put_into_is_refused() -> None:
    with pytest.raises(Stop):
        package.with_policy("<html></html>", "default-src 'none'")


def test_zip_that_lost_gained_or_changed_a_file_is_found_out(tmp_path: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    for name, text in (("kept.js", "1"), ("lost.map", "2"), ("changed.js", "3")):
        (app / name).write_text(text, encoding="utf-8")
    packed = tmp_path / "made.zip"
    with zipfile.ZipFile(packed, "w") as held:
        held.writestr("app/kept.js", "1")
        held.writestr("app/changed.js", "other")
        held.writestr("app/foreign.js", "4")
    assert package.differences(app, packed) == [
        "app/lost.map was dropped",
        "app/foreign.js does not belong there",
        "app/changed.js has changed",
    ]


def test_zip_beyond_zohos_limits_is_found_out(tmp_path: Path) -> None:
    packed = tmp_path / "large.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as held:
        held.writestr("app/large.js", " " * (package.FILE_BYTES_AT_MOST + 1))
        for number in range(package.FILES_AT_MOST):
            held.writestr(f"app/{number}.js", "")
    complaints = package.too_large(packed)
    assert complaints[0].startswith("app/large.js has")
    assert complaints[1] == "251 files, 250 are allowed"


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_zohos_own_toolkit_takes_the_extension(capfd: pytest.CaptureFixture[str]) -> None:
    assert package.main(["--backend", "https://sync.example.com"]) == 0
    told = capfd.readouterr().out
    assert "Validation Rules passed successfully" in told
    names = package.contents(ROOT / "dist" / f"{package.NAME}.zip")
    meant = {f"app/{one.relative_to(package.WIDGET).as_posix()}" for one in package.wanted()}
    assert names.keys() == {*meant, "app/config.json"}
