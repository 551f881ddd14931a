"""Real service providers that issue 4 does not name: Shibboleth's Service Provider, SimpleSAMLphp, ruby-saml and OmniAuth, each as its distribution
configures it and as a careful operator does, with the metadata that it makes of itself. See README.md."""

import argparse
import base64
import os
import re
import sys
import time
import urllib.parse

import requests

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run as R  # noqa: E402
from browser import Browser, Forms  # noqa: E402
from rubysaml import RubySAML  # noqa: E402
from run import PERSISTENT, check, free_port, key_pair, member  # noqa: E402
from servers import Crowd, until  # noqa: E402
from services import certificates, idp_metadata, inside, promote_under  # noqa: E402
from shibboleth import Shibboleth  # noqa: E402
from simplesamlphp import SimpleSAMLphp  # noqa: E402

BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-"
SMARTCARD = "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"
NOBODY = "urn:oasis:names:tc:SAML:2.0:ac:classes:Kerberos"
PIN = "urn:x-sekisho:attribute:pin-used"
SCOPE = "id.example.jp"
PAIRWISE = """<mdattr:EntityAttributes xmlns:mdattr="urn:oasis:names:tc:SAML:metadata:attribute"><saml:Attribute
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Name="urn:oasis:names:tc:SAML:profiles:subject-id:req"
 NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri"><saml:AttributeValue>pairwise-id</saml:AttributeValue></saml:Attribute>
</mdattr:EntityAttributes>"""


def register(platform, entity_id, metadata, options=""):
    register.count += 1
    name = f"more{register.count}.xml"
    platform.add_member(member(entity_id, "ministry", "procedure", f"saml:\n  metadata: {name}\n{options}"), {name: metadata})


register.count = 0


def folder_for(platform, name):
    folder = os.path.join(platform.folder, name)
    os.makedirs(folder)
    return folder


def pair(name):
    return key_pair(name)[1:]


def quoted(text):
    return urllib.parse.quote(text, safe="")


def end_everything(platform, citizen):
    return citizen.go(platform.base + "/session/end", data={})


# Shibboleth


def secret(party):
    return quoted(party.base + "/secret/")


def test_shibboleth(platform, party):
    """The configuration of the Debian package: requests without signatures, assertions encrypted, a logout that waits for no answer."""
    name = "Shibboleth SP as Debian installs it"
    citizen = Browser(platform)
    first = citizen.go(party.base + "/secret/")
    check(f"{name}: a card login opens the protected page", inside(first), (first.status_code, first.url, first.text[:300], party.log()))
    parts = first.headers.get("X-Name-ID", "").split("!")
    check(f"{name}: its map makes persistent-id of the NameID, with both qualifiers",
          parts[:2] == [platform.base + "/saml/metadata", party.entity_id] and len(parts) == 3, parts)
    check(f"{name}: reads that the PIN was used, and the class", first.headers.get("X-PIN-Used") == "true"
          and first.headers.get("X-Context") == SMARTCARD, dict(first.headers))
    citizen.forget(party.host)
    again = citizen.go(party.base + "/secret/")
    check(f"{name}: comes in again without the card, as the same", inside(again) and citizen.logins == 1
          and again.headers.get("X-Name-ID") == first.headers.get("X-Name-ID"), dict(again.headers))
    time.sleep(1.1)  # AuthnInstant is in whole seconds
    forced = citizen.go(f"{party.base}/Shibboleth.sso/Login?forceAuthn=1&target={secret(party)}")
    check(f"{name}: forceAuthn costs another use of the card", inside(forced) and citizen.logins == 2
          and forced.headers.get("X-Instant") > first.headers.get("X-Instant"), (citizen.logins, dict(forced.headers)))
    quiet = citizen.go(f"{party.base}/Shibboleth.sso/Login?isPassive=1&target={secret(party)}")
    check(f"{name}: isPassive goes through while the session is there", inside(quiet) and citizen.logins == 2, citizen.path)
    exact = citizen.go(f"{party.base}/Shibboleth.sso/Login?authnContextClassRef={SMARTCARD}&target={secret(party)}")
    check(f"{name}: a class that was reached is told", inside(exact) and exact.headers.get("X-Context") == SMARTCARD, dict(exact.headers))
    refused = citizen.go(f"{party.base}/Shibboleth.sso/Login?authnContextClassRef={NOBODY}&target={secret(party)}")
    check(f"{name}: an impossible class comes back as an error that it reads", refused.status_code == 500 and refused.url.startswith(party.base)
          and "policy.context" in refused.text, (refused.url, refused.text[-900:]))
    out = citizen.go(f"{party.base}/Shibboleth.sso/Logout?return={quoted(party.base + '/')}")
    check(f"{name}: its asynchronous logout ends on our page", out.status_code == 200 and out.url.startswith(platform.base + "/logout/"),
          (out.status_code, out.url))
    silent = citizen.go(f"{party.base}/Shibboleth.sso/Login?isPassive=1&target={secret(party)}")
    check(f"{name}: isPassive without a session comes back as NoPassive", silent.status_code == 500 and "signon.passive" in silent.text,
          (silent.url, silent.text[-900:]))
    back = citizen.go(party.base + "/secret/?" + "x" * 900)
    check(f"{name}: after its logout the card is asked for again; a long address survives", inside(back) and citizen.logins == 3
          and back.url.endswith("x" * 900), (back.url, citizen.logins))
    page = end_everything(platform, citizen)
    left = citizen.session.get(party.base + "/secret/", allow_redirects=False, timeout=60)
    check(f"{name}: a logout begun at the platform ends its session over SOAP", not inside(left) and 'data-result="ended"' in page.text, page.text[-900:])
    address = platform.base + "/saml/unsolicited?" + urllib.parse.urlencode({"providerId": party.entity_id})
    uncalled = requests.get(address, timeout=60)
    check(f"{name}: gets no unsolicited answer, for no operator allowed it", uncalled.status_code == 400, (uncalled.status_code, uncalled.text))


