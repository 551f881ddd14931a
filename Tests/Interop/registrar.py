"""The registrars' desk of the console: a SAML and an OpenID member are registered by one officer and approved by a second one, each with the
simulated card of a person; what is hostile or not whole is refused with everything wrong in it; the command line sees the same proposals. A test
login of a draft, a proposal and a member is shown decoded and is worth nothing outside; an earlier version of a registration comes back by two
signatures, and an old file that is put back by nobody's is refused."""

import argparse
import base64
import datetime
import hashlib
import html
import json
import os
import re
import sys
import urllib.parse

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import parties as P  # noqa: E402
import run as R  # noqa: E402
from browser import Browser, Forms  # noqa: E402
from run import check, free_port, key_files, key_pair  # noqa: E402

BOMB = """<!DOCTYPE md:EntityDescriptor [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://bomb.example/">&b;</md:EntityDescriptor>"""


class Office(R.Platform):
    """A deployment in which two registrars sign every change of a member."""

    def serve(self):
        path = os.path.join(self.deployment, "sekisho.yaml")
        with open(path) as f:
            text = f.read()
        if "two-people" not in text:
            with open(path, "a") as f:
                f.write("\nmembers:\n  changes: two-people\n")
        for card in ("hanako", "taro", "minoru"):
            self.run("jpki-simulator", "export", "--state", self.state, "--card", card, self.folder)
        return super().serve()


class Officer:
    def __init__(self, platform, card):
        self.platform, self.base = platform, platform.base
        self.browser = Browser(platform, card)
        self.session = self.browser.session
        self.browser.go(self.base + "/console/login", data={})

    def get(self, path):
        return self.session.get(self.base + path, timeout=60)

    def mark(self):
        """One for all forms of a login; before there is a desk it stands on the first page."""
        for path in ("/console", "/console/members/new?protocol=saml", "/console/members/show?id=RP00000009"):
            found = re.search(r'name="mark" value="([^"]+)"', self.get(path).text)
            if found:
                return html.unescape(found[1])
        return ""

    def post(self, path, data=None, files=None, mark=None, **more):
        data = dict(data or {}, mark=self.mark() if mark is None else mark)
        return self.session.post(self.base + path, data=data, files=files, timeout=60, **more)

    def approve(self, name, reason, **more):
        """What its page shows, and nothing else."""
        shown = re.search(r'name="sha256" value="([0-9a-f]{64})"', self.get("/console/members/proposals/" + name).text)
        return self.post("/console/members/approve", {"name": name, "reason": reason, "sha256": shown[1] if shown else ""}, **more)


def bootstrapped(platform):
    told = platform.run("sekisho", "admin", "bootstrap", platform.deployment, "--officer", "registrar-a", "--name", "Registrar A",
                        "--roles", "registrar,trust-officer").stdout
    code = re.search(r"^\s*([A-Z0-9]{4,}(?:-[A-Z0-9]{4,})+)\s*$", told, re.M) or re.search(r"code[^A-Z0-9]*([A-Z0-9-]{8,})", told)
    first = Officer(platform, "hanako")
    first.post("/console/bootstrap", {"code": code[1]})
    check("the first officer is at the desk, by a one-time code", "Registrar A" in first.get("/console").text, told)
    platform.run("sekisho", "admin", "add", platform.deployment, "--officer", "registrar-b", "--name", "Registrar B", "--roles", "registrar")
    second = Officer(platform, "taro")
    second.post("/console/ask", {"officer": "registrar-b"})
    listed = platform.run("sekisho", "admin", "list", platform.deployment, "--json").stdout
    ask = json.loads(listed)["asks"][0]["name"]
    first.post("/console/officers/approve", {"name": ask, "reason": "known in person"})
    check("the second officer's card was approved by the first", "Registrar B" in second.get("/console").text, listed)
    return first, second


def registered(platform):
    return platform.run("sekisho", "member", "list", "--deployment", platform.deployment, expect=None).stdout


def names(platform):
    lines = platform.run("sekisho", "member", "proposals", "--deployment", platform.deployment).stdout.splitlines()
    return [line.split("\t")[0] for line in lines if line]


