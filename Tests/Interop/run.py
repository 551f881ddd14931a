"""Runs real relying-party software against a freshly initialised Sekisho. See README.md."""

import argparse
import json
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.x509.oid import NameOID
import datetime

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import parties as P  # noqa: E402
import servers  # noqa: E402
from citizen import Card  # noqa: E402

PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
PASSED, FAILED = [], []
logging.disable(logging.CRITICAL)  # the libraries tell at length why they refused; the checks below tell it once


def check(name, condition, evidence=""):
    """`evidence` is told where the condition does not hold; what costs something to find out is given as a function."""
    if not condition and callable(evidence):
        evidence = evidence()
    (PASSED if condition else FAILED).append(name)
    print(("ok    " if condition else "FAIL  ") + name + ("" if condition else f"\n      {evidence}"), flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def key_pair(common_name):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=30)).sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
    return key, pem, certificate.public_bytes(serialization.Encoding.PEM).decode()


def key_files(folder, name):
    """A key and its certificate, as files with this name; the paths of both."""
    _, key, certificate = key_pair(name)
    servers.write(folder, {name + ".key": key, name + ".crt": certificate})
    return os.path.join(folder, name + ".key"), os.path.join(folder, name + ".crt")


class Platform:
    """A deployment folder, the simulated JPKI, and `sekisho serve`, all in one temporary folder."""

    def __init__(self, binaries):
        self.folder = tempfile.mkdtemp(prefix="sekisho-interop-")
        self.deployment = os.path.join(self.folder, "deployment")
        self.state = os.path.join(self.folder, "jpki")
        self.binaries = os.path.abspath(binaries)
        self.processes = []
        self.port, self.jpki_port, self.tls_port = free_port(), free_port(), free_port()
        self.base = f"http://127.0.0.1:{self.port}"

    def run(self, program, *arguments, expect=0):
        done = subprocess.run(
            [os.path.join(self.binaries, program), *arguments], capture_output=True, text=True, timeout=120)
        if expect is not None and done.returncode != expect:
            raise RuntimeError(f"{program} {' '.join(arguments)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def start(self, program, *arguments, ready=None, environment=None):
        log = open(os.path.join(self.folder, program + ".log"), "ab")
        process = subprocess.Popen([os.path.join(self.binaries, program), *arguments], stdout=log, stderr=log,
                                   env={**os.environ, **(environment or {})})
        self.processes.append(process)

        def is_ready():
            if process.poll() is not None:
                raise RuntimeError(f"{program} ended at once: {open(log.name).read()[-2000:]}")
            try:
                return requests.get(ready, timeout=20).status_code == 200
            except requests.RequestException:
                return False

        if not servers.until(is_ready, pause=0.1):
            raise RuntimeError(f"{program} did not become ready")
        return process

    def prepare(self):
        jpki = f"http://127.0.0.1:{self.jpki_port}"
        self.run("jpki-simulator", "init", self.state, "--base", jpki)
        self.start("jpki-simulator", "serve", "--state", self.state, "--port", str(self.jpki_port), ready=jpki + "/crl/user/2/full.crl")
        lists = [argument for generation in (1, 2, 3) for argument in ("--revocation-list", f"{jpki}/crl/user/{generation}/full.crl")]
        self.run("sekisho", "init", self.deployment, "--mode", "development", "--base-url", self.base,
                 "--tls-port", str(self.tls_port), *lists)
        self.run("jpki-simulator", "anchors", "--state", self.state, self.deployment)
        if self.pairs:
            self.let_other_devices_in()
        self.server = self.serve()

    pairs = False  # whether the ladder lets an app on another device reach every context; as shipped it reaches none

    def let_other_devices_in(self):
        path = os.path.join(self.deployment, "Policies", "ladder.yaml")
        text = open(path, encoding="utf-8").read()
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace("    needs-statement:", "    doors: [tls, challenge, other-device]\n    needs-statement:"))

    def serve(self):
        return self.start("sekisho", "serve", self.deployment, ready=self.base + "/health")

    def add_member(self, text, files):
        folder = tempfile.mkdtemp(dir=self.folder, prefix="member-")
        for name, content in files.items():
            with open(os.path.join(folder, name), "w") as f:
                f.write(content)
        path = os.path.join(folder, os.path.basename(folder) + ".yaml")
        with open(path, "w") as f:
            f.write(text)
        return self.run("sekisho", "member", "add", path, "--deployment", self.deployment)

    def login(self, url, card="hanako", pin="1234", mode=None, terminal=None, expect=0):
        arguments = ["login", "--state", self.state, "--card", card, "--json"]
        if pin:
            arguments += ["--pin", pin]
        if mode:
            arguments += ["--mode", mode]
        if terminal:
            arguments += ["--terminal", terminal]
        done = self.run("jpki-simulator", *arguments, url, expect=None)
        if expect is not None and done.returncode != expect:
            raise RuntimeError(f"login ended with {done.returncode}: {done.stdout}\n{done.stderr}")
        # When the platform refuses the card the client ends with the refusal's code on its standard error and no page.
        lines = done.stdout.strip().splitlines() or ['{"status": 403, "body": ""}']
        answer = {**json.loads(lines[-1]), "told": done.stderr}
        try:
            answer["page"] = json.loads(answer["body"])
        except ValueError:
            answer["page"] = {}
        return answer

    def stop(self):
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def test_saml(platform, name, party):
    page = platform.login(party.base + "/start")["page"]
    check(f"{name}: a mode-A login is accepted and verified", page.get("format") == PERSISTENT and page.get("name_id"), page)
    pin = page.get("attributes", {}).get(P.PIN_ATTRIBUTE)
    check(f"{name}: reads that the PIN was used", pin == ["true"], page)
    check(f"{name}: RelayState comes back", page.get("relay_state") is not None, page)
    again = platform.login(party.base + "/start")["page"]
    check(f"{name}: the identifier is the same at the next login", again.get("name_id") == page.get("name_id"), again)
    other = platform.login(party.base + "/start", card="taro")["page"]
    check(f"{name}: another citizen has another identifier", other.get("name_id") not in (None, page.get("name_id")), other)
    for what, old, new in (
        ("the PIN fact", ">true<", ">fals<"),
        ("the identifier", page.get("name_id") or "?", "a" * len(page.get("name_id") or "?")),
        ("the audience", party.entity_id, party.entity_id[:-1] + "x"),
    ):
        party.tamper = P.flip_in_xml(old, new)
        refused = platform.login(party.base + "/start", expect=None)["page"]
        check(f"{name}: refuses the answer when {what} is changed", "refused" in refused, refused)
    party.tamper = None
    return page


