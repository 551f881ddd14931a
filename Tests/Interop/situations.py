"""The nine situations that are shipped in Policies/, in the world of `sekisho demo --situations`: what the demonstration tells of them, and then
citizens of our own at its services, reading what each party reads: the citizen the pages, the developer the answer to the service, the auditor
`sekisho policy explain`. At the end the commands of a policy officer."""

import argparse
import base64
import datetime
import html
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run as R  # noqa: E402
from browser import Forms  # noqa: E402
from citizen import Card, JWTSigner, b64u  # noqa: E402
from run import check  # noqa: E402
from servers import until  # noqa: E402

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
SITUATIONS = ["e-filing", "portal", "health-records", "clinic", "shelter", "account-opening", "online-banking", "change-watch", "staff"]
PIN_CLASS = "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"


def rules():
    """Sentence and basis of every shipped rule, by its id, from the files themselves."""
    found = {}
    for name in os.listdir(os.path.join(ROOT, "Policies")):
        if not name.endswith(".yaml") or name == "ladder.yaml":
            continue
        with open(os.path.join(ROOT, "Policies", name), encoding="utf-8") as f:
            for block in re.split(r"\n  - id: ", f.read().split("\ncases:")[0])[1:]:
                says = re.search(r"\n      ja: (.+)", block)
                found[block.split("\n")[0].strip()] = (says and says[1], re.search(r"\n    basis: (.+)", block)[1])
    return found