FIELDS = {"kind": "ministry", "name-ja": "試験省", "name-en": "Ministry of Tests", "purposes": "procedure", "not-before": "2020-01-01",
          "not-after": "2099-12-31", "contact-name": "技術担当", "contact-mail": "tech@example.jp", "security-name": "安全担当",
          "security-mail": "security@example.jp"}


def saml(platform, first, second, running):
    party = P.PySAML2(free_port(), *key_files(platform.folder, "pysaml2"), first.get("/saml/metadata").text)
    running.append(party)
    page = first.get("/console/members/new?protocol=saml").text
    check("the form has its fields", 'name="metadata-file"' in page and 'name="metadata-url"' in page and 'name="metadata"' in page)
    looked = first.post("/console/members/check", dict(FIELDS, protocol="saml"),
                        files={"metadata-file": ("sp.xml", party.metadata(), "application/xml")})
    text = html.unescape(looked.text)
    check("SAML: the uploaded metadata is looked through", looked.status_code == 200 and party.entity_id in text, text[:1500])
    check("SAML: the report names keys and addresses", party.base + "/acs" in text and "rsa" in text.lower(), text[:3000])
    check("SAML: the difference and the preview under today's policy are shown", 'id="difference"' in text and 'id="preview"' in text)
    check("SAML: nothing is registered yet", party.entity_id not in registered(platform) and not names(platform))
    tested_draft(platform, first, looked, party)
    form = [f for f in Forms(looked.text).forms if f[1].endswith("/console/members/propose")][0][2]
    form.pop("mark", None)
    proposed = first.post("/console/members/propose", dict(form, reason="examined, complete"))
    check("SAML: the first officer proposes", proposed.status_code == 200 and len(names(platform)) == 1, proposed.text[:800])
    name = names(platform)[0]
    check("SAML: it waits", party.entity_id not in registered(platform))
    tested = html.unescape(second.post("/console/members/test", {"proposal": name, "person": "rare", "level": ""}).text)
    check("test login: of a proposal, before it is approved", 'id="decoded"' in tested and party.entity_id in tested, tested[:800])
    told = platform.run("sekisho", "member", "test", "--proposal", name, "--deployment", platform.deployment, expect=None)
    check("test login: the same from the command line", told.returncode == 0 and "Audience" in told.stdout and "/rehearsal/" in told.stdout,
          told.stdout[-800:] + told.stderr)
    again = first.approve(name, "again")
    check("SAML: the same person does not approve", again.status_code == 409 and party.entity_id not in registered(platform), again.text[:500])
    shown = html.unescape(second.get("/console/members/proposals/" + name).text)
    check("SAML: the second officer sees the whole difference", "+ " in shown and party.entity_id in shown and "SHA-256" in shown)
    crossed = second.approve(name, "x", headers={"Sec-Fetch-Site": "cross-site"})
    check("SAML: a form of another site approves nothing (H3)", "http.cross-site" in crossed.text and party.entity_id not in registered(platform))
    unmarked = second.approve(name, "x", mark="forged")
    check("SAML: nor a form without the session's mark", unmarked.status_code == 409 and party.entity_id not in registered(platform))
    approved = second.approve(name, "agreed")
    check("SAML: the second officer approves, and the member is there",
          approved.status_code == 200 and party.entity_id in registered(platform) and not names(platform), approved.text[:800])
    page = platform.login(party.base + "/start")["page"]
    check("SAML: a citizen logs in at it at once", bool(page.get("name_id")), page)
    twice = second.approve(name, "agreed")
    check("SAML: a second click does nothing (H7)", twice.status_code == 200 and not names(platform), twice.text[:300])
    return party


