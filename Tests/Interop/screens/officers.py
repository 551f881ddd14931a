"""Officers at the console: the first one by the one-time code of the operator, the second approved by the first; one registers, the other
approves. The one reads Japanese and the other English."""

import hashlib
import os
import re
import secrets
import subprocess

import parties as P
import run as R
from run import check
from screens.citizen import ends_at, hanako
from screens.window import Window
from servers import until

ROLES = ["registrar", "policy-officer", "trust-officer", "operator", "auditor"]
PARTS = {"overview": "/console", "members": "/console/members", "trust": "/console/trust", "policies": "/console/policies",
         "sessions": "/console/sessions", "audit": "/console/audit", "keys": "/console/keys", "metering": "/console/metering",
         "officers": "/console/officers", "export": "/console/export"}
REASON = {"ja": "申請書類を確かめました", "en": "The papers were read and are right"}


def desks(world):
    """The two officers at their desks, by their own way there; once, and again when a walk broke off. The one reads Japanese, the other English."""
    people = (world.person("misaki", "misaki"), "ja"), (world.person("emi", "emi"), "en")
    if not hasattr(world, "officers"):
        office(world)
        code = bootstrap(world)
        world.officers = sato, suzuki = [Window(*who) for who in people]
        for window in (sato, suzuki):
            enter(world, window)
        first(world, sato, code)
        second(world, sato, suzuki)
    for place, window in enumerate(world.officers):
        if window.page.is_closed():
            world.officers[place] = window = Window(*people[place])
            window.go("/console")
            window.press('form[action="/console/login"] button')
            window.card()
    return world.officers


def console(world, _):
    sato, suzuki = desks(world)
    for window in (sato, suzuki):
        for name, path in PARTS.items():
            answer = window.go(path)
            check(f"console ({window.language}): {path} is there", answer.status == 200, answer.status)
            world.looking.see(window, "console, " + name)
        for protocol in ("SAML", "OpenID"):
            window.go("/console/members/new?protocol=" + protocol.lower())
            world.looking.see(window, f"console, register by {protocol}")
    registers_saml(world, sato, suzuki)
    registers_openid(world, suzuki, sato)
    hostile_metadata(world, sato, suzuki)
    lapsed(world, sato, suzuki)
    looks_up(world, sato, suzuki)
    outsider(world)


def office(world):
    """Two officers with keys sign what is there; from then on every member takes two people."""
    folder = os.path.join(world.platform.deployment, "Keys", "officers")
    os.makedirs(folder, exist_ok=True)
    run = lambda *command: subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    for name in ("sato", "suzuki"):
        key = os.path.join(world.platform.folder, name + ".pem")
        run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key)
        public = "".join(f"  {line}\n" for line in run("openssl", "pkey", "-in", key, "-pubout").splitlines())
        with open(os.path.join(folder, name + ".yaml"), "w") as f:
            f.write(f"name: {name}\nroles: [{', '.join(ROLES)}]\nnot-before: 2020-01-01\nnot-after: 2099-01-01\npublic-key: |\n{public}")
    for name in ("sato", "suzuki"):
        world.platform.run("sekisho", "member", "sign", "--all", "--as", name, "--key", os.path.join(world.platform.folder, name + ".pem"),
                           "--reason", "as it is", "--deployment", world.platform.deployment)
    with open(os.path.join(world.platform.deployment, "sekisho.yaml"), "a") as f:
        f.write("\nmembers: {changes: two-people}\n")


def bootstrap(world):
    done = world.platform.run("sekisho", "admin", "bootstrap", world.platform.deployment, "--officer", "sato")
    return done.stdout.strip().splitlines()[-1].strip()


def enter(world, window):
    window.go("/console")
    world.looking.see(window, "console, before login")
    window.press('form[action="/console/login"] button')
    world.looking.see(window, "console, login")
    window.card()
    check(f"console ({window.language}): whoever is no officer sees nothing of it", window.page.locator('form[action="/console/bootstrap"]').count() == 1,
          window.text[:300])
    world.looking.see(window, "console, not an officer yet")


def first(world, window, code):
    form = 'form[action="/console/bootstrap"]'
    window.page.fill(f"{form} input[name=code]", "AAAA-BBBB-CCCC-DDDD")
    window.press(f"{form} button")
    check("console: a wrong code makes nobody an officer", window.page.locator(form).count() == 1 and window.page.locator("[role=alert]").count() > 0, window.text[:300])
    window.page.fill(f"{form} input[name=code]", code)
    window.press(f"{form} button")
    check("console: the operator's one-time code makes the first officer", window.path == "/console" and window.page.locator(form).count() == 0, window.text[:300])