class World:
    """The demonstration, running."""

    def __init__(self, binaries):
        self.binaries = os.path.abspath(binaries)
        self.folder = tempfile.mkdtemp(prefix="sekisho-situations-")
        self.home = os.path.join(self.folder, "demo")
        self.deployment = os.path.join(self.home, "deployment")
        self.port = self.free()
        self.base, self.services = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.port + 3}"
        self.log = os.path.join(self.folder, "demo.log")
        self.process = None

    @staticmethod
    def free():
        """A port whose neighbours that the demonstration takes are free too."""
        for _ in range(50):
            first = R.free_port() % 20000 + 20000
            try:
                for offset in (0, 1, 2, 3, 363, 620):
                    with socket.socket() as s:
                        s.bind(("127.0.0.1", first + offset))
            except OSError:
                continue
            return first
        raise RuntimeError("no ports are free")

    def start(self):
        out = open(self.log, "w")
        self.process = subprocess.Popen(
            [os.path.join(self.binaries, "sekisho"), "demo", "--situations", "--port", str(self.port), "--folder", self.home],
            stdout=out, stderr=out)
        end = time.monotonic() + 240
        while time.monotonic() < end:
            with open(self.log, encoding="utf-8") as f:
                text = f.read()
            if "the nine situations:" in text or self.process.poll() is not None:
                return text
            time.sleep(0.3)
        raise RuntimeError("the demonstration does not end")

    def run(self, program, *arguments):
        return subprocess.run([os.path.join(self.binaries, program), *arguments], capture_output=True, text=True, timeout=120)

    def sekisho(self, *arguments, expect=0):
        done = self.run("sekisho", *arguments)
        if expect is not None and done.returncode != expect:
            raise RuntimeError(f"sekisho {' '.join(arguments)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def trail(self, after=0):
        done = self.sekisho("audit", "show", self.deployment, "--from", str(after + 1), "--limit", "10000")
        return [(int(number), json.loads(body)) for number, body in (line.split("\t", 1) for line in done.stdout.splitlines())]

    def explain(self, what, reader):
        return self.sekisho("policy", "explain", str(what), "--for", reader, "--deployment", self.deployment, expect=None)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class Hand(Card):
    """A simulated card in somebody's hand, at any of the terminals, in any of the three modes."""

    def __init__(self, world, card):
        for signature in ([], ["--signature"]):
            done = world.run("jpki-simulator", "export", "--state", os.path.join(world.home, "jpki"), "--card", card, *signature, world.home)
            if done.returncode != 0 and not signature:
                raise RuntimeError(done.stderr)
        super().__init__(world.home, world.base, card)
        self.home, self.name = world.home, card

    def use(self, challenge, mode, terminal):
        with open(os.path.join(self.home, "jpki", "terminals", terminal + "-key.pem"), "rb") as f:
            key = serialization.load_pem_private_key(f.read(), None)
        text = challenge["text"].encode()
        statement = JWTSigner(key, {"alg": "ES256", "typ": "sekisho-mode+jwt", "kid": terminal + "-1"}).sign({
            "iss": terminal, "aud": self.base, "challenge": challenge["challenge"], "challenge_hash": self.digest(text),
            "x5t#S256": self.digest(self.certificate), "mode": mode, "iat": int(time.time())})
        answer = {"challenge": challenge["challenge"], "certificate": base64.b64encode(self.certificate).decode(), "statement": statement}
        if mode != "presence":
            answer["signature"] = base64.b64encode(self.key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()
        return answer

    def show(self, challenge):
        """The signature certificate, and its key over the declaration."""
        with open(os.path.join(self.home, self.name + "-sign-key.pem"), "rb") as f:
            key = serialization.load_pem_private_key(f.read(), None)
        with open(os.path.join(self.home, self.name + "-sign.pem"), "rb") as f:
            der = x509.load_pem_x509_certificate(f.read()).public_bytes(serialization.Encoding.DER)
        signature = key.sign(challenge["text"].encode(), padding.PKCS1v15(), hashes.SHA256())
        return {"challenge": challenge["challenge"], "certificate": base64.b64encode(der).decode(), "signature": base64.b64encode(signature).decode()}

    @staticmethod
    def digest(data):
        digest = hashes.Hash(hashes.SHA256())
        digest.update(data)
        return b64u(digest.finalize())


class Page:
    """Where a browser came to rest."""

    def __init__(self, answer):
        self.status, self.url, self.html = answer.status_code, answer.url, answer.text
        plain = re.sub(r"<(style|script|head)\b.*?</\1>", " ", self.html, flags=re.S)
        self.text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", plain)))
        self.facts = dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", self.html))
        self.path = urllib.parse.urlsplit(self.url).path


class Citizen:
    """One browser; it stops at every page where a person has something to do."""

    def __init__(self, world, card):
        self.world, self.hand, self.session, self.read = world, Hand(world, card), requests.Session(), []

    def go(self, url, data=None):
        for _ in range(30):
            headers = {"Origin": "null" if data and "SAMLResponse" in data else self.world.base} if data is not None else {}
            answer = self.session.request("POST" if data is not None else "GET", url, data=data, headers=headers, allow_redirects=False, timeout=30)
            data = None
            if answer.status_code in (301, 302, 303):
                url = urllib.parse.urljoin(url, answer.headers["Location"])
                continue
            carried = [f for f in Forms(answer.text).forms if f[0] == "post" and "SAMLResponse" in f[2]]
            if carried:
                url, data = urllib.parse.urljoin(url, carried[0][1]), carried[0][2]
                continue
            page = Page(answer)
            if page.url.startswith(self.world.base):
                self.read.append(page)
            return page
        raise RuntimeError("the journey does not end")

    def start(self, service, query=""):
        return self.go(f"{self.world.services}/{service}/start{query}")

    def card(self, page, mode="pin", terminal="sekisho-app"):
        """The page behind a use of the card, or the code that the app is told."""
        return self.api(page, lambda challenge: self.hand.use(challenge, mode, terminal))

    def signature(self, page):
        return self.api(page, self.hand.show)

    def api(self, page, answer):
        asked = self.session.post(page.url + "/challenge", json={}, timeout=30)
        if asked.status_code != 200:
            return asked.json()["error"]
        done = self.session.post(page.url + "/answer", json=answer(asked.json()), timeout=30)
        return self.go(done.json()["continue"]) if done.status_code == 200 else done.json()["error"]

    def press(self, page, action, value=None, among=None):
        """A button of the page's form that goes to `action`; `among`: a value that one of its fields has."""
        for method, target, fields in Forms(page.html).forms:
            if method != "post" or not target.endswith(action) or among and among not in fields.values():
                continue
            if value is not None:
                fields = {**fields, "decision": value}
            return self.go(urllib.parse.urljoin(page.url, target), fields)
        raise RuntimeError(f"no form goes to {action}: {page.html[:1500]}")

    def has_read(self, sentence):
        return any(sentence in page.text for page in self.read)


class Inspector:
    """Asks of every journey what each party was told."""

    def __init__(self, world):
        self.world, self.rules, self.seen = world, rules(), 0
        self.catch_up()

    def catch_up(self):
        new = self.world.trail(self.seen)
        self.seen = new[-1][0] if new else self.seen
        return new

    def granted(self, name, page, by, citizen=None, reads=()):
        """The service let the citizen in by these rules, and everybody can read why."""
        new = self.catch_up()
        check(f"{name}: the service lets the citizen in", page.status == 200 and page.url.startswith(self.world.services), (page.status, page.url, page.text[:600]))
        found = [(n, r) for n, r in new if r["event"] == "signon.granted"]
        check(f"{name}: by {', '.join(by)}", found and sorted(found[-1][1]["rules"]) == sorted(by), [r.get("rules") for _, r in found])
        for rule in reads:
            check(f"{name}: the citizen reads why ({rule})", citizen.has_read(self.rules[rule][0]), [p.text for p in citizen.read])
        if not found:
            return
        number = page.facts.get("request") or found[-1][0]
        developer = self.world.explain(number, "developer")
        check(f"{name}: the developer reads the outcome", developer.returncode == 0 and all(rule in developer.stdout for rule in by), developer.stdout + developer.stderr)
        self.auditor(name, number, by)

    def auditor(self, name, number, by):
        told = self.world.explain(number, "auditor")
        bases = [self.rules[rule][1].strip() for rule in by]
        check(f"{name}: the auditor reads rules, legal basis and that the replay agrees",
              told.returncode == 0 and "the same answer" in told.stdout and all(text in told.stdout for text in [*by, *bases]), told.stdout + told.stderr)

    def refused(self, name, page, code, error, decided=True):
        """The service is told no, with a code that leads everybody to the reason."""
        new = self.catch_up()
        message = page.facts.get("message", "")
        check(f"{name}: the service lets nobody in", page.status == 403 and page.url.startswith(self.world.services), (page.status, page.url, page.text[:600]))
        check(f"{name}: its developer is told {error} and {code}", code in message and error in page.facts.get("refused", "") + page.facts.get("status", ""), page.facts)
        help_page = requests.get(f"{self.world.base}/help/{code}", timeout=60)
        check(f"{name}: the code has a page of help", help_page.status_code == 200 and code in help_page.text)
        found = [(n, r) for n, r in new if r["event"] == "signon.refused" and r.get("code") == code]
        check(f"{name}: it stands in the trail", len(found) == 1, new)
        if not found or not decided:
            return
        number = page.facts.get("request") or found[-1][0]
        for reader, language in (("citizen", r"[ぁ-ん]"), ("developer", "[a-z]"), ("auditor", "the same answer")):
            told = self.world.explain(number, reader)
            check(f"{name}: explained to the {reader}", told.returncode == 0 and re.search(language, told.stdout), told.stdout + told.stderr)

    def card_refused(self, name, code, expected):
        new = self.catch_up()
        check(f"{name}: the citizen's app is told {expected}", code == expected, code if isinstance(code, str) else (code.url, code.text[:400]))
        check(f"{name}: it stands in the trail", any(r.get("code") == expected for _, r in new), new)


def told(text):
    """What the demonstration itself tells."""
    check("demo: every act of the nine situations came out as it should", re.search(r"the nine situations: \d+ acts as they should be, 0 otherwise", text), text[-3000:])
    parts = re.split(r"\n=== Situation \d of 9: ", text)[1:]
    check("demo: all nine are told", [re.search(r"Policies/([a-z-]+)\.yaml", part)[1] for part in parts] == SITUATIONS)
    shipped = rules()
    for part in parts:
        name = re.search(r"Policies/([a-z-]+)\.yaml", part)[1]
        parties = all(f"--for {reader}" in part for reader in ("citizen", "developer", "auditor"))
        check(f"demo: {name} shows what citizen, developer and auditor are told", parties and "the citizen reads" in part)
        with open(os.path.join(ROOT, "Policies", name + ".yaml"), encoding="utf-8") as f:
            own = re.findall(r"\n  - id: (\S+)", f.read())
        check(f"demo: {name} shows a rule's own words and the law it stands on",
              any(shipped[rule][0] in part and shipped[rule][1].strip() in part for rule in own), own)


def administration(world, eye):
    hanako = Citizen(world, "hanako")
    page = hanako.card(hanako.start("e-filing"))
    eye.granted("e-filing, with the PIN", page, ["e-filing"])
    check("e-filing: the ministry is told the level, and that the status was asked on line",
          page.facts.get("context") == PIN_CLASS and page.facts.get("urn:x-sekisho:attribute:revocation-source") == "ocsp", page.facts)
    page = hanako.start("filing-agency")
    eye.refused("e-filing, for a company", page, "policy.no-permit", "RequestDenied")
    page = hanako.start("portal")
    check("portal: what the filing's login proved serves the portal", page.path == "/portal/acs", page.url)
    eye.granted("portal, in the same browser", page, ["portal"])
    taro = Citizen(world, "taro")
    page = taro.card(taro.start("e-filing"), "face", "counter")
    check("e-filing: after the face the page asks for the PIN, not the service", page.path.startswith("/journey/"), page.url)
    eye.granted("e-filing, stepped up", taro.card(page, "pin", "counter"), ["e-filing"], taro, ["e-filing"])
    yuki = Citizen(world, "yuki")
    page = yuki.card(yuki.start("portal"))
    eye.granted("portal, of a renewed card", page, ["portal"])
    done = world.run("jpki-simulator", "revoke", "--state", os.path.join(world.home, "jpki"), "--card", "yuki", "--reason", "keyCompromise")
    check("e-filing: a card is revoked meanwhile", done.returncode == 0, done.stderr)
    eye.refused("e-filing, after the revocation", yuki.start("e-filing"), "signon.status.revoked", "AuthnFailed", decided=False)
    kiosk = Citizen(world, "taro")
    page = kiosk.card(kiosk.start("portal"), "pin", "public-kiosk")
    eye.granted("portal, at a kiosk", page, ["portal", "portal-at-a-shared-screen"])
    page = kiosk.start("city")
    check("portal: at a kiosk the login is forgotten after one use", page.path.startswith("/journey/"), page.url)
    kiosk = Citizen(world, "taro")
    page = kiosk.card(kiosk.start("e-filing"), "pin", "public-kiosk")
    eye.granted("e-filing, at a kiosk", page, ["e-filing", "e-filing-at-a-shared-screen"])
    page = kiosk.start("e-filing")
    check("e-filing: at a kiosk the login is forgotten after one use", page.path.startswith("/journey/"), page.url)


def staff(world, eye):
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9)))
    rule = "staff-in-working-hours" if now.weekday() < 5 and 7 <= now.hour < 22 else "staff-out-of-hours"
    official = Citizen(world, "hanako")
    page = official.card(official.start("portal"))
    eye.catch_up()
    page = official.start("staff")
    check("staff: a citizen's login is none of an official", page.path.startswith("/journey/"), page.url)
    eye.granted("staff, with the PIN at the desk", official.card(page, "pin", "staff-reader"), [rule], official, [rule])
    guard = Citizen(world, "taro")
    eye.refused("staff, of a company", guard.start("guards"), "policy.no-permit", "RequestDenied")


