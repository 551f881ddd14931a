"""The life of a link, from the simulated JPKI to a relying party: a renewal that nobody notices, a phone that ends with its card, an old and a
new card shown together, two records put together and taken apart, and customers' numbers in bulk. Seconds are printed where somebody waits."""

import argparse
import base64
import hashlib
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
import urllib.parse

import requests
from cryptography import x509

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run as R  # noqa: E402
from browser import Forms  # noqa: E402
from citizen import Card, JWTSigner, b64u  # noqa: E402
from run import check, member  # noqa: E402
from servers import PATIENCE, until  # noqa: E402

CALLBACK = "http://127.0.0.1:9/callback"


class Platform(R.Platform):
    """A deployment that asks the simulated J-LIS about unknown certificates, and citizens where that is silent."""

    def prepare(self):
        self.jpki = f"http://127.0.0.1:{self.jpki_port}"
        self.run("jpki-simulator", "init", self.state, "--base", self.jpki)
        self.simulator = self.simulate()
        lists = [a for g in (1, 2, 3) for a in ("--revocation-list", f"{self.jpki}/crl/user/{g}/full.crl")]
        self.run("sekisho", "init", self.deployment, "--mode", "development", "--base-url", self.base,
                 "--tls-port", str(self.tls_port), *lists)
        self.run("jpki-simulator", "anchors", "--state", self.state, self.deployment)
        self.run("jpki-simulator", "correspondence", "--state", self.state, self.deployment)
        path = os.path.join(self.deployment, "sekisho.yaml")
        text = open(path).read()
        for old, new in (
            ("  unknown-certificate: make\n",
             f"  unknown-certificate: ask\n  watch: 2s\n  correspondence:\n    url: {self.jpki}/correspondence\n"),
            ("#openid:  ", "openid:\n  scopes: [openid, customer_id]\n#"),
            ("#    refresh: 1h\n", "    refresh: 10s\n"),
        ):
            assert old in text, old
            text = text.replace(old, new, 1)
        # What a phone's certificate says of itself is not published; the simulator's is under the number kept for examples.
        text, count = re.subn(r"#  login-policies:.*\n#    card: (\[[^\]]*\]).*\n#    phone: \[\].*\n",
                              r"  login-policies:\n    card: \1\n    phone: [1.3.6.1.4.1.32473.8.5.1.3.30]\n", text)
        assert count == 1, text
        open(path, "w").write(text)
        for name in ("bank", "shop"):
            setattr(self, name, Service(self, name))
        self.server = self.serve()

    def simulate(self, delay=0):
        return self.start("jpki-simulator", "serve", "--state", self.state, "--port", str(self.jpki_port),
                          "--correspondence-delay", str(delay), ready=self.jpki + "/crl/user/2/full.crl")

    def jpki_again(self, delay):
        self.simulator.send_signal(signal.SIGTERM)
        self.simulator.wait(PATIENCE)
        self.processes.remove(self.simulator)
        self.simulator = self.simulate(delay)

    def card(self, handle):
        self.run("jpki-simulator", "export", "--state", self.state, "--card", handle, self.folder)
        return Card(self.folder, self.base, handle)

    def issue(self, handle, *more):
        self.run("jpki-simulator", "issue", "--state", self.state, "--card", handle, *more)
        return self.card(handle)

    @staticmethod
    def callback(done):
        """The simulated browser ended at the service, where nobody listens."""
        return "127.0.0.1:9" in done.stdout + done.stderr

    def sekisho(self, *arguments, expect=0):
        return self.run("sekisho", *arguments, expect=expect)


