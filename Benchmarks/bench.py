"""Measures Sekisho with the shared load driver: SAML hop, OpenID hop, start, card login. See README.md."""

import argparse
import base64
import html
import importlib.util
import json
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import types
import urllib.parse
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "Tests", "Interop"))
from citizen import Card, JWTSigner, b64u  # noqa: E402

SHARED = os.environ.get("SEKISHO_BENCH", os.path.join(os.path.dirname(ROOT), "shared", "bench"))


def load_driver(state):
    os.environ["BENCH_STATE"] = state
    spec = importlib.util.spec_from_file_location("driver", os.path.join(SHARED, "driver.py"))
    driver = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(driver)
    return driver


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Citizen(Card):
    def login(self, driver, target):
        """From a fresh browser to the answer for the service."""
        browser = driver.Browser(target)
        rows = driver.Work(target).rows(1)
        browser.go("GET", driver.Work(target).first_path(rows[0]))
        journey = browser.url.split("?")[0]
        if not journey.startswith("/journey/"):
            raise SystemExit(f"no journey: {browser.status} {browser.url} {browser.body[:400]}")
        browser.go("POST", journey + "/challenge", "{}", "application/json", follow=False)
        body = json.dumps(self.answer(json.loads(browser.body)))
        browser.go("POST", journey + "/answer", body, "application/json", follow=False)
        if browser.status != 200:
            raise SystemExit(f"card refused: {browser.body[:600]}")
        browser.go("GET", json.loads(browser.body)["continue"])
        if browser.status not in (200, 0):
            raise SystemExit(f"no answer: {browser.status} {browser.body[:400]}")
        return browser


ASSERTION = "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion="


class RelyingParty:
    """What a client prepares for a flow: assertions and, for FAPI 2.0, DPoP proofs of a key of its own."""

    def __init__(self):
        self.signer, self.jwk = JWTSigner.fresh("bench-1")
        self.holder, point = JWTSigner.fresh("holder")
        self.holder.header = b64u(json.dumps({"typ": "dpop+jwt", "alg": "ES256", "jwk": {k: point[k] for k in ("kty", "crv", "x", "y")}}).encode())

    def assertion(self, name, audience):
        now = int(time.time())
        return self.signer.sign({"iss": name, "sub": name, "aud": audience, "iat": now, "exp": now + 280, "jti": secrets.token_hex(12)})

    def proof(self, address):
        return self.holder.sign({"jti": secrets.token_hex(12), "htm": "POST", "htu": address, "iat": int(time.time())})

    def prepared(self, work, row):
        """The columns behind the driver's own four."""
        name, base = work.o["client_id"], f"http://{work.t.host}"
        if not work.o.get("fapi2"):
            return row + (self.assertion(name, base + work.o["token"]),)
        return row + (self.assertion(name, base), self.assertion(name, base), self.proof(base + work.o["par"]),
                      self.proof(base + work.o["token"]))

    def templates(self, work, made):
        """The driver's two requests with an assertion in place of the secret; for FAPI 2.0 three, the first of them pushed."""
        authorize, (method, path, headers, body, lines) = made
        headers = {k: v for k, v in headers.items() if k != "Authorization"}
        name = work.o["client_id"]
        if not work.o.get("fapi2"):
            return [authorize, (method, path, headers, body + f"&client_id={name}&{ASSERTION}\x01E", lines)]
        pushed = authorize[1].split("?")[1] + "&" + ASSERTION + "\x01E"
        return [
            ("POST", work.o["par"], {**headers, "DPoP": "\x01G"}, pushed, ["status\t201", 'capture\t0\tbody\t"request_uri":"\t"']),
            ("GET", f"{work.o['authorize']}?client_id={name}&request_uri=\x01p", {}, "", ["status\t303", "capture\t1\thead\tcode=\t& "]),
            (method, path, {**headers, "DPoP": "\x01H"}, body.replace("\x01p", "\x01q") + f"&client_id={name}&{ASSERTION}\x01F", lines)]

    def pushed(self, work, row):
        """Where a browser begins: the address of a request pushed by hand."""
        _, path, _, body, _ = work.templates()[0]
        for column, value in enumerate(row):
            body = body.replace("\x01" + chr(65 + column), value)
        asked = urllib.request.Request(work.t.c["base"] + path, body.encode(), {"DPoP": row[6], "Host": work.t.host})
        with urllib.request.urlopen(asked) as answer:
            reference = json.load(answer)["request_uri"]
        return f"{work.o['authorize']}?client_id={work.o['client_id']}&request_uri={urllib.parse.quote(reference, safe='')}"