def openid(platform, first, second, running):
    key, pem, _ = key_pair("authlib")
    from authlib.jose import JsonWebKey

    jwk = JsonWebKey.import_key(key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode(), {"kty": "RSA"}).as_dict()
    jwk.update(kid="authlib-1", use="sig", alg="RS256")
    port = free_port()
    typed = dict(FIELDS, **{
        "protocol": "openid", "kind": "private-verifier", "name-ja": "試験店", "name-en": "Test Shop", "purposes": "points",
        "id": "RP00000009", "redirect-uris": f"http://127.0.0.1:{port}/callback", "authentication": "private_key_jwt",
        "keys": json.dumps({"keys": [jwk]}), "profile": "core", "id-token-algorithm": "ES256"})
    wrong = second.post("/console/members/check", dict(typed, **{"redirect-uris": "http://shop.example/callback#x"}))
    text = html.unescape(wrong.text)
    check("OpenID: an address that cannot be is refused, with what to do", wrong.status_code == 400 and "What to do" in text + " What to do"
          and "redirect" in text, text[:1500])
    check("OpenID: and nothing typed is lost", "http://shop.example/callback#x" in text and "RP00000009" in text and "試験店" in text)
    looked = second.post("/console/members/check", typed)
    text = html.unescape(looked.text)
    check("OpenID: the form is looked through", looked.status_code == 200 and "RP00000009" in text and "private_key_jwt" in text, text[:1500])
    form = [f for f in Forms(looked.text).forms if f[1].endswith("/console/members/propose")][0][2]
    form.pop("mark", None)
    second.post("/console/members/propose", dict(form, reason="examined"))
    name = names(platform)[0]
    first.approve(name, "agreed")
    check("OpenID: proposed by one, approved by the other, registered", "RP00000009" in registered(platform), registered(platform))
    member = os.path.join(platform.deployment, "Metadata", "members")
    path = [os.path.join(member, f) for f in os.listdir(member) if "rp00000009" in f.lower() and f.endswith(".yaml")][0]
    check("OpenID: what the console wrote is a file like any other, signed by two",
          "RP00000009" in open(path).read() and len(open(path[:-5] + ".approvals").read().split()) == 2)
    rewritten(platform, first, second, typed, port, running)


def rewritten(platform, first, second, typed, port, running):
    page = html.unescape(first.get("/console/members/new?id=RP00000009").text)
    check("rewriting: the form begins with what is registered", f"http://127.0.0.1:{port}/callback" in page and "試験店" in page, page[:1500])
    secret = "registrar-" + os.urandom(24).hex()
    changed = dict(typed, authentication="client_secret_basic", keys="", **{"secret-sha256": hashlib.sha256(secret.encode()).hexdigest()})
    looked = html.unescape(first.post("/console/members/check", changed).text)
    check("rewriting: the difference is of the file as it stands", "- " in looked and "+ " in looked and "client_secret_basic" in looked)
    first.post("/console/members/propose", dict(changed, reason="its keys were lost"))
    second.approve(names(platform)[0], "agreed")
    party = P.Authlib(port, platform.base, "RP00000009", secret=secret)
    running.append(party)
    page = platform.login(party.base + "/start", expect=None)["page"]
    check("rewriting: a citizen logs in at Authlib by what was approved", bool(page.get("claims", {}).get("sub")), page)


def life(platform, first, second, party):
    shown = html.unescape(first.get("/console/members/show?id=" + urllib.parse.quote(party.entity_id, safe="")).text)
    check("a member's page has its report, the applicant's view and its history",
          all(part in shown for part in ('id="report"', 'id="applicant"', 'id="history"', 'id="acts"')), shown[:800])
    first.post("/console/members/act", {"id": party.entity_id, "step": "suspend", "reason": "a test"})
    name = names(platform)[0]
    second.approve(name, "a test")
    refused = platform.login(party.base + "/start", expect=None)["page"]
    check("suspended by two officers: refused at once", "name_id" not in refused, refused)
    impossible = first.post("/console/members/act", {"id": party.entity_id, "step": "examine", "reason": "a test"})
    check("a step that the law does not know is refused", impossible.status_code == 400, impossible.text[:500])
    first.post("/console/members/act", {"id": party.entity_id, "step": "reinstate", "reason": "a test"})
    name = names(platform)[0]
    second.post("/console/members/reject", {"name": name})
    check("a proposal is taken back, and nothing changes", not names(platform) and "suspended" in registered(platform), registered(platform))


