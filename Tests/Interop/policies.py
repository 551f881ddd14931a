"""Versions of the policy on a running server: a changed file takes effect by itself, a half-written one keeps the old set and raises the
alarm, every decision is explained under the version of its day, bundles need their officers, a shadow counts, one command goes back."""

import argparse
import json
import os
import signal
import subprocess
import sys

import requests

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run as R  # noqa: E402
from crash import Flow, Service  # noqa: E402
from run import check  # noqa: E402
from servers import PATIENCE, until  # noqa: E402

FORBID = """rules:
  - id: no-points-today
    effect: forbid
    member: crash-rp
    purpose: points
    says: {ja: 試験のため止めています。, en: Stopped for a test.}
    basis: an order of the test
"""


class Office:
    """The commands of a policy officer, and what the server says of itself."""

    def __init__(self, platform):
        self.platform = platform
        self.extra = os.path.join(platform.deployment, "Policies", "test-order.yaml")

    def policy(self, *arguments, expect=0):
        done = self.platform.run("sekisho", "policy", *arguments, "--deployment", self.platform.deployment, expect=None)
        if expect is not None and done.returncode != expect:
            raise RuntimeError(f"sekisho policy {' '.join(arguments)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def health(self):
        return requests.get(self.platform.base + "/health", timeout=60).json()

    def write(self, text, path=None):
        with open(path or self.extra, "w") as f:
            f.write(text)

    def wait(self, what, holds):
        """Whether something comes true without anybody being asked."""
        def held():
            health = self.health()
            return health if holds(health) else None

        found = until(held)
        if not found:
            raise RuntimeError(f"{what} did not come true: {self.health()}")
        return found

    def trail(self):
        done = self.platform.run("sekisho", "audit", "show", self.platform.deployment, "--limit", "10000")
        return [(int(number), json.loads(body)) for number, body in (line.split("\t", 1) for line in done.stdout.splitlines())]

    def newest(self, event, **facts):
        for number, body in reversed(self.trail()):
            if body["event"] == event and all(body.get(name) == value for name, value in facts.items()):
                return number, body
        raise RuntimeError(f"no record {event} {facts}")


def login(service):
    """The code and access token of a whole login, or the error the service is told."""
    flow = Flow()
    try:
        service.play(flow, service.cards[0], "token")
    except Exception as error:
        return flow, repr(error)
    return flow, None


def files(office, service):
    """Plain files: they take effect as they stand, and only when they are whole."""
    first = office.health()["policy-version"]
    flow, error = login(service)
    check("a login is granted by the first version", flow.redeemed, error)
    granted, body = office.newest("signon.granted")
    check("the record holds the decision and no value of an attribute", set(body["decision"]) >= {"outcome", "question"}, body)
    office.write(FORBID)
    second = office.wait("the new rule", lambda h: h["policy-version"] != first)["policy-version"]
    check("a changed file takes effect without restart or signal", second != first)
    flow, error = login(service)
    check("and is what decides", not flow.redeemed and error is not None, error)
    refused, _ = office.newest("signon.refused")
    _, activated = office.newest("policy.activated")
    check("the trail says old, new and whose files they are",
          activated["before"] == first and activated["policy-version"] == second and activated["by"].startswith("files of "), activated)
    office.write(FORBID[: len(FORBID) // 2] + "\n   half: [")
    health = office.wait("the alarm", lambda h: h["settings"]["state"] == "refused")
    check("a half-written file keeps the old set and raises an alarm", health["policy-version"] == second and health["settings"]["problems"] > 0, health)
    status = office.policy("status", expect=1)
    check("policy status names file and line", "test-order.yaml:" in status.stderr, status.stderr)
    office.write(FORBID)
    check("which is over when the file is right", office.wait("the repair", lambda h: h["settings"]["state"] == "ok")["policy-version"] == second)
    return first, second, granted, refused


def explained(office, granted, refused, first, second, token):
    """Each decision comes out the same under the version of its day, for everybody."""
    for reader in ("developer", "citizen", "auditor"):
        done = office.policy("explain", str(granted), "--for", reader)
        check(f"a grant is explained to the {reader}", done.stdout.strip() != "", done.stdout)
    auditor = office.policy("explain", str(granted)).stdout
    check("the auditor reads the version of its day and that the replay agrees", first in auditor and "the same answer" in auditor, auditor)
    done = office.policy("explain", str(refused), "--json")
    answer = json.loads(done.stdout)
    check("a refusal under the second version too", answer["policy-version"] == second and answer["same"] and answer["decision"]["rules"] == ["no-points-today"], answer)
    citizen = office.policy("explain", "--code", "policy.forbidden", "--for", "citizen").stdout
    check("the citizen's code leads to the rule's own words", "試験のため" in citizen, citizen)
    done = office.policy("explain", token, "--json")
    check("a token leads to the decision it was issued by", json.loads(done.stdout)["same"], done.stdout)
    strange = office.policy("explain", "1", expect=None)
    check("a record of no decision is told apart", strange.returncode == 2, strange.stderr)


def tampering(office, granted, first):
    """The archive is proven before it explains anything."""
    archive = os.path.join(office.platform.deployment, "State", "policies")
    name = next(name for name in os.listdir(archive) if name.startswith(first + "."))
    path = os.path.join(archive, name)
    with open(path) as f:
        text = f.read()
    office.write(text.replace("effect: forbid", "effect: permit"), path)
    done = office.policy("explain", str(granted), expect=1)
    check("a version that was changed explains nothing, loudly", "NOT EXPLAINED" in done.stderr and "changed" in done.stderr, done.stderr)
    os.remove(path)
    done = office.policy("explain", str(granted), expect=1)
    check("nor does one that is missing", "NOT EXPLAINED" in done.stderr, done.stderr)
    office.write(text, path)
    office.policy("explain", str(granted))


def members(office, service):
    """A member that is suspended in its file is refused, and reinstated in it is answered, without a word to the server."""
    folder = os.path.join(office.platform.deployment, "Metadata", "members")
    path = next(os.path.join(folder, name) for name in os.listdir(folder)
                if name.endswith(".yaml") and "id: \"crash-rp\"" in open(os.path.join(folder, name)).read())
    with open(path) as f:
        text = f.read()
    before, _ = office.newest("signon.refused")
    office.write(text.replace("state: accredited", "state: suspended"), path)
    # A login under way when the file is read is granted, and refused its token: that is another record.
    check("a member that is suspended in its file is refused without restart or signal",
          until(lambda: not login(service)[0].redeemed and office.newest("signon.refused")[0] > before))
    number, body = office.newest("signon.refused")
    check("with its standing", body["code"] == "policy.member.suspended" and body["decision"]["denial"] == "standing:suspended", body)
    office.write(text, path)
    check("and answered again when it is reinstated", until(lambda: login(service)[0].redeemed), lambda: login(service)[1])
    answer = json.loads(office.policy("explain", str(number), "--json").stdout)
    check("what was refused then is explained by the standing of then", answer["same"] and answer["decision"]["denial"] == "standing:suspended", answer)


def rollback(office, service, first, second):
    done = office.policy("rollback", "--reason", "citizens are turned away", "--by", "the test")
    check("one command goes back", first in done.stdout and office.health()["policy-version"] == first, done.stdout)
    flow, error = login(service)
    check("and logins are granted again", flow.redeemed, error)
    _, activated = office.newest("policy.activated")
    check("the trail knows who and why", activated["rollback"] is True and activated["by"] == "the test" and activated["before"] == second, activated)
    status = office.policy("status").stdout
    check("policy status says that the folder says something else", "Policies/ says something else" in status, status)


def shadow(office, service, first):
    bundle = os.path.join(office.platform.folder, "shadow.bundle")
    office.policy("bundle", "--out", bundle)
    office.policy("activate", bundle, "--shadow", "--reason", "what would it do")
    flow, error = login(service)
    check("a shadow is never answered from", flow.redeemed and office.health()["policy-version"] == first, error)
    health = office.wait("the difference", lambda h: h.get("policy-shadow", {}).get("different", 0) > 0)
    check("and counts what it would have answered otherwise", health["policy-shadow"]["decided"] >= health["policy-shadow"]["different"] > 0, health)
    until(lambda: "permit → deny" in office.policy("status").stdout)
    status = office.policy("status").stdout
    check("policy status says which decisions", "permit → deny" in status and "no-points-today" in status, status)
    office.policy("activate", "--end-shadow", "--reason", "seen enough")
    check("and it ends by a command", "policy-shadow" not in office.health())


def officers(office, service, first):
    """Signed bundles, by two officers."""
    platform = office.platform
    folder = os.path.join(platform.deployment, "Keys", "officers")
    os.makedirs(folder)
    keys = {}
    for name in ("sato", "suzuki", "mallory"):
        keys[name] = os.path.join(platform.folder, name + ".pem")
        subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", keys[name]], check=True, capture_output=True)
        if name == "mallory":
            continue
        public = subprocess.run(["openssl", "pkey", "-in", keys[name], "-pubout"], check=True, capture_output=True, text=True).stdout
        office.write(f"name: {name}\nroles: [policy-officer]\nnot-before: 2020-01-01\nnot-after: 2099-01-01\npublic-key: |\n"
                     + "".join(f"  {line}\n" for line in public.splitlines()), os.path.join(folder, name + ".yaml"))
    bundle = os.path.join(platform.folder, "signed.bundle")
    office.policy("bundle", "--out", bundle)
    with open(os.path.join(platform.deployment, "sekisho.yaml"), "a") as f:
        f.write("\npolicy:\n  signatures: 2\n")
    done = office.policy("activate", bundle, "--reason", "r", expect=1)
    check("a bundle without signatures is refused where two are demanded", "officer.too-few" in done.stderr, done.stderr)
    sign = lambda name, who: platform.run("sekisho", "policy", "sign", bundle, "--key", keys[name], "--as", who, "--reason", "read and right", expect=0)
    sign("sato", "sato")
    done = office.policy("activate", bundle, "--reason", "r", expect=1)
    check("one signature is not two", "officer.too-few" in done.stderr, done.stderr)
    sign("mallory", "suzuki")
    done = office.policy("activate", bundle, "--reason", "r", expect=1)
    check("a signature by another key is refused", "officer.signature" in done.stderr, done.stderr)
    sign("suzuki", "suzuki")
    done = office.policy("activate", bundle, "--reason", "decided by both")
    version = office.health()["policy-version"]
    check("two officers put it in force", version in done.stdout and version != first, done.stdout)
    _, activated = office.newest("policy.activated")
    check("and stand in the trail", activated["officers"] == ["sato", "suzuki"] and activated["source"] == "bundle", activated)
    flow, _ = login(service)
    check("it decides", not flow.redeemed)
    with open(bundle) as f:
        forged = f.read().replace("no-points-today", "no-points-ever")
    office.write(forged, bundle)
    done = office.policy("activate", bundle, "--reason", "r", expect=None)
    check("a letter changed behind the signatures is refused", done.returncode != 0 and office.health()["policy-version"] == version, done.stderr)
    return version


def restart(office, version):
    """What decides is what decided, also behind a restart."""
    platform = office.platform
    platform.server.send_signal(signal.SIGTERM)
    platform.server.wait(PATIENCE)
    platform.server = platform.serve()
    check("a restart keeps the version", office.health()["policy-version"] == version)
    done = platform.run("sekisho", "audit", "verify", platform.deployment)
    check("the trail holds", "holds" in done.stdout, done.stdout)


def test(platform):
    office, service = Office(platform), Service(platform)
    first, second, granted, refused = files(office, service)
    os.remove(office.extra)
    office.wait("the rule's end", lambda h: h["policy-version"] == first)
    flow, error = login(service)
    check("a rule that is taken away is gone", flow.redeemed, error)
    office.write(FORBID)
    office.wait("the rule", lambda h: h["policy-version"] == second)
    explained(office, granted, refused, first, second, flow.token)
    tampering(office, granted, first)
    rollback(office, service, first, second)
    members(office, service)
    shadow(office, service, first)
    version = officers(office, service, first)
    restart(office, version)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", required=True, help="folder with the programs sekisho and jpki-simulator")
    platform = R.Platform(parser.parse_args().binaries)
    return R.carry_out("policies", platform, lambda: test(platform))


if __name__ == "__main__":
    sys.exit(main())