def test_tampered(platform, party):
    """What Shibboleth refuses, so that what it accepts means something."""
    citizen = Browser(platform)
    page = citizen.go(party.base + "/secret/", submit=False)
    form = Forms(page.text).forms[0]
    xml = base64.b64decode(form[2]["SAMLResponse"])
    changed = xml.replace(b"SAML:2.0:status:Success", b"SAML:2.0:status:Succesf")
    check("Shibboleth SP: there is something to change", changed != xml, xml[:300])
    answer = citizen.session.post(form[1], data={**form[2], "SAMLResponse": base64.b64encode(changed).decode()}, timeout=30)
    check("Shibboleth SP: refuses a changed answer", answer.status_code == 500, (answer.status_code, answer.text[:300]))
    answer = citizen.session.post(form[1], data=form[2], timeout=30)
    check("Shibboleth SP: takes the right one", inside(answer), (answer.status_code, answer.url, answer.text[-600:], party.log()))
    answer = requests.post(form[1], data=form[2], timeout=30)
    check("Shibboleth SP: takes it once", not inside(answer), answer.status_code)


def add_strict_shibboleth(platform):
    """Everything signed, names encrypted, requests by POST and by artifact, answers by artifact, logout with an answer."""
    entity = platform.base + "/saml/metadata"

    def initiator(name, binding):
        return (f'<SessionInitiator type="SAML2" Location="/Login/{name}" isDefault="false" id="{name}" entityID="{entity}" '
                f'outgoingBindings="{BINDING}{binding}"/>\n')

    extra = (initiator("Post", "POST") + initiator("Artifact", "Artifact")
             + f'<LogoutInitiator type="SAML2" Location="/Logout/Post" asynchronous="false" outgoingBindings="{BINDING}POST"/>\n')
    return Shibboleth(
        folder_for(platform, "shibboleth-strict"), free_port(), {"signing": pair("shibboleth"), "encryption": pair("shibboleth")}, platform,
        attributes=f'<Attribute name="{PIN}" id="pin-used"/>',
        # On loopback there is no TLS, which artifacts are resolved over otherwise.
        changes=[("<ApplicationDefaults ", '<ApplicationDefaults signing="true" encryption="true" requireConfidentiality="false" '),
                 ("<Logout>", '<Logout asynchronous="false">'), ("<!-- Administrative logout. -->", extra)])