def health(world, eye):
    hanako = Citizen(world, "hanako")
    page = hanako.card(hanako.start("health-record"), "presence", "set-top-box")
    eye.granted("health record, held to the box", page, ["health-record-on-television"])
    check("health record: the service is told that no PIN was used", page.facts.get("pin_used") == "false" and page.facts.get("card_mode") == "presence", page.facts)
    page = hanako.start("health-record-details")
    check("health record: the details take more", page.path.startswith("/journey/"), page.url)
    eye.granted("health record, details", hanako.card(page, "pin", "set-top-box"), ["health-record-details"], hanako, ["health-record-details"])
    stranger = Citizen(world, "kenji")
    eye.card_refused("health record, of nobody known", stranger.card(stranger.start("health-record"), "presence", "set-top-box"), "signon.presence.first-link")
    sakura = Citizen(world, "sakura")
    eye.granted("clinic, with the face", sakura.card(sakura.start("clinic"), "face", "clinic-kiosk"), ["clinic-reception"])
    held = Citizen(world, "hanako")
    page = held.card(held.start("clinic"), "presence", "clinic-kiosk")
    check("clinic: a card that is held to the kiosk is not enough", not isinstance(page, str) and page.path.startswith("/journey/"), page if isinstance(page, str) else page.url)
    eye.granted("clinic, with the PIN", held.card(page, "pin", "clinic-kiosk"), ["clinic-reception"], held, ["clinic-reception"])
    page = held.start("clinic")
    check("clinic: one login serves one reception", page.path.startswith("/journey/"), page.url)
    counter = Citizen(world, "taro")
    page = counter.card(counter.start("clinic"), "face", "counter")
    check("clinic: at a counter elsewhere nobody is received", page.path.startswith("/journey/") and counter.has_read(eye.rules["clinic-reception"][0]), page.text)
    check("clinic: the card is not asked for again, and the page says why", "ここでは利用できません" in page.text and "/challenge" not in page.html, page.text)
    again = counter.go(page.url)
    check("clinic: nor when the page is loaded again", "ここでは利用できません" in again.text, again.text)
    eye.catch_up()
    eye.refused("clinic, at the wrong terminal", counter.press(page, "/cancel"), "policy.context", "unmet_authentication_requirements")


