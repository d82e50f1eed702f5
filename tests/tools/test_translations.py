"""The catalogue tools: what they collect, what they complain about, what the widget gets."""

import json
from pathlib import Path

import pytest

from dev_tools import translations, widget_checks


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with one text in Python and two in JavaScript."""
    (tmp_path / "babel.cfg").write_text(
        (translations.ROOT / "babel.cfg").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (tmp_path / "backend").mkdir()
    (tmp_path / "backend" / "texts.py").write_text('CAUSE = N_("{name} is archived in Xero")\n')
    (tmp_path / "widget" / "app").mkdir(parents=True)
    (tmp_path / "widget" / "app" / "main.js").write_text(
        'html`<b>${t("Send to Xero")}</b> ${n("{count} line", "{count} lines", count)}`;\n'
    )
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "FOLDER", tmp_path / "translations")
    monkeypatch.setattr(translations, "WIDGET", tmp_path / "widget" / "app" / "translations")
    return tmp_path


def translate(language: str, msgid: str, msgstr: str | tuple[str, ...]) -> None:
    """Write one translation into a catalogue."""
    catalogue = translations.load(language)
    catalogue[msgid].string = msgstr
    translations.path_of(language).write_bytes(translations.po_bytes(catalogue))


def test_texts_of_both_sides_are_collected(project: Path) -> None:
    found = {str(message.id) for message in translations.texts(translations.collect())}
    assert found == {
        "{name} is archived in Xero",
        "Send to Xero",
        "('{count} line', '{count} lines')",
    }


def test_untranslated_text_is_a_complaint_in_french_and_german_only(project: Path) -> None:
    assert translations.main([]) == 1
    found = translations.complaints()
    assert "fr: not translated: 'Send to Xero'" in found
    assert "de: not translated: 'Send to Xero'" in found
    assert not [line for line in found if line.startswith("en:")]


def test_lost_placeholder_is_a_complaint(project: Path) -> None:
    translations.main([])
    translate("fr", "{name} is archived in Xero", "{nom} est archivé dans Xero")
    assert any("placeholders differ" in line for line in translations.complaints())


def test_none_is_not_said_to_be_one_in_french(project: Path) -> None:
    (project / "widget" / "app" / "counted.js").write_text('n("1 line more", "{n} lines more", 0)')
    translations.main([])
    translate("fr", "1 line more", ("1 ligne de plus", "{n} lignes de plus"))
    translate("de", "1 line more", ("1 Zeile mehr", "{n} Zeilen mehr"))
    said = [line for line in translations.complaints() if "may be none" in line]
    assert [line[:2] for line in said] == ["fr"]


def test_widget_gets_plural_forms_under_the_names_browsers_use(project: Path) -> None:
    translations.main([])
    translate("fr", "{count} line", ("{count} ligne", "{count} lignes"))
    translations.main([])
    document = json.loads((translations.WIDGET / "fr.json").read_text(encoding="utf-8"))
    assert document["messages"]["{count} line"] == {
        "one": "{count} ligne",
        "other": "{count} lignes",
        "many": "{count} lignes",
    }
    assert "{name} is archived in Xero" not in document["messages"]


def test_text_that_returns_brings_its_translation_back(project: Path) -> None:
    translations.main([])
    translate("de", "Send to Xero", "An Xero senden")
    source = project / "widget" / "app" / "main.js"
    before = source.read_text(encoding="utf-8")
    source.write_text("", encoding="utf-8")
    translations.main([])
    assert translations.load("de").get("Send to Xero") is None
    source.write_text(before, encoding="utf-8")
    translations.main([])
    assert translations.load("de")["Send to Xero"].string == "An Xero senden"


def test_second_update_changes_no_file(project: Path) -> None:
    translations.main([])
    before = {path: path.read_bytes() for path in project.rglob("*.*") if path.is_file()}
    translations.main([])
    assert {path: path.read_bytes() for path in project.rglob("*.*") if path.is_file()} == before


@pytest.mark.parametrize(
    "line",
    [
        "node.innerHTML = text;",
        "eval(text);",
        "new Function(text);",
        "localStorage.setItem('token', token);",
        "console.log(token);",
        'window.parent.postMessage(message, "*");',
        "<button onclick='go()'>",
        '<script src="https://cdn.example/x.js">',
    ],
)
def test_dangerous_widget_source_is_found(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.html").write_text(line + "\n", encoding="utf-8")
    monkeypatch.setattr(widget_checks, "WIDGET", tmp_path)
    monkeypatch.setattr(widget_checks, "ROOT", tmp_path)
    assert len(widget_checks.lint()) == 1


def test_changed_vendored_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "preact.js").write_text("changed", encoding="utf-8")
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  preact.js\n", encoding="utf-8")
    monkeypatch.setattr(widget_checks, "WIDGET", tmp_path)
    monkeypatch.setattr(widget_checks, "ROOT", tmp_path)
    assert widget_checks.vendored_differences() == ["./preact.js: content has changed"]
