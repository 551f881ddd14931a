"""Real service providers in breadth: Apache with mod_auth_mellon, pysaml2 and python3-saml with encrypted assertions, logout from either
side and a key roll-over in flight, against a freshly initialised Sekisho. See README.md."""

import argparse
import os
import re
import sys
import urllib.parse

import requests

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run as R  # noqa: E402
import parties as P  # noqa: E402
from browser import Browser  # noqa: E402
from mellon import Mellon  # noqa: E402
from run import check, free_port, key_files, key_pair, member  # noqa: E402
from servers import Crowd, until  # noqa: E402

GCM, CBC = "http://www.w3.org/2009/xmlenc11#aes256-gcm", "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
OAEP = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"


def idp_metadata(platform):
    return requests.get(platform.base + "/saml/metadata", timeout=60).text


def certificates(platform):
    return set(re.findall(r"<ds:X509Certificate[^>]*>([^<]+)<", idp_metadata(platform)))


def promote_under(platform, crowd):
    """The key that waits begins to sign while citizens come in."""
    crowd.pass_through()
    changed = platform.run("sekisho", "keys", "promote", "saml-signing-next", "--early", "roll-over in the tests", "--deployment",
                           platform.deployment, expect=None)
    crowd.pass_through()
    crowd.end()
    check("roll-over: the next key is promoted while citizens come in", changed.returncode == 0, changed.stdout + changed.stderr)
    check("roll-over: not one login failed", min(crowd.done.values()) >= 4 and not crowd.failures, (crowd.done, crowd.failures[:2]))


def add_mellon(platform, name, methods, body=""):
    _, key, certificate = key_pair(name)
    folder = os.path.join(platform.folder, name)
    os.makedirs(folder)
    party = Mellon(folder, free_port(), key, certificate, idp_metadata(platform), methods)
    platform.add_member(
        member(party.entity_id, "ministry", "procedure", f"saml:\n  metadata: {name}.xml\n{body}"), {name + ".xml": party.metadata})
    return party.start()


def inside(answer):
    return answer.status_code == 200 and answer.text == "in"


def test_mellon(platform, name, party):
    citizen = Browser(platform)
    first = citizen.go(party.base + "/secret/")
    check(f"{name}: a card login opens the protected page", inside(first), (first.status_code, first.url, first.text[:300], party.log()))
    check(f"{name}: reads that the PIN was used", first.headers.get("X-PIN-Used") == "true", dict(first.headers))
    check(f"{name}: the card was shown once", citizen.logins == 1, citizen.logins)
    citizen.forget(party.host)
    again = citizen.go(party.base + "/secret/")
    check(f"{name}: comes in again without the card, under the same identifier",
          inside(again) and citizen.logins == 1 and again.headers.get("X-Name-ID") == first.headers.get("X-Name-ID"),
          (citizen.logins, dict(again.headers)))
    return citizen


def test_logout_from_service(platform, name, party):
    citizen = test_mellon(platform, name, party)
    target = party.base + "/"
    out = citizen.go(party.base + "/mellon/logout?" + urllib.parse.urlencode({"ReturnTo": target}))
    check(f"{name}: a logout begun there ends there again", out.status_code == 200 and out.url == target, (out.status_code, out.url, out.text[:400]))
    logins = citizen.logins
    back = citizen.go(party.base + "/secret/")
    check(f"{name}: after its logout the card is asked for again", inside(back) and citizen.logins == logins + 1, (back.url, citizen.logins))


def test_logout_from_platform(platform, name, parties):
    citizen = Browser(platform)
    for party in parties:
        check(f"{name}: enters {party.entity_id}", inside(citizen.go(party.base + "/secret/")), party.log())
    page = citizen.go(platform.base + "/session/end", data={})
    check(f"{name}: the citizen sees how it went", page.status_code == 200 and page.url.startswith(platform.base), (page.status_code, page.url))
    open_ = lambda: [party.base for party in parties if inside(citizen.session.get(party.base + "/secret/", allow_redirects=False, timeout=60))]
    check(f"{name}: every service has ended its session", until(lambda: not open_()), lambda: (open_(), page.text[:1500], parties[0].log()))


def test_broken_member(platform, parties):
    """One service is down: the others still end, and the citizen is told which did not."""
    citizen = Browser(platform)
    for party in parties:
        inside(citizen.go(party.base + "/secret/"))
    parties[0].stop()
    try:
        citizen.refuse = {parties[0].base}
        try:
            page = citizen.go(platform.base + "/session/end", data={})
        except requests.ConnectionError:
            page = citizen.session.get(platform.base + "/", timeout=60)
        gone = until(lambda: not inside(citizen.session.get(parties[1].base + "/secret/", allow_redirects=False, timeout=60)))
        check("logout: a service that is down does not keep the others in", gone, page.text[:800])
    finally:
        parties[0].start()


def add_libraries(platform):
    """pysaml2 and python3-saml, once with a key for encryption and once without."""
    metadata = idp_metadata(platform)
    parties = {}
    for encrypted in (True, False):
        party = P.PySAML2(free_port(), *key_files(platform.folder, f"pysaml2-{encrypted}"), metadata, encrypted=encrypted)
        parties["pysaml2" + (", encrypted" if encrypted else "")] = party
        _, pem, certificate = key_pair("python3-saml")
        base = platform.base
        idp = {
            "entityId": re.search(r'entityID="([^"]+)"', metadata)[1],
            "singleSignOnService": {"url": base + "/saml/sso", "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"},
            "singleLogoutService": {"url": base + "/saml/logout", "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"},
            "x509cert": re.search(r"<ds:X509Certificate[^>]*>([^<]+)<", metadata)[1],
        }
        party = P.OneLogin(free_port(), pem, certificate, idp, encrypted=encrypted)
        parties["python3-saml" + (", encrypted" if encrypted else "")] = party
    for number, party in enumerate(parties.values()):
        body = "saml:\n  metadata: library.xml\n" + ("  encrypt: required\n" if number < 2 else "  encrypt: off\n")
        platform.add_member(
            member(party.entity_id, "ministry", "procedure", body.replace("library", f"library{number}")),
            {f"library{number}.xml": party.metadata()})
    return parties


