"""Relying-party libraries, each in an environment of its own, against a running server: what `relying/*.py` do. See README.md."""

import argparse
import hashlib
import html
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time

import requests

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import run as R  # noqa: E402
from run import check, free_port, member  # noqa: E402

sys.path.insert(0, os.path.join(HERE, "..", "Conformance"))
import signing  # noqa: E402
from visits import Citizen, Page  # noqa: E402

# One party, the packages it stands on, pinned. Environments are kept beside the tests' own.
PARTIES = {
    "requests_oauth2client_party": ["requests-oauth2client==1.8.0"],
    "authlib_party": ["Authlib==1.9.9", "joserfc==1.8.0", "requests==2.34.2"],
    "idpyoidc_party": ["idpyoidc==5.0.0"],
}
SETTINGS = """
openid:
  refresh-tokens: true
  scopes: [openid, offline_access]
  mutual-tls:
    base-url: https://127.0.0.1:{port}
    listen: {{host: 127.0.0.1, port: {port}}}
"""


def environment(name, packages):
    """The interpreter of an environment with these packages in it."""
    folder = os.path.join(os.path.dirname(os.path.dirname(sys.executable)), "relying", name)
    python, note = os.path.join(folder, "bin", "python"), os.path.join(folder, "packages")
    if not os.path.exists(note) or open(note).read() != "\n".join(packages):
        print(f"installing {', '.join(packages)} into an environment of its own", flush=True)
        subprocess.run(["/usr/bin/python3", "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages], check=True)
        with open(note, "w") as f:
            f.write("\n".join(packages))
    return python


class Bystander:
    """The citizen, behind a door that the relying parties' processes knock at: a browser with a card."""

    def __init__(self, platform):
        self.issuer, self.folder, self.cards = platform.base, platform.folder, True
        self.port = free_port()
        self.browser = Citizen(self)
        bystander = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                try:
                    status, said = 200, getattr(bystander, self.path.strip("/"))(**asked)
                except Exception as error:
                    status, said = 500, {"error": f"{type(error).__name__}: {error}"}
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def visit(self, url, expected=(), fresh=False, button=None, cancel=False):
        """Where the browser lands; `fresh` takes a browser without a session, `cancel` leaves at the login page. A page that asks
        something is answered with `button`."""
        if fresh:
            self.browser = Citizen(self)
        landing = self.browser.visit(url, expected, cancel=cancel)
        if button and landing.status == 200:
            landing = self.browser.submit(landing, button, expected)
        return {"url": landing.url, "callback": landing.is_callback, "parameters": landing.parameters, "status": landing.status,
                "said": str(landing) + " " + re.sub(r"<[^>]+>|\s+", " ", landing.text)[:400]}

    def device(self, code, decision):
        """Types the code that a device shows, logs in, decides."""
        page = self.browser.visit(self.issuer + "/device", data={"user_code": code})
        for _ in range(3):  # the page that warns, the card, the page that asks
            if any(fields.get("decision") == decision for _, _, fields, _ in Page(page.text).forms):
                done = self.browser.choose(page, "decision", decision)
                return {"status": done.status}
            journey = page.url.split("?")[0].removesuffix("/about")
            page = self.browser.visit(journey)
        raise RuntimeError(f"nothing to decide on {page}")

    def request(self, message, decision):
        """Finds the request with these words among those that wait, and decides."""
        page = self.browser.visit(self.issuer + "/approve")
        if message not in page.text:
            page = self.browser.submit(page)
        handle = next((fields["request"] for section in page.text.split("<section>")[1:] if html.escape(message) in section
                       for _, _, fields, _ in Page(section).forms if "request" in fields), None)
        page = self.browser.visit(self.issuer + "/approve/open", data={"request": handle})
        return {"status": self.browser.choose(page, "decision", decision).status}

    def stop(self):
        self.server.shutdown()


def prepared(platform, more=""):
    """The deployment's settings beside its defaults, before it serves; `more` lines of `openid:`."""
    path = os.path.join(platform.deployment, "sekisho.yaml")
    with open(path) as f:
        text = re.sub(r"(?m)^#openid:.*\n(?:#  .*\n)*", "", f.read())
    with open(path, "w") as f:
        f.write(text + (SETTINGS + more).format(port=free_port()))
    types = os.path.join(platform.deployment, "Metadata", "authorization-details")
    os.makedirs(types, exist_ok=True)
    shutil.copy(os.path.join(HERE, "..", "..", "Metadata", "authorization-details", "agency-filing.yaml"), types)
    for name, content in zip(("mutual-tls.key.pem", "mutual-tls.crt.pem"), signing.listener_pair()):
        path = os.path.join(platform.deployment, "Keys", name)
        with open(path, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as f:
            f.write(content)


def register(platform, folder):
    """The relying parties' members; what each party is told of its own."""
    told = {}

    def private(key, use, algorithm):
        return {**key.private_jwk(), "kid": key.kid, "use": use, "alg": algorithm}

    def add(name, sections, key=None, secret=None, certificate=None, encryption=None, redirect=True):
        lines, mine = [], {"id": name}
        if redirect:
            mine["redirect"] = f"http://127.0.0.1:{free_port()}/callback"
            lines.append(f'redirect-uris: ["{mine["redirect"]}"]')
        if key:
            keys = [key.jwk()]
            mine["key"] = private(key, "sig", key.algorithm)
            if encryption:
                mine["encryption"] = private(encryption, "enc", "ECDH-ES+A256KW")
                keys.append(encryption.jwk(use="enc", algorithm="ECDH-ES+A256KW"))
            lines += ["authentication: private_key_jwt", "jwks: " + json.dumps({"keys": keys})]
        elif certificate:
            mine["certificate"] = certificate.files
            lines += ["authentication: self_signed_tls_client_auth", "jwks: " + json.dumps({"keys": [certificate.jwk]})]
        elif secret:
            mine["secret"] = secret
            lines += ["authentication: client_secret_basic", f'secret-sha256: "{hashlib.sha256(secret.encode()).hexdigest()}"']
        lines += [f"{option}: {json.dumps(value)}" for option, value in {"id-token-algorithm": "ES256", **sections}.items()]
        platform.add_member(member(name, "ministry", "procedure", "openid:\n" + "".join(f"  {line}\n" for line in lines)), {})
        told[name] = mine

    refresh = {"grants": ["authorization_code", "refresh_token"], "scopes": ["openid", "offline_access"]}
    add("ro2c-core", {**refresh, "request-objects": {"algorithms": ["ES256"]}}, signing.Key("ES256"))
    add("ro2c-fapi", {"profile": "fapi2", "sender-constraint": "dpop"}, signing.Key("ES256"))
    add("ro2c-mtls", {"profile": "fapi2", "sender-constraint": "mtls"}, certificate=signing.Certificate(folder, "ro2c-mtls"))
    told["stranger"] = {"certificate": signing.Certificate(folder, "stranger").files}
    add("ro2c-device", {"grants": ["device_code"]}, signing.Key("ES256"), redirect=False)
    add("ro2c-ciba", {"grants": ["authorization_code", "ciba"], "ciba": {"delivery": "poll", "request-signing-alg": "ES256"}},
        signing.Key("ES256"))
    agencies = {"agency": "https://agency.example/api", "neighbour": "https://neighbour.example/api"}
    for name, audience in agencies.items():
        add(name, {"grants": [], "audiences": [audience], **({"accepts-exchanges-from": ["ro2c-portal"]} if name == "agency" else {})},
            signing.Key("ES256"), redirect=False)
        told[name]["audience"] = audience
    told["agency"]["details"] = json.dumps([
        {"type": "agency-filing", "locations": list(agencies.values()), "actions": ["submit"], "procedure": "move"}])
    add("ro2c-portal", {"grants": ["authorization_code", "token_exchange"], "authorization-details-types": ["agency-filing"],
                        "exchange": {"audiences": list(agencies.values())}}, signing.Key("ES256"))
    add("authlib", {**refresh, "post-logout-redirect-uris": ["http://127.0.0.1:9/bye"]}, secret=signing.unique(32))
    # The library's assertions live an hour.
    add("authlib-encrypted", {"assertion-lifetime": "1h", "id-token-encryption": {"alg": "ECDH-ES+A256KW", "enc": "A256GCM"}, "userinfo-signed-response-alg": "ES256"},
        signing.Key("ES256"), encryption=signing.Key("ES256"))
    add("idpyoidc", refresh, secret=signing.unique(32))
    add("idpyoidc-dpop", {"sender-constraint": "dpop"}, secret=signing.unique(32))
    return told


def let(name, interpreter, world, platform, suffix=".py"):
    """Lets a party do what it does; its checks count as ours."""
    begun = time.time()
    done = subprocess.run([interpreter, os.path.join(HERE, "relying", name + suffix), world], text=True, timeout=300, stdout=subprocess.PIPE,
                          cwd=platform.folder)  # idpyoidc leaves its keys where it stands
    print(done.stdout, end="", flush=True)
    for line in done.stdout.splitlines():
        if line.startswith("ok    "):
            R.PASSED.append(line)
        elif line.startswith("FAIL  "):
            R.FAILED.append(line)
    # A party that breaks off before its first check says nothing of itself.
    check(f"{name}: runs to its end ({time.time() - begun:.0f} s)", done.returncode == (1 if "FAIL  " in done.stdout else 0))


def test(platform, arguments):
    platform.run("jpki-simulator", "export", "--state", platform.state, "--card", "hanako", platform.folder)
    told = register(platform, platform.folder)
    bystander = Bystander(platform)
    world = os.path.join(platform.folder, "relying.json")
    with open(world, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as f:
        json.dump({
            "issuer": platform.base, "clients": told, "citizen": f"http://127.0.0.1:{bystander.port}",
            "metadata": requests.get(platform.base + "/.well-known/openid-configuration", timeout=60).json(),
            "authorities": os.path.join(platform.deployment, "Keys", "mutual-tls.crt.pem")}, f)
    try:
        for name, packages in PARTIES.items():
            if arguments.party and arguments.party not in name:
                continue
            python = environment(name, packages)
            let(name, python, world, platform)
    finally:
        bystander.stop()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=".build/debug")
    parser.add_argument("--party", help="one of them only")
    arguments = parser.parse_args()
    platform = R.Platform(arguments.binaries)
    serve, platform.serve = platform.serve, lambda: None

    def whole():
        prepared(platform)
        platform.serve = serve
        platform.server = platform.serve()
        test(platform, arguments)

    return R.carry_out("relying", platform, whole)


if __name__ == "__main__":
    sys.exit(main())