def test_openid(platform, name, party):
    page = platform.login(party.base + "/start")["page"]
    claims = page.get("claims", {})
    check(f"{name}: a mode-A login is accepted and verified", bool(claims.get("sub")), page)
    check(f"{name}: reads that the PIN was used", claims.get("pin_used") is True and "pin" in claims.get("amr", []), claims)
    check(f"{name}: userinfo speaks of the same citizen", page.get("userinfo", {}).get("sub") == claims.get("sub"), page)
    check(f"{name}: a code without client authentication opens nothing", page.get("unauthenticated_reuse") in (400, 401), page)
    other = platform.login(party.base + "/start", card="taro")["page"].get("claims", {})
    check(f"{name}: another citizen has another sub", other.get("sub") not in (None, claims.get("sub")), other)
    party.tamper = P.flip_in_jwt
    refused = platform.login(party.base + "/start", expect=None)["page"]
    check(f"{name}: refuses the ID token when the PIN claim is changed", "refused" in refused, refused)
    party.tamper = None
    return page


def member(identifier, kind, purpose, body):
    return f"""id: "{identifier}"
kind: {kind}
names:
  ja: 試験
  en: Interoperability test
accreditation:
  state: accredited
  not-before: 2020-01-01T00:00:00Z
  not-after: 2099-01-01T00:00:00Z
  purposes: [{purpose}]
{body}"""


