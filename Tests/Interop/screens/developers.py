"""What developers of services read: addresses, settings to copy, what a code means, the list of wrong answers, and the sandbox that gives them.
And what an applicant sees of its own application."""

import os
import re

import requests

import parties as P
import run as R
from run import check
from screens.window import Window
from screens.world import member

# The others have the same page with other settings on it.
SHOWN = ("/shibboleth-sp", "/spring-openid")
WRONG = {"ja": "expired", "en": "other-key"}


def pages(world, language):
    see = world.looking.see
    window = Window(world.person("nobody"), language)
    window.go("/developers")
    see(window, "developers")
    text = window.text
    for address in ("/saml/metadata", "/.well-known/openid-configuration", "/sandbox/saml/metadata", "/sandbox/.well-known/openid-configuration"):
        check(f"developers ({language}): {address} is named, and answers", world.base + address in text and requests.get(world.base + address, timeout=60).status_code == 200)
    guides = window.page.locator('main a[href^="/developers/settings/"]').evaluate_all("all => all.map(e => [e.getAttribute('href'), e.innerText])")
    check(f"developers ({language}): settings for some twenty pieces of software", len(guides) >= 19, guides)
    for href, name in guides:
        if language == "en" and not href.endswith(SHOWN):
            continue
        window.press(f'a[href="{href}"]')
        whole = "\n".join(window.page.locator("main pre").all_inner_texts())
        check(f"developers ({language}): the settings for {name} are of this deployment, whole and to be copied", world.base in whole and len(whole) > 150
              and not re.search(r"TODO|example\.invalid|\{\{", whole), whole[:300])
        if href.endswith(SHOWN):
            see(window, "developers, settings for " + href.rsplit("/", 1)[1])
        window.page.go_back()
    window.go("/developers/acceptance")
    see(window, "developers, acceptance")
    known = requests.get(world.base + "/sandbox/answers", timeout=60).json()
    rows = window.page.locator("main tbody tr > :first-child code").all_inner_texts()
    wanted = [answer["answer"] for kind in ("saml", "openid") for answer in known[kind] if answer["answer"] != "right"]
    check(f"developers ({language}): the list is the one that the sandbox can give and the command runs", sorted(rows) == sorted(wanted), (rows, wanted))
    dictionary(world, window)
    window.close()


def dictionary(world, window):
    """From a refusal to what its code means."""
    see, language = world.looking.see, window.language
    window.go(f"/openid/authorize?client_id={world.points.client_id}&response_type=code&scope=openid&redirect_uri=https://elsewhere.test/cb")
    check(f"codes ({language}): an address that is not registered is refused here, and goes nowhere", window.page.url.startswith(world.base)
          and window.documents[-1][0] == 400, (window.page.url, window.documents[-1][:2]))
    window.page.locator("main summary").click()
    see(window, "refusal, for the developer")
    code = window.page.locator("main details code").first.inner_text()
    check(f"codes ({language}): the developer is shown what was compared", "elsewhere.test" in window.text, window.text[:500])
    window.press('main details a[href^="/help/"]')
    see(window, "help on a code, from a refusal")
    check(f"codes ({language}): and reads what the code means, its clause and what to do", code in window.text and re.search(r"§|RFC|OpenID", window.text) is not None, window.text[:500])
    window.press('main a[href="/help/codes"]')
    listed = window.page.locator("main dt").count()
    check(f"codes ({language}): the list of all of them has it", listed > 300 and window.page.locator(f'main a[href="/help/{code}"]').count() == 1, listed)
    see(window, "help, all codes", kind="list")
    window.go("/help/" + code[:-2])
    see(window, "help, no such code")
    check(f"codes ({language}): a code that was mistyped leads to those like it", window.page.locator(f'main a[href="/help/{code}"]').count() == 1,
          window.text[:400])