def shelter(world, eye):
    def load(word):
        path = os.path.join(world.deployment, "sekisho.yaml")
        with open(path) as f:
            text = re.sub(r"\ncircumstances: .*", "", f.read())
        with open(path, "w") as f:
            f.write(text + f"\ncircumstances: {{load: {word}}}\n")
        generation = os.path.join(world.deployment, "run", "generation")
        with open(generation) as f:
            before = f.read()
        world.process.send_signal(signal.SIGHUP)
        if not until(lambda: open(generation).read() != before):
            raise RuntimeError("SIGHUP was not taken up")

    load("normal")
    drill = Citizen(world, "hanako")
    page = drill.card(drill.start("shelter"), "presence", "shelter-desk")
    check("shelter: on any other day the desk asks for more", page.path.startswith("/journey/"), page.url)
    eye.granted("shelter, in a drill", drill.card(page), ["shelter-check-in-with-proof"], drill, ["shelter-check-in-with-proof"])
    load("emergency")
    hanako = Citizen(world, "hanako")
    page = hanako.card(hanako.start("shelter"), "presence", "shelter-desk")
    eye.granted("shelter, in an emergency", page, ["shelter-check-in"])
    check("shelter: the city is told no more than it needs",
          set(re.findall(r"urn:x-sekisho:attribute:([a-z-]+)", page.html)) == {"card-mode", "revocation-time"}, page.facts)
    stranger = Citizen(world, "kenji")
    eye.card_refused("shelter, of nobody known", stranger.card(stranger.start("shelter"), "presence", "shelter-desk"), "signon.presence.first-link")
    load("normal")