def test_strict_shibboleth(platform, party):
    name = "Shibboleth SP, everything signed"
    citizen = Browser(platform)
    first = citizen.go(party.base + "/secret/")
    check(f"{name}: a login by a signed redirect", inside(first), (first.url, first.text[:300], party.log()))
    check(f"{name}: pairwise-id passes its filter of scopes", first.headers.get("X-Pairwise-ID", "").endswith("@" + SCOPE),
          (dict(first.headers), party.log()))
    out = citizen.go(f"{party.base}/Shibboleth.sso/Logout?return={quoted(party.base + '/')}")
    check(f"{name}: a logout by redirect, the name encrypted, comes back", out.status_code == 200 and out.url == party.base + "/",
          (out.url, out.text[:300], party.log()))
    posted = citizen.go(f"{party.base}/Shibboleth.sso/Login/Post?target={secret(party)}")
    check(f"{name}: a signed request by POST", inside(posted) and citizen.logins == 2, (posted.url, posted.text[:300]))
    out = citizen.go(f"{party.base}/Shibboleth.sso/Logout/Post?return={quoted(party.base + '/')}")
    check(f"{name}: a logout by POST comes back", out.status_code == 200 and out.url == party.base + "/", (out.url, out.text[:300]))
    brought = citizen.go(f"{party.base}/Shibboleth.sso/Login/Artifact?target={secret(party)}")
    check(f"{name}: finds in our metadata that requests may come by artifact, and brings one", inside(brought) and citizen.logins == 3
          and any("SAMLart=" in step and step.startswith(platform.base) for step in citizen.path), (brought.url, brought.text[-900:], party.log()))
    index = re.search(r'HTTP-Artifact" Location="[^"]*/SAML2/Artifact" index="(\d+)"', party.document)[1]
    fetched = citizen.go(f"{party.base}/Shibboleth.sso/Login?acsIndex={index}&target={secret(party)}")
    check(f"{name}: fetches its answer by artifact", inside(fetched)
          and any("SAMLart=" in step and step.startswith(party.base) for step in citizen.path), (fetched.url, fetched.text[-900:], party.log()))
    citizen.forget(party.host)
    page = citizen.go(platform.base + "/saml/unsolicited?"
                      + urllib.parse.urlencode({"providerId": party.entity_id, "target": party.base + "/secret/"}))
    form = next(f for f in Forms(page.text).forms if f[1].endswith("/saml/unsolicited"))
    uncalled = citizen.go(urllib.parse.urljoin(page.url, form[1]), data=form[2])
    check(f"{name}: takes an unsolicited answer where the operator allows it and the citizen presses the button", inside(uncalled),
          (uncalled.url, uncalled.text[-600:], party.log()))
    page = end_everything(platform, citizen)
    check(f"{name}: a logout begun at the platform ends its session", 'data-result="ended"' in page.text and not inside(
        citizen.session.get(party.base + "/secret/", allow_redirects=False, timeout=60)), page.text[-900:])


# SimpleSAMLphp


def facts(answer):
    return answer.json() if "json" in answer.headers.get("Content-Type", "") else {"page": answer.text[-900:], "url": answer.url}


def test_simplesamlphp(platform, party, kind, expected_format):
    name = f"SimpleSAMLphp, {kind}"
    citizen = Browser(platform)

    def go(wish="show", **more):
        return facts(citizen.go(party.base + "/app.php?" + urllib.parse.urlencode({"do": wish, **more})))

    first = go()
    check(f"{name}: a login is accepted, with the kind of name it asks for", first.get("format") == expected_format, (first, party.log()))
    check(f"{name}: reads that the PIN was used", first.get("attributes", {}).get(PIN) == ["true"], first)
    again = go("again")
    check(f"{name}: ForceAuthn costs another use of the card, and the name stays", citizen.logins == 2
          and again.get("name_id") == first.get("name_id"), (citizen.logins, again))
    check(f"{name}: isPassive goes through while the session is there", go("passive").get("in") is True and citizen.logins == 2, citizen.path)
    level = go("level", **{"class": SMARTCARD, "comparison": "minimum"})
    check(f"{name}: a class that was reached is told", level.get("context") == SMARTCARD, level)
    refused = go("level", **{"class": NOBODY})
    check(f"{name}: an impossible class comes back as NoAuthnContext", str(refused.get("status")).endswith(":NoAuthnContext"), refused)
    check(f"{name}: its logout comes back, answered with Success", go("logout").get("out") is True
          and "Unsuccessful logout" not in party.log(), (citizen.path, party.log()))
    silent = go("passive")
    check(f"{name}: isPassive without a session comes back as NoPassive", str(silent.get("status")).endswith(":NoPassive"), silent)
    far = go("far", octets=900)
    check(f"{name}: an address of 900 octets travels in RelayState and back", far.get("name_id") and citizen.logins == 3
          and citizen.path[-1].endswith("x" * 900), (far, citizen.logins))
    check(f"{name}: it is inside", go("look").get("in") is True, party.log())
    page = end_everything(platform, citizen)
    check(f"{name}: a logout begun at the platform ends its session, and says so", go("look").get("in") is False
          and 'data-result="ended"' in page.text, (page.url, page.text[-900:], party.log()))
    return citizen


