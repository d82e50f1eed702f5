"""Free TCP ports on this machine."""

import random
import socket
import time
from contextlib import ExitStack

from dev_tools.console import Stop

# Below those a system hands to outgoing connections: what is free now stays so until it is used.
QUIET = range(15_000, 30_000)


def free_port(preferred: int = 0) -> int:
    """Answer with the preferred port when nobody listens on it, else with any free one."""
    return free_ports(preferred)[0]


def free_ports(*preferred: int) -> list[int]:
    """As many ports, each the preferred one or any free one, and none of them twice: all are held
    until the last is found."""
    with ExitStack() as held:
        return [_hold(held, each) for each in preferred]


def _hold(held: ExitStack, preferred: int) -> int:
    wanted = [preferred] if preferred else []
    for candidate in (*wanted, *random.SystemRandom().sample(QUIET, 20), 0):
        probe = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", candidate))
            probe.listen()  # or the next one could be bound to it as well
        except OSError:
            continue
        return int(probe.getsockname()[1])
    raise Stop("no free TCP port on 127.0.0.1")


def wait_for_port(port: int, *, seconds: float, what: str) -> None:
    """Return once something listens on the port; raise `Stop` after so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=0.5):
                return
        except OSError:
            time.sleep(0.02)
    raise Stop(f"{what} did not listen on port {port} within {seconds:.0f} s")
