"""What gunicorn serves: ``backend.wsgi:app``. Ends with one line when a setting is wrong."""

from __future__ import annotations

import sys

from backend import create_app
from backend.settings import Settings, SettingsError

try:
    app = create_app(Settings.from_env())
except SettingsError as error:
    sys.exit(str(error))
