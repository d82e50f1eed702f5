"""`./dev bench [name ...]`: runs the modules of `bench/`, writes JSON and a Markdown table.

Without names it also writes `docs/benchmarks.md`, the latest figures of everything.
"""

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
from dev_tools.console import ROOT, VAR, Stop, say

PAGE = ROOT / "docs" / "benchmarks.md"
OF_THE_MACHINE = frozenset({"s", "ms", "MB", "records"})
"""Units whose figures say as much of the machine as of the product."""


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
    if not arguments:
        PAGE.write_text(as_page(figures), encoding="utf-8")
        say(f"written to {PAGE}")
    return 0 if all(figure.kept for rows in figures.values() for figure in rows) else 1


def as_json(figures: dict[str, list[Figure]]) -> str:
    """The figures with what is needed to compare them with those of another day."""
    document = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": machine(),
        "figures": {name: [asdict(figure) for figure in rows] for name, rows in figures.items()},
    }
    return json.dumps(document, indent=1) + "\n"


def machine() -> str:
    """What the figures were measured on, and how much else it had to do."""
    busy = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{platform.machine()}, {os.cpu_count()} cores{busy}"


def as_page(figures: dict[str, list[Figure]]) -> str:
    """The page in `docs/`: what holds on every machine first, then times and memory."""
    everywhere = _chosen(figures, of_the_machine=False)
    here = _chosen(figures, of_the_machine=True)
    on = f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {machine()}"
    return (
        "# Benchmarks\n\nWritten by `./dev bench`; do not edit. The limits are the product's "
        "promises.\n\n## The same on every machine\n\n"
        f"{as_markdown(everywhere)}\n## On one machine\n\n{on}. "
        "Remote systems are simulated; our own time leaves them out.\n\n"
        f"{as_markdown(here)}"
    )


def _chosen(figures: dict[str, list[Figure]], *, of_the_machine: bool) -> dict[str, list[Figure]]:
    return {
        name: [row for row in rows if (row.unit in OF_THE_MACHINE) is of_the_machine]
        for name, rows in figures.items()
    }


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