def test_library(platform, name, party):
    citizen = Browser(platform)
    page = citizen.go(party.base + "/start")
    facts = page.json() if page.status_code == 200 else {}
    check(f"{name}: a login is accepted and verified", facts.get("name_id"), (page.status_code, page.text[:500]))
    check(f"{name}: the assertion is{'' if 'encrypted' in name else ' not'} encrypted", facts.get("encrypted") is ("encrypted" in name), facts)
    out = citizen.go(party.base + "/logout")
    check(f"{name}: its logout is answered with Success", out.status_code == 200 and "Success" in out.text, (out.status_code, out.url, out.text[:500]))
    citizen.go(party.base + "/start")
    check(f"{name}: after its logout the card is asked for again", citizen.logins == 2, citizen.logins)


def test_chain(platform, parties):
    """Front channel only: the platform visits each service with the citizen's browser; the one that asked gets its answer at the end."""
    first, second = parties
    citizen = Browser(platform)
    for party in parties:
        citizen.go(party.base + "/start")
    check("front channel: one card for two services", citizen.logins == 1 and first.inside and second.inside, citizen.logins)
    out = citizen.go(first.base + "/logout")
    check("front channel: the other service is visited and ends", second.inside is None, citizen.path)
    check("front channel: the one that asked gets its answer", out.status_code == 200 and "Success" in out.text, (out.url, out.text[:500]))
    for party in parties:
        citizen.go(party.base + "/start")
    page = citizen.go(platform.base + "/session/end", data={})
    check("front channel: begun at the platform, both end", first.inside is None and second.inside is None, (page.url, page.text[:500]))
    for party in parties:
        citizen.go(party.base + "/start")
    citizen.refuse = {second.base}
    try:
        citizen.go(first.base + "/logout")
    except requests.ConnectionError:
        pass
    citizen.refuse = set()
    # The citizen sees that the page does not open, goes back to the page of results and on.
    page = citizen.go(next(a for a in reversed(citizen.path) if a.startswith(platform.base + "/logout/")).split("/next")[0])
    check("front channel: a service that does not open does not keep the answer from the one that asked",
          page.status_code == 200 and "logout" in page.text and "refused" not in page.text, (page.status_code, page.url, page.text[:900], citizen.path))


def test_roll_over(platform, parties):
    """Logins go on while a key is generated, published and promoted; services that took the metadata between lose none."""
    def visit(party):
        answer = Browser(platform).go(party.base + "/secret/")
        return None if inside(answer) else (answer.status_code, answer.url, answer.text[:300], party.log()[-300:])

    before = certificates(platform)
    made = platform.run("sekisho", "keys", "generate", "saml-signing", "--name", "saml-signing-next", "--deployment", platform.deployment)
    until(lambda: len(certificates(platform)) > len(before))
    published = idp_metadata(platform)
    check("roll-over: the next key is published beside the current one", len(certificates(platform)) == len(before) + 1, made.stdout + made.stderr)
    early = platform.run("sekisho", "keys", "promote", "saml-signing-next", "--deployment", platform.deployment, expect=None)
    check("roll-over: it may not sign before it was published long enough", early.returncode != 0 and "keys.publish-before-use" in
          early.stdout + early.stderr, early.stdout + early.stderr)
    # The services read our metadata now, as they would within the cache time.
    for party in parties:
        party.replace_idp_metadata(published)
    promote_under(platform, Crowd({party.base: lambda party=party: visit(party) for party in parties}))
    first = re.search(r"<ds:X509Certificate[^>]*>([^<]+)<", idp_metadata(platform))[1]
    old = next(iter(before & {re.search(r"<ds:X509Certificate[^>]*>([^<]+)<", published)[1]}), "")
    check("roll-over: the promoted key signs now", first != old, first[:40])


def test(platform, running):
    os.chmod(platform.folder, 0o755)
    platform.run("jpki-simulator", "export", "--state", platform.state, "--card", "hanako", platform.folder)
    plain = add_mellon(platform, "mellon-plain", None)
    running.append(plain)
    gcm = add_mellon(platform, "mellon-gcm", [GCM, OAEP])
    running.append(gcm)
    cbc = add_mellon(platform, "mellon-cbc", [CBC, OAEP], "  ciphers: allow-cbc\n  encrypt: required\n")
    running.append(cbc)
    # First, while Apache holds one session of each citizen: it looks for sessions by NameID alone and takes the first.
    test_logout_from_platform(platform, "logout at the platform", [plain, cbc])
    test_broken_member(platform, [plain, cbc])
    test_logout_from_service(platform, "mod_auth_mellon", plain)
    test_mellon(platform, "mod_auth_mellon, AES-CBC allowed by its file", cbc)
    test_mellon(platform, "mod_auth_mellon, AES-GCM", gcm)
    libraries = add_libraries(platform)
    running += libraries.values()
    for name, party in libraries.items():
        test_library(platform, name, party)
    test_chain(platform, [libraries["pysaml2"], libraries["python3-saml"]])
    test_roll_over(platform, [plain, cbc])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=".build/debug")
    platform = R.Platform(parser.parse_args().binaries)
    running = []
    return R.carry_out("services", platform, lambda: test(platform, running), running)


if __name__ == "__main__":
    sys.exit(main())