def test_long_relay_state(platform, short, long):
    citizen = Browser(platform)
    answer = citizen.go(short.base + "/app.php?do=far&octets=2000")
    check("SimpleSAMLphp: an address of 2,000 octets is more than the default allows, and the page says so", answer.status_code == 400
          and "saml.too-large" in answer.text and "RelayState" in answer.text, (answer.status_code, answer.url))
    answer = facts(citizen.go(long.base + "/app.php?do=far&octets=2000"))
    check("SimpleSAMLphp: it travels where the operator allows it", answer.get("name_id"), answer)


def add_simplesamlphp(platform, kind, more, options):
    party = SimpleSAMLphp(folder_for(platform, "simplesamlphp-" + kind), free_port(), *pair("simplesamlphp"), platform, more)
    party.start()
    register(platform, party.entity_id, party.metadata(), options)
    return party


STRICT_PHP = f"""
    'NameIDPolicy' => ['Format' => '{PERSISTENT}', 'AllowCreate' => true], 'assertion.encryption' => true, 'nameid.encryption' => true,
    'sign.logout' => true, 'redirect.validate' => true, 'WantAssertionsSigned' => true, 'ProtocolBinding' => '{BINDING}Artifact',
    'acs.Bindings' => ['{BINDING}POST', '{BINDING}Artifact'], 'SingleLogoutServiceBinding' => ['{BINDING}Redirect'],
"""

# Ruby


def test_ruby_saml(platform, party):
    name = "ruby-saml"
    citizen = Browser(platform)

    def go(path):
        return facts(citizen.go(party.base + path))

    first = go("/start")
    check(f"{name}: a login is accepted and verified, the assertion encrypted", first.get("format") == PERSISTENT and first.get("encrypted"),
          (first, party.log()))
    check(f"{name}: reads that the PIN was used", first.get("attributes", {}).get(PIN) == ["true"], first)
    check(f"{name}: RelayState comes back, and the end of the session is told", first.get("relay_state") == "start" and first.get("until"), first)
    again = go("/start?force=1")
    check(f"{name}: ForceAuthn costs another use of the card, and the name stays", citizen.logins == 2
          and again.get("name_id") == first.get("name_id"), (citizen.logins, again))
    check(f"{name}: a request by POST, signed inside", go("/start?by=post").get("name_id") == first.get("name_id"), party.log())
    level = go("/start?" + urllib.parse.urlencode({"class": SMARTCARD, "comparison": "minimum"}))
    check(f"{name}: a class that was reached is told", level.get("name_id"), level)
    refused = go("/start?" + urllib.parse.urlencode({"class": NOBODY}))
    check(f"{name}: an impossible class comes back as NoAuthnContext", str(refused.get("status")).endswith(":NoAuthnContext"), refused)
    check(f"{name}: its logout is answered with Success", go("/logout").get("logout") == "Success", (citizen.path, party.log()))
    silent = go("/start?passive=1")
    check(f"{name}: isPassive without a session comes back as NoPassive", str(silent.get("status")).endswith(":NoPassive"), silent)
    go("/start")
    check(f"{name}: a logout by POST, signed inside, is answered with Success", go("/logout?by=post").get("logout") == "Success",
          (citizen.path, party.log()))
    return first.get("name_id")


def test_omniauth(platform, party, other):
    name = "omniauth-saml"
    citizen = Browser(platform)
    party.metadata()
    facts(citizen.go(party.base + "/start"))
    first = facts(citizen.go(party.base + "/auth/saml"))
    check(f"{name}: a login is accepted, under a name of its own", first.get("name_id") not in (None, other) and citizen.logins == 1,
          (first, party.log()))
    check(f"{name}: reads that the PIN was used", first.get("pin") == "true", first)
    out = facts(citizen.go(party.base + "/auth/saml/spslo"))
    check(f"{name}: its logout visits ruby-saml's service on the way, and comes back", out.get("logout") == "Success"
          and any("/sls?SAMLRequest=" in step for step in citizen.path), (out, citizen.path, party.log()))
    check(f"{name}: both have ended", facts(citizen.go(party.base + "/look")).get("in") is False, citizen.path)