def judge(name, test, stop, logs=()):
    """Runs `test`, shows the ends of these logs when it breaks off, stops everything and counts. The exit code."""
    try:
        test()
    except Exception:
        check("the run goes through to its end", False, traceback.format_exc())
        for path in filter(os.path.exists, logs):
            print(f"--- end of {os.path.basename(path)}\n{open(path, errors='replace').read()[-3000:]}")
    finally:
        stop()
    print(f"{name}: {len(PASSED)} passed, {len(FAILED)} failed", flush=True)
    return 1 if FAILED else 0


def carry_out(name, platform, test, running=()):
    """`judge` for a test that needs the platform prepared."""
    def prepared():
        platform.prepare()
        test()

    def stop():
        for party in running:
            party.stop()
        platform.stop()

    return judge(name, prepared, stop, [os.path.join(platform.folder, program) for program in ("sekisho.log", "jpki-simulator.log")])


class DocumentedClient:
    """The example of docs/card-clients.md, as it stands there, with an exported card and the app's key."""

    def __init__(self, platform):
        document = open(os.path.join(os.path.dirname(__file__), "..", "..", "docs", "card-clients.md"), encoding="utf-8").read()
        self.example = {}
        exec(re.search(r"```python\n(.*?)```", document, re.DOTALL)[1], self.example)
        platform.run("jpki-simulator", "export", "--state", platform.state, "--card", "hanako", platform.folder)
        self.card, self.terminal = Card(platform.folder, platform.base), self
        registered = json.load(open(os.path.join(platform.deployment, "Keys", "terminals", "sekisho-app.json")))
        self.id, self.kid = registered["id"], registered["keys"]["keys"][0]["kid"]
        key = serialization.load_pem_private_key(
            open(os.path.join(platform.state, "terminals", "sekisho-app-key.pem"), "rb").read(), None)

        def sign(data):
            pair = utils.decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
            return b"".join(number.to_bytes(32, "big") for number in pair)

        self.sign = sign
        self.card.sign = lambda text: self.card.key.sign(text, padding.PKCS1v15(), hashes.SHA256())

    def login(self, start):
        """What the service shows, and the answer to the same text sent once more."""
        browser = requests.Session()
        page = browser.get(start, timeout=60).url.split("?")[0].removesuffix("/login")
        return browser.get(self.example["log_in"](browser, page, self.card, self), timeout=60)


def test_documented_client(platform, start):
    client = DocumentedClient(platform)
    claims = client.login(start).json().get("claims", {})
    check("docs/card-clients.md: its example logs in, and its word about the PIN counts", claims.get("pin_used") is True, claims)
    client.id = "nobody"
    try:
        refused = client.login(start).text
    except ValueError as error:
        refused = str(error)
    check("docs/card-clients.md: a client that is not registered is refused", refused == "card.statement.terminal-unknown", refused)
    try:
        client.example["read"]("SEKISHO-IDENTITY-1\norigin: a\n", "SEKISHO-CARD-LOGIN-1")
        check("docs/card-clients.md: its example signs no other text", False)
    except ValueError:
        check("docs/card-clients.md: its example signs no other text", True)