def bank(world, eye):
    again = Citizen(world, "hanako")
    page = again.card(again.start("bank-accounts"))
    eye.granted("account opening, agreed to before", page, ["account-opening"])
    check("account opening: what was agreed to is not asked for again", [p.path.split("/")[-1] for p in again.read if "consent" in p.path] == [], again.read)
    kenji = Citizen(world, "kenji")
    page = kenji.card(kenji.start("bank-accounts"))
    check("account opening: the citizen is asked for the signature certificate", page.path.endswith("/identity"), page.url)
    page = kenji.signature(page)
    check("account opening: and asked before anything is told", page.path.endswith("/consent"), page.url)
    for words in ("大野 健二", "1950", "見本県関町市栁町三丁目"):
        check(f"account opening: the page shows what would be told ({words})", words in page.text.replace("\u3000", " "), page.text)
    page = kenji.press(page, "/consent", "give")
    eye.granted("account opening, shown and agreed", page, ["account-opening"], kenji, ["account-opening"])
    check("account opening: the bank is told the four attributes, and which characters are substitutes",
          page.facts.get("name") == "大野　健二" and page.facts.get("birthdate") == "1950" and "栁町" in page.facts.get("address", "")
          and "1" in page.facts.get("address_substitution", ""), page.facts)
    account = page.facts.get("customer", "")
    again = Citizen(world, "kenji")
    page = again.card(again.start("bank"))
    eye.granted("on-line banking, of a customer", page, ["online-banking"])
    check("on-line banking: the customer who opened the account is linked, and nothing of the person is told",
          account.split()[-1] in page.facts.get("customer", "-") and "name" not in page.facts and "birthdate" not in page.facts, (account, page.facts))
    page = again.start("portal")
    check("on-line banking: its login is for no other service", page.path.startswith("/journey/"), page.url)
    claims = "?claims=" + urllib.parse.quote(json.dumps({"id_token": {"name": None}}))
    other = Citizen(world, "hanako")
    eye.catch_up()
    eye.refused("on-line banking, asked for a name", other.go(f"{world.services}/bank/start{claims}"), "policy.no-permit", "access_denied")
    no = Citizen(world, "taro")
    page = no.card(no.start("bank-accounts"))
    page = no.signature(page) if page.path.endswith("/identity") else page
    eye.catch_up()
    eye.refused("account opening, not agreed", no.press(page, "/consent", "refuse"), "signon.consent.refused", "access_denied", decided=False)
    moved = Citizen(world, "minoru")
    page = moved.card(moved.start("bank-accounts"))
    eye.catch_up()
    eye.card_refused("account opening, with an old signature certificate", moved.signature(page), "card.status.revoked")