def patch(driver, citizen, client):
    login = driver.login
    ours = lambda target: target.name.startswith("sekisho")
    driver.login = lambda target: citizen(target).login(driver, target) if ours(target) else login(target)
    rows, templates, first = driver.Work.rows, driver.Work.templates, driver.Work.first_path
    speaks = lambda work: work.kind == "oidc" and ours(work.t)
    driver.Work.rows = lambda work, count: (
        [client.prepared(work, row) for row in rows(work, count)] if speaks(work) else rows(work, count))
    driver.Work.templates = lambda work: client.templates(work, templates(work)) if speaks(work) else templates(work)
    driver.Work.first_path = lambda work, row: client.pushed(work, row) if work.o.get("fapi2") and len(row) > 6 else first(work, row)
    verify = driver.Work.verify_saml

    def with_decryption(self, text, row):
        """An encrypted answer is opened by xmlsec1 with the service's key; then the driver verifies what was in it."""
        if "decryption_key" not in self.o:
            return verify(self, text, row)
        found = re.search(r'name="SAMLResponse"[^>]*?value="([^"]+)"', text, re.S)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "answer.xml")
            with open(path, "wb") as f:
                f.write(base64.b64decode(html.unescape(found[1])))
            opened = subprocess.run(["xmlsec1", "--decrypt", "--privkey-pem", self.o["decryption_key"], path], capture_output=True, text=True)
        if opened.returncode or "EncryptedAssertion" not in open_text(opened.stdout, found[1]):
            return {"ok": False, "bad": ["not decrypted: " + opened.stderr[-200:]], "signatures": 0, "algs": [], "bytes": 0}
        plain = opened.stdout.replace("EncryptedAssertion", "OpenedAssertion").replace("<EncryptedData", "<OpenedData")
        return verify(self, text.replace(found[1], base64.b64encode(plain.encode()).decode()), row)

    driver.Work.verify_saml = with_decryption


def open_text(plain, sent):
    """What was sent, when it truly was encrypted and no longer is."""
    before = base64.b64decode(html.unescape(sent)).decode()
    return before if "<xenc:EncryptedData" in before and "EncryptedData" not in plain else ""


MEMBER = """id: "{id}"
kind: {kind}
names: {{ja: 計測, en: Benchmark}}
accreditation:
  state: accredited
  not-before: 2020-01-01T00:00:00Z
  not-after: 2099-01-01T00:00:00Z
  purposes: [{purpose}]
{body}"""

ENCRYPTION = """<md:KeyDescriptor use="encryption"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
<ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
<md:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/>
<md:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"/></md:KeyDescriptor>"""

METADATA = """<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{id}">
<md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" WantAssertionsSigned="true">{keys}
<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</md:NameIDFormat>
<md:AssertionConsumerService index="0" isDefault="true" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
 Location="http://sp.test/acs"/></md:SPSSODescriptor></md:EntityDescriptor>"""


def service_key(folder):
    """A service's RSA-2048 key for encryption, in `folder`; its certificate in Base64."""
    key = os.path.join(folder, "service-key.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=enc.test", "-days", "2", "-keyout", key,
                    "-out", os.path.join(folder, "service.pem")], check=True, capture_output=True)
    with open(os.path.join(folder, "service.pem")) as f:
        return "".join(line.strip() for line in f if "CERTIFICATE" not in line)


SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"


def token(folder):
    """A new SoftHSM token in `folder`; Debian package softhsm2. Its module and where its PIN is, as `sekisho keys next` wants them."""
    os.makedirs(os.path.join(folder, "tokens"))
    with open(os.path.join(folder, "softhsm2.conf"), "w") as f:
        f.write(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = os.path.join(folder, "softhsm2.conf")
    with open(os.open(os.path.join(folder, "pin"), os.O_WRONLY | os.O_CREAT, 0o400), "w") as f:
        f.write("1234")
    subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", "Bench", "--so-pin", "5678", "--pin", "1234"], check=True,
                   stdout=subprocess.DEVNULL)
    return ["--module", SOFTHSM, "--pin-source", f"file:{folder}/pin"]