def test(platform, running):
    metadata = requests.get(platform.base + "/saml/metadata", timeout=60).text
    issuer_certificate = re.search(r"<ds:X509Certificate[^>]*>([^<]+)<", metadata)[1]

    pysaml2 = P.PySAML2(free_port(), *key_files(platform.folder, "pysaml2"), metadata)
    running.append(pysaml2)
    platform.add_member(
        member(pysaml2.entity_id, "ministry", "procedure", "saml:\n  metadata: pysaml2.xml\n"), {"pysaml2.xml": pysaml2.metadata()})
    check("member add: a running server knows the new member without a restart", True)

    _, pem, certificate = key_pair("python3-saml")
    idp = {
        "entityId": re.search(r'entityID="([^"]+)"', metadata)[1],
        "singleSignOnService": {"url": platform.base + "/saml/sso",
                                "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"},
        "x509cert": issuer_certificate,
    }
    onelogin = P.OneLogin(free_port(), pem, certificate, idp)
    running.append(onelogin)
    platform.add_member(
        member(onelogin.entity_id, "ministry", "procedure", "saml:\n  metadata: onelogin.xml\n"), {"onelogin.xml": onelogin.metadata()})

    client_key, pem, _ = key_pair("authlib")
    from authlib.jose import JsonWebKey
    public = client_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    jwk = JsonWebKey.import_key(public, {"kty": "RSA"}).as_dict()
    jwk.update(kid="authlib-1", use="sig", alg="RS256")
    port = free_port()
    platform.add_member(
        member("RP00000001", "private-verifier", "points", f"""openid:
  redirect-uris: ["http://127.0.0.1:{port}/callback"]
  authentication: private_key_jwt
  jwks-file: authlib.jwks.json
  assertion-lifetime: 1h   # Authlib's assertions live that long
  id-token-algorithm: ES256
"""), {"authlib.jwks.json": json.dumps({"keys": [jwk]})})
    authlib_key = P.Authlib(port, platform.base, "RP00000001", key=pem)
    running.append(authlib_key)

    port = free_port()
    secret = "interop-" + os.urandom(24).hex()
    platform.add_member(
        member("RP00000002", "ministry", "procedure", f"""openid:
  redirect-uris: ["http://127.0.0.1:{port}/callback"]
  authentication: client_secret_basic
  secret-sha256: "{__import__('hashlib').sha256(secret.encode()).hexdigest()}"
  id-token-algorithm: RS256
"""), {})
    authlib_secret = P.Authlib(port, platform.base, "RP00000002", secret=secret, algorithm="RS256")
    running.append(authlib_secret)

    first = test_saml(platform, "pysaml2", pysaml2)
    second = test_saml(platform, "python3-saml", onelogin)
    third = test_openid(platform, "Authlib, private_key_jwt, ES256", authlib_key)
    fourth = test_openid(platform, "Authlib, client_secret_basic, RS256", authlib_secret)
    identifiers = [first.get("name_id"), second.get("name_id"), third.get("claims", {}).get("sub"),
                   fourth.get("claims", {}).get("sub")]
    check("four services know one citizen by four identifiers", len(set(identifiers)) == 4 and None not in identifiers, identifiers)

    kiosk = platform.login(authlib_key.base + "/start", pin=None, mode="face", terminal="kiosk")["page"].get("claims", {})
    check("Authlib: a kiosk login says that no PIN was used",
          kiosk.get("pin_used") is False and "pin" not in kiosk.get("amr", ["pin"]), kiosk)
    stuck = platform.login(pysaml2.base + "/start", pin=None, mode="face", terminal="kiosk", expect=None)
    check("pysaml2: a kiosk login never enters the ministry quietly", stuck["status"] != 200 and "name_id" not in stuck["page"], stuck)
    stepped = platform.login(pysaml2.base + "/start", mode="face", terminal="kiosk", expect=None)["page"]
    check("pysaml2: the kiosk login is stepped up with the PIN",
          stepped.get("attributes", {}).get(P.PIN_ATTRIBUTE) == ["true"], stepped)
    test_documented_client(platform, authlib_key.base + "/start")
    revoked = platform.login(pysaml2.base + "/start", card="jiro", expect=None)
    check("a revoked card is refused, with its code", "card.status.revoked" in revoked["told"] and not revoked["page"], revoked)

    server = platform.server
    server.kill()
    server.wait()
    platform.server = platform.serve()
    after = platform.login(pysaml2.base + "/start")["page"]
    check("identifiers survive kill -9 and a restart", after.get("name_id") == first.get("name_id"), after)
    audit = platform.run("sekisho", "audit", "verify", platform.deployment, expect=None)
    check("the audit trail holds after kill -9", audit.returncode == 0, audit.stdout + audit.stderr)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=".build/debug")
    platform = Platform(parser.parse_args().binaries)
    running = []
    return carry_out("interop", platform, lambda: test(platform, running), running)


if __name__ == "__main__":
    sys.exit(main())
