"""The administrators' console on a running server: the first officer by a one-time code, the second by approval, a version of the policy by
two officers, sessions, the audit trail, metering, exports and dates; and the same by the command line."""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time

import requests

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run as R  # noqa: E402
from browser import Browser, Forms  # noqa: E402
from crash import Flow, Service  # noqa: E402
from policies import FORBID, Office  # noqa: E402
from run import check  # noqa: E402
from servers import PATIENCE, until  # noqa: E402


class Officer:
    """Somebody at the console with a card."""

    def __init__(self, platform, card):
        platform.run("jpki-simulator", "export", "--state", platform.state, "--card", card, platform.folder)
        self.browser, self.base = Browser(platform, card), platform.base

    def login(self):
        return self.browser.go(self.base + "/console/login", data={}, submit=False)

    def get(self, path):
        return self.browser.session.get(self.base + path, timeout=60, allow_redirects=False)

    def post(self, path, fields, files=None):
        return self.browser.session.post(self.base + path, data=fields, timeout=60, allow_redirects=False)

    def form(self, page, action, **fields):
        """Sends the form of `page` with this action (and, of several, with these hidden values), filled with `fields`."""
        hidden = {name: value for name, value in fields.items() if name == "name"}
        for _, found, values in Forms(self.get(page).text).forms:
            if found == action and hidden.items() <= values.items():
                kept = {name: values[name] for name in ("mark", "name", "sha256", "draft") if name in values}
                return self.post(action, {**kept, **fields})
        raise RuntimeError(f"{page} has no form {action} {hidden}")

    def mark(self, page="/console/audit"):
        return next(values["mark"] for _, _, values in Forms(self.get(page).text).forms if "mark" in values)


def sekisho(platform, *arguments, expect=0):
    return platform.run("sekisho", *arguments, expect=expect)


def first(platform):
    """The one-time code, its refusals, and the card it makes an officer's."""
    hanako, taro = Officer(platform, "hanako"), Officer(platform, "taro")
    check("the console shows nobody more than its login", "/console/login" in hanako.get("/console").text and hanako.get("/console/audit").status_code == 403)
    done = sekisho(platform, "admin", "bootstrap", platform.deployment, "--officer", "suzuki", "--name", "鈴木")
    code = done.stdout.strip().splitlines()[-1]
    check("bootstrap shows a code of a hundred bits and the address", re.fullmatch(r"(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}", code) and platform.base + "/console" in done.stdout, done.stdout)
    state = os.path.join(platform.deployment, "State")
    held = b"".join(open(os.path.join(state, name), "rb").read() for name in os.listdir(state) if os.path.isfile(os.path.join(state, name)))
    check("which the store does not hold", code.encode() not in held and code.replace("-", "").encode() not in held)
    page = hanako.login()
    check("a login with the card leads to the page for a code", page.status_code == 403 and "/console/bootstrap" in page.text, page.text[:300])
    wrong = hanako.form("/console", "/console/bootstrap", code="AAAAA-AAAAA-AAAAA-AAAAA")
    check("another code is refused", wrong.status_code == 400, wrong.status_code)
    right = hanako.form("/console", "/console/bootstrap", code=code.lower().replace("-", " "))
    check("the code is taken, however it is typed", right.status_code == 303, right.text[:600])
    check("and opens the console", hanako.get("/console/officers").status_code == 200)
    taro.login()
    check("it is good once", taro.form("/console", "/console/bootstrap", code=code).status_code == 400)
    again = sekisho(platform, "admin", "bootstrap", platform.deployment, "--officer", "tanaka", expect=None)
    check("there is one first officer", again.returncode != 0 and "later cards" in again.stderr, again.stderr)
    check("a revoked card opens nothing", refused(platform, "jiro"))
    return hanako, taro


def refused(platform, card):
    officer = Officer(platform, card)
    try:
        officer.login()
    except RuntimeError as error:
        return "card.status.revoked" in str(error)
    return False