def prepare(binaries, folder, normal, revocation_list=None, client=None, softhsm=False):
    """A deployment with one SAML and one OpenID member, and a simulated JPKI whose lists are files (no network at login)."""
    run = lambda program, *a: subprocess.run([os.path.join(binaries, program), *a], check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    jpki, deployment = os.path.join(folder, "jpki"), os.path.join(folder, "deployment")
    responder = free_port()
    run("jpki-simulator", "init", jpki, "--base", f"http://127.0.0.1:{responder}")
    service = subprocess.Popen([os.path.join(binaries, "jpki-simulator"), "serve", "--state", jpki, "--port", str(responder)],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1)
    run("sekisho", "init", deployment, "--mode", "development", "--base-url", base,
        "--revocation-list", revocation_list or f"http://127.0.0.1:{responder}/crl/user/2/full.crl")
    run("jpki-simulator", "anchors", "--state", jpki, deployment)
    run("jpki-simulator", "export", "--state", jpki, "--card", "hanako", folder)

    client = client or RelyingParty()
    members = os.path.join(folder, "members")
    os.makedirs(members)
    files = {
        "sp.yaml": MEMBER.format(id="http://sp.test/metadata", kind="ministry", purpose="procedure",
                                 body="saml:\n  metadata: sp.xml\n  sign: assertion\n"),
        "sp.xml": METADATA.format(id="http://sp.test/metadata", keys=""),
        "enc.yaml": MEMBER.format(id="http://enc.test/metadata", kind="ministry", purpose="procedure",
                                  body="saml:\n  metadata: enc.xml\n  sign: assertion\n  encrypt: required\n"),
        "enc.xml": METADATA.format(id="http://enc.test/metadata", keys=ENCRYPTION.format(certificate=service_key(folder))),
        "ec.yaml": MEMBER.format(id="http://ec.test/metadata", kind="ministry", purpose="procedure",
                                 body="saml:\n  metadata: ec.xml\n  sign: assertion\n  algorithm: ecdsa-sha256\n"),
        "ec.xml": METADATA.format(id="http://ec.test/metadata", keys=""),
        "rp.yaml": MEMBER.format(id="bench-rp", kind="private-verifier", purpose="points", body="""openid:
  redirect-uris: ["http://127.0.0.1:9/cb"]
  authentication: private_key_jwt
  jwks-file: rp.jwks.json
  id-token-algorithm: ES256
"""),
        "fapi.yaml": MEMBER.format(id="bench-fapi", kind="private-verifier", purpose="points", body="""openid:
  profile: fapi2
  redirect-uris: ["https://127.0.0.1:9/cb"]
  authentication: private_key_jwt
  jwks-file: fapi.jwks.json
  sender-constraint: dpop
  id-token-algorithm: ES256
"""),
        "fapi.jwks.json": json.dumps({"keys": [client.jwk]}),
        "rp.jwks.json": json.dumps({"keys": [client.jwk]}),
    }
    for name, text in files.items():
        with open(os.path.join(members, name), "w") as f:
            f.write(text)
    run("sekisho", "keys", "generate", "saml-signing", "--kind", "p256", "--name", "saml-p256", "--deployment", deployment)
    run("sekisho", "keys", "promote", "saml-p256", "--deployment", deployment)
    if softhsm:
        place = [*token(folder), "--deployment", deployment]
        for use, kind, more in (("saml-signing", "rsa2048", []), ("openid-signing", "p256", ["--algorithm", "ES256"])):
            run("sekisho", "keys", "next", use, "--token", f"pkcs11:token=Bench;object={kind}", "--generate", kind, "--name", "far-" + kind, *more,
                *place)
            run("sekisho", "keys", "promote", "far-" + kind, "--early", "a benchmark", "--deployment", deployment)
    for name in ("sp.yaml", "enc.yaml", "ec.yaml", "rp.yaml", "fapi.yaml"):
        run("sekisho", "member", "add", os.path.join(members, name), "--deployment", deployment)
    if normal:
        path = os.path.join(deployment, "sekisho.yaml")
        with open(path) as f:
            text = f.read().replace("  path: State/sekisho.sqlite", "  path: State/sekisho.sqlite\n  synchronous: normal")
        with open(path, "w") as f:
            f.write(text)
    common = {
        "base": base, "procs": [{"argv": [os.path.join(binaries, "sekisho"), "serve", deployment, "--log-level", "error"]}],
        "ready": "/health", "login": [{"do": "card"}], "rate_hint": 2500,
    }
    certificate = os.path.join(deployment, "Keys", "saml-signing.crt.pem")
    saml = lambda name, cert, **more: {**common, "kind": "saml", "saml": {
        "sso": "/saml/sso", "sp": f"http://{name}.test/metadata", "acs": "http://sp.test/acs", "cert": cert, **more}}
    oidc = {
        "authorize": "/openid/authorize", "token": "/openid/token", "jwks": "/openid/jwks", "client_id": "bench-rp", "client_secret": "unused",
        "redirect_uri": "http://127.0.0.1:9/cb", "scope": "openid", "alg": "ES256", "authz_status": 303}
    targets = {
        "sekisho-saml": saml("sp", certificate),
        "sekisho-saml-encrypted": saml("enc", certificate, decryption_key=os.path.join(folder, "service-key.pem")),
        "sekisho-saml-p256": {**saml("ec", os.path.join(deployment, "Keys", "saml-p256.crt.pem")), "signs": "ecdsap256"},
        "sekisho-oidc": {**common, "kind": "oidc", "signs": "ecdsap256", "oidc": oidc},
        "sekisho-oidc-fapi2": {**common, "kind": "oidc", "signs": "ecdsap256", "rate_hint": 1500, "oidc": {
            **oidc, "fapi2": True, "par": "/openid/par", "client_id": "bench-fapi", "redirect_uri": "https://127.0.0.1:9/cb"}},
    }
    if softhsm:
        targets = {"sekisho-saml-softhsm": saml("sp", os.path.join(deployment, "Keys", "far-rsa2048.crt.pem")),
                   "sekisho-oidc-softhsm": targets["sekisho-oidc"]}
    paths = []
    for name, target in targets.items():
        os.makedirs(os.path.join(folder, "targets", name))
        path = os.path.join(folder, "targets", name, "target.json")
        with open(path, "w") as f:
            json.dump({"name": name, **target}, f)
        paths.append(path)
    return base, paths, client, service


def measure_logins(driver, citizen, target, count):
    """(d): service CPU per whole card login, one after the other."""
    limit = driver.limit()
    target.start()
    try:
        citizen.login(driver, target)
        times, before = [], driver.cpu_of(driver.tree(target.pids()))
        for _ in range(count):
            begun = time.monotonic()
            citizen.login(driver, target)
            times.append((time.monotonic() - begun) * 1000)
        cpu = (driver.cpu_of(driver.tree(target.pids())) - before) / count
    finally:
        target.stop()
    signatures = limit["rsa2048_cpu1"]
    print(f"(d) card login by signed challenge: {count} logins, wall p50 {statistics.median(times):.1f} ms, "
          f"service CPU {cpu * 1000:.2f} ms each = {cpu * signatures:.2f} RSA-2048 signatures")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=os.path.join(ROOT, ".build", "release"))
    parser.add_argument("-c", default="1,8,32", help="concurrencies")
    parser.add_argument("-s", type=float, default=4, help="seconds per point")
    parser.add_argument("-r", type=int, default=2, help="rounds")
    parser.add_argument("--logins", type=int, default=50)
    parser.add_argument("--synchronous", choices=["full", "normal"], default="full", help="the store's durability")
    parser.add_argument("--softhsm", action="store_true", help="beside them a deployment whose keys are in SoftHSM (Debian package softhsm2)")
    parser.add_argument("--only", choices=["saml", "oidc", "cold", "login"])
    parser.add_argument("peers", nargs="*", help="target files of peers to measure in the same run")
    arguments = parser.parse_args()
    if not os.path.exists(os.path.join(SHARED, "driver.py")):
        sys.exit(f"the shared load driver is not at {SHARED}; set SEKISHO_BENCH")
    binaries = os.path.abspath(arguments.binaries)
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-") as folder:
        driver = load_driver(os.path.join(folder, "state"))
        normal = arguments.synchronous == "normal"
        base, paths, client, *services = prepare(binaries, folder, normal)
        try:
            citizen = Citizen(folder, base)
            citizens = {name: citizen for name in paths}
            if arguments.softhsm:
                far = os.path.join(folder, "softhsm")
                os.makedirs(far)
                there, more, _, service = prepare(binaries, far, normal, client=client, softhsm=True)
                services.append(service)
                citizens |= {name: Citizen(far, there) for name in more}
                paths += more
            names = {json.load(open(path))["name"]: who for path, who in citizens.items()}
            patch(driver, lambda target: names[target.name], client)
            targets = [driver.Target(path) for path in paths if not arguments.only or arguments.only in path or arguments.only in
                       ("cold", "login")]
            if arguments.only in (None, "saml", "oidc"):
                out = os.path.join(folder, "results.jsonl")
                peers = [driver.Target(path) for path in arguments.peers]
                # Peers run as www-data: their state lies in our folder.
                os.chmod(folder, 0o755)
                for peer in peers:
                    peer.setup()
                driver.cmd_run(types.SimpleNamespace(c=arguments.c, s=arguments.s, r=arguments.r, o=out, w=1, wait=30, keep=False),
                               targets + peers)
                driver.cmd_table([out])
            if arguments.only in (None, "cold"):
                driver.cmd_cold(types.SimpleNamespace(n=5, o=None), targets[:1])
            if arguments.only in (None, "login"):
                measure_logins(driver, citizen, targets[0], arguments.logins)
        finally:
            for service in services:
                service.terminate()
                service.wait()


if __name__ == "__main__":
    main()
