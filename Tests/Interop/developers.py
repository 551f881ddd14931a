"""What the platform gives to developers: pages, settings to copy, and the sandbox, whose wrong answers real relying-party software has to
refuse. A careless service is the control: `jpki-simulator acceptance` must find it out."""

import base64
import json
import os
import re
import sys
import urllib.parse
import xml.etree.ElementTree as ET

import requests
from cryptography.hazmat.primitives import serialization

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import guides as G  # noqa: E402
import parties as P  # noqa: E402
import run as R  # noqa: E402
from mellon import Mellon  # noqa: E402
from run import check, free_port, key_files, key_pair, member  # noqa: E402

ASSERTION = "{urn:oasis:names:tc:SAML:2.0:assertion}"

# What a library lets pass, with its reason. The standards' own demands on a service, where the library leaves them to the application or does
# not look; anything else that is taken is a failure of this test, and so is a name here that is refused by now.
KNOWN = {
    "pysaml2": {
        "no-audience": "takes an assertion that is for nobody in particular",
        "wrong-recipient": "does not compare the Recipient",
        "not-bearer": "takes sender-vouches as it takes bearer",
        "replayed": "remembers no assertion: the application has to; here the request was still open",
    },
    "python3-saml": {
        "no-audience": "takes an assertion that is for nobody in particular",
        "replayed": "remembers no assertion: the application has to",
    },
    "mod_auth_mellon": {
        "no-audience": "takes an assertion that is for nobody in particular",
        "wrong-in-response-to": "does not know which request it sent",
    },
    "Authlib": {},
}


class Sandboxed(R.Platform):
    """A deployment whose sekisho.yaml has `sandbox: true`."""

    def serve(self):
        path = os.path.join(self.deployment, "sekisho.yaml")
        text = open(path).read()
        if "\nsandbox: true" not in text:
            with open(path, "a") as f:
                f.write("\nsandbox: true\n")
        return super().serve()

    def acceptance(self, start, success, *more):
        done = self.run(
            "jpki-simulator", "acceptance", "--platform", self.base, "--start", start, "--success", success, "--json", *more, expect=None)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return done.returncode, {line["answer"]: line for line in lines}, done.stdout + done.stderr


class CarelessSAML(P.Party):
    """Reads the first assertion it finds and believes it."""

    def __init__(self, port, sandbox):
        super().__init__(port)
        self.entity_id, self.sandbox = f"{self.base}/metadata", sandbox

    def metadata(self):
        return f"""<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{self.entity_id}">
<md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:AssertionConsumerService index="0"
Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="{self.base}/acs"/></md:SPSSODescriptor></md:EntityDescriptor>"""

    def answer(self, method, path, form, raw):
        if path == "/start":
            import datetime
            import zlib

            now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            request = f"""<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_{os.urandom(16).hex()}" Version="2.0"
IssueInstant="{now}" Destination="{self.sandbox}/saml/sso"><saml:Issuer
xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{self.entity_id}</saml:Issuer></samlp:AuthnRequest>"""
            raw = zlib.compress(request.encode())[2:-4]
            return 303, {"Location": self.sandbox + "/saml/sso?" + urllib.parse.urlencode(
                {"SAMLRequest": base64.b64encode(raw).decode()})}, ""
        if path == "/acs":
            assertion = next(ET.fromstring(base64.b64decode(form["SAMLResponse"])).iter(ASSERTION + "Assertion"))
            return self.report(name_id=assertion.find(f"{ASSERTION}Subject/{ASSERTION}NameID").text)
        return 404, {}, "{}"


def pages(platform):
    for path in ("/developers", "/developers/acceptance"):
        for language in ("ja", "en"):
            page = requests.get(platform.base + path, headers={"Accept-Language": language}, timeout=60)
            check(f"{path} in {language}", page.status_code == 200 and f'lang="{language}"' in page.text, page.text[:300])
    index = requests.get(platform.base + "/developers", timeout=60).text
    for address in ("/saml/metadata", "/.well-known/openid-configuration", "/sandbox/saml/metadata",
                    "/sandbox/.well-known/openid-configuration"):
        check(f"/developers names {address}, and it answers",
              platform.base + address in index and requests.get(platform.base + address, timeout=60).status_code == 200)
    guides = sorted(set(re.findall(r"/developers/settings/[a-z0-9-]+", index)))
    check("settings for nineteen pieces of software", len(guides) == 19, guides)
    marked = set()
    for guide in guides:
        page = requests.get(platform.base + guide, headers={"Accept-Language": "en"}, timeout=60)
        if "tested with the real software" in page.text:
            marked.add(guide.rpartition("/")[2])
        check(f"{guide} has this deployment's own address in it", page.status_code == 200 and platform.base in page.text, page.text[:300])
    missing = requests.get(platform.base + "/developers/settings/nothing", timeout=60)
    check("settings that are not there are refused with a code", missing.status_code == 404 and "developers.software" in missing.text)
    answers = requests.get(platform.base + "/sandbox/answers", timeout=60).json()
    check("the sandbox lists its answers", len(answers["saml"]) == 18 and len(answers["openid"]) == 19, answers)
    return marked


def judged(platform, name, start, success, log=lambda: ""):
    """Every wrong answer the standards speak of is refused by the software, but for what is known of it."""
    code, verdicts, told = platform.acceptance(start, success)
    check(f"{name}: takes the right answer of the sandbox", verdicts.get("right", {}).get("taken") is True, told + log())
    taken = {answer for answer, verdict in verdicts.items() if verdict["taken"] and verdict["binding"] and answer != "right"}
    check(f"{name}: refuses every wrong answer ({len(verdicts) - 1} of them) but those known of it", taken == set(KNOWN[name]), told)
    check(f"{name}: the command's own verdict says so", code == (1 if taken else 0), told)
    return verdicts