def second(platform, hanako, taro):
    """A further officer: the file by the command, the card by approval."""
    sekisho(platform, "admin", "add", platform.deployment, "--officer", "tanaka", "--name", "田中")
    asked = taro.form("/console", "/console/ask", officer="tanaka")
    check("a card is asked for", asked.status_code == 200, asked.text[:400])
    listed = json.loads(sekisho(platform, "admin", "list", platform.deployment, "--json").stdout)
    ask = listed["asks"][0]["name"]
    check("the request is told to the citizen and to the operator", ask in asked.text and listed["asks"][0]["about"] == "card for tanaka", listed)
    check("the citizen is no officer yet", taro.get("/console/officers").status_code == 403)
    bound = hanako.form("/console/officers", "/console/officers/approve", name=ask, reason="met in person")
    check("an officer approves", bound.status_code == 303 and bound.headers["Location"].endswith("done=bound"), bound.text[:600])
    check("and the second is in", taro.get("/console/officers").status_code == 200)
    text = open(os.path.join(platform.deployment, "Keys", "officers", "tanaka.yaml"), encoding="utf-8").read()
    check("by a line of the officer's file", re.search(r"card:\n  subject: \S+\n", text) and "awaited" not in text, text)
    check("the folder is right with it", "good" in sekisho(platform, "check", platform.deployment).stdout)
    double = hanako.post("/console/officers/approve", {"name": ask, "reason": "again", "mark": hanako.mark()})
    check("a double click does nothing more", double.headers["Location"].endswith("done=gone"), double.status_code)


def policy(platform, office, hanako, taro):
    """One officer proposes, another approves; back and forth again."""
    before = office.health()["policy-version"]
    office.write(FORBID)
    ordered = office.wait("the rule", lambda h: h["policy-version"] != before)["policy-version"]
    bundles = re.findall(r'<option value="([0-9a-f]{16}\.[0-9a-f]{16}\.bundle)"', hanako.get("/console/policies").text)
    bundle = next(name for name in bundles if name.startswith(before))
    detail = hanako.get("/console/policies/" + bundle).text
    check("a version is shown with its tests and what would change", "no-points-today" in detail and before in detail, detail[:500])
    done = hanako.form("/console/policies", "/console/policies/propose", bundle=bundle, act="rollback", at="", reason="the order was a mistake")
    check("a roll-back is proposed", done.status_code == 303 and done.headers["Location"].endswith("done=proposed"), done.text[:600])
    check("and does not happen", office.health()["policy-version"] == ordered)
    ask = next(a["name"] for a in json.loads(sekisho(platform, "admin", "list", platform.deployment, "--json").stdout)["asks"])
    seal = re.search(r'name="sha256" value="([0-9a-f]{64})"', taro.get("/console/policies").text)[1]
    own = hanako.post("/console/policies/approve", {"name": ask, "sha256": seal, "reason": "me too", "mark": hanako.mark()})
    check("who proposed does not approve", own.status_code == 400 and office.health()["policy-version"] == ordered, own.status_code)
    done = taro.form("/console/policies", "/console/policies/approve", name=ask, reason="seen")
    check("the second officer's approval goes back", done.status_code == 303 and done.headers["Location"].endswith("done=decides"), done.text[:900])
    check("on the running server", office.health()["policy-version"] == before)
    _, body = office.newest("policy.activated")
    check("the trail names both", body["by"] == "suzuki, tanaka" and body["rollback"] is True, body)
    done = taro.form("/console/policies", "/console/policies/propose", bundle="draft", act="activate", at="", reason="the order stands")
    check("Policies/ as it stands is proposed", done.status_code == 303, done.text[:600])
    ask = json.loads(sekisho(platform, "admin", "list", platform.deployment, "--json").stdout)["asks"][0]["name"]
    done = hanako.form("/console/policies", "/console/policies/approve", name=ask, reason="so be it")
    check("and approved", done.headers.get("Location", "").endswith("done=decides") and office.health()["policy-version"] == ordered, done.text[:600])
    status = office.policy("status").stdout
    check("by a bundle that bears both officers' attested signatures", "signed by" in status and "suzuki" in status and "tanaka" in status, status)
    settings = os.path.join(platform.deployment, "sekisho.yaml")
    with open(settings) as f:
        text = f.read()
    office.write(text + "\npolicy:\n  signatures: 2\n", settings)
    check("which is what a deployment may demand", "good" in sekisho(platform, "check", platform.deployment).stdout)
    key = os.path.join(platform.deployment, "Keys", "officers", "console.pem")
    os.rename(key, key + ".away")
    os.rename(key + ".away", os.path.join(platform.folder, "console.pem"))
    refused = sekisho(platform, "check", platform.deployment, expect=None)
    check("without the console's public key none of it counts", refused.returncode != 0 and "officer" in refused.stderr, refused.stderr)
    os.rename(os.path.join(platform.folder, "console.pem"), key)
    office.write(text, settings)
    os.remove(office.extra)
    done = hanako.form("/console/policies", "/console/policies/propose", bundle=bundle, act="rollback", at="", reason="end of the test")
    ask = json.loads(sekisho(platform, "admin", "list", platform.deployment, "--json").stdout)["asks"][0]["name"]
    taro.form("/console/policies", "/console/policies/approve", name=ask, reason="end of the test")
    check("and back once more", office.health()["policy-version"] == before)