def sandbox(world, language):
    """One right answer and one wrong one to real software, chosen by hand on the sandbox's page."""
    see = world.looking.see
    parties = sandboxed(world)
    for protocol, party in parties.items():
        window = Window(world.person("nobody"), language)
        window.go(party.base + "/start")
        window.settle()
        see(window, f"sandbox, {protocol}")
        check(f"sandbox ({language}): says to whom the answer goes, and that it is no login", "developers" in window.text or "開発" in window.text, window.text[:300])
        window.press("main form button")
        window.page.wait_for_url(party.base + "/**")
        told = window.told()
        check(f"sandbox ({language}): {protocol} software takes the right answer, about somebody invented", str(told.get("name_id") or told.get("claims", {}).get("sub", "")).startswith("sandbox-"),
              (window.page.url, window.text[:300]))
        window.go(party.base + "/start")
        window.page.locator(f'input[name=answer][value="{WRONG[language]}"]').check()
        window.page.select_option("select[name=citizen]", index=1)
        window.press("main form button")
        window.page.wait_for_url(party.base + "/**")
        told = window.told()
        check(f"sandbox ({language}): {protocol} software refuses *{WRONG[language]}*", "name_id" not in told and "claims" not in told, (window.page.url, window.text[:300]))
        window.close()
    # By the keyboard alone: one of eighteen answers by the arrows.
    window = Window(world.person("nobody"), language)
    window.go(parties["OpenID"].base + "/start")
    window.page.keyboard.press("Tab")
    for _ in range(40):
        if window.page.evaluate("() => document.activeElement.name") == "answer":
            break
        window.page.keyboard.press("Tab")
    window.page.keyboard.press("ArrowDown")
    chosen = window.page.evaluate("() => document.activeElement.value")
    with window.page.expect_navigation():
        window.page.keyboard.press("Enter")
    window.page.wait_for_url(parties["OpenID"].base + "/**")
    check(f"sandbox ({language}): by the keyboard alone another answer is chosen, and refused", chosen != "right" and "claims" not in window.told(), (chosen, window.text[:200]))
    window.close()


def sandboxed(world):
    """Software of others whose identity provider is the sandbox; registered once."""
    if not hasattr(world, "sandboxed"):
        sandbox = world.base + "/sandbox"
        metadata = requests.get(sandbox + "/saml/metadata", timeout=60).text
        _, pem, certificate = R.key_pair("sandboxed")
        saml = P.OneLogin(R.free_port(), pem, certificate, {
            "entityId": re.search(r'entityID="([^"]+)"', metadata)[1],
            "singleSignOnService": {"url": sandbox + "/saml/sso", "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"},
            "x509cert": re.search(r"<ds:X509Certificate[^>]*>([^<]+)<", metadata)[1]})
        names = {"ja": "試作中のサービス", "en": "Service in the Making"}
        world.platform.add_member(member(saml.entity_id, "ministry", "procedure", names, "saml:\n  metadata: sandboxed.xml\n"), {"sandboxed.xml": saml.metadata()})
        secret, port = "sandboxed-" + os.urandom(16).hex(), R.free_port()
        world.add_client("sandboxed", "private-verifier", "points", names, secret, port)
        world.services += [saml, openid := P.Authlib(port, sandbox, "sandboxed", secret=secret)]
        world.sandboxed = {"SAML": saml, "OpenID": openid}
    return world.sandboxed


def applicant(world, language):
    """The applicant's own view: each step of the examination shows at once, and a wrong reference shows nothing."""
    see = world.looking.see
    name = f"https://applicant-{language}.test/sp"
    told = ("--kind", "served-firm", "--name-ja", "見本旅行社", "--name-en", "Travels of Samples", "--purpose", "points")
    run = lambda act, *more, expect=0: world.platform.run("sekisho", "member", act, name, "--deployment", world.platform.deployment, "--reason", "letter of today", *more, expect=expect)
    address = re.search(r"(http\S+/applicants/\S+)", run("apply", *told).stdout)[1]
    window = Window(world.person("nobody"), language)
    seen = []
    for state, step in (("received", None), ("examined", "examine")):
        if step:
            run(step)
        window.go(address)
        seen.append(window.page.locator("main").inner_text())
        see(window, f"applicant, {state}")
    check(f"applicant ({language}): reads its own name and id", {"ja": "見本旅行社", "en": "Travels of Samples"}[language] in seen[0] and name in seen[0], seen[0])
    check(f"applicant ({language}): and what is missing, before it is examined", len(seen[0].splitlines()) > 5 and seen[0] != seen[1], seen)
    check(f"applicant ({language}): and each step with its day", window.page.locator("main ol li").count() == 2, seen[1])
    window.go(address[:-3] + "AAA")
    wrong = window.page.locator("main").inner_text()
    see(window, "applicant, no such reference")
    window.go("/applicants/x")
    check(f"H9 ({language}): a reference that is wrong and one that never was look the same", wrong == window.page.locator("main").inner_text()
          and window.documents[-1][0] == 404 and name not in wrong, wrong)
    window.close()
