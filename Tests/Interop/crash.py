"""Kills the server with -9 in the middle of a burst of logins, three times. What was accepted before is never accepted again, what was
answered goes on, and the audit trail holds. Then a backup that is made under logins is served in place of the folder."""

import argparse
import base64
import hashlib
import json
import os
import random
import re
import secrets
import stat
import sys
import threading
import time
import urllib.parse

import requests

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run as R  # noqa: E402
from citizen import Card, JWTSigner, b64u  # noqa: E402

CLIENT, REDIRECT = "crash-rp", "https://rp.test/cb"
ROUNDS, THREADS = 3, 6
check = R.check


class Flow:
    """One browser's login, and how far the server's answers say it came."""

    def __init__(self):
        self.browser = requests.Session()
        self.verifier = secrets.token_urlsafe(48)
        self.challenge = self.body = self.code = self.form = self.token = self.subject = None
        self.asked = self.accepted = self.continued = self.redeeming = self.redeemed = False
        self.before = {}  # the cookies with which the card was shown


class Service:
    """The relying party and its citizens."""

    def __init__(self, platform):
        self.base = platform.base
        self.client, jwk = JWTSigner.fresh("crash-1")
        platform.add_member(R.member(CLIENT, "private-verifier", "points", f"""openid:
  redirect-uris: ["{REDIRECT}"]
  authentication: private_key_jwt
  jwks-file: rp.jwks.json
  id-token-algorithm: ES256
"""), {"rp.jwks.json": json.dumps({"keys": [jwk]})})
        self.cards = []
        for card in ("hanako", "taro"):
            platform.run("jpki-simulator", "export", "--state", platform.state, "--card", card, platform.folder)
            self.cards.append(Card(platform.folder, self.base, card))

    def authorize(self, browser, verifier):
        query = urllib.parse.urlencode({
            "response_type": "code", "client_id": CLIENT, "redirect_uri": REDIRECT, "scope": "openid", "state": secrets.token_urlsafe(12),
            "nonce": secrets.token_urlsafe(12), "code_challenge": b64u(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256"})
        return browser.get(f"{self.base}/openid/authorize?{query}", allow_redirects=False, timeout=60).headers.get("Location", "")

    def assertion(self):
        now = int(time.time())
        return self.client.sign({"iss": CLIENT, "sub": CLIENT, "aud": self.base + "/openid/token", "iat": now, "exp": now + 280,
                                 "jti": secrets.token_hex(12)})

    def token_form(self, code, verifier):
        return {
            "grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": verifier, "client_id": CLIENT,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion": self.assertion()}

    def post_token(self, form):
        return requests.post(self.base + "/openid/token", data=form, timeout=60)

    def answer(self, flow):
        return flow.browser.post(flow.challenge["journey"] + "/answer", json=flow.body, timeout=60)

    def userinfo(self, token):
        return requests.get(self.base + "/openid/userinfo", headers={"Authorization": "Bearer " + token}, timeout=60)

    def play(self, flow, card, stop):
        """As far as `stop` says: "challenge", "session", "code" or "token". Ends early when the server dies."""
        journey = self.authorize(flow.browser, flow.verifier)
        if "/journey/" not in journey:
            raise RuntimeError("no journey: " + journey)
        challenge = flow.browser.post(journey + "/challenge", json={}, timeout=60)
        if challenge.status_code != 200:
            raise RuntimeError("no challenge: " + challenge.text[:300])
        flow.body = card.answer(challenge.json())
        flow.challenge = {**challenge.json(), "journey": journey}
        flow.before = flow.browser.cookies.get_dict()
        if stop == "challenge":
            return
        flow.asked = True
        answered = self.answer(flow)
        if answered.status_code != 200:
            raise RuntimeError("the card was refused: " + answered.text[:300])
        flow.accepted = True
        if stop == "session":
            return
        flow.continued = True
        location = flow.browser.get(answered.json()["continue"], allow_redirects=False, timeout=60).headers["Location"]
        flow.code = code_in(location)
        if stop == "code":
            return
        flow.form = self.token_form(flow.code, flow.verifier)
        flow.redeeming = True
        tokens = self.post_token(flow.form)
        if tokens.status_code != 200:
            raise RuntimeError("no tokens: " + tokens.text[:300])
        flow.token, flow.redeemed = tokens.json()["access_token"], True
        payload = tokens.json()["id_token"].split(".")[1]
        flow.subject = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"]


def code_in(location):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(location).query).get("code", [None])[0] if location.startswith(REDIRECT) else None


def burst(service, server, want):
    """Logins from several threads until the server is killed under them; all flows that were begun."""
    flows, errors, lock, over = [], [], threading.Lock(), threading.Event()

    def citizen(number):
        chance = random.Random(number)
        while not over.is_set():
            flow = Flow()
            with lock:
                flows.append(flow)
            try:
                service.play(flow, chance.choice(service.cards), chance.choice(["challenge", "session", "code", "token", "token", "token"]))
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
                over.set()
            except Exception as error:
                errors.append(repr(error))
                over.set()

    threads = [threading.Thread(target=citizen, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not over.is_set() and sum(f.redeemed for f in list(flows)) < want:
        time.sleep(0.005)
    time.sleep(random.uniform(0, 0.15))
    running = not over.is_set()
    server.kill()
    server.wait()
    over.set()
    for thread in threads:
        thread.join()
    return flows, errors, running


def twice(send):
    """How often the same message is accepted when it comes twice more."""
    return sum(send().status_code == 200 for _ in range(2))


def examine(service, flows, name):
    """What the restarted server says to what came before."""
    # The state in which each question is asked, before any answer changes it.
    sessions = [f for f in flows if f.accepted]
    redeemed = [f for f in flows if f.redeemed]
    unanswered = [f for f in flows if f.redeeming and not f.redeemed]
    unredeemed = [f for f in flows if f.code and not f.redeeming]
    shown_twice = [f for f in flows if f.accepted and not f.continued]
    unsure = [f for f in flows if f.asked and not f.accepted]
    unshown = [f for f in flows if f.challenge and not f.asked]
    print(f"      {name}: {len(flows)} logins begun, {len(sessions)} sessions, {len(redeemed)} codes redeemed, killed in "
          f"{len(unanswered)} redemptions and {len(unsure)} card answers", flush=True)

    lost = [f for f in sessions if not code_in(service.authorize(f.browser, f.verifier))]
    check(f"{name}: all {len(sessions)} sessions that were answered go on", sessions and not lost, len(lost))
    stranger = requests.Session()
    stranger.cookies.set("sekisho", secrets.token_urlsafe(32))
    check(f"{name}: a cookie that nobody was given opens no session", "/journey/" in service.authorize(stranger, "v" * 48))

    dead = [f for f in redeemed if service.userinfo(f.token).status_code != 200]
    check(f"{name}: all {len(redeemed)} access tokens that were answered go on", redeemed and not dead, len(dead))
    again = [a.text for a in (service.post_token(f.form) for f in redeemed) if a.json().get("error") != "invalid_client"]
    check(f"{name}: no client assertion is accepted again", not again, again[:3])
    again = [a.text for a in (service.post_token(service.token_form(f.code, f.verifier)) for f in redeemed)
             if a.status_code != 400 or a.json().get("error") != "invalid_grant"]
    check(f"{name}: none of {len(redeemed)} redeemed codes is redeemed again", not again, again[:3])
    alive = [f for f in redeemed if service.userinfo(f.token).status_code != 401]
    check(f"{name}: the second redemption ended the tokens of the first", not alive, len(alive))

    many = [f for f in unanswered if twice(lambda: service.post_token(service.token_form(f.code, f.verifier))) > 1]
    check(f"{name}: a redemption without an answer ({len(unanswered)}) succeeds once more at most", not many, len(many))
    counts = [twice(lambda: service.post_token(service.token_form(f.code, f.verifier))) for f in unredeemed]
    check(f"{name}: all {len(unredeemed)} codes that were answered and not redeemed are redeemed once", set(counts) <= {1}, counts)

    def show(flow):
        """The card's answer again, from a browser as it was before that answer."""
        flow.browser.cookies.clear()
        for cookie, value in flow.before.items():
            flow.browser.cookies.set(cookie, value)
        return service.answer(flow)

    again = [a.text for a in map(show, shown_twice) if a.json().get("error") != "card.challenge.unknown"]
    check(f"{name}: none of {len(shown_twice)} challenges that were accepted is accepted again", not again, again[:3])
    many = [f for f in unsure if twice(lambda: show(f)) > 1]
    check(f"{name}: a card answer without an answer ({len(unsure)}) is accepted once more at most", not many, len(many))
    counts = [twice(lambda: show(f)) for f in unshown]
    check(f"{name}: all {len(unshown)} challenges that were told and not answered are good for one answer", set(counts) <= {1}, counts)
    return redeemed, len(shown_twice)


def trail(platform):
    """The events of the audit trail, and what `audit verify` says."""
    done = platform.run("sekisho", "audit", "verify", platform.deployment, expect=None)
    shown = platform.run("sekisho", "audit", "show", platform.deployment, "--limit", "1000000").stdout.splitlines()
    return done, [json.loads(line.split("\t", 1)[1])["event"] for line in shown]


def copied(platform, service, target):
    """A backup made while citizens log in; the head that it prints."""
    flows, errors, over = [], [], threading.Event()

    def citizen(number):
        chance = random.Random(number)
        while not over.is_set():
            flow = Flow()
            try:
                service.play(flow, chance.choice(service.cards), "token")
                flows.append(flow)
            except Exception as error:
                errors.append(repr(error))
                over.set()

    threads = [threading.Thread(target=citizen, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and not over.is_set() and len(flows) < 10:
        time.sleep(0.01)
    done = platform.run("sekisho", "backup", platform.deployment, target, expect=None)
    count, deadline = len(flows), time.monotonic() + 90
    while time.monotonic() < deadline and not over.is_set() and len(flows) < count + 5:
        time.sleep(0.01)
    over.set()
    for thread in threads:
        thread.join()
    head = re.search(r"head (\d+:[0-9a-f]{64})", done.stdout)
    check("backup: is made while citizens log in", done.returncode == 0 and head and not errors, (done.stdout, done.stderr, errors[:3]))
    check("backup: citizens logged in before it and after it", 10 <= count < len(flows), (count, len(flows)))
    return head[1]


def restored(platform, service, subjects):
    """The backup in place of the folder: the same citizens by the same identifiers, and a trail that goes on."""
    original, target = platform.deployment, os.path.join(platform.folder, "backup")
    head = copied(platform, service, target)

    def verified(folder, kept):
        return platform.run("sekisho", "audit", "verify", folder, "--expect-head", kept, expect=None)

    done = platform.run("sekisho", "backup", original, target, expect=None)
    check("backup: no folder is written over", done.returncode == 1 and "[backup.target.taken]" in done.stderr, done.stderr)
    done = platform.run("sekisho", "backup", original, os.path.join(original, "State", "inside"), expect=None)
    check("backup: none is made inside the folder", done.returncode == 1 and "[backup.target.inside]" in done.stderr, done.stderr)
    names = {os.path.relpath(os.path.join(folder, name), target) for folder, _, names in os.walk(target) for name in names}
    check("backup: neither the log beside the store nor the running server's files are in it",
          {"sekisho.yaml", "State/sekisho.sqlite", "State/secret"} <= names
          and not [name for name in names if name.startswith("run/") or name.endswith(("-wal", "-shm"))], sorted(names))
    keys = [name for name in names if name.endswith(".key.pem")]
    modes = {stat.S_IMODE(os.stat(os.path.join(target, name)).st_mode) for name in keys + ["State/sekisho.sqlite"]}
    check("backup: its keys are for its owner alone", keys and modes == {0o600} and stat.S_IMODE(os.stat(target).st_mode) == 0o700, modes)
    check("backup: its trail has the head that was printed", f"head {head}" in verified(target, head).stdout)
    grown = verified(original, head)
    check("backup: the trail that has grown since still has that head", grown.returncode == 0 and f"head {head}" not in grown.stdout, grown.stderr)
    records, digest = head.split(":")
    forged = verified(target, records + ":" + digest[::-1])
    check("backup: another head is refused", forged.returncode == 1 and f"broken at record {records}" in forged.stderr, forged.stderr)
    longer = verified(target, str(int(records) + 1) + ":" + digest)
    check("backup: a head behind its end is refused", longer.returncode == 1, longer.stderr)
    check("a head without its number is refused as a faulty command line", verified(target, digest).returncode == 64)
    shown = platform.run("sekisho", "audit", "show", target, "--limit", "3")
    check("audit show says where it goes on", len(shown.stdout.splitlines()) == 3 and "--from 4" in shown.stderr, shown.stderr)
    shown = platform.run("sekisho", "audit", "show", target)
    check("audit show prints every record when nothing else is said", len(shown.stdout.splitlines()) == int(records) and not shown.stderr)

    platform.server.kill()
    platform.server.wait()
    platform.deployment = target
    platform.server = platform.serve()
    known = set()
    for card in service.cards:
        flow = Flow()
        service.play(flow, card, "token")
        known.add(flow.subject)
    check("backup: served, it knows the citizens by the identifiers they had", known == subjects, (known, subjects))
    done = verified(target, head)
    check("backup: served, its trail goes on from that head", done.returncode == 0 and f"head {head}" not in done.stdout, done.stderr)


def test(platform, arguments):
    service = Service(platform)
    subjects = set()
    shown_again = 0
    for number in range(1, arguments.rounds + 1):
        name = f"round {number}"
        _, events = trail(platform)
        flows, errors, running = burst(service, platform.server, want=20)
        check(f"{name}: the server was killed in the middle of the burst", running and not errors, errors[:3])
        verdict, after = trail(platform)
        check(f"{name}: the trail holds as the killed server left it", verdict.returncode == 0, verdict.stdout + verdict.stderr)
        for event, told in (("card.accepted", [f for f in flows if f.accepted]), ("signon.granted", [f for f in flows if f.code]),
                            ("token.issued", [f for f in flows if f.redeemed])):
            written = after.count(event) - events.count(event)
            check(f"{name}: each {event} that was answered is in the trail", written >= len(told) > 0, (written, len(told)))
        platform.server = platform.serve()
        redeemed, count = examine(service, flows, name)
        shown_again += count
        subjects |= {f.subject for f in redeemed}
        verdict, _ = trail(platform)
        check(f"{name}: the trail holds and goes on", verdict.returncode == 0, verdict.stdout + verdict.stderr)
    check("in some round a challenge that was accepted was tried again", shown_again > 0, shown_again)
    check("two citizens keep their two identifiers through all rounds", len(subjects) == 2, subjects)
    restored(platform, service, subjects)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=".build/debug")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    platform = R.Platform(arguments.binaries)
    return R.carry_out("crash", platform, lambda: test(platform, arguments))


if __name__ == "__main__":
    sys.exit(main())