def hostile(platform, first):
    for what, metadata in (("an entity bomb", BOMB), ("no XML at all", "hello"), ("an identity provider's", first.get("/saml/metadata").text),
                           ("half a document", "<md:EntityDescriptor xmlns:md='urn:oasis:names:tc:SAML:2.0:metadata'")):
        answer = first.post("/console/members/check", dict(FIELDS, protocol="saml", metadata=metadata))
        check(f"hostile metadata: {what} is refused with its reason", answer.status_code == 400 and "saml." in answer.text, answer.text[:800])
    script = first.post("/console/members/check", dict(FIELDS, **{"protocol": "saml", "name-ja": "<script>alert(1)</script>", "metadata": "x"}))
    check("what was typed comes back as text (H12)", "<script>alert(1)" not in script.text and "&lt;script&gt;" in script.text)
    large = first.post("/console/members/check", dict(FIELDS, protocol="saml", metadata="x" * 5_000_000))
    check("five megabytes are too many", large.status_code >= 400, large.status_code)
    nobody = __import__("requests").post(platform.base + "/console/members/propose", data=dict(FIELDS, protocol="saml"), timeout=30)
    check("nobody registers without a login", nobody.status_code in (401, 403) and not names(platform), nobody.status_code)
    away = first.post("/console/members/check", dict(FIELDS, **{"protocol": "saml", "metadata-url": "http://169.254.169.254/latest"}))
    check("the platform is not sent to the machine's own addresses", away.status_code == 400, away.status_code)


def answered(page):
    """The raw messages of a test login's page, by their titles."""
    found = re.findall(r"<h3[^>]*>(.*?)</h3>\s*<pre[^>]*>(.*?)</pre>", page, re.S)
    return {re.sub("<[^>]*>", "", title).strip(): html.unescape(text) for title, text in found}


def tested_draft(platform, first, looked, party):
    forms = [f for f in Forms(looked.text).forms if f[1].endswith("/console/members/test")]
    check("test login: a draft that nobody has proposed has its form", len(forms) == 1)
    fields = dict(forms[0][2], person="long", level="")
    fields.pop("mark", None)
    page = first.post("/console/members/test", fields)
    text = html.unescape(page.text)
    check("test login: the answer is decoded part by part", page.status_code == 200 and 'id="decoded"' in text and party.base + "/acs" in text
          and party.entity_id in text, text[:1500])
    check("test login: with what the service has to check, and the XML", 'id="checks"' in text and 'id="raw"' in text and "SAML Profiles" in text)
    response = [base64.b64decode(value) for title, value in answered(page.text).items() if title.startswith("SAMLResponse")]
    check("test login: the Response is a name's that nobody trusts", len(response) == 1 and (platform.base + "/rehearsal/").encode() in response[0]
          and (">" + platform.base + "/saml/metadata<").encode() not in response[0])
    taken = first.session.post(party.base + "/acs", data={"SAMLResponse": base64.b64encode(response[0]).decode()}, timeout=30)
    check("test login: PySAML2 refuses it as a login", "name_id" not in taken.text, taken.text[:400])
    check("test login: nothing was registered or proposed by it", party.entity_id not in registered(platform) and not names(platform))


def tested(platform, first):
    page = html.unescape(first.post("/console/members/test", {"id": "RP00000009", "person": "hanako", "level": ""}).text)
    check("test login: an OpenID member's ID token and userinfo, decoded", all(
        part in page for part in ("id_token", "userinfo", "at_hash", platform.base + "/rehearsal", "RP00000009")), page[:1500])
    decoded = page.partition('id="decoded"')[2].partition('id="raw"')[0]
    check("test login: what the browser brings back is shown as the service reads it, not as it travels",
          "authorization response" in decoded and "%3A" not in decoded, decoded[:600])
    token = [text for title, text in answered(first.post(
        "/console/members/test", {"id": "RP00000009", "person": "hanako", "level": ""}).text).items() if title in ("IDトークン", "ID token")][0]
    kid = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))["kid"]
    keys = json.loads(first.get("/openid/jwks").text)["keys"]
    check("test login: no key of ours signed it", kid not in [key.get("kid") for key in keys], kid)
    for what, fields, status in (("a person who is not invented", {"id": "RP00000009", "person": "taro"}, 400),
                                 ("another site's form", None, 400)):
        answer = (first.post("/console/members/test", {"id": "RP00000009", "person": "hanako"}, headers={"Sec-Fetch-Site": "cross-site"})
                  if fields is None else first.post("/console/members/test", fields))
        check(f"test login: {what} is refused", answer.status_code == status and 'id="decoded"' not in answer.text, answer.status_code)
    told = platform.run("sekisho", "member", "test", "RP00000009", "--deployment", platform.deployment, "--json", expect=None)
    check("test login: one schema for programs", told.returncode == 0 and json.loads(told.stdout)["outcome"] == "answered", told.stdout[:400] + told.stderr)