def watch(world, eye):
    hanako = Citizen(world, "hanako")
    page = hanako.card(hanako.start("insurer"))
    check("change watch: the citizen is asked", page.path.endswith("/consent"), page.url)
    page = hanako.press(page, "/consent", "give")
    eye.granted("change watch, agreed", page, ["change-watch"], hanako, ["change-watch"])
    later = requests.get(world.services + "/insurer/later", timeout=30)
    new = eye.catch_up()
    check("change watch: the insurer asks later, without the citizen, and is told the status", later.status_code == 200 and "revocation_time" in later.text, later.text)
    issued = [n for n, r in new if r.get("decision")]
    check("change watch: that too is a decision", len(issued) == 1, new)
    eye.auditor("change watch, later", issued[0], ["change-watch"])
    page = hanako.go(world.base + "/ledger")
    check("change watch: the citizen's page has what was told, when and why", "change-watch" in page.text, page.text)
    hanako.press(page, "/withdraw", among="change-watch")
    check("change watch: the consent is taken back", any(r["event"] == "consent.withdrawn" for _, r in eye.catch_up()))
    later = Page(requests.get(world.services + "/insurer/later", timeout=30))
    check("change watch: from then on the insurer is told nothing", later.status == 403 and "revocation_time" not in later.text, later.text)
    check("change watch: and what to do", later.facts.get("refused") == "invalid_grant" and "authorization endpoint" in later.facts.get("message", ""), later.facts)
    claims = "?claims=" + urllib.parse.quote(json.dumps({"userinfo": {"address": None}}))
    eye.catch_up()
    eye.refused("change watch, asked for the address", Citizen(world, "hanako").go(f"{world.services}/insurer/start{claims}"), "policy.no-permit", "access_denied")


