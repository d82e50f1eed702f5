"""`./dev bench [name ...]`: runs the modules of `bench/`, writes JSON and a Markdown table."""

import importlib
import json
import os
import pkgutil
import platform
import time
from dataclasses import asdict
from datetime import UTC, datetime

import bench
from bench import Figure
from dev_tools.console import VAR, Stop, say


def main(arguments: list[str]) -> int:
    """Measure; answer 1 when a figure is over its limit."""
    found = pkgutil.iter_modules(bench.__path__)
    names = sorted(module.name for module in found if not module.ispkg)
    unknown = set(arguments) - set(names)
    if unknown or not names:
        raise Stop(f"no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(names)}")
    figures: dict[str, list[Figure]] = {}
    for name in arguments or names:
        began = time.monotonic()
        say(f"measuring {name}")
        figures[name] = importlib.import_module(f"bench.{name}").measure()
        say(f"{name} took {time.monotonic() - began:.1f} s")
    folder = VAR / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "figures.json").write_text(as_json(figures), encoding="utf-8")
    table = as_markdown(figures)
    (folder / "figures.md").write_text(table, encoding="utf-8")
    print(table)
    say(f"written to {folder / 'figures.json'} and figures.md")
    return 0 if all(figure.kept for rows in figures.values() for figure in rows) else 1


def as_json(figures: dict[str, list[Figure]]) -> str:
    """The figures with what is needed to compare them with those of another day."""
    document = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "figures": {name: [asdict(figure) for figure in rows] for name, rows in figures.items()},
    }
    return json.dumps(document, indent=1) + "\n"


def as_markdown(figures: dict[str, list[Figure]]) -> str:
    """The figures as a table a person reads."""
    lines = ["| benchmark | figure | value | limit | |", "|---|---|---:|---:|---|"]
    for name, rows in figures.items():
        for figure in rows:
            limit = "" if figure.limit is None else f"{figure.limit:g} {figure.unit}"
            verdict = "kept" if figure.kept else "**over**"
            lines.append(
                f"| {name} | {figure.what} | {figure.value:.4g} {figure.unit} | {limit} "
                f"| {verdict if figure.limit is not None else ''} |"
            )
    return "\n".join(lines) + "\n"
