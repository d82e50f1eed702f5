"""What gunicorn serves: ``backend.wsgi:app``. Ends with one line when a setting is wrong."""

from __future__ import annotations

import sys

from backend import create_app, logs
from backend.settings import Settings, SettingsError

try:
    settings = Settings.from_env()
    logs.install("web", settings)
    app = create_app(settings)
except SettingsError as error:
    sys.exit(str(error))