class Service:
    """A relying party with a client of its own."""

    def __init__(self, platform, name):
        self.platform, self.id = platform, "RP-" + name
        self.signer, self.jwk = JWTSigner.fresh("one")
        jwk = json.dumps(self.jwk)
        self.yaml = member(self.id, "private-verifier", "points",
                           f"openid:\n  redirect-uris: [\"{CALLBACK}\"]\n  authentication: private_key_jwt\n  scopes: [openid, customer_id]\n  jwks: {{keys: [{jwk}]}}\n")
        folder = os.path.join(platform.deployment, "Metadata", "members")
        os.makedirs(folder, exist_ok=True)
        open(os.path.join(folder, name + ".yaml"), "w").write(self.yaml)
        open(os.path.join(platform.deployment, "Policies", f"learns-{name}.yaml"), "w").write(
            f"rules:\n  - id: {name}-learns-its-number\n    effect: permit\n    member: {self.id}\n    floor: card-pin\n"
            f"    release: [customer-id]\n    basis: contract\n")

    def assertion(self, endpoint):
        now = int(time.time())
        return self.signer.sign({"iss": self.id, "sub": self.id, "aud": self.platform.base + endpoint, "iat": now, "exp": now + 60,
                                 "jti": secrets.token_urlsafe(16)})

    def start(self):
        self.verifier = secrets.token_urlsafe(32)
        challenge = b64u(hashlib.sha256(self.verifier.encode()).digest())
        return self.platform.base + "/openid/authorize?" + urllib.parse.urlencode({
            "response_type": "code", "scope": "openid customer_id", "client_id": self.id, "redirect_uri": CALLBACK,
            "nonce": secrets.token_urlsafe(16), "state": "s", "code_challenge_method": "S256", "code_challenge": challenge})

    def told(self, code):
        """What ID token and userinfo say."""
        answer = requests.post(self.platform.base + "/openid/token", timeout=30, data={
            "grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": self.verifier,
            "client_id": self.id, "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.assertion("/openid/token")})
        tokens = answer.json()
        if "id_token" not in tokens:
            raise RuntimeError(answer.text)
        part = tokens["id_token"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        self.token = tokens["access_token"]
        return {**claims, **self.userinfo()}

    def userinfo(self):
        return requests.get(self.platform.base + "/openid/userinfo", timeout=30, headers={"Authorization": "Bearer " + self.token}).json()

    def list(self, lines):
        answer = requests.post(self.platform.base + "/links", data="\n".join(json.dumps(line) for line in lines).encode(), timeout=300,
                               headers={"Content-Type": "application/jsonl", "Client-Assertion": self.assertion("/links")})
        answer.raise_for_status()
        return [json.loads(line) for line in answer.text.splitlines()]


class Person:
    """A citizen's browser, with a card in hand."""

    def __init__(self, platform):
        self.platform, self.session = platform, requests.Session()

    def follow(self, url, data=None):
        """To a page of the platform that stays, or to the service's callback."""
        method = "GET" if data is None else "POST"
        for _ in range(20):
            answer = self.session.request(method, url, data=data, allow_redirects=False, timeout=30)
            method, data = "GET", None
            if answer.status_code != 303 and answer.status_code != 302:
                return url, answer
            url = urllib.parse.urljoin(url, answer.headers["Location"])
            if url.startswith(CALLBACK):
                return url, answer
        raise RuntimeError("too many redirects at " + url)

    def use(self, card, journey):
        """The card at a login page; where that leads, or the refusal's code."""
        journey = journey.split("?")[0]
        headers = {"Content-Type": "application/json"}
        asked = self.session.post(journey + "/challenge", data="{}", headers=headers, timeout=30)
        asked.raise_for_status()
        answer = self.session.post(journey + "/answer", data=json.dumps(card.answer(asked.json())), headers=headers, timeout=30)
        if answer.status_code != 200:
            return answer.json()["error"], answer
        return self.follow(answer.json()["continue"])

    def login(self, card, service):
        """Until a service has a code, or a page asks something."""
        url, page = self.follow(service.start())
        if url.startswith(CALLBACK):
            return url, page
        return self.use(card, url)

    def told(self, card, service):
        url, page = self.login(card, service)
        return service.told(code(url, page))

    def form(self, page, action):
        forms = [f for f in Forms(page.text).forms if f[1].endswith(action)]
        if not forms:
            raise RuntimeError(f"no form {action} on the page: {page.text[:1500]}")
        return dict(forms[0][2])

    def send(self, url, page, fields, action=""):
        form = {k: v for k, v in self.form(page, action or urllib.parse.urlsplit(url).path).items() if k == "form"}
        target = urllib.parse.urljoin(url, action) if action else url
        return self.follow(target, {**form, **fields})

    def at_links(self, card):
        url, page = self.follow(self.platform.base + "/me/links")
        if 'action="/me/login"' in page.text:
            url, _ = self.follow(self.platform.base + "/me/login", self.form(page, "/me/login"))
            url, page = self.use(card, url)
        return self.follow(self.platform.base + "/me/links")


def code(url, page):
    found = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query).get("code")
    if not url.startswith(CALLBACK) or not found:
        raise RuntimeError(f"no code at {url}: {page.status_code} {page.text[:1500]}")
    return found[0]


def evidence(platform):
    done = platform.sekisho("link", "evidence", platform.deployment)
    return [json.loads(line.split("\t")[2]) for line in done.stdout.splitlines() if line.count("\t") == 2], done.stdout


def test_renewal(platform):
    card = platform.card("hanako")
    before = Person(platform).told(card, platform.bank)
    check("first: J-LIS knows the card and names nobody: no question, one citizen", before.get("sub"), before)
    platform.run("jpki-simulator", "renew", "--state", platform.state, "--card", "hanako")
    new = platform.card("hanako")
    began = time.time()
    after = Person(platform).told(new, platform.bank)
    print(f"renewal: a login with the renewed card took {time.time() - began:.2f} s, the correspondence asked once")
    check("renewal: the service sees the same citizen, though the old certificate is superseded", after["sub"] == before["sub"], (before, after))
    word = lambda: Person(platform).login(card, platform.bank)[0]
    check("renewal: the old certificate logs nobody in once the lists say so", until(lambda: word() == "card.status.revoked", pause=1), word)
    kinds, text = evidence(platform)
    check("renewal: the auditor sees why", [k["kind"] for k in kinds][-1] == "correspondence" and "pieces hold" in text, text)
    serials = [f"{x509.load_der_x509_certificate(c.certificate).serial_number:x}" for c in (card, new)]
    check("renewal: and no serial number", not any(f'"{serial}' in text for serial in serials) and "authority" not in text, text)
    return before["sub"]


def test_lost(platform):
    old = platform.issue("ume")
    before = Person(platform).told(old, platform.bank)
    platform.run("jpki-simulator", "revoke", "--state", platform.state, "--card", "ume", "--reason", "keyCompromise")
    new = platform.issue("ume-new", "--replaces", "ume")
    after = Person(platform).told(new, platform.bank)
    check("loss: the card in its place goes on where the lost one was", after["sub"] == before["sub"], (before, after))


def test_phone(platform):
    card = platform.issue("yuzu")
    one = Person(platform).told(card, platform.bank)
    phone = platform.issue("yuzu-phone", "--carrier", "phone", "--of", "yuzu")
    person = Person(platform)
    two = person.told(phone, platform.bank)
    check("phone: is its card's citizen at once", two["sub"] == one["sub"], (one, two))
    kinds, text = evidence(platform)
    check("phone: by J-LIS's word", kinds[-1]["kind"] == "phone-of-card", text)
    began = time.time()
    platform.run("jpki-simulator", "revoke", "--state", platform.state, "--card", "yuzu", "--reason", "keyCompromise")
    ended = until(lambda: any(k["kind"] == "ended" for k in evidence(platform)[0]))
    print(f"phone: {time.time() - began:.1f} s from the card's revocation to the end of its phone (lists every 10 s)")
    check("phone: ends with its card", ended, evidence(platform)[1])
    goes_on = lambda: person.follow(platform.bank.start())[0].startswith(CALLBACK)
    check("phone: and its sessions end with it", until(lambda: not goes_on()))
    word, _ = Person(platform).login(phone, platform.bank)
    check("phone: logs nobody in any more", not word.startswith("http"), word)


def test_both_seen(platform):
    """J-LIS does not know a certificate of this hour: the citizen is asked."""
    old = platform.card("taro")
    before = Person(platform).told(old, platform.bank)
    new = platform.issue("taro-new")
    person = Person(platform)
    url, page = person.login(new, platform.bank)
    check("both seen: who comes with an unknown card is asked", url.endswith("/newcomer"), url)
    second, _ = person.send(url, page, {"answer": "old"})
    url, page = person.use(old, second)
    after = platform.bank.told(code(url, page))
    check("both seen: old and new in one journey are one citizen", after["sub"] == before["sub"], (before, after))
    check("both seen: the new one alone from then on", Person(platform).told(new, platform.bank)["sub"] == before["sub"])
    again = platform.issue("taro-third")
    done = platform.run("jpki-simulator", "login", "--state", platform.state, "--card", "taro-third", "--pin", "1234", "--json",
                        "--unknown", "old", "--old-card", "taro", platform.bank.start(), expect=None)
    check("both seen: the simulated citizen does it by himself too", platform.callback(done), done.stdout + done.stderr)
    check("both seen: and is the same one", Person(platform).told(again, platform.bank)["sub"] == before["sub"])
    check("both seen: is evidence", evidence(platform)[0][-1]["kind"] == "both-seen", evidence(platform)[1])


def test_merge(platform):
    one, two = platform.card("minoru"), platform.issue("minoru-other")
    first = Person(platform)
    kept = first.told(one, platform.bank)["sub"]
    second = Person(platform)
    url, page = second.login(two, platform.bank)
    url, page = second.send(url, page, {"answer": "new"})
    lost = platform.bank.told(code(url, page))["sub"]
    moved = second.told(two, platform.shop)["sub"]
    check("merge: a citizen who says he is new is another one", lost != kept)
    url, page = first.at_links(one)
    journey, _ = first.send(url, page, {}, "/me/links/add")
    url, page = first.use(two, journey)
    check("merge: the page says what will happen, and asks which name the bank goes on with", "keep-0" in page.text, page.text[:2000])
    began = time.time()
    url, page = first.send(url, page, {"answer": "yes"})
    print(f"merge: {time.time() - began:.2f} s")
    check("merge: done", "done=merged-" in url, (url, page.text[:600]))
    check("merge: the bank sees one, the shop goes on as before",
          Person(platform).told(two, platform.bank)["sub"] == kept and Person(platform).told(two, platform.shop)["sub"] == moved)
    merges = platform.sekisho("link", "merges", platform.deployment).stdout.split("\t")
    began = time.time()
    undone = platform.sekisho("link", "merge-undo", platform.deployment, merges[0])
    print(f"merge: undone by the operator in {time.time() - began:.1f} s, by the server that runs")
    check("merge: the operator undoes it", "undone" in undone.stdout, undone.stdout)
    check("merge: each card is again who it was",
          Person(platform).told(two, platform.bank)["sub"] == lost and Person(platform).told(one, platform.bank)["sub"] == kept
          and Person(platform).told(two, platform.shop)["sub"] == moved)
    check("merge: the evidence holds", "pieces hold" in evidence(platform)[1])
    check("merge: a second undo changes nothing", "undone" in platform.sekisho("link", "merge-undo", platform.deployment, merges[0]).stdout)


def test_customers(platform, sub):
    card = platform.card("hanako")
    person = Person(platform)
    lines = [{"customer": "A-1", "sub": sub}, {"customer": "A-2", "sub": sub}, {"customer": "B-1"}]
    answers = platform.bank.list(lines)
    check("bulk: every line is answered", [a["result"] for a in answers] == ["proposed"] * 3 and answers[2].get("code"), answers)
    check("bulk: the same again changes nothing", platform.bank.list(lines)[2]["code"] == answers[2]["code"])
    check("bulk: nothing is told before the citizen says so", "customer_id" not in person.told(card, platform.bank))
    url, page = person.at_links(card)
    keys = re.findall(r'name="link" value="([^"]+)"', page.text)[:2]
    form = person.form(page, "/me/links/confirm")["form"]
    url, page = person.follow(platform.base + "/me/links/confirm", [("form", form)] + [("link", k) for k in keys])
    check("bulk: several are confirmed at once", "done=confirmed-several" in url, url)
    url, page = person.send(platform.base + "/me/links", page, {"code": answers[2]["code"].lower().replace("-", " ")}, "/me/links/code")
    check("bulk: one by the code of a letter", "done=confirmed" in url, (url, page.text[:800]))
    told = person.told(card, platform.bank)
    check("bulk: the service is told its own numbers", told.get("customer_id") == ["A-1", "A-2", "B-1"], told)
    check("bulk: and no other service", "customer_id" not in person.told(card, platform.shop))
    person.told(card, platform.bank)
    url, page = person.at_links(card)
    url, page = person.follow(platform.base + "/me/links/end", {"form": person.form(page, "/me/links/end")["form"], "link": keys[0]})
    check("bulk: a link that is ended is told no more, also by a token that is still good",
          platform.bank.userinfo().get("customer_id") == ["A-2", "B-1"], platform.bank.userinfo())
    counts = platform.sekisho("link", "list", platform.deployment).stdout
    check("bulk: the operator sees numbers, and no customer", "RP-bank\tconfirmed\t2" in counts and "A-1" not in counts, counts)


def test_import(platform):
    """A list of the operator's, cut off half-way."""
    path, out = os.path.join(platform.folder, "list.jsonl"), os.path.join(platform.folder, "codes.jsonl")
    with open(path, "w") as f:
        for number in range(20000):
            f.write(json.dumps({"customer": f"N-{number:06}"}) + "\n")
    command = [os.path.join(platform.binaries, "sekisho"), "link", "import", platform.deployment, path, "--member", "RP-shop", "--out", out]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.time() + 60
    while time.time() < deadline and (not os.path.exists(out) or os.path.getsize(out) < 200_000) and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    process.wait()
    first = [json.loads(line) for line in open(out).read().splitlines() if line.endswith("}")]
    check("import: cut off in the middle", 0 < len(first) < 20000, len(first))
    began = time.time()
    done = platform.sekisho("link", "import", platform.deployment, path, "--member", "RP-shop", "--out", out + ".2")
    print(f"import: the whole list again took {time.time() - began:.1f} s: {done.stdout.strip()}")
    whole = [json.loads(line) for line in open(out + ".2")]
    check("import: the rest is taken, what was taken before keeps its codes",
          len(whole) == 20000 and [a["code"] for a in whole[:len(first)]] == [a["code"] for a in first], (len(whole), len(first)))
    export = platform.sekisho("link", "export", platform.deployment, "--member", "RP-shop").stdout.splitlines()
    check("import: the export is sorted text", len(export) == 20000 and export == sorted(export), export[:2])
    check("import: codes stand in no file of ours", whole[0]["code"].encode() not in b"".join(
        open(os.path.join(root, name), "rb").read() for root, _, names in os.walk(os.path.join(platform.deployment, "State")) for name in names))


def test(platform):
    sub = test_renewal(platform)
    test_lost(platform)
    test_phone(platform)
    test_customers(platform, sub)
    platform.jpki_again(delay=3600)
    test_both_seen(platform)
    test_merge(platform)
    test_import(platform)
    audit = platform.sekisho("audit", "verify", platform.deployment, expect=None)
    check("the trail holds", audit.returncode == 0, audit.stdout[-500:] + audit.stderr[-500:])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=".build/debug")
    platform = Platform(parser.parse_args().binaries)
    return R.carry_out("links", platform, lambda: test(platform))


if __name__ == "__main__":
    sys.exit(main())