def test(platform, running):
    marked = pages(platform)
    sandbox = platform.base + "/sandbox"
    metadata = requests.get(sandbox + "/saml/metadata", timeout=60).text
    own = requests.get(platform.base + "/saml/metadata", timeout=60).text
    certificate = re.search(r"<ds:X509Certificate[^>]*>([^<]+)<", metadata)[1]
    check("the sandbox's key is not the platform's", certificate not in own)
    kept = platform.run("sekisho", "check", platform.deployment, expect=None)
    check("`sekisho check` takes the deployment", kept.returncode == 0, kept.stdout + kept.stderr)

    pysaml2 = P.PySAML2(free_port(), *key_files(platform.folder, "pysaml2"), metadata)
    running.append(pysaml2)
    platform.add_member(
        member(pysaml2.entity_id, "ministry", "procedure", "saml:\n  metadata: pysaml2.xml\n"), {"pysaml2.xml": pysaml2.metadata()})
    judged(platform, "pysaml2", pysaml2.base + "/start", '"name_id": "sandbox-')

    _, pem, crt = key_pair("python3-saml")
    onelogin = P.OneLogin(free_port(), pem, crt, {
        "entityId": re.search(r'entityID="([^"]+)"', metadata)[1],
        "singleSignOnService": {"url": sandbox + "/saml/sso", "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"},
        "x509cert": certificate})
    running.append(onelogin)
    platform.add_member(
        member(onelogin.entity_id, "ministry", "procedure", "saml:\n  metadata: onelogin.xml\n"), {"onelogin.xml": onelogin.metadata()})
    judged(platform, "python3-saml", onelogin.base + "/start", '"name_id": "sandbox-')

    _, pem, crt = key_pair("mellon")
    folder = os.path.join(platform.folder, "mellon")
    os.makedirs(folder)
    os.chmod(platform.folder, 0o755)
    Mellon.hosts = 0  # on the platform's own host: without TLS a browser keeps its cookies from a POST that comes from another site
    mellon = Mellon(folder, free_port(), pem, crt, metadata, methods=None)
    # Without TLS no browser takes its SameSite=None.
    mellon.text += "\nLoadModule env_module /usr/lib/apache2/modules/mod_env.so\nSetEnv MELLON_DISABLE_SAMESITE 1\n"
    platform.add_member(
        member(mellon.entity_id, "ministry", "procedure", "saml:\n  metadata: mellon.xml\n"), {"mellon.xml": mellon.metadata})
    running.append(mellon.start())
    judged(platform, "mod_auth_mellon", mellon.base + "/secret/index.html", "in", mellon.log)

    client_key, pem, _ = key_pair("authlib")
    from authlib.jose import JsonWebKey

    jwk = JsonWebKey.import_key(client_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode(), {"kty": "RSA"}).as_dict()
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
    authlib = P.Authlib(port, sandbox, "RP00000001", key=pem)
    running.append(authlib)
    verdicts = judged(platform, "Authlib", authlib.base + "/start", '"sub": "sandbox-')
    check("Authlib: what is told of the invented citizen comes in the ID token",
          "mix-up" not in verdicts and verdicts["right"]["taken"], verdicts)

    careless = CarelessSAML(free_port(), sandbox)
    running.append(careless)
    platform.add_member(
        member(careless.entity_id, "ministry", "procedure", "saml:\n  metadata: careless.xml\n"), {"careless.xml": careless.metadata()})
    code, verdicts, told = platform.acceptance(careless.base + "/start", '"name_id": "sandbox-')
    failed = {answer for answer, verdict in verdicts.items() if verdict["verdict"] == "FAIL"}
    check("a careless service is found out", code == 1 and len(failed) >= 14, told)
    check("with the clause of each", all(verdicts[answer]["clause"] for answer in failed), told)

    stranger = requests.get(sandbox + "/saml/sso?SAMLRequest=nonsense", timeout=60)
    check("a message that is none is refused with its code", stranger.status_code == 400 and "saml." in stranger.text, stranger.text[:300])
    crossed = requests.post(sandbox + "/saml/answer", data={"answer": "right"}, headers={"Sec-Fetch-Site": "cross-site"}, timeout=60)
    check("another site cannot choose (H3)", crossed.status_code >= 400 and "http.cross-site" in crossed.text, crossed.text[:300])
    broken = requests.post(sandbox + "/saml/answer", data={"answer": "everything"}, timeout=60)
    check("an answer that is none of them is refused", broken.status_code >= 400 and "sandbox.form" in broken.text, broken.text[:300])
    G.test(platform, running, marked)
    audit = platform.run("sekisho", "audit", "verify", platform.deployment, expect=None)
    check("the platform's trail holds", audit.returncode == 0, audit.stdout + audit.stderr)

    path = os.path.join(platform.deployment, "sekisho.yaml")
    text = open(path).read()
    with open(path, "w") as f:
        f.write(text.replace("mode: development", "mode: production"))
    refused = platform.run("sekisho", "check", platform.deployment, expect=None)
    check("production refuses a sandbox", refused.returncode != 0 and "production.sandbox" in refused.stdout + refused.stderr,
          refused.stdout + refused.stderr)
    with open(path, "w") as f:
        f.write(text)


def main():
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=".build/debug")
    platform = Sandboxed(parser.parse_args().binaries)
    running = []
    return R.carry_out("developers", platform, lambda: test(platform, running), running)


if __name__ == "__main__":
    sys.exit(main())
