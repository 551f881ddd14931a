"""The settings that `/developers` gives to copy, carried out as they stand on the page: only the addresses, names and files of the examples are
exchanged for the test's own, and a citizen logs in with a card. What runs in an environment of its own is `relying/guides_party.py`."""

import html
import json
import os
import re
import subprocess
import sys

import requests
from cryptography.hazmat.primitives import serialization
from lxml import etree

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import parties as P  # noqa: E402
import relying as RL  # noqa: E402
import run as R  # noqa: E402
import servers  # noqa: E402
from browser import Browser  # noqa: E402
from run import check, free_port, key_files, key_pair, member  # noqa: E402
from shibboleth import Shibboleth  # noqa: E402
from simplesamlphp import SimpleSAMLphp  # noqa: E402

sys.path.insert(0, os.path.join(HERE, "..", "Conformance"))
import signing  # noqa: E402

SERVICE = "https://service.example.jp"
# Software whose page is marked as tested, with the test that sets it up in the same way.
ELSEWHERE = {
    "ruby-saml": "more_services.py", "mozilla-django-oidc": "more_relying.py", "django-allauth": "more_relying.py", "omniauth": "more_relying.py",
    "mojolicious": "more_relying.py", "mod-oauth2": "more_relying.py",
}
# Python software that the tests' own environment does not have.
PACKAGES = ["requests-oauth2client==1.8.0", "Authlib==1.9.9", "joserfc==1.8.0", "Flask==3.1.3", "requests==2.34.2"]

APACHE = """
Listen {name}:{port}
LoadModule env_module {modules}/mod_env.so
LoadModule {module}_module {modules}/mod_{module}.so
# Without TLS no browser takes its SameSite=None.
SetEnv MELLON_DISABLE_SAMESITE 1
"""
SHOWN = """
<Location /private>
    Header set X-Citizen "%{{{citizen}}}e"
    Header set X-PIN-Used "%{{{pin}}}e"
</Location>
"""


def texts(page, sandbox=False):
    """What is to be copied, by its place; `shell` may stand there more than once. `sandbox`: the same for the sandbox."""
    own, _, beside = page[page.index("<main"):].partition("<details")
    found = re.findall(r"<strong><bdi>([^<]*)</bdi></strong></p><pre[^>]*><code>([^<]*)</code></pre>", beside if sandbox else own)
    return [(html.unescape(place), html.unescape(text)) for place, text in found]


def filled(text, exchanged):
    """An example that is not in the text any more is a fault of this test."""
    for old, new in exchanged.items():
        if old not in text:
            raise RuntimeError(f"{old} is not in the settings:\n{text}")
        text = text.replace(old, new)
    return text


class Guides:
    """The pages of a platform. `sandbox`: their texts for it."""

    def __init__(self, platform, sandbox=False):
        self.platform, self.sandbox, self.asked = platform, sandbox, set()
        self.where = platform.base + ("/sandbox" if sandbox else "")

    def texts(self, software):
        self.asked.add(software)
        page = requests.get(f"{self.platform.base}/developers/settings/{software}", timeout=60).text
        return texts(page, self.sandbox)

    def text(self, software, place, exchanged):
        """The text of this place; of several, the first."""
        for found, text in self.texts(software):
            if found == place:
                return filled(text, exchanged)
        raise RuntimeError(f"/developers/settings/{software} has nothing for {place}")

    def folder(self, software):
        path = os.path.join(self.platform.folder, "guide-" + software + ("-sandbox" if self.sandbox else ""))
        os.makedirs(path)
        return path

    def add(self, identifier, metadata):
        file = re.sub(r"[^0-9a-z]+", "-", identifier) + ".xml"
        self.platform.add_member(member(identifier, "ministry", "procedure", f"saml:\n  metadata: {file}\n"), {file: metadata})


class PySAML2(P.PySAML2):
    """pysaml2 with the page's settings.py and nothing else; `by_level` asks as its comment says."""

    def __init__(self, guides):
        P.Party.__init__(self, free_port())
        key, certificate = key_files(guides.folder("pysaml2"), "sp")
        text = guides.text("pysaml2", "settings.py", {SERVICE: self.base, '"sp.key"': repr(key), '"sp.crt"': repr(certificate)})
        named = {}
        exec(text, named)
        self.client = P.Saml2Client(config=P.SPConfig().load(named["CONFIG"]))
        self.entity_id, self.binding, self.outstanding = self.base + "/saml", P.BINDING_HTTP_REDIRECT, {}
        self.by_level = eval(f"dict({re.search('# A step-up: (.*)', text)[1]})")

    def answer(self, method, path, form, raw):
        return super().answer(method, "/acs" if path == "/saml/acs" else path, form, raw)


