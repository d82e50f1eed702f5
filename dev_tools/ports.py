"""Free TCP ports on this machine."""

import socket
import time

from dev_tools.console import Stop


def free_port(preferred: int = 0) -> int:
    """Answer with the preferred port when nobody listens on it, else with any free one."""
    for candidate in (preferred, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
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
