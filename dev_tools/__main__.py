"""Run one command of `./dev` inside the prepared environment."""

import importlib
import sys
from typing import Final

from dev_tools.console import Stop

COMMANDS: Final = {
    "demo": "dev_tools.demo",
    "test": "dev_tools.testing",
    "check": "dev_tools.check",
    "serve": "dev_tools.serve",
    "bench": "dev_tools.bench",
    "package": "dev_tools.package",
    "translations": "dev_tools.translations",
}


def main(arguments: list[str]) -> int:
    """Answer with the exit code of the command; a `Stop` becomes one line and 1."""
    try:
        module = importlib.import_module(COMMANDS[arguments[0]])
        return int(module.main(arguments[1:]))
    except Stop as reason:
        print(f"./dev: {reason}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