def out_of_office(platform, taro):
    """A stolen card: `revoked: true` ends its officer at once, whatever the officer signed, and whatever else is wrong in the folder."""
    path = os.path.join(platform.deployment, "Keys", "officers", "tanaka.yaml")
    broken = os.path.join(platform.deployment, "Metadata", "members", "broken.yaml")
    text = open(path, encoding="utf-8").read()
    is_in = lambda: taro.get("/console/officers").status_code == 200  # noqa: E731
    health = lambda: requests.get(platform.base + "/health", timeout=60).json()  # noqa: E731
    for what in ("who signed the policy in force", "while another file keeps the folder from being taken over"):
        check(f"an officer is in before the card is lost ({what})", is_in())
        if "another file" in what:
            open(broken, "w").write("id: [\n")
            check("the server refuses the folder", until(lambda: "refused" in json.dumps(health().get("settings", {}))), health())
        open(path, "w", encoding="utf-8").write(text + "revoked: true\n")
        check(f"and out when the file says so ({what})", until(lambda: not is_in()))
        if os.path.exists(broken):
            os.remove(broken)
        open(path, "w", encoding="utf-8").write(text)
        check(f"and in again when it was a mistake ({what})", until(is_in))


def sessions(platform, service, hanako):
    """A citizen logs in somewhere, and an operator ends the session."""
    flow = Flow()
    service.play(flow, service.cards[1], "token")
    check("a citizen is logged in at a service", flow.redeemed)
    page = hanako.get("/console/sessions").text
    line = next(l for l in sekisho(platform, "session", "list", platform.deployment).stdout.splitlines() if "crash-rp" in l)
    thread, subject = line.split("\t")[:2]
    check("the console and the command show the same session", thread in page and subject in page)
    found = hanako.form("/console/sessions", "/console/sessions/find", what=thread[:12], member="")
    check("it is found by the beginning of its reference", subject in found.text, found.text[:300])
    same = sekisho(platform, "session", "list", platform.deployment, "--find", thread[:12]).stdout
    check("and so by the command", thread in same and len(same.splitlines()) == 1, same)
    ended = hanako.post("/console/sessions/end", {"session": thread, "reason": "reported stolen", "mark": hanako.mark()})
    check("its end is ordered", ended.status_code == 303 and "?ended=" in ended.headers["Location"], ended.text[:300])
    check("and comes", until(lambda: thread not in sekisho(platform, "session", "list", platform.deployment).stdout))
    result = hanako.get(ended.headers["Location"].replace(platform.base, "")).text
    check("the page tells what came of it", 'role="status"' in result and thread not in result)
    return flow.token


