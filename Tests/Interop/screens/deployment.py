"""The deployment that the screens are of: J-LIS answers about certificates it knows, a shop brings its customers' numbers, developers have a
sandbox, and uses have prices."""

import json
import os
import secrets
import signal
import time

import requests
from authlib.jose import JsonWebKey

import parties as P
import run as R
import servers
from citizen import JWTSigner

# Certificates of this hour are not yet known to the simulated J-LIS, unless a walk says so.
UNKNOWN = 3600


class Deployment(R.Platform):
    def prepare(self):
        self.jpki = f"http://127.0.0.1:{self.jpki_port}"
        self.run("jpki-simulator", "init", self.state, "--base", self.jpki)
        self.simulator = self.simulate(UNKNOWN)
        lists = [a for kind in ("user", "sign") for g in (1, 2, 3) for a in ("--revocation-list", f"{self.jpki}/crl/{kind}/{g}/full.crl")]
        self.run("sekisho", "init", self.deployment, "--mode", "development", "--base-url", self.base, "--tls-port", str(self.tls_port), *lists)
        self.run("jpki-simulator", "anchors", "--state", self.state, "--signature", self.deployment)
        self.run("jpki-simulator", "correspondence", "--state", self.state, self.deployment)
        self.let_other_devices_in()
        path = os.path.join(self.deployment, "sekisho.yaml")
        with open(path) as f:
            text = f.read()
        for old, new in (
            ("  unknown-certificate: make\n", f"  unknown-certificate: ask\n  correspondence:\n    url: {self.jpki}/correspondence\n"),
            ("#openid:  ", "openid:\n  scopes: [openid, customer_id]\n#"),
        ):
            if old not in text:
                raise RuntimeError(f"the sample sekisho.yaml has no {old!r}")
            text = text.replace(old, new, 1)
        text += '\nsandbox: true\nmetering:\n  currency: JPY\n  costs:\n    card-login: "2"\n    signature: "20"\n'
        with open(path, "w") as f:
            f.write(text)
        self.shop = Shop.member(self)
        self.server = self.serve()

    def simulate(self, delay):
        return self.start("jpki-simulator", "serve", "--state", self.state, "--port", str(self.jpki_port), "--correspondence-delay", str(delay),
                          ready=self.jpki + "/crl/user/2/full.crl")

    def jpki_again(self, delay):
        """J-LIS after a night, or before it."""
        self.simulator.send_signal(signal.SIGTERM)
        self.simulator.wait(servers.PATIENCE)
        self.processes.remove(self.simulator)
        self.simulator = self.simulate(delay)

    def health(self):
        return requests.get(self.base + "/health", timeout=60).json()

    def wait(self, what, holds):
        """Whether something comes true by itself."""
        found = servers.until(holds)
        if not found:
            raise RuntimeError(f"{what} did not come true")
        return found

    def trail(self, event):
        """Every record of a kind."""
        shown = self.run("sekisho", "audit", "show", self.deployment, "--limit", "1000000").stdout.splitlines()
        return [body for body in (json.loads(line.split("\t", 1)[1]) for line in shown) if body["event"] == event]


class Shop(P.Authlib):
    """A service that knows its customers by numbers of its own, brings lists of them, and is told the numbers that citizens said are theirs."""

    ID = "shop"

    @classmethod
    def member(cls, platform):
        """Its registration, and the rule under which it learns numbers; the rest of what the party needs."""
        client_key, pem, _ = R.key_pair("shop")
        public = client_key.public_key().public_bytes(R.serialization.Encoding.PEM, R.serialization.PublicFormat.SubjectPublicKeyInfo).decode()
        jwk = JsonWebKey.import_key(public, {"kty": "RSA"}).as_dict()
        jwk.update(kid="shop-1", use="sig", alg="RS256")
        signer, own = JWTSigner.fresh("shop-2")
        port = R.free_port()
        folder = os.path.join(platform.deployment, "Metadata", "members")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "shop.yaml"), "w") as f:
            f.write(f"""id: {cls.ID}
kind: private-verifier
names: {{ja: 見本商店, en: Shop of Samples}}
accreditation:
  state: accredited
  not-before: 2020-01-01T00:00:00Z
  not-after: 2099-01-01T00:00:00Z
  purposes: [points]
openid:
  redirect-uris: ["http://127.0.0.1:{port}/callback"]
  authentication: private_key_jwt
  assertion-lifetime: 1h   # Authlib's assertions live that long
  scopes: [openid, customer_id]
  id-token-algorithm: ES256
  jwks: {json.dumps({"keys": [jwk, own]})}
""")
        with open(os.path.join(platform.deployment, "Policies", "learns-shop.yaml"), "w") as f:
            f.write(f"rules:\n  - id: shop-learns-its-numbers\n    effect: permit\n    member: {cls.ID}\n    floor: card-pin\n"
                    "    release: [customer-id]\n    basis: contract\n")
        return port, pem, signer

    def __init__(self, platform):
        port, pem, self.signer = platform.shop
        super().__init__(port, platform.base, self.ID, key=pem)
        self.arguments["scope"] = "openid customer_id"
        self.inside, self.token = {}, None
        self.platform = platform

    def report(self, **facts):
        self.inside, self.token = facts, facts.get("access_token")
        return super().report(**facts)

    def bring(self, lines):
        """A list of customers, and the platform's word on each."""
        now = int(time.time())
        assertion = self.signer.sign({"iss": self.ID, "sub": self.ID, "aud": self.platform.base + "/links", "iat": now, "exp": now + 60,
                                      "jti": secrets.token_urlsafe(16)})
        answer = requests.post(self.platform.base + "/links", data="\n".join(json.dumps(line) for line in lines).encode(), timeout=30,
                               headers={"Content-Type": "application/jsonl", "Client-Assertion": assertion})
        answer.raise_for_status()
        return [json.loads(line) for line in answer.text.splitlines()]

    def numbers(self, access_token):
        """What an access token is told at this moment."""
        answer = requests.get(self.discovery["userinfo_endpoint"], headers={"Authorization": "Bearer " + access_token}, timeout=60)
        return answer.json().get("customer_id", []) if answer.status_code == 200 else answer.status_code
