"""The processes of a demo: started in their own groups, watched, and all ended again."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

from honcho.environ import parse_procfile

from dev_tools.console import ROOT, Stop, private_folder, say
from dev_tools.redis_server import end

RESTARTS_AT_MOST: Final = 20
# A child that lives shorter than this after its start is broken, not unlucky.
BROKEN_WITHIN_SECONDS: Final = 2.0


@dataclass(kw_only=True)
class Child:
    """One process: how it is started, and the run that is alive now."""

    name: str
    command: list[str]
    log: Path
    restart: bool
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)
    restarts: int = 0


class Family:
    """Child processes that end with us; each writes to its own log file."""

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        """Nothing runs yet; `environment` is what every child gets."""
        self.logs = private_folder(logs)
        programs = str(Path(sys.executable).parent)
        path = f"{programs}{os.pathsep}{environment.get('PATH', os.defpath)}"
        self.environment = {**environment, "PATH": path, "PYTHONUNBUFFERED": "1"}
        self.children: dict[str, Child] = {}

    def start(self, name: str, command: list[str], *, restart: bool = False) -> Child:
        """Start a child; a restarting one is started again by `watch` when it dies."""
        log = self.logs / f"{name}.log"
        child = Child(
            name=name,
            command=command,
            log=log,
            restart=restart,
            process=self._spawn(command, log),
        )
        self.children[name] = child
        return child

    def start_procfile(self, *names: str) -> None:
        """Start these processes of the Procfile, started again when they die."""
        for name in names:
            self.start(name, ["sh", "-c", procfile()[name]], restart=True)

    def run(self, name: str, command: list[str]) -> None:
        """Run a child to its end; `Stop` with the end of its log when it fails."""
        child = self.start(name, command)
        if child.process.wait() != 0:
            raise Stop(self.epitaph(child))
        del self.children[name]

    def watch(self) -> None:
        """Start again what died and may be; `Stop` when a child cannot live."""
        for child in list(self.children.values()):
            code = child.process.poll()
            if code is None:
                continue
            lived = time.monotonic() - child.started
            too_often = child.restarts >= RESTARTS_AT_MOST
            if not child.restart or too_often or lived < BROKEN_WITHIN_SECONDS:
                raise Stop(self.epitaph(child))
            say(f"{child.name} ended with {code}; starting it again")
            child.process = self._spawn(child.command, child.log)
            child.started = time.monotonic()
            child.restarts += 1

    def epitaph(self, child: Child) -> str:
        """What to tell when a child is dead: its exit code and its last words."""
        words = child.log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
        last = "\n".join(f"    {word}" for word in words)
        return f"{child.name} ended with {child.process.poll()}; its last words:\n{last}"

    def stop(self) -> None:
        """End every child, the youngest first, all of them asked before any is waited for."""
        alive = [child.process for child in reversed(self.children.values())]
        for process in alive:
            if process.poll() is None:
                signal_group(process, signal.SIGTERM)
        for process in alive:
            end(process, seconds=8)
        self.children.clear()

    def _spawn(self, command: list[str], log: Path) -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


def signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    """Send a signal to a child and to all it started."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def procfile() -> dict[str, str]:
    """The command line of each process in the Procfile."""
    text = (ROOT / "Procfile").read_text(encoding="utf-8")
    return dict(parse_procfile(text).processes)


def shown(command: list[str]) -> str:
    """A command as a person would type it."""
    return " ".join(map(shlex.quote, command))


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into KeyboardInterrupt, so that one way out cleans up."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise KeyboardInterrupt

    before = {
        number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
