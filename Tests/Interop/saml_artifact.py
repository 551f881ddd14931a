"""HTTP-Artifact in both directions and AttributeQuery, with pysaml2 and Apache with mod_auth_mellon against a running `sekisho serve`.
See README.md."""

import argparse
import base64
import http.server
import json
import os
import re
import sys
import threading
import urllib.parse

import requests
from saml2 import BINDING_HTTP_ARTIFACT, BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, BINDING_SOAP
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.httpbase import HTTPError
from saml2.metadata import entity_descriptor
from saml2.response import AttributeResponse, InvalidAssertion, StatusError
from saml2.saml import NAME_FORMAT_URI, NameID
from saml2.s_utils import sid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import mellon  # noqa: E402
import run as R  # noqa: E402
from browser import Browser  # noqa: E402

PIN = "urn:x-sekisho:attribute:pin-used"
MODE = "urn:x-sekisho:attribute:card-mode"
STRONG = {
    "sign_alg": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "digest_alg": "http://www.w3.org/2001/04/xmlenc#sha256",
}


class ArtifactParty:
    """A service provider that takes its answers by artifact and gives its requests by artifact."""

    def __init__(self, platform, name, metadata):
        self.port = R.free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.entity_id = f"{self.base}/metadata"
        key_file, certificate_file = R.key_files(platform.folder, name)
        self.client = Saml2Client(config=SPConfig().load({
            "entityid": self.entity_id, "key_file": key_file, "cert_file": certificate_file, "xmlsec_binary": "/usr/bin/xmlsec1",
            "allow_unknown_attributes": True, "metadata": {"inline": [metadata]},
            "service": {"sp": {
                "endpoints": {
                    # pysaml2 compares Destination with the addresses of HTTP-POST only.
                    "assertion_consumer_service": [
                        (f"{self.base}/acs", BINDING_HTTP_ARTIFACT), (f"{self.base}/acs", BINDING_HTTP_POST)],
                    "artifact_resolution_service": [(f"{self.base}/ars", BINDING_SOAP)],
                },
                "authn_requests_signed": True, "want_assertions_signed": True, "want_response_signed": True, "allow_unsolicited": False,
                "name_id_format": [R.PERSISTENT],
            }},
        }))
        # What the configuration has no word for in pysaml2: the index of the artifact resolution service.
        self.metadata = re.sub(
            r"(ArtifactResolutionService\b(?![^>]*\bindex=))", r'\1 index="0"', str(entity_descriptor(self.client.config)))
        self.idp = re.search(r'entityID="([^"]+)"', metadata)[1]
        self.outstanding = {}
        self.answers_unsigned = False
        self.holds = False  # keeps the artifact unresolved, for the test to do it
        self.last_artifact = None
        self.questions = []
        party = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def log_message(self, *arguments):
                pass

            def do_GET(self):
                self.reply(lambda: party.browser(self.path))

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.reply(lambda: party.server_side(self.path, self.headers, body))

            def reply(self, make):
                try:
                    status, headers, body = make()
                except Exception as error:  # a library's refusal is an answer of the test
                    status, headers, body = 403, {}, json.dumps({"refused": f"{type(error).__name__}: {error}"[:400]})
                body = body if isinstance(body, bytes) else body.encode()
                self.send_response(status)
                for key, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(key, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def stop(self):
        self.http.shutdown()

    # What a browser asks for.

    def browser(self, path):
        parts = urllib.parse.urlsplit(path)
        form = {k: v[0] for k, v in urllib.parse.parse_qs(parts.query, keep_blank_values=True).items()}
        if parts.path == "/start":
            request_id, info = self.client.prepare_for_authenticate(
                relay_state="start & more", binding=BINDING_HTTP_REDIRECT, response_binding=BINDING_HTTP_ARTIFACT,
                sigalg=STRONG["sign_alg"], digest_alg=STRONG["digest_alg"])
            self.outstanding[request_id] = "/"
            return 303, {"Location": dict(info["headers"])["Location"]}, ""
        if parts.path == "/start-by-artifact":
            request_id, request = self.client.create_authn_request(
                self.client.sso_location(self.idp, BINDING_HTTP_REDIRECT), binding=BINDING_HTTP_ARTIFACT, sign=False)
            self.outstanding[request_id] = "/"
            artifact = self.client.use_artifact(request)
            query = urllib.parse.urlencode({"SAMLart": artifact, "RelayState": "by reference"})
            return 303, {"Location": self.client.sso_location(self.idp, BINDING_HTTP_REDIRECT) + "?" + query}, ""
        if parts.path == "/acs":
            self.last_artifact = form["SAMLart"]
            if self.holds:
                return 200, {}, json.dumps({"held": True})
            return 200, {}, json.dumps({**self.read(self.resolve(form["SAMLart"])), "relay_state": form.get("RelayState")})
        return 404, {}, "{}"

    # What the platform's server asks for.

    def server_side(self, path, headers, body):
        if path != "/ars":
            return 404, {}, "{}"
        question = self.client.parse_artifact_resolve(body.decode())
        self.questions.append((headers.get("Content-Type"), headers.get("SOAPAction"), body))
        artifact = question.artifact.text
        # pysaml2 can sign it only once the message is in it, and by its own default with SHA-1.
        answer = self.client.create_artifact_response(question, artifact, sign=False, issuer=self.client._issuer())
        if not self.answers_unsigned:
            answer = self.client.sign(answer, answer.id, **STRONG)
        info = self.client.apply_binding(BINDING_SOAP, f"{answer}", "", sign=False)
        return 200, {"Content-Type": "text/xml"}, info["data"]

    # Its own server, asking the platform.

    def resolve(self, artifact, sign=True):
        try:
            return self.client.artifact2message(artifact, "idpsso", sign=sign, **(STRONG if sign else {}))
        except HTTPError as error:
            return error

    def read(self, answer):
        """Checks the ArtifactResponse and then the Response in it, each with pysaml2's own verifier.

        Each is taken out of the envelope as it came: pysaml2's own way to take it out, by ElementTree, renames prefixes and so breaks
        every signature that another implementation made.
        """
        if isinstance(answer, HTTPError):
            return {"refused": str(answer)}
        carried = re.search(r"<(\w+):Response\b.*</\1:Response>", answer.text, re.S)
        if not carried:
            return {"empty": True, "status": re.findall(r'StatusCode Value="[^"]*:(\w+)"', answer.text)}
        outer = re.search(r"<(\w+):ArtifactResponse\b.*</\1:ArtifactResponse>", answer.text, re.S)[0]
        self.client.sec.correctly_signed_message(outer, "artifact_response", must=True)
        response = self.client.parse_authn_request_response(
            base64.b64encode(carried[0].encode()).decode(), BINDING_HTTP_POST, outstanding=self.outstanding)
        if response is None:
            return {"refused": "pysaml2 returned nothing"}
        info = response.session_info()
        return {"name_id": info["name_id"].text, "attributes": info["ava"]}

    def ask(self, name, attributes=None, sign=True):
        """An AttributeQuery; the attributes, or the status that came in their place."""
        subject = NameID(text=name, format=R.PERSISTENT, name_qualifier=self.idp, sp_name_qualifier=self.entity_id)
        address = self.client.metadata.attribute_service(self.idp, BINDING_SOAP)[0]["location"]
        _, query = self.client.create_attribute_query(
            address, name_id=subject, attribute=attributes, message_id=sid(), sign=sign, **(STRONG if sign else {}))
        try:
            answer = self.client.send_using_soap(query, address)
            response = self.client._parse_response(
                re.search(r"<(\w+):Response\b.*</\1:Response>", answer.text, re.S)[0], AttributeResponse, "attribute_consuming_service",
                None, asynchop=False, entity_id=self.entity_id, attribute_converters=self.client.config.attribute_converters)
        except StatusError as error:
            return {"status": type(error).__name__}
        except InvalidAssertion as error:  # what it says of a success without an assertion
            return {"nothing": str(error)}
        except HTTPError as error:
            return {"refused": str(error)}
        # Its own dictionary leaves out the names that it has no table for.
        return {a.name: [v.text for v in a.attribute_value] for s in response.assertion.attribute_statement for a in s.attribute}


def status_of(answer):
    return answer.get("status") or answer.get("refused")


ARTIFACT = ('<md:AssertionConsumerService index="1" isDefault="true" Binding="{saml}:bindings:HTTP-Artifact"'
            ' Location="{base}/mellon/artifactResponse"/>\n')


def test_mellon(platform, name, methods, metadata):
    """mod_auth_mellon, whose first address takes artifacts; lasso resolves and verifies."""
    _, key, certificate = R.key_pair(name)
    folder = os.path.join(platform.folder, name)
    os.makedirs(folder)
    party = mellon.Mellon(folder, R.free_port(), key, certificate, metadata, methods, ARTIFACT + mellon.POST.replace(' isDefault="true"', ""))
    platform.add_member(
        R.member(party.entity_id, "ministry", "procedure", f"saml:\n  metadata: {name}.xml\n  response-binding: artifact\n"),
        {name + ".xml": party.metadata})
    party.start()
    try:
        citizen = Browser(platform)
        page = citizen.go(party.base + "/secret/index.html")
        R.check(f"artifact out, {name}: mod_auth_mellon resolves it, opens the page and reads the PIN fact",
                page.text == "in" and page.headers.get("X-PIN-Used") == "true" and any("SAMLart=" in step for step in citizen.path),
                (page.status_code, page.text[:300], citizen.path, party.log()))
    finally:
        party.stop()


def test(platform, running):
    check = R.check
    metadata = requests.get(platform.base + "/saml/metadata", timeout=60).text
    party, other = (ArtifactParty(platform, name, metadata) for name in ("archive", "neighbour"))
    running += [party, other]
    for each, name, option in ((party, "archive", "  attribute-query: true\n"), (other, "neighbour", "")):
        platform.add_member(
            R.member(each.entity_id, "ministry", "procedure", f"saml:\n  metadata: {name}.xml\n{option}"),
            {name + ".xml": each.metadata})

    page = platform.login(party.base + "/start")["page"]
    check("artifact out: pysaml2 resolves it, verifies both signatures and reads the PIN fact",
          page.get("attributes", {}).get(PIN) == ["true"] and page.get("name_id"), page)
    check("artifact out: RelayState comes back", page.get("relay_state") == "start & more", page)
    again = party.read(party.resolve(party.last_artifact))
    check("artifact out: a second resolution is an empty success", again == {"empty": True, "status": ["Success"]}, again)

    party.holds = True
    platform.login(party.base + "/start")
    stolen = other.read(other.resolve(party.last_artifact))
    check("artifact out: another member gets an empty success", stolen == {"empty": True, "status": ["Success"]}, stolen)
    unsigned = party.read(party.resolve(party.last_artifact, sign=False))
    check("artifact out: an unsigned question is refused with its code",
          unsigned.get("refused", "").startswith("403") and "saml.signature.due" in str(unsigned), unsigned)
    platform.server.kill()
    platform.server.wait()
    platform.server = platform.serve()
    after = party.read(party.resolve(party.last_artifact))
    check("artifact out: it survives kill -9 of the server that made it", after.get("name_id") == page.get("name_id"), after)
    party.holds = False

    by_reference = platform.login(party.base + "/start-by-artifact")["page"]
    check("artifact in: the request is fetched from pysaml2 and answered",
          by_reference.get("name_id") == page.get("name_id") and by_reference.get("relay_state") == "by reference", by_reference)
    check("artifact in: our question came as SOAP, with its SOAPAction",
          bool(party.questions) and party.questions[-1][0].startswith("text/xml") and party.questions[-1][1], party.questions)
    party.answers_unsigned = True
    refused = platform.login(party.base + "/start-by-artifact", expect=None)
    check("artifact in: an unsigned ArtifactResponse is refused with its code", "saml.signature.due" in json.dumps(refused), refused)
    party.answers_unsigned = False

    name = platform.login(party.base + "/start")["page"]["name_id"]
    told = party.ask(name)
    check("attribute query: pysaml2 reads what a sign-on would tell", told.get(PIN) == ["true"], told)
    some = party.ask(name, {(PIN, NAME_FORMAT_URI): None})
    check("attribute query: an attribute that is named comes alone", list(some) == [PIN], some)
    none = party.ask(name, {(PIN, NAME_FORMAT_URI): "false"})
    check("attribute query: a value that is not the citizen's brings nothing", "nothing" in none, none)
    stranger = party.ask("a" * len(name))
    check("attribute query: an unknown name is an unknown principal", status_of(stranger) == "StatusUnknownPrincipal", stranger)
    outsider = other.ask(name)
    check("attribute query: a member that may not ask is denied", status_of(outsider) == "StatusRequestDenied", outsider)
    bare = party.ask(name, sign=False)
    check("attribute query: unsigned is refused", str(status_of(bare)).startswith("403"), bare)

    os.chmod(platform.folder, 0o755)  # Apache gives up root's rights
    platform.run("jpki-simulator", "export", "--state", platform.state, "--card", "hanako", platform.folder)
    test_mellon(platform, "mellon-plain", None, metadata)
    test_mellon(platform, "mellon-encrypted", ["http://www.w3.org/2009/xmlenc11#aes128-gcm"], metadata)

    audit = platform.run("sekisho", "audit", "verify", platform.deployment, expect=None)
    check("the audit trail holds", audit.returncode == 0, audit.stdout + audit.stderr)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=".build/debug")
    platform = R.Platform(parser.parse_args().binaries)
    running = []
    return R.carry_out("saml_artifact", platform, lambda: test(platform, running), running)


if __name__ == "__main__":
    sys.exit(main())
