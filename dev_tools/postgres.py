"""A throw-away PostgreSQL server for the tests.

Order: server programs on PATH or where Debian puts them, then those inside the pgserver
package, then a clear stop. PostgreSQL refuses to run as root, so as root it runs as the
user `postgres` or `nobody`.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from dev_tools.console import Stop
from dev_tools.ports import free_port, wait_for_port
from dev_tools.redis_server import end

CLUSTER = ["--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]
QUICK = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=100",
    "shared_buffers=32MB",
    "listen_addresses=127.0.0.1",
    "autovacuum=off",
    "jit=off",
]


@dataclass(frozen=True, kw_only=True)
class PostgresServer:
    """A running server; `address` lacks only the name of the database."""

    address: str
    folder: Path
    process: subprocess.Popen[bytes]

    def url(self, database: str) -> str:
        """The SQLAlchemy address of one database."""
        return f"{self.address}/{database}"

    def stop(self) -> None:
        """End the server and remove its data."""
        end(self.process, seconds=5)
        shutil.rmtree(self.folder, ignore_errors=True)


def postgres_programs() -> Path:
    """The folder that holds initdb and postgres, or a `Stop` that says what to install."""
    found = shutil.which("initdb")
    if found and shutil.which("postgres"):
        return Path(found).resolve().parent
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if os.access(folder / "initdb", os.X_OK) and os.access(folder / "postgres", os.X_OK):
            return folder
    spec = importlib.util.find_spec("pgserver")
    if spec and spec.origin:
        bundled = Path(spec.origin).parent / "pginstall" / "bin"
        if os.access(bundled / "initdb", os.X_OK):
            return bundled
    raise Stop(
        "no PostgreSQL server programs found. Install them: "
        "apt-get install postgresql (Debian, Ubuntu), brew install postgresql (macOS)"
    )


def start_postgres() -> PostgresServer:
    """Make a cluster in a new temporary folder and start it on a free port of 127.0.0.1."""
    account = unprivileged_account()
    folder = Path(tempfile.mkdtemp(prefix="sync-postgres-"))
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    programs = reachable(postgres_programs(), folder, account)
    data = folder / "data"
    made = run_as(
        account,
        [str(programs / "initdb"), "-D", str(data), "-U", "sync", *CLUSTER],
    )
    if made.wait() != 0:
        raise Stop(f"initdb of {programs} could not make a cluster in {data}")
    port = free_port()
    options = [part for setting in QUICK for part in ("-c", setting)]
    server = run_as(
        account,
        [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", str(folder), *options],
    )
    wait_until_accepting(port, seconds=30)
    address = f"postgresql+psycopg://sync@127.0.0.1:{port}"
    return PostgresServer(address=address, folder=folder, process=server)


def wait_until_accepting(port: int, *, seconds: float) -> None:
    """Return once the server lets us in: it listens before it has finished starting."""
    wait_for_port(port, seconds=seconds, what="PostgreSQL")
    deadline = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(f"postgresql://sync@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError as refused:
            if time.monotonic() > deadline:
                raise Stop(f"PostgreSQL does not accept connections: {refused}") from refused
            time.sleep(0.05)
        else:
            return


def unprivileged_account() -> pwd.struct_passwd | None:
    """The account to run the server as; None when we are not root and may run it ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Stop("PostgreSQL refuses to run as root and this machine has no user 'nobody'")


def reachable(programs: Path, folder: Path, account: pwd.struct_passwd | None) -> Path:
    """The programs where the account can execute them: a copy when they lie in root's home."""
    if account is None or run_as(account, [str(programs / "initdb"), "--version"]).wait() == 0:
        return programs
    package = programs.parent.parent
    copy = folder / "programs"
    shutil.copytree(programs.parent, copy / package.name / programs.parent.name, symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name)
    for path in [copy, *copy.rglob("*")]:
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
    return copy / package.name / programs.parent.name / programs.name


def run_as(account: pwd.struct_passwd | None, command: list[str]) -> subprocess.Popen[bytes]:
    """Start a program quietly, as another user when one is named."""
    try:
        return subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=tempfile.gettempdir(),
            start_new_session=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
    except PermissionError:
        return subprocess.Popen(["false"], start_new_session=True)
