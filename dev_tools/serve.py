"""`./dev serve`: the Procfile against the settings in the environment.

Without REDIS_URL a durable Redis of our own is started in `var/redis`.
"""

import os
import subprocess
import sys

from dev_tools.console import ROOT, VAR, Stop, private_folder, say
from dev_tools.processes import ending_on_signals, procfile
from dev_tools.redis_server import start_redis
from dev_tools.translations import compile_catalogues

PROCESSES = ("web", "worker", "clicks", "cron")


def main(arguments: list[str]) -> int:
    """Migrate, then run web, workers and cron until told to stop."""
    if arguments:
        raise Stop("serve takes no options; settings come from the environment")
    private_folder(VAR)
    compile_catalogues()
    environment = dict(os.environ)
    redis = None
    with ending_on_signals():
        try:
            if not environment.get("REDIS_URL") and not environment.get("REDIS_URL_FILE"):
                redis = start_redis(VAR / "redis", durable=True)
                environment["REDIS_URL"] = redis.url
                say(f"REDIS_URL is not set: own Redis on port {redis.port}, data in var/redis")
            say(f"release: {procfile()['release']}")
            released = subprocess.run(
                ["sh", "-c", procfile()["release"]], cwd=ROOT, env=environment, check=False
            )
            return released.returncode or run_until_told(environment)
        finally:
            if redis:
                redis.stop()


def run_until_told(environment: dict[str, str]) -> int:
    """Run honcho; one process that ends takes the others down, as on a hosting platform."""
    port = environment.get("PORT", "8000")
    say(f"{', '.join(PROCESSES)} on port {port}; Ctrl-C stops them")
    command = [sys.executable, "-m", "honcho", "start", "-p", port, *PROCESSES]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        return 0