def audit(platform, office, hanako, token):
    page = hanako.get("/console/audit?event=console.session-ended").text
    check("an auditor finds who ended it, and why", "console.session-ended" in page)
    command = sekisho(platform, "audit", "search", platform.deployment, "--event", "console.session-ended").stdout
    check("and so does the command", "reported stolen" in command and len(command.splitlines()) == 1, command)
    number = max(int(n) for n in re.findall(r"/console/audit/(\d+)", page))
    record = hanako.get(f"/console/audit/{number}").text
    check("in the record itself", "reported stolen" in record and "suzuki" in record, record[:400])
    found = hanako.form("/console/audit", "/console/audit/find", id=token)
    check("a token leads to its decision, and stands in no address", found.status_code == 303 and token not in found.headers["Location"], found.status_code)
    explained = hanako.get(found.headers["Location"].replace(platform.base, "")).text
    same = office.policy("explain", token, "--language", "ja").stdout.strip().splitlines()
    check("explained as the command explains it", all(l.strip()[:40].replace("&", "&amp;").replace('"', "&quot;").replace("'", "&#39;") in explained for l in same[:3]), (same[:3], explained[:900]))
    check("which kept nothing of it", token not in "".join(json.dumps(body) for _, body in office.trail()))
    verdict = hanako.form("/console/audit", "/console/audit/chain", head="").text
    head = re.search(r"<code>(\d+ [0-9a-f]{64})</code>", verdict)
    check("the chain holds, and its head can be kept", head is not None, verdict[:300])
    verified = hanako.form("/console/audit", "/console/audit/chain", head=head[1]).text
    check("a head that was kept is still in it", 'role="status"' in verified)
    records, hash_ = head[1].split()
    check("a head that was never in it is told", 'role="alert"' in hanako.form("/console/audit", "/console/audit/chain", head=records + " " + "0" * 64).text)
    check("the command agrees", "holds" in sekisho(platform, "audit", "verify", platform.deployment).stdout)


def reports(platform, hanako, taro):
    settings = os.path.join(platform.deployment, "sekisho.yaml")
    with open(settings, "a") as f:
        f.write('\nmetering:\n  currency: JPY\n  costs:\n    card-login: "2"\n    signature: "20"\n')
    platform.server.send_signal(signal.SIGHUP)
    # The price, not the currency: that is JPY without any setting.
    check("SIGHUP has the settings read again", until(lambda: re.search(r",card-login,\d+,2,\d+,JPY", hanako.get("/console/metering.csv").text)),
          lambda: open(os.path.join(platform.folder, "sekisho.log"), errors="replace").read()[-3000:])
    csv = sekisho(platform, "metering", platform.deployment, "--csv").stdout
    month = time.strftime("%Y-%m", time.gmtime(time.time() + 9 * 3600))
    check("metering counts and prices what the service used", re.search(rf"{month},crash-rp,card-login,\d+,2,\d+,JPY", csv), csv)
    check("the console's CSV is the command's", hanako.get("/console/metering.csv").text.replace("\r\n", "\n") == csv.replace("\r\n", "\n"), csv)
    page = hanako.get("/console/metering").text
    check("with a table and a chart that needs no script", "<svg" in page and "<table" in page and "crash-rp" in page)
    check("the export is the command's, byte by byte", hanako.get("/console/export.txt").content == sekisho(platform, "admin", "export", platform.deployment).stdout.encode())
    sekisho(platform, "admin", "add", platform.deployment, "--officer", "dev", "--roles", "developer", "--member", "crash-rp", "--until",
            time.strftime("%Y-%m-%d", time.gmtime(time.time() + 2 * 86_400)))
    dates = sekisho(platform, "admin", "deadlines", platform.deployment, expect=None)
    check("what ends in three days is told", dates.returncode == 1 and re.search(r"\tofficer\tdev\t", dates.stdout), dates.stdout)
    developer = Officer(platform, "kenji")
    developer.login()
    asked = developer.form("/console", "/console/ask", officer="dev")
    ask = json.loads(sekisho(platform, "admin", "list", platform.deployment, "--json").stdout)["asks"][0]["name"]
    one = hanako.form("/console/officers", "/console/officers/approve", name=ask, reason="the member vouches")
    check("with two trust officers one approval is not enough", one.headers["Location"].endswith("done=approved") and developer.get("/console/metering").status_code == 403)
    two = taro.form("/console/officers", "/console/officers/approve", name=ask, reason="the member vouches")
    check("and the second is", two.headers["Location"].endswith("done=bound") and asked.status_code == 200, two.text[:400])
    check("a developer sees the own member", "crash-rp" in developer.get("/console").text and "crash-rp" in developer.get("/console/metering.csv").text)
    check("and no other part", all(developer.get("/console/" + p).status_code == 403 for p in ("audit", "sessions", "policies", "officers", "trust", "keys", "export", "export.txt")))