class OneLogin(P.OneLogin):
    """python3-saml with the page's settings.json in a folder of its own, where no certs/ lie beside it."""

    def __init__(self, guides):
        P.Party.__init__(self, free_port())
        self.entity_id, self.last_request, self.folder = self.base + "/saml", None, guides.folder("python3-saml")
        _, key, certificate = key_pair("python3-saml")
        metadata = guides.where + "/saml/metadata"
        bare = lambda pem: "".join(line for line in pem.splitlines() if "-----" not in line)
        text = guides.text("python3-saml", "settings.json", {
            SERVICE: self.base, "the certificate of sp.crt": bare(certificate), "the key of sp.key": bare(key),
            "the certificate of " + metadata: re.search(r"<ds:X509Certificate[^>]*>([^<]+)<", requests.get(metadata, timeout=60).text)[1]})
        self.settings = json.loads(text)
        servers.write(self.folder, {"settings.json": text})

    def auth(self, path, get, post):
        return P.OneLogin_Saml2_Auth(
            {"https": "off", "http_host": f"127.0.0.1:{self.port}", "server_port": str(self.port), "get_data": get, "post_data": post,
             "script_name": "/saml/acs" if path == "/acs" else path}, custom_base_path=self.folder)

    def answer(self, method, path, form, raw):
        return super().answer(method, "/acs" if path == "/saml/acs" else path, form, raw)


class Apache(servers.Apache):
    """Apache with one module and the page's directives, a page under /private, and headers that show what the module read."""

    def __init__(self, folder, module, directives, port, citizen, pin):
        super().__init__(folder, "127.0.0.1", APACHE + directives.replace("{", "{{").replace("}", "}}") + SHOWN, port=port, module=module,
                         citizen=citizen, pin=pin)
        servers.write(folder, {"htdocs/index.html": "out", "htdocs/private/index.html": "in"})

    def stop(self):
        self.end()


