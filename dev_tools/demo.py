"""`./dev demo`: the whole system to play with; `--headless` plays a scripted day by itself."""

import time

from dev_tools.console import Stop, say
from dev_tools.headless import ORGANISATION, map_books, scripted_day
from dev_tools.person import Person
from dev_tools.processes import ending_on_signals
from dev_tools.stage import Stage
from dev_tools.system import System, running_system

INVITATION = """
    Zoho CRM, played here, with the widget in it:   {zoho}/host/
    Xero and the switches for trouble:              {control}/
    The product itself:                             {web}/healthz

    Ana has connected both sides already. Nothing has crossed yet.

    1. Open the first address, choose an invoice, sign in as Ana in the widget.
    2. Press "Send to Xero" and watch customer, products and invoice arrive.
    3. On the second address pay the invoice; within seconds the CRM says so.

    Ctrl-C ends everything.
"""


def main(arguments: list[str]) -> int:
    """Run the demo until told to stop, or the scripted day; answers with the exit code."""
    began = time.monotonic()
    if arguments == ["--headless"]:
        with (
            ending_on_signals(),
            running_system("headless", any_free_ports=True, auto_consent=True) as system,
        ):
            return scripted_day(system, began)
    if arguments:
        raise Stop("demo knows one option: --headless")
    with (
        ending_on_signals(),
        running_system("demo", any_free_ports=False, auto_consent=False) as system,
    ):
        connect_both(system)
        say(f"ready after {time.monotonic() - began:.1f} s")
        return stay(system)


def connect_both(system: System) -> None:
    """Let Ana connect CRM and Xero, so that the first click already does something."""
    stage = Stage(system.control)
    stage.call("POST", "/control/switches", {"auto_consent": True})
    ana = Person(system.web, system.web)
    ana.connect_zoho()
    organisation = ana.connect_xero(ORGANISATION)
    ana.change_settings(map_books)
    stage.call("POST", "/control/switches", {"auto_consent": False})
    say(f"Ana has connected CRM with {organisation['name']}")


def stay(system: System) -> int:
    """Keep everything alive until Ctrl-C or SIGTERM."""
    print(INVITATION.format(zoho=system.zoho, control=system.control, web=system.web), flush=True)
    try:
        while True:
            system.family.watch()
            time.sleep(0.5)
    except KeyboardInterrupt:
        say("ending everything")
        return 0