def developer(platform, first, party):
    """A developer of one member, with a card of their own: another member's answers are not shown."""
    platform.run("sekisho", "admin", "add", platform.deployment, "--officer", "developer", "--name", "Developer", "--roles", "developer",
                 "--member", "RP00000009")
    third = Officer(platform, "minoru")
    third.post("/console/ask", {"officer": "developer"})
    ask = json.loads(platform.run("sekisho", "admin", "list", platform.deployment, "--json").stdout)["asks"][0]["name"]
    first.post("/console/officers/approve", {"name": ask, "reason": "the member named them"})
    own = third.post("/console/members/test", {"id": "RP00000009", "person": "hanako"})
    check("test login: a developer sees the own member's answer", own.status_code == 200 and 'id="decoded"' in own.text, own.text[:400])
    foreign = third.post("/console/members/test", {"id": party.entity_id, "person": "hanako"}, allow_redirects=False)
    check("test login: and no other member's", foreign.status_code in (302, 303) and "decoded" not in foreign.text, foreign.status_code)
    draft = third.post("/console/members/test", dict(FIELDS, protocol="openid", id="RP00000010", person="hanako"), allow_redirects=False)
    check("test login: nor a draft's", draft.status_code in (302, 303), draft.status_code)
    versions = third.get("/console/members/versions?id=RP00000009").text
    check("versions: a developer reads the own member's", 'id="versions"' in versions and "/console/members/rollback" not in versions)
    back = third.post("/console/members/rollback", {"id": "RP00000009", "version": "1", "reason": "x"})
    check("roll-back: no developer proposes one", back.status_code == 403, back.status_code)


def member_file(platform, part):
    folder = os.path.join(platform.deployment, "Metadata", "members")
    return [os.path.join(folder, f) for f in os.listdir(folder) if part in f.lower() and f.endswith(".yaml")][0]


def history(platform, member):
    out = platform.run("sekisho", "member", "history", member, "--versions", "--json", "--deployment", platform.deployment).stdout
    return [json.loads(line) for line in out.splitlines() if line]


def rolled_back(platform, first, second):
    """RP00000009 was registered with a key, then rewritten with a secret: its way back, and what is no way back."""
    versions = history(platform, "RP00000009")
    check("versions: counted inside the file, each signed by two", [v["number"] for v in versions] == [2, 1]
          and all(len(v["signed"]) == 2 for v in versions), versions)
    page = html.unescape(first.get("/console/members/versions?id=RP00000009").text)
    check("versions: the page has who proposed and who approved", 'id="versions"' in page and "registrar-a" in page and "registrar-b" in page)
    old = versions[1]["digest"][:12]
    looked = html.unescape(first.get("/console/members/versions?id=RP00000009&version=" + old).text)
    check("versions: and what is different since", 'id="difference"' in looked and "client_secret_basic" in looked and "private_key_jwt" in looked)
    path = member_file(platform, "rp00000009")
    now = {name: open(name).read() for name in (path, path[:-5] + ".approvals")}
    proposed = first.post("/console/members/rollback", {"id": "RP00000009", "version": old, "reason": "the secret was a mistake"})
    name = names(platform)[0]
    check("roll-back: one person proposes, and nothing changes", proposed.status_code == 200 and open(path).read() == now[path])
    again = first.approve(name, "again")
    check("roll-back: one person alone does not make it", again.status_code == 409 and open(path).read() == now[path])
    second.approve(name, "agreed")
    text = open(path).read()
    check("roll-back: with the second it is made, as a version of its own", "private_key_jwt" in text and "number: 3" in text and "restores: 1" in text,
          text)
    present = {name: open(name).read() for name in now}
    for name, content in now.items():
        with open(name, "w") as f:
            f.write(content)
    checked = platform.run("sekisho", "check", platform.deployment, expect=None)
    check("an old file put back with its old signatures is refused", checked.returncode != 0 and "member.version.old" in checked.stdout + checked.stderr,
          checked.stdout + checked.stderr)
    health = first.get("/console/members/show?id=RP00000009").text
    check("and the server goes on with the newer one", "private_key_jwt" in health and "client_secret_basic" not in health)
    for name, content in present.items():
        with open(name, "w") as f:
            f.write(content)
    checked = platform.run("sekisho", "check", platform.deployment, expect=None)
    check("the newer one put back is right again", checked.returncode == 0, checked.stdout + checked.stderr)
    for what, version, code in (("one that is not there", "ffffffffffff", "member.rollback.unknown"),
                                ("the one that counts", history(platform, "RP00000009")[0]["digest"][:12], "member.rollback.present")):
        answer = first.post("/console/members/rollback", {"id": "RP00000009", "version": version, "reason": "kept-reason"})
        check(f"roll-back: {what} is refused, with nothing lost", answer.status_code == 400 and code in answer.text and "kept-reason" in answer.text,
              answer.text[:600])