def second(world, sato, suzuki):
    form = 'form[action="/console/bootstrap"]'
    suzuki.page.fill('form[action="/console/ask"] input[name=officer]', "suzuki")
    suzuki.press('form[action="/console/ask"] button')
    check("console: the second officer asks", suzuki.page.locator("[role=status]").count() > 0, suzuki.text[:300])
    suzuki.go("/console/members")
    check("console: and is none before that", suzuki.page.locator(form).count() == 1, suzuki.text[:200])
    sato.go("/console/officers")
    world.looking.see_both(sato, "console, a card that waits")
    approve(sato, "/console/officers/approve")
    check("console: the first one approves the card", sato.path == "/console/officers" and "done=" in sato.page.url, sato.text[:300])
    suzuki.go("/console")
    check("console: the second officer is in", suzuki.page.locator(form).count() == 0 and suzuki.page.locator("nav a[href='/console/members']").count() == 1,
          suzuki.text[:300])


def approve(window, door):
    window.page.fill(f'form[action="{door}"] input[name=reason]', REASON[window.language])
    window.press(f'form[action="{door}"] button')


def write(window, protocol, name_ja, name_en, purpose, **fields):
    window.go("/console/members/new?protocol=" + protocol)
    form = 'form[action="/console/members/check"]'
    fill = {"name-ja": name_ja, "name-en": name_en, "purposes": purpose, "contact-name": "試験", "contact-mail": "technical@example.jp", **fields}
    for name, value in fill.items():
        field = window.page.locator(f"{form} [name={name}]")
        if name == "metadata-file":
            field.set_input_files(value)
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    return form


def propose(world, window, what):
    """The report is read, then the change is proposed."""
    door = 'form[action="/console/members/propose"]'
    check(f"{what} ({window.language}): is looked through and nothing is registered yet", window.page.locator(door).count() == 1, window.text[:600])
    world.looking.see(window, "console, a member before it is registered")
    window.page.fill(f"{door} input[name=reason]", REASON[window.language])
    window.press_twice(f"{door} button")
    check(f"{what} ({window.language}): is proposed, though pressed twice", window.path == "/console/members" and "done=proposed" in window.page.url, (window.page.url, window.text[:400]))
    waiting = window.page.locator('a[href^="/console/members/proposals/"]')
    check(f"{what} ({window.language}): waits once", waiting.count() == 1, waiting.count())
    return waiting.first.get_attribute("href")


def decided(world, proposer, approver, proposal, what):
    proposer.go(proposal)
    world.looking.see(proposer, f"console, {what}, proposed")
    approve(proposer, "/console/members/approve")
    check(f"{what}: the one who proposed it does not count twice", proposer.documents[-1][0] == 409, proposer.documents[-1][:2])
    approver.go(proposal)
    world.looking.see(approver, f"console, {what}, proposed")
    approve(approver, "/console/members/approve")
    check(f"{what}: the second person approves", approver.path == "/console/members" and "done=taken" in approver.page.url, (approver.page.url, approver.text[:400]))


def enters(world, party, what):
    citizen = hanako(world, "ja")

    def is_asked():
        citizen.go(party.base + "/start")
        citizen.settle()
        return Window.on_login(citizen.page.url)

    until(is_asked)
    citizen.card()
    citizen.page.wait_for_url(party.base + "/**")
    ends_at(citizen, party, what)
    citizen.close()


def registers_saml(world, proposer, approver):
    what = "a SAML member"
    party = P.PySAML2(R.free_port(), *R.key_files(world.platform.folder, "museum"), world.metadata)
    world.services.append(party)
    metadata = os.path.join(world.platform.folder, "museum.xml")
    with open(metadata, "w") as f:
        f.write(party.metadata())
    form = write(proposer, "saml", "見本博物館", "Museum of Samples", "procedure", **{"metadata-file": metadata})
    proposer.press(f"{form} button")
    proposal = propose(world, proposer, what)
    stranger = hanako(world, "ja")
    stranger.go(party.base + "/start")
    check(f"{what}: is refused before the second person approved", not Window.on_login(stranger.page.url) and stranger.documents[-1][0] >= 400, stranger.page.url)
    stranger.close()
    decided(world, proposer, approver, proposal, what)
    enters(world, party, f"{what}: a citizen comes in at once")
    for window in (proposer, approver):
        window.go("/console/members")
        window.press(f'a[href^="/console/members/show?id="]:text-is("{ {"ja": "見本博物館", "en": "Museum of Samples"}[window.language] }")')
        world.looking.see(window, "console, a member")


def registers_openid(world, proposer, approver):
    what = "an OpenID member"
    secret, port = secrets.token_urlsafe(32), R.free_port()
    form = write(proposer, "openid", "見本劇場", "Theatre of Samples", "points", **{
        "id": "theatre", "kind": "private-verifier", "redirect-uris": f"http://127.0.0.1:{port}/callback", "authentication": "client_secret_basic",
        "secret-sha256": "not a digest"})
    proposer.press(f"{form} button")
    check(f"{what}: what is wrong is told, and nothing typed is lost",
          proposer.page.locator("[role=alert]").count() > 0 and proposer.page.locator(f"{form} [name=name-ja]").input_value() == "見本劇場"
          and proposer.page.locator(f"{form} [name=secret-sha256]").input_value() == "not a digest", proposer.text[:500])
    proposer.page.fill(f"{form} [name=secret-sha256]", hashlib.sha256(secret.encode()).hexdigest())
    proposer.press(f"{form} button")
    proposal = propose(world, proposer, what)
    decided(world, proposer, approver, proposal, what)
    party = P.Authlib(port, world.base, "theatre", secret=secret)
    world.services.append(party)
    enters(world, party, f"{what}: a citizen comes in at once")