def command(platform, hanako):
    """An officer with a key of their own approves by the command what another approves with the card."""
    key = os.path.join(platform.folder, "mori.pem")
    subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key], check=True, capture_output=True)
    public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout"], check=True, capture_output=True, text=True).stdout
    with open(os.path.join(platform.deployment, "Keys", "officers", "mori.yaml"), "w") as f:
        f.write("name: mori\nroles: [trust-officer]\nnot-before: 2026-01-01\nnot-after: 2099-01-01\npublic-key: |\n"
                + "".join(f"  {line}\n" for line in public.splitlines()))
    sekisho(platform, "admin", "add", platform.deployment, "--officer", "ueda", "--roles", "auditor")
    minoru = Officer(platform, "minoru")
    minoru.login()
    minoru.form("/console", "/console/ask", officer="ueda")
    ask = json.loads(sekisho(platform, "admin", "list", platform.deployment, "--json").stdout)["asks"][0]["name"]
    approve = ["admin", "approve", platform.deployment, ask, "--as", "mori", "--key", key, "--reason", "seen"]
    other = sekisho(platform, *approve[:5], "suzuki", *approve[6:], expect=None)
    check("a key approves under its own officer's name only", other.returncode == 1 and "does not count" in other.stderr, other.stderr)
    done = sekisho(platform, *approve)
    check("an officer's own key approves by the command", "others have still to" in done.stdout, done.stdout)
    bound = hanako.form("/console/officers", "/console/officers/approve", name=ask, reason="seen too")
    check("and counts with a card's approval", bound.headers["Location"].endswith("done=bound") and minoru.get("/console/audit").status_code == 200)
    gone = sekisho(platform, "admin", "reject", platform.deployment, ask, expect=None)
    check("what was decided waits no longer", gone.returncode != 0 and "nothing waits" in gone.stderr, gone.stderr)


def restart(platform, hanako):
    log = os.path.join(platform.folder, "sekisho.log")
    for _ in range(2):
        platform.server.send_signal(signal.SIGTERM)
        platform.server.wait(PATIENCE)
        platform.server = platform.serve()
        until(lambda: requests.get(platform.base + "/health", timeout=60).json().get("deadlines", {}).get("within-3d"))
    time.sleep(1)  # for a second one, which would be wrong
    lines = [line for line in open(log, errors="replace") if "it ends soon" in line and "name=dev" in line]
    check("a reminder is logged once, whatever restarts", len(lines) == 1, lines)
    health = requests.get(platform.base + "/health", timeout=60).json()
    check("and counted by /health", health["deadlines"]["within-3d"] >= 1, health)
    check("a login outlives the restart", hanako.get("/console/officers").status_code == 200)
    check("the trail holds behind it all", "holds" in sekisho(platform, "audit", "verify", platform.deployment).stdout)


def test(platform):
    office, service = Office(platform), Service(platform)
    hanako, taro = first(platform)
    second(platform, hanako, taro)
    policy(platform, office, hanako, taro)
    out_of_office(platform, taro)
    token = sessions(platform, service, hanako)
    audit(platform, office, hanako, token)
    reports(platform, hanako, taro)
    command(platform, hanako)
    restart(platform, hanako)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", required=True, help="folder with the programs sekisho and jpki-simulator")
    platform = R.Platform(parser.parse_args().binaries)
    return R.carry_out("console", platform, lambda: test(platform))


if __name__ == "__main__":
    sys.exit(main())
