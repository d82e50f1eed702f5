"""`python -m simulator`: both systems and the control page on three ports of this machine."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading

from simulator.server import Running, serve
from simulator.switches import Switches
from simulator.world import Client, Urls, World


def parse(argv: list[str]) -> argparse.Namespace:
    """The command line; exits with a usage line when it makes no sense."""
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--xero-port", type=int, default=9201)
    parser.add_argument("--zoho-port", type=int, default=9202)
    parser.add_argument("--control-port", type=int, default=9200)
    parser.add_argument("--seed", choices=["company", "empty"], default="empty")
    parser.add_argument("--auto-consent", action="store_true")
    parser.add_argument("--xero-webhook-url", default="")
    parser.add_argument("--xero-webhook-key", default="")
    parser.add_argument("--xero-client", type=credentials, default="demo-xero:demo-xero-secret")
    parser.add_argument("--zoho-client", type=credentials, default="demo-zoho:demo-zoho-secret")
    parser.add_argument("--redirect-uri", action="append", default=[])
    parser.add_argument(
        "--widget-url", default=os.environ.get("PUBLIC_URL", "http://localhost:8000")
    )
    parser.add_argument("--switch", action="append", default=[], help='JSON, {"name": value}')
    return parser.parse_args(argv)


def credentials(text: str) -> tuple[str, str]:
    """Split "id:secret"; ValueError (an argparse usage line) when there is no colon."""
    client_id, colon, secret = text.partition(":")
    if not (client_id and colon and secret):
        raise ValueError("expected id:secret")
    return client_id, secret


def build(options: argparse.Namespace) -> World:
    """The world the command line describes."""
    switches = Switches(auto_consent=options.auto_consent)
    for text in options.switch:
        switches.apply(json.loads(text))
    xero = f"http://localhost:{options.xero_port}"
    zoho = f"http://localhost:{options.zoho_port}"
    uris = tuple(options.redirect_uri)
    world = World(
        seed=options.seed,
        switches=switches,
        urls=Urls(
            xero_login=xero,
            xero_identity=xero,
            xero_api=xero,
            zoho_accounts=zoho,
            zoho_api=zoho,
            zoho_host=zoho,
            control=f"http://localhost:{options.control_port}",
            widget=options.widget_url,
        ),
        xero_client=_client(options.xero_client, uris),
        zoho_client=_client(options.zoho_client, uris),
    )
    if options.xero_webhook_url:
        world.xero.events.configure(options.xero_webhook_url, options.xero_webhook_key)
    return world


def _client(pair: tuple[str, str], uris: tuple[str, ...]) -> Client:
    return Client(client_id=pair[0], secret=pair[1], redirect_uris=uris)


def start(world: World, options: argparse.Namespace) -> dict[str, Running]:
    """Serve the three applications; OSError when a port is taken."""
    from simulator.control.app import create_app as control_app
    from simulator.xero.app import create_app as xero_app
    from simulator.zoho.app import create_app as zoho_app

    return {
        "xero": serve(xero_app(world), options.xero_port, host=options.host),
        "zoho": serve(zoho_app(world), options.zoho_port, host=options.host),
        "control": serve(control_app(world), options.control_port, host=options.host),
    }


def main(argv: list[str]) -> int:
    """Run until the process is told to stop; prints one JSON line when everything answers."""
    options = parse(argv)
    world = build(options)
    try:
        servers = start(world, options)
    except OSError as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 1
    world.webhooks.start()
    print(json.dumps({name: server.url for name, server in servers.items()}), flush=True)
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    stop.wait()
    world.webhooks.stop()
    for server in servers.values():
        server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
