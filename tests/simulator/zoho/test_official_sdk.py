"""Zoho's own Python SDK (zohocrmsdk8_0 7.0.0) drives the simulator as a client nobody here wrote.

The SDK keeps global state and files, so the whole conversation happens in a process of its own.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from simulator.server import Running
from tests.simulator.zoho.conftest import REDIRECT, SCOPES

SCRIPT = Path(__file__).with_name("sdk_conversation.py")


@pytest.fixture
def refresh_token(server: Running) -> str:
    """A refresh token got by the browser way."""
    session = requests.Session()
    query = {
        "response_type": "code",
        "client_id": "demo-zoho",
        "scope": SCOPES,
        "redirect_uri": REDIRECT,
        "access_type": "offline",
        "prompt": "consent",
    }
    answer = session.get(
        f"{server.url}/oauth/v2/auth", params=query, allow_redirects=False, timeout=10
    )
    code = requests.utils.urlparse(answer.headers["Location"]).query.split("code=")[1]
    form = {
        "client_id": "demo-zoho",
        "client_secret": "demo-zoho-secret",
        "grant_type": "authorization_code",
        "code": code.split("&")[0],
        "redirect_uri": REDIRECT,
    }
    token = session.post(f"{server.url}/oauth/v2/token", data=form, timeout=10).json()
    return str(token["refresh_token"])


def test_the_official_sdk_reads_creates_updates_and_lists(
    server: Running, refresh_token: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), server.url, refresh_token, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert told["created"] == ["success", "success"]
    assert told["listed"] == ["Café Ō", "Second & <b>"]
    assert told["updated"] == "success"
    assert told["phone"] == "+44 117 000"
    assert told["grand_total"] == "36.0"
    assert told["price"] == "15.0"
    assert told["line_products"] == ["Riesling"]
    assert told["refused"] == ["MANDATORY_NOT_FOUND"]
    assert "Account_Name" in told["fields"]
    assert {"Invoices", "Invoiced_Items"} <= set(told["modules"])
    assert told["org"] == "Harbour & Vine"
    assert told["users"] == 3
    assert told["taxes"]
    assert told["currencies"] == ["EUR", "GBP", "USD"]
    assert told["coql"] == 2
    assert told["deleted"] == 1