def officer(world):
    """The commands of somebody who changes rules, on the demonstration's deployment."""
    done = world.sekisho("policy", "check", world.deployment)
    check("policy check: the shipped rules have no error", " 0 errors" in done.stdout, done.stdout)
    done = world.sekisho("policy", "test", world.deployment)
    check("policy test: every shipped case comes out", re.search(r"[1-9]\d+ cases, 0 came out otherwise", done.stdout), done.stdout)
    check("policy test: rules that no case touches are named with file and line",
          all(re.match(r"Policies/[a-z-]+\.yaml:\d+: no case touches the rule `", line) for line in done.stdout.splitlines()[:-1]), done.stdout)
    mine = os.path.join(world.folder, "draft")
    shutil.copytree(os.path.join(world.deployment, "Policies"), mine)
    same = world.sekisho("policy", "impact", world.deployment, mine, expect=None)
    check("policy impact: the same rules change nothing", same.returncode == 0, same.stdout + same.stderr)
    change(os.path.join(mine, "portal.yaml"), "    maximum-login-age: 8h", "    maximum-login-age: 4h")
    done = world.sekisho("policy", "impact", world.deployment, mine, expect=2)
    check("policy impact: half the day of the portal is told, and whom it hits", "permit" in done.stdout and "authenticate" in done.stdout and "portal" in done.stdout, done.stdout)
    hit = {member.split("/")[-2] for line in re.findall(r"\n +\d+ members?: (.+)", done.stdout) for member in line.split(", ")}
    check("policy impact: of all members just the two whom it hits", hit == {"portal", "city"}, done.stdout)
    done = world.sekisho("policy", "test", mine, expect=1)
    check("policy test: the case that it breaks is named with file and line", re.search(r"portal\.yaml:\d+: “it is still open in the afternoon”", done.stdout), done.stdout)
    with open(os.path.join(mine, "more.yaml"), "w") as f:
        f.write("rules:\n  - id: never\n    effect: permit\n    kind: ministry\n    purpose: profiling\n    mode: pin\n    basis: none\n")
    done = world.sekisho("policy", "check", mine, "--strict", expect=1)
    check("policy check: a permit that is forbidden wherever it holds is named with file and line", re.search(r"more\.yaml:\d+: \w+: .*never", done.stdout), done.stdout)
    change(os.path.join(mine, "more.yaml"), "mode: pin", "mode: pni")
    done = world.sekisho("policy", "check", mine, expect=1)
    check("policy check: a word that nobody knows is named, with the one that was meant",
          re.search(r"more\.yaml:6", done.stdout + done.stderr) and "pin" in done.stdout + done.stderr, done.stdout + done.stderr)
    for ladder, source in (("japan", "Policies/ladder.yaml"), ("eidas", "docs/ladders/eidas.yaml"), ("nist", "docs/ladders/nist.yaml")):
        folder = os.path.join(world.folder, "ladder-" + ladder)
        world.sekisho("init", folder, "--mode", "development", "--ladder", ladder)
        with open(os.path.join(folder, "Policies", "ladder.yaml"), encoding="utf-8") as ours, open(os.path.join(ROOT, source), encoding="utf-8") as shipped:
            check(f"init --ladder {ladder}: writes the shipped ladder", ours.read() == shipped.read())
        done = world.sekisho("policy", "test", folder, expect=None)
        check(f"init --ladder {ladder}: the shipped rules still come to what their cases say", done.returncode == 0, done.stdout + done.stderr)
        done = world.sekisho("check", folder, expect=None)
        check(f"init --ladder {ladder}: sekisho check finds it good", done.returncode == 0, done.stdout + done.stderr)


def change(path, old, new):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    if old not in text:
        raise RuntimeError(f"{path} has no `{old}`")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new))


def test(world):
    told(world.start())
    eye = Inspector(world)
    for part in (administration, staff, health, shelter, bank, watch):
        part(world, eye)
    done = world.sekisho("audit", "verify", world.deployment)
    check("the audit trail holds", "holds" in done.stdout, done.stdout)
    officer(world)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", required=True, help="folder with the programs sekisho and jpki-simulator")
    world = World(parser.parse_args().binaries)
    return R.judge("situations", lambda: test(world), world.stop, [world.log])


if __name__ == "__main__":
    sys.exit(main())
