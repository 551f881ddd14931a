"""The deployment of the screens: services of many kinds, each behind software of others, and the people who use them."""

import base64
import hashlib
import json
import os
import re
import secrets
import time

import requests

import parties as P
import run as R
from citizen import Card, JWTSigner, b64u
from screens import hostile
from screens.chromium import Person, ReaderPolicy
from screens.deployment import Shop
from screens.looking import Looking
from screens.stranger import Stranger

INNER = {"ja": "試験<b>省</b>\"'><img src=x onerror=alert(1)>", "en": "Ministry <script>alert(1)</script> \"'><svg onload=alert(1)>"}


def member(identifier, kind, purposes, names, body, accreditation=""):
    return f"""id: {json.dumps(identifier)}
kind: {kind}
names: {json.dumps(names, ensure_ascii=False)}
accreditation:
  state: accredited
  not-before: 2020-01-01T00:00:00Z
  not-after: 2099-01-01T00:00:00Z
  purposes: [{purposes}]
{accreditation}{body}"""


class World:
    def __init__(self, platform, playwright, artefacts):
        self.platform, self.playwright = platform, playwright
        self.base = platform.base
        self.looking = Looking(artefacts)
        self.people, self.services, self.exported, self.attacked = {}, [], set(), set()
        self.stranger = Stranger()
        self.looking.attack = lambda *page: hostile.forms_from_elsewhere(self, *page)
        self.policy = ReaderPolicy(f"https://127.0.0.1:{platform.tls_port}")

    # People.

    def person(self, name, card=None, remote=False):
        if name not in self.people:
            self.people[name] = Person(self, name, card, remote)
        return self.people[name]

    def close_windows(self):
        """Whatever a walk that broke off left open."""
        for person in self.people.values():
            for context in person.browser.contexts if person.browser and person.browser.is_connected() else []:
                context.close()

    def export(self, card):
        if card not in self.exported:
            self.platform.run("jpki-simulator", "export", "--state", self.platform.state, "--card", card, self.platform.folder)
            self.exported.add(card)

    def show_card(self, window, card="hanako", mode="pin"):
        """The card at an app or a set-top box, for the journey before the window: through the JSON door, with the window's cookies."""
        self.export(card)
        journey = f"{self.base}/journey/{window.journey}"
        ask = lambda door, body: window.context.request.post(journey + door, data=json.dumps(body), headers={"Content-Type": "application/json"})
        challenge = ask("/challenge", {}).json()
        holder = Card(self.platform.folder, self.base, card)
        answer = holder.answer(challenge)
        if mode == "presence":
            answer = {**answer, "statement": self.presence(holder, challenge)}
            del answer["signature"]
        done = ask("/answer", answer)
        if done.status != 200:
            raise RuntimeError(f"the card was refused: {done.status} {done.text()[:400]}")
        window.go(done.json()["continue"])
        window.settle()

    def show_identity(self, window, card, door="/identity", vouched=None):
        """The signature certificate and its password at an app, for the journey before the window."""
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import padding
        folder = self.platform.folder
        self.platform.run("jpki-simulator", "export", "--state", self.platform.state, "--card", card, "--signature", folder)
        with open(os.path.join(folder, card + "-sign-key.pem"), "rb") as f:
            key = serialization.load_pem_private_key(f.read(), None)
        with open(os.path.join(folder, card + "-sign.pem"), "rb") as f:
            certificate = x509.load_pem_x509_certificate(f.read()).public_bytes(serialization.Encoding.DER)
        address = f"{self.base}/journey/{window.journey}{door}"
        ask = lambda name, body: window.context.request.post(address + name, data=json.dumps(body), headers={"Content-Type": "application/json"})
        challenge = ask("/challenge", {}).json()
        body = {"challenge": challenge["challenge"], "certificate": base64.b64encode(certificate).decode(),
                "signature": base64.b64encode(key.sign(challenge["text"].encode(), padding.PKCS1v15(), hashes.SHA256())).decode()}
        if vouched or vouched is None and challenge["tie"] == "card":
            body.update(self.one_card(card, challenge, certificate))
        return ask("/answer", body)

    def one_card(self, card, challenge, certificate):
        """What an app that read both certificates from the card says so with (decision 0063)."""
        self.export(card)
        holder = Card(self.platform.folder, self.base, card)
        header = json.loads(base64.urlsafe_b64decode(holder.statement.header + "=="))
        fingerprint = lambda data: b64u(hashlib.sha256(data).digest())  # noqa: E731
        statement = JWTSigner(holder.statement.key, {**header, "typ": "sekisho-card+jwt"}).sign({
            "iss": holder.app, "aud": self.base, "challenge": challenge["challenge"], "challenge_hash": fingerprint(challenge["text"].encode()),
            "x5t#S256": fingerprint(certificate), "login_x5t#S256": fingerprint(holder.certificate), "iat": int(time.time())})
        return {"login": {"certificate": base64.b64encode(holder.certificate).decode()}, "statement": statement}

    def issue(self, card, *more):
        """A card or phone of this hour."""
        self.platform.run("jpki-simulator", "issue", "--state", self.platform.state, "--card", card, *more)
        self.exported.discard(card)
        return card

    def presence(self, holder, challenge):
        """What a set-top box states of a card that was held to it."""
        from cryptography.hazmat.primitives import serialization
        read = lambda *path: open(os.path.join(self.platform.folder, *path), "rb").read()
        key = serialization.load_pem_private_key(read("jpki", "terminals", "stb-key.pem"), None)
        registered = json.loads(read("deployment", "Keys", "terminals", "stb.json"))["keys"]["keys"][0]["kid"]
        return JWTSigner(key, {"alg": "ES256", "typ": "sekisho-mode+jwt", "kid": registered}).sign({
            "iss": "stb", "aud": self.base, "challenge": challenge["challenge"],
            "challenge_hash": b64u(hashlib.sha256(challenge["text"].encode()).digest()),
            "x5t#S256": b64u(hashlib.sha256(holder.certificate).digest()), "mode": "presence", "iat": int(time.time())})

    # Services.

    def register(self):
        self.metadata = requests.get(self.base + "/saml/metadata", timeout=60).text
        self.ministry = self.saml("ministry", "ministry", {"ja": "見本省 電子手続", "en": "Ministry of Samples"})
        self.library = self.saml("library", "local-government", {"ja": "関町市立図書館", "en": "Sekimachi City Library"}, "  unsolicited: true\n")
        self.points = self.openid("points", "private-verifier", "points", {"ja": "関所ポイント", "en": "Sekisho Points"},
                                  accreditation="  modes: [pin, presence]\n  permissions: [presence-terminals]\n")
        self.bank = self.openid("bank", "private-verifier", "online-banking", {"ja": "見本銀行", "en": "Bank of Samples"})
        self.insurer = self.openid("insurer", "private-verifier", "change-watch", {"ja": "見本生命保険", "en": "Samples Life Insurance"},
                                   claims=("revocation_source", "revocation_time"))
        self.opening = self.openid("opening", "private-verifier", "account-opening", {"ja": "見本信用金庫", "en": "Samples Credit Union"},
                                   claims=("name", "address", "birthdate", "gender"))
        self.shop = Shop(self.platform)
        self.services.append(self.shop)
        self.hostile = self.openid("hostile", "private-verifier", "change-watch", INNER, claims=("revocation_source", "revocation_time"))
        self.television = self.behind("television", "local-government", "procedure", {"ja": "テレビ市役所", "en": "Town Hall on Television"},
                                      "device_code")
        self.counter = self.behind("counter", "private-verifier", "identity-check", {"ja": "窓口の見本店", "en": "Counter of Samples"}, "ciba")

    def saml(self, name, kind, names, options=""):
        if name == "ministry":
            party = P.PySAML2(R.free_port(), *R.key_files(self.platform.folder, name), self.metadata)
        else:
            _, pem, certificate = R.key_pair(name)
            binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
            party = P.OneLogin(R.free_port(), pem, certificate, {
                "entityId": re.search(r'entityID="([^"]+)"', self.metadata)[1],
                "singleSignOnService": {"url": self.base + "/saml/sso", "binding": binding},
                "singleLogoutService": {"url": self.base + "/saml/logout", "binding": binding},
                "x509cert": re.search(r"<ds:X509Certificate[^>]*>([^<]+)<", self.metadata)[1]})
        body = f"saml:\n  metadata: {name}.xml\n  encrypt: off\n{options}"
        self.platform.add_member(member(party.entity_id, kind, "procedure", names, body), {name + ".xml": party.metadata()})
        self.services.append(party)
        return party

    def openid(self, name, kind, purpose, names, claims=(), accreditation=""):
        secret, port = secrets.token_urlsafe(32), R.free_port()
        self.add_client(name, kind, purpose, names, secret, port, accreditation)
        party = P.Authlib(port, self.base, name, secret=secret)
        party.start_options = {"claims": json.dumps({"id_token": {claim: None for claim in claims}})} if claims else {}
        self.services.append(party)
        return party

    def add_client(self, name, kind, purpose, names, secret, port, accreditation=""):
        self.platform.add_member(member(name, kind, purpose, names, f"""openid:
  redirect-uris: ["http://127.0.0.1:{port}/callback"]
  post-logout-redirect-uris: ["http://127.0.0.1:{port}/bye"]
  authentication: client_secret_basic
  secret-sha256: "{hashlib.sha256(secret.encode()).hexdigest()}"
  id-token-algorithm: ES256
""", accreditation), {})

    def behind(self, name, kind, purpose, names, grant):
        """A client that asks from elsewhere: a device, or a service's counter."""
        secret = secrets.token_urlsafe(32)
        grants = f"[{grant}]" if grant == "device_code" else f"[authorization_code, {grant}]"
        more = "" if grant == "device_code" else "  ciba: {delivery: poll}\n"
        port = R.free_port()
        more += "" if grant == "device_code" else f'  redirect-uris: ["http://127.0.0.1:{port}/callback"]\n'
        self.platform.add_member(member(name, kind, purpose, names, f"""openid:
  grants: {grants}
  authentication: client_secret_basic
  secret-sha256: "{hashlib.sha256(secret.encode()).hexdigest()}"
{more}"""), {})
        return Behind(self, name, secret, port)

    def stop(self):
        for person in self.people.values():
            person.stop()
        for service in self.services:
            service.stop()
        self.stranger.stop()
        self.policy.withdraw()


class Behind:
    def __init__(self, world, name, secret, port):
        self.world, self.credentials = world, (name, secret)
        self.party = P.Authlib(port, world.base, name, secret=secret)
        world.services.append(self.party)

    def post(self, door, **form):
        answer = requests.post(self.world.base + "/openid/" + door, data=form, auth=self.credentials, timeout=60)
        return answer.status_code, answer.json()

    def device(self):
        status, told = self.post("device_authorization", scope="openid")
        if status != 200:
            raise RuntimeError(f"no device code: {told}")
        return told

    def collected(self, told):
        """What the device gets for its code now."""
        return self.post("token", grant_type="urn:ietf:params:oauth:grant-type:device_code", device_code=told["device_code"])

    def ask(self, subject, message):
        status, told = self.post("ciba", scope="openid", login_hint=subject, binding_message=message)
        if status != 200:
            raise RuntimeError(f"no request: {told}")
        return told