HOSTILE = {
    "a document type": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "a thousandfold entity": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>',
    "no XML": "<html><script>alert(1)</script>",
    "markup in a name": '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://x.test/&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"/>',
}


def hostile_metadata(world, *windows):
    """Uploaded metadata is hostile until proven."""
    for turn, window in enumerate(windows):
        for what, text in list(HOSTILE.items())[turn::len(windows)]:
            form = write(window, "saml", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "procedure", metadata=text)
            window.press(f"{form} button")
            strange = window.page.locator("img[src=x], [onerror], [onload]").count()
            check(f"metadata with {what} ({window.language}): is refused, kept as typed, and stays text",
                  window.documents[-1][0] == 400 and not strange and not window.offences and "root:" not in window.text
                  and window.page.locator(f"{form} [name=metadata]").input_value() == text, (window.documents[-1][:2], strange, window.offences, window.text[:300]))
            window.offences.clear()
        world.looking.see(window, "console, a member that is not right")
        window.go("/console/members")
        check(f"hostile metadata ({window.language}): nothing waits", window.page.locator('a[href^="/console/members/proposals/"]').count() == 0)


def lapsed(world, *windows):
    """The login ends while a long form is open: nothing typed is lost, and one press sends it after the login."""
    for window in windows:
        form = write(window, "openid", "見本の森", "Forest of Samples", "points", id="forest", **{"redirect-uris": "https://forest.test/cb"})
        leave = window.tab()
        leave.go("/")
        leave.press('form[action="/session/end"]:has(input[value=here]) button')
        window.press(f"{form} button")
        check(f"lapsed ({window.language}): nothing was done, and what was typed is there", window.documents[-1][0] in (403, 409) and "https://forest.test/cb" in window.text,
              (window.documents[-1][:2], window.text[:300]))
        world.looking.see(window, "console, the login is over", typed=["見本の森"])
        with window.context.expect_page() as opened:
            window.page.locator('form[action="/console/login"] button').click()
        desk = window.tab()
        desk.page.close()
        desk.page = opened.value
        desk.settle()
        desk.card()
        check(f"lapsed ({window.language}): the login is made in a tab of its own", desk.path == "/console", desk.page.url)
        desk.page.close()
        again = 'form[action="/console/members/check"]'
        window.press(f"{again} button")
        if window.documents[-1][0] == 409:  # once more, in view of the new login
            world.looking.see(window, "console, sent again after a login", typed=["見本の森"])
            window.press(f"{again} button")
        check(f"lapsed ({window.language}): what was typed is looked through", window.page.locator('[name="id"][value="forest"], form[action="/console/members/propose"]').count() > 0,
              (window.page.url, window.text[:300]))


def looks_up(world, *windows):
    """The auditor's search, the proof of the chain, and a session that an operator ends."""
    for window in windows:
        window.go("/console/audit")
        window.page.fill("input[name=event]", "console.")
        window.press('form[action="/console/audit"] button')
        world.looking.see(window, "console, audit, found")
        link = window.page.locator('main a[href^="/console/audit/"]')
        check(f"audit ({window.language}): records are found", link.count() > 0, window.text[:300])
        if link.count():
            window.go(link.first.get_attribute("href"))
            world.looking.see(window, "console, audit, a record")
        window.go("/console/audit")
        window.press('form[action="/console/audit/chain"] button')
        world.looking.see(window, "console, audit, the chain")
        for path, kind in (("/console/metering.csv", "text/csv"), ("/console/export.txt", "text/plain")):
            answer = window.context.request.get(world.base + path)
            check(f"console ({window.language}): {path} is for keeping", answer.status == 200 and kind in answer.headers["content-type"], (answer.status, answer.headers))


def outsider(world):
    """A citizen who is logged in is no officer; nor is a developer everybody's (H17)."""
    window = hanako(world, "ja")
    window.go(world.points.base + "/start")
    window.card()
    for path in PARTS.values():
        answer = window.go(path)
        inside = window.page.locator("nav a[href='/console/members']").count()
        check(f"console: {path} shows a citizen nothing", not inside and (path == "/console" or answer.status == 403), (answer.status, window.text[:200]))
    window.go("/console")
    window.press('form[action="/console/login"] button')
    if Window.on_login(window.page.url):
        window.card()
    answer = window.go("/console/members")
    check("console: nor after a login there", answer.status == 403 and re.search("Museum|博物館", window.text) is None, (answer.status, window.text[:200]))
    window.close()