def commanded(commands):
    """What a page says to type."""
    done = subprocess.run(["bash", "-e", "-c", commands], capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise RuntimeError(f"{commands}\n{done.stdout}{done.stderr}")


def mellon(guides):
    """mod_auth_mellon after the page's commands, with the page's directives; its address and server."""
    folder, port = guides.folder("mod-auth-mellon"), free_port()
    base = f"http://127.0.0.1:{port}"
    exchanged = {SERVICE: base, "/etc/apache2/mellon": folder}
    # What mellon_create_metadata calls its files.
    commanded(guides.text("mod-auth-mellon", "shell", {
        "https_service.example.jp_": re.sub(r"[^0-9A-Za-z.]+", "_", base) + "_", **exchanged}))
    directives = guides.text("mod-auth-mellon", "/etc/apache2/conf-available/sekisho.conf", {"/etc/apache2/mellon": folder})
    with open(os.path.join(folder, "sp.xml")) as metadata:
        guides.add(base + "/mellon/metadata", metadata.read())
    apache = Apache(folder, "auth_mellon", directives, port, "MELLON_NAME_ID", "PIN_USED")
    apache.serve(base + "/")
    return base, apache


def openidc(guides):
    """mod_auth_openidc with the page's directives and a key of its own; its address and server."""
    folder, port = guides.folder("mod-auth-openidc"), free_port()
    base = f"http://127.0.0.1:{port}"
    private, pem, certificate = key_pair("client")
    servers.write(folder, {"client.key": pem, "client.crt": certificate, "passphrase": "#!/bin/sh\necho " + os.urandom(16).hex() + "\n"})
    os.chmod(os.path.join(folder, "passphrase"), 0o755)
    key = signing.Key("RS256", kid="kid")
    key.private = private
    directives = guides.text("mod-auth-openidc", "/etc/apache2/conf-available/sekisho.conf", {
        SERVICE: base, "YOUR-CLIENT-ID": "guide-apache", "/etc/apache2/oidc": folder})
    register(guides.platform, "guide-apache", base + "/callback", key, "")
    apache = Apache(folder, "auth_openidc", directives, port, "OIDC_CLAIM_sub", "OIDC_CLAIM_pin_used")
    apache.serve(base + "/")
    return base, apache


def merged(own, said):
    """Debian's shibboleth2.xml with what the page says of it: attributes of the elements that both have, and everything in the small ones."""
    space = "{urn:mace:shibboleth:3.0:native:sp:config}"
    root = etree.fromstring(own.encode())
    defaults = etree.fromstring(f'<x xmlns="{space[1:-1]}">{said}</x>')[0]
    for element in list(defaults.iter()):
        kind = f"[@type='{element.get('type')}']" if element.tag == space + "Handler" else ""
        if element.tag == space + "MetadataFilter":
            continue  # with its provider
        there = root.find(f".//{element.tag}{kind}")
        if element.tag == space + "MetadataProvider":
            there.getparent().replace(there, element)
        else:
            there.attrib.update(element.attrib)
            if element.text and element.text.strip():
                there.text = element.text
    return etree.tostring(root, encoding="unicode")


def shibboleth(guides, running):
    """Shibboleth's Service Provider, Debian's files with the page's settings in them; where its page is, and the server."""
    folder = guides.folder("shibboleth-sp")
    party = Shibboleth(folder, free_port(), {"signing": key_pair("signing")[1:], "encryption": key_pair("encryption")[1:]}, guides.platform,
                       attributes=guides.text("shibboleth-sp", "attribute-map.xml", {}))
    commanded(guides.text("shibboleth-sp", "shell", {"/etc/shibboleth": folder}))
    path = os.path.join(folder, "shibboleth2.xml")
    with open(path) as f:
        text = merged(f.read(), guides.text("shibboleth-sp", "shibboleth2.xml", {
            SERVICE: party.base, '"sekisho-metadata.pem"': f'"{folder}/sekisho-metadata.pem"',
            # What the test's host cannot: TLS.
            'handlerSSL="true" cookieProps="https"': 'handlerSSL="false" cookieProps="http"'}))
    servers.write(folder, {"shibboleth2.xml": text})
    running.append(party)
    party.start()
    guides.add(party.base + "/saml", party.metadata())
    return party.base + "/secret/", party


def simplesamlphp(guides, running):
    """SimpleSAMLphp with the page's source; the tests' page asks for it under another name."""
    _, key, certificate = key_pair("simplesamlphp")
    party = SimpleSAMLphp(guides.folder("simplesamlphp"), free_port(), key, certificate, guides.platform)
    source = guides.text("simplesamlphp", "config/authsources.php", {"'sekisho' =>": "'default-sp' =>", SERVICE: party.base})
    servers.write(party.folder, {"config/authsources.php": f"<?php\n$config = ['admin' => ['core:AdminPassword'],\n{source}\n];\n"})
    running.append(party)
    party.start()
    guides.add(party.base + "/saml", party.metadata())
    return party.base + "/app.php", party


def register(platform, name, redirect, key, more):
    platform.add_member(member(name, "ministry", "procedure", f"""openid:
  redirect-uris: ["{redirect}"]
  authentication: private_key_jwt
  jwks: {json.dumps({"keys": [key.jwk()]})}
{more}"""), {})


def saml(guides, running):
    """The libraries of the tests' own environment."""
    platform = guides.platform
    for name, kind in (("pysaml2", PySAML2), ("python3-saml", OneLogin)):
        party = kind(guides)
        running.append(party)
        guides.add(party.entity_id, party.metadata())
        page = platform.login(party.base + "/start", expect=None)["page"]
        check(f"{name}, set up as its page says: a login is accepted", page.get("format") == R.PERSISTENT and page.get("name_id"), page)
        check(f"{name}, set up as its page says: reads that the PIN was used",
              page.get("attributes", {}).get(P.PIN_ATTRIBUTE) == ["true"], page)
        if name == "pysaml2":
            party.start_options = party.by_level
            level = platform.login(party.base + "/start", expect=None)["page"]
            asked = party.by_level["requested_authn_context"]["authn_context_class_ref"]
            check("pysaml2: the step-up of its page is answered with the class it asks for", level.get("context") in asked, level)
        party.tamper = P.flip_in_xml(">true<", ">fals<")
        refused = platform.login(party.base + "/start", expect=None)["page"]
        check(f"{name}, set up as its page says: refuses a changed answer", "refused" in refused, refused)
        beside = kind(Guides(platform, sandbox=True))
        running.append(beside)
        guides.add(beside.entity_id, beside.metadata())
        _, verdicts, told = platform.acceptance(beside.base + "/start", '"name_id": "sandbox-', "--only", "right")
        check(f"{name}, set up for the sandbox: takes its right answer", verdicts.get("right", {}).get("taken") is True, told)


def apache(guides, running):
    for name, started in (("mod_auth_mellon", mellon), ("mod_auth_openidc", openidc)):
        base, server = started(guides)
        running.append(server)
        page = Browser(guides.platform).go(base + "/private/")
        check(f"{name}, set up as its page says: a card opens the protected page", page.status_code == 200 and page.text == "in"
              and page.headers.get("X-Citizen") not in (None, "(null)"), (page.status_code, page.url, page.text[:300], server.log()))
        check(f"{name}, set up as its page says: reads that the PIN was used", page.headers.get("X-PIN-Used") in ("true", "1"), dict(page.headers))
        stranger = requests.get(base + "/private/", allow_redirects=False, timeout=60)
        check(f"{name}, set up as its page says: asks everybody else to log in", stranger.status_code in (302, 303), stranger.status_code)


def providers(guides, running):
    """Service providers that the tests have already, with the page's settings in place of their own."""
    address, party = shibboleth(guides, running)
    page = Browser(guides.platform).go(address)
    check("Shibboleth SP, set up as its page says: a card opens the protected page", page.status_code == 200 and page.text == "in"
          and page.headers.get("X-Name-ID") not in (None, "(null)"), (page.status_code, page.url, page.text[:300], party.log()))
    check("Shibboleth SP, set up as its page says: reads that the PIN was used", page.headers.get("X-PIN-Used") == "true", dict(page.headers))
    address, party = simplesamlphp(guides, running)
    page = Browser(guides.platform).go(address)
    facts = page.json() if page.status_code == 200 else {}
    check("SimpleSAMLphp, set up as its page says: a login is accepted", facts.get("format") == R.PERSISTENT and facts.get("name_id"),
          (page.status_code, page.url, page.text[:300], party.log()))
    check("SimpleSAMLphp, set up as its page says: reads that the PIN was used", facts.get("attributes", {}).get(P.PIN_ATTRIBUTE) == ["true"], facts)


def libraries(guides):
    """The libraries that have an environment of their own, each with its key in the file that its page names."""
    platform, told = guides.platform, {}
    for software, file, more in (("requests-oauth2client", "key.jwk", ""), ("authlib", "key.pem", "  assertion-lifetime: 1h\n")):
        key, name, redirect = signing.Key("ES256"), "guide-" + software, f"http://127.0.0.1:{free_port()}/callback"
        path = os.path.join(guides.folder(software), file)
        pem = key.private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
        servers.write(os.path.dirname(path), {file: pem if file.endswith(".pem") else json.dumps({**key.private_jwk(), "kid": key.kid})})
        exchanged = {"YOUR-CLIENT-ID": name, f'"{file}"': repr(path)}
        if software == "requests-oauth2client":
            exchanged[SERVICE + "/callback"] = redirect
        told[software] = {"id": name, "redirect": redirect, "text": guides.text(software, "app.py", exchanged)}
        register(platform, name, redirect, key, more)
    bystander = RL.Bystander(platform)
    world = os.path.join(platform.folder, "guides.json")
    with open(world, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as f:
        json.dump({"issuer": platform.base, "clients": told, "citizen": f"http://127.0.0.1:{bystander.port}"}, f)
    try:
        RL.let("guides_party", RL.environment("guides", PACKAGES), world, platform)
    finally:
        bystander.stop()


def test(platform, running, marked):
    """Every text that the software of these tests can carry out. `platform` has a sandbox; `marked`: the software whose pages say that their
    settings are tested."""
    guides = Guides(platform)
    os.chmod(platform.folder, 0o755)
    platform.run("jpki-simulator", "export", "--state", platform.state, "--card", "hanako", platform.folder)
    saml(guides, running)
    apache(guides, running)
    providers(guides, running)
    libraries(guides)
    tested = guides.asked | ELSEWHERE.keys()
    check("settings are marked as tested where they are carried out here, or where another test has the same", marked == tested, marked ^ tested)
