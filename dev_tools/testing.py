"""`./dev test`: the whole suite; what it needs is found or installed first."""

import os
import subprocess
import sys

from dev_tools.chromium import chromium
from dev_tools.console import VAR, say
from dev_tools.postgres import postgres_programs
from dev_tools.redis_server import redis_binary
from dev_tools.translations import compile_catalogues

FAST = "--fast"
PROCESSES = "2"


def main(arguments: list[str]) -> int:
    """Run pytest; `--fast` leaves out browser tests and benchmarks; the rest goes on to it."""
    fast = FAST in arguments
    passed_on = [argument for argument in arguments if argument != FAST]
    environment = dict(os.environ, HYPOTHESIS_PROFILE=os.environ.get("HYPOTHESIS_PROFILE", "ci"))
    say(f"Redis: {redis_binary()}")
    say(f"PostgreSQL: {postgres_programs()}")
    if fast:
        passed_on += ["-m", "not browser and not bench"]
    else:
        environment["CHROMIUM_PATH"] = chromium()
        say(f"Chromium: {environment['CHROMIUM_PATH']}")
    VAR.mkdir(exist_ok=True)
    compile_catalogues()
    return subprocess.run(command(passed_on), env=environment, check=False).returncode


def command(passed_on: list[str]) -> list[str]:
    """The pytest command line; a person's own `-n` wins over two processes."""
    line = [sys.executable, "-m", "pytest"]
    if not any(argument.startswith("-n") for argument in passed_on):
        line += ["-n", PROCESSES, "--dist", "worksteal"]
    if not {"-q", "-v", "-vv"} & set(passed_on):
        line.append("-q")
    return [*line, *passed_on]