# A roll-over under all of them


def test_roll_over(platform, shibboleth, simplesamlphp, ruby):
    def visit(address, is_in):
        answer = Browser(platform).go(address)
        return None if is_in(answer) else (answer.status_code, answer.url, answer.text[-500:])

    named = lambda answer: facts(answer).get("name_id")
    visits = {"Shibboleth SP": lambda: visit(shibboleth.base + "/secret/", inside),
              "SimpleSAMLphp": lambda: visit(simplesamlphp.base + "/app.php", named),
              "ruby-saml": lambda: visit(ruby.base + "/start", named)}

    before = certificates(platform)
    platform.run("sekisho", "keys", "generate", "saml-signing", "--name", "saml-signing-next", "--deployment", platform.deployment)
    until(lambda: len(certificates(platform)) > len(before))
    published = idp_metadata(platform)
    simplesamlphp.replace_idp_metadata(published)
    ruby.replace_idp_metadata(published)
    new = next(iter(certificates(platform) - before), "none")
    # Shibboleth takes the signed document itself, at its own pace.
    check("roll-over: Shibboleth SP refreshes our signed metadata by itself and has the next key",
          until(lambda: new in open(os.path.join(shibboleth.folder, "sekisho.xml")).read()), shibboleth.log())
    promote_under(platform, Crowd(visits))


def prepare(platform):
    os.chmod(platform.folder, 0o755)
    platform.run("jpki-simulator", "export", "--state", platform.state, "--card", "hanako", platform.folder)
    # Subject identifiers need a scope; on loopback there is no name of the host to take.
    with open(os.path.join(platform.deployment, "sekisho.yaml"), "a") as f:
        f.write(f"\nsaml:\n  scopes: [{SCOPE}]\n")
    platform.server.terminate()
    platform.server.wait()
    platform.server = platform.serve()


def test(platform, running, only):
    prepare(platform)

    def wanted(word):
        return not only or only in word

    ruby = RubySAML(folder_for(platform, "ruby"), free_port(), *pair("ruby-saml"), platform)
    running.append(ruby)
    if wanted("shibboleth"):
        strict = add_strict_shibboleth(platform)
        running.append(strict)
        strict.start()
        strict.document = strict.metadata()
        register(platform, strict.entity_id, strict.document.replace("</md:Extensions>", PAIRWISE + "</md:Extensions>", 1),
                 "  unsolicited: true\n  encrypt: required\n")
        test_strict_shibboleth(platform, strict)
        strict.stop()
    plain = Shibboleth(folder_for(platform, "shibboleth"), free_port(), {"signing": pair("shibboleth"), "encryption": pair("shibboleth")},
                       platform, attributes=f'<Attribute name="{PIN}" id="pin-used"/>')
    running.append(plain)
    plain.start()
    register(platform, plain.entity_id, plain.metadata(), "  encrypt: required\n")
    if wanted("shibboleth"):
        test_shibboleth(platform, plain)
        test_tampered(platform, plain)
    php = add_simplesamlphp(platform, "default", "", "  logout: browser\n")
    running.append(php)
    if wanted("simplesamlphp"):
        test_simplesamlphp(platform, php, "as Debian installs it", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient")
        careful = add_simplesamlphp(platform, "strict", STRICT_PHP, "  relay-state: 4096\n  encrypt: required\n  ciphers: allow-cbc\n")
        running.append(careful)
        test_simplesamlphp(platform, careful, "by artifact, names and assertions encrypted", PERSISTENT)
        test_long_relay_state(platform, php, careful)
        careful.stop()
    ruby.start()
    register(platform, ruby.entity_id, ruby.metadata(), "  encrypt: required\n")
    # Its default AttributeConsumingService asks for an e-mail address and names, in words of its own.
    register(platform, ruby.omniauth_id, ruby.metadata("/auth/saml/metadata"), "  release: permitted\n")
    if wanted("ruby"):
        test_omniauth(platform, ruby, test_ruby_saml(platform, ruby))
    if wanted("roll-over"):
        test_roll_over(platform, plain, php, ruby)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=".build/debug")
    parser.add_argument("--only", default="", help="shibboleth, simplesamlphp, ruby or roll-over")
    arguments = parser.parse_args()
    platform = R.Platform(arguments.binaries)
    running = []
    return R.carry_out("more_services", platform, lambda: test(platform, running, arguments.only), running)


if __name__ == "__main__":
    sys.exit(main())
