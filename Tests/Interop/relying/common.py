"""What the relying parties of `relying.py` share: what they were told, the citizen's browser behind a door of its own, and their checks."""

import json
import sys
import traceback

import requests

WORLD = json.load(open(sys.argv[1])) if len(sys.argv) > 1 else {}
FAILED = []


def check(name, condition, evidence=""):
    print(("ok    " if condition else "FAIL  ") + name + ("" if condition else f"\n      {evidence}"), flush=True)
    if not condition:
        FAILED.append(name)


def citizen(action, **what):
    """Asks the citizen: `visit` an address and say where the browser landed, decide about a `device` or a `request`, end the session."""
    answer = requests.post(WORLD["citizen"] + "/" + action, json=what, timeout=120)
    if answer.status_code != 200:
        raise RuntimeError(answer.json()["error"])
    return answer.json()


def landed(url, callback, **how):
    """The whole address that the browser was sent to at the client's."""
    landing = citizen("visit", url=str(url), expected=[callback], **how)
    if not landing["callback"]:
        raise RuntimeError(f"the browser did not come back: {landing['said']}")
    return landing["url"]


def carry_out(*tests):
    """Each by itself; what breaks off counts as failed."""
    for test in tests:
        try:
            test()
        except Exception:
            check(test.__doc__ or test.__name__, False, traceback.format_exc()[-2500:])
    sys.exit(1 if FAILED else 0)
