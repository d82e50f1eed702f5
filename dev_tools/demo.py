"""`./dev demo`: the whole system to play with; `--headless` plays a scripted day by itself."""

import time

from dev_tools.console import Stop, say
from dev_tools.processes import ending_on_signals
from dev_tools.system import System, running_system

INVITATION = """
    Zoho CRM, played here, with the widget in it:   {zoho}/host/
    Xero and the switches for trouble:              {control}/
    The product itself:                             {web}/healthz

    1. Open the first address, choose an account or invoice, press "Sign in", then connect Xero.
    2. Press "Send to Xero" and watch customer, products and invoice arrive.
    3. On the second address mark the invoice paid; within seconds the CRM says so.

    Ctrl-C ends everything.
"""


def main(arguments: list[str]) -> int:
    """Run the demo until told to stop, or the scripted day; answers with the exit code."""
    began = time.monotonic()
    if arguments == ["--headless"]:
        from dev_tools.headless import scripted_day

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
        say(f"ready after {time.monotonic() - began:.1f} s")
        return stay(system)


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