def old_certificate(entity, acs):
    """Metadata whose one certificate ended yesterday."""
    key, _, _ = key_pair("ended")
    today = datetime.datetime.now(datetime.timezone.utc)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ended")])
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
                   .not_valid_before(today - datetime.timedelta(days=30)).not_valid_after(today - datetime.timedelta(days=1))
                   .sign(key, hashes.SHA256()))
    der = base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()
    return (f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity}"><md:SPSSODescriptor '
            'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo '
            f'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>{der}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>'
            '</md:KeyDescriptor><md:AssertionConsumerService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" '
            f'Location="{acs}"/></md:SPSSODescriptor></md:EntityDescriptor>')


def two_sign(platform, first, second, fields):
    page = first.post("/console/members/propose", dict(fields, reason="a test"))
    waiting = names(platform)
    check("the change waits", len(waiting) == 1, page.text[:600])
    second.approve(waiting[0], "a test")


def expired(platform, first, second):
    entity = "https://ended.example.go.jp/sp"
    acs = "https://ended.example.go.jp/acs"
    two_sign(platform, first, second, dict(FIELDS, protocol="saml", metadata=old_certificate(entity, acs)))
    _, _, certificate = key_pair("renewed")
    body = "".join(certificate.strip().splitlines()[1:-1])
    renewed = re.sub(r"(<ds:X509Certificate>)[^<]*", lambda m: m[1] + body, old_certificate(entity, acs))
    two_sign(platform, first, second, dict(FIELDS, protocol="saml", metadata=renewed))
    versions = history(platform, entity)
    answer = first.post("/console/members/rollback", {"id": entity, "version": versions[1]["digest"][:12], "reason": "x"})
    check("roll-back: a version whose key has ended is refused before anybody signs",
          answer.status_code == 400 and "member.rollback.key" in answer.text and not names(platform), answer.text[:800])
    told = platform.run("sekisho", "member", "rollback", entity, "--to", str(versions[1]["number"]), "--reason", "x", "--deployment",
                        platform.deployment, expect=None)
    check("roll-back: and from the command line", told.returncode != 0 and "member.rollback.key" in told.stderr, told.stdout + told.stderr)


def test(platform, running):
    first, second = bootstrapped(platform)
    party = saml(platform, first, second, running)
    openid(platform, first, second, running)
    hostile(platform, first)
    tested(platform, first)
    developer(platform, first, party)
    rolled_back(platform, first, second)
    expired(platform, first, second)
    life(platform, first, second, party)
    audit = platform.run("sekisho", "audit", "show", platform.deployment, "--limit", "10000").stdout
    check("the trail has who proposed and who approved", "console.member-proposed" in audit and "console.member-approved" in audit)
    check("the trail has the test logins, and who they were about", audit.count("console.member-tested") >= 4 and '"person":"long"' in audit.replace(" ", ""),
          audit[-600:])
    verified = platform.run("sekisho", "audit", "verify", platform.deployment, expect=None)
    check("the trail holds", verified.returncode == 0, verified.stdout + verified.stderr)
    checked = platform.run("sekisho", "check", platform.deployment, expect=None)
    check("the deployment is right for the command line too", checked.returncode == 0, checked.stdout + checked.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", default=".build/debug")
    platform = Office(parser.parse_args().binaries)
    running = []
    return R.carry_out("registrar", platform, lambda: test(platform, running), running)


if __name__ == "__main__":
    sys.exit(main())
