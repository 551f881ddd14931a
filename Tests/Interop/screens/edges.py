"""The classes of checklist 5.D that live in browsers and have no walk of their own elsewhere: steps that are skipped, guesses, members that were
stopped, names of hosts and of people in headers, cookies from beside, things of others, fields that nobody offered, very long and very strange
words, and the back button after a logout."""

import secrets
import time
import urllib.parse

import requests

import parties as P
import run as R
from run import check
from screens.chromium import Person
from screens.citizen import ends_at, hanako, without_consents
from screens.links import holder, issue, newcomer, own
from screens.window import Window

LONG = "寿限無" * 1500 + "x" * 4000 + "\u202e\U0001f468\u200d\U0001f469\u200d\U0001f467𠮷" + "é" * 300


def skipped(world, language):
    """H5, H6: no address of a journey is a way past the card, or past the PIN."""
    window = hanako(world, language)
    window.go(world.insurer.base + "/start")
    login = window.page.url
    doors = ("/continue", "/consent", "/confirm", "/about", "/newcomer", "/newcomer/identity", "/joining", "/identity", "/handover")
    for door in doors:
        window.go(login.split("?")[0] + door)
        window.settle()
        check(f"H5 ({language}): {door} before the card logs nobody in", window.page.url.startswith(world.base) and window.cookie() is None
              and window.documents[-1][0] < 500, (window.page.url, window.documents[-1][:2]))
        window.go(login)
    for door, fields in (("/consent", {"decision": "give"}), ("/confirm", {"decision": "approve"}), ("/joining", {"answer": "yes"}), ("/newcomer", {"answer": "new"})):
        answer = window.context.request.post(login.split("?")[0] + door, form=fields, max_redirects=0)
        check(f"H5 ({language}): nor does a form to {door}", answer.status < 500 and world.insurer.base not in answer.headers.get("location", "") and window.cookie() is None,
              (answer.status, answer.headers.get("location")))
    window.close()
    for mode in ("pin", "presence"):  # a card is not known by its presence alone
        window = hanako(world, language)
        window.go(world.points.base + "/start")
        world.show_card(window, mode=mode)
    ends_at(window, world.points, f"H6 ({language}): a card held to a set-top box, without a PIN")
    window.go(world.ministry.base + "/start")
    step = window.page.url
    for door in doors:
        window.go(step.split("?")[0] + door)
        window.settle()
        check(f"H6 ({language}): {door} is no way past the PIN", window.page.url.startswith(world.base), window.page.url)
    window.go("/console")
    window.press('form[action="/console/login"] button')
    check(f"H6 ({language}): nor is the console's login", Window.on_login(window.page.url), window.page.url)
    window.close()


def guesses(world, language):
    """H8: however a code is typed and wherever, it is one counter; the citizen is told to wait, in plain words."""
    window = holder(world, issue(world, "guesser", language), language)
    newcomer(world, window, "new")
    see = world.looking.see
    spellings = (str.lower, str.upper, lambda code: f" {code} ", lambda code: code.replace("-", " "), lambda code: code.replace("-", ""))
    told, status, began = world.television.device(), [], time.monotonic()

    def sent(code):
        window.go("/device")
        window.page.fill('form[action="/device"] input[name=user_code]', code)
        window.press('form[action="/device"] button')
        return window.documents[-1][0]

    def used_up():
        """Wrong codes until none is looked at. One try comes back each minute: on a loaded machine there are more than ten."""
        while len(status) < 60:
            status.append(sent(spellings[len(status) % len(spellings)]("BCDF-GH" + "JKLMNPQRSTVWXZ"[len(status) % 14] + "J")))
            if status[-1] != 400:
                return status[-1] == 429
        return False

    def letter():
        own(window)
        window.page.fill('form[action="/me/links/code"] [name=code]', "AAAA-BBBB-CCCC")
        window.press('form[action="/me/links/code"] button')
        return window.documents[-1][0]

    def waits(send):
        """Sent right behind a wrong one that waits; once more where a try came back between the two."""
        return any(used_up() and send() == 429 for _ in range(3))

    used_up()
    see(window, "device code, too many tries")
    check(f"H8 ({language}): ten wrong codes, whatever the spelling, and then none is looked at", status[:10] == [400] * 10 and status[-1] == 429
          and status.count(400) <= 10 + int((time.monotonic() - began) // 60), status)
    check(f"H8 ({language}): the right one waits too, so that nothing is learnt", waits(lambda: sent(told["user_code"])), window.documents[-1][:2])
    held = waits(letter)
    see(window, "own page, links, too many tries")
    check(f"H8 ({language}): a letter's code is counted with them, and kept as it was typed", held
          and "AAAA" in window.page.input_value('form[action="/me/links/code"] [name=code]'), window.documents[-1][:2])
    window.close()
    # H9: a code that was used and one that never was look the same.
    used = world.television.device()
    nobody = Window(world.person("nobody"), language)
    texts = []
    for code in ("ZZZZ-ZZZZ", used["user_code"][:-1] + ("B" if used["user_code"][-1] != "B" else "C")):
        nobody.go("/device")
        nobody.page.fill('form[action="/device"] input[name=user_code]', code)
        nobody.press('form[action="/device"] button')
        texts.append(nobody.page.locator("main").inner_text())
    check(f"H9 ({language}): a code near a living one and one that is none are told alike", texts[0] == texts[1], texts)
    nobody.close()


def stopped_member(world, language):
    """H10: a member that was suspended a moment ago, with a citizen inside."""
    window = hanako(world, language)
    window.go(world.bank.base + "/start")
    window.card()
    token = ends_at(window, world.bank, f"H10 ({language}): a citizen is logged in at the bank")["access_token"]
    run = lambda act: world.platform.run("sekisho", "member", act, world.bank.client_id, "--deployment", world.platform.deployment, "--reason", "a test")
    run("suspend")
    try:
        window.go(world.bank.base + "/start")
        window.settle()
        if window.page.url.startswith(world.base):
            world.looking.see(window, "refusal, a member that was suspended")
        check(f"H10 ({language}): nobody comes in any more, with the session that is there or a new one", "claims" not in window.told(), window.text[:300])
        status = requests.get(world.bank.discovery["userinfo_endpoint"], headers={"Authorization": "Bearer " + token}, timeout=60).status_code
        check(f"H10 ({language}): and its tokens are worth nothing", status == 401, status)
        own(window, "/me/services")
        check(f"H10 ({language}): the citizen's own page goes on", window.documents[-1][0] == 200, window.documents[-1][:2])
    finally:
        run("reinstate")
    window.go(world.bank.base + "/start")
    window.settle()
    if Window.on_login(window.page.url):
        window.card()
    ends_at(window, world.bank, f"H10 ({language}): reinstated, it is answered again")
    window.close()


def named_otherwise(world, language):
    """H11, H14: what a header says of the host or of the person is nobody's word."""
    window = Window(world.person("nobody"), language)
    other = world.base.replace("127.0.0.1", "localhost")
    client = f"/openid/authorize?client_id={world.points.client_id}&response_type=code&scope=openid&redirect_uri={urllib.parse.quote(world.points.redirect_uri)}"
    addresses = """() => [...document.querySelectorAll('[href],[action],[src],meta[http-equiv]')].map(e =>
      Element.prototype.getAttribute.call(e, 'href') || Element.prototype.getAttribute.call(e, 'action') || Element.prototype.getAttribute.call(e, 'content') || '')"""
    for path in ("/", "/me", "/device", "/developers", "/console", client):
        window.go(other + path)
        window.settle()
        told = [a for a in window.page.evaluate(addresses) if "localhost" in a]
        check(f"H11 ({language}): {path.split('?')[0]} by another name of the host has no address of that name on it", not told and window.documents[-1][0] < 500, told)
    window.close()
    lies = {"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test;proto=https", "X-Forwarded-Proto": "https", "X-Original-URL": "/console",
            "X-Rewrite-URL": "/me", "X-Forwarded-Prefix": "//evil.test"}
    window = Window(world.person("nobody"), language, extra_http_headers=lies)
    for path in ("/", "/me", "/developers", client, "/saml/metadata", "/.well-known/openid-configuration"):
        answer = window.context.request.get(world.base + path, headers=lies)
        check(f"H11 ({language}): {path.split('?')[0]} takes no host from a header", "evil.test" not in answer.text() and answer.status < 500, answer.status)
    window.close()
    world.export("hanako")
    with open(f"{world.platform.folder}/hanako.pem") as f:
        pem = f.read()
    claims = {name: value for name, value in (
        ("Remote-User", "hanako"), ("X-Remote-User", "hanako"), ("X-Forwarded-User", "hanako"), ("X-Auth-Request-Email", "hanako@example.jp@evil.test"),
        ("X-SSL-Client-Cert", urllib.parse.quote(pem)), ("X-Forwarded-Client-Cert", "Cert=" + urllib.parse.quote(pem)), ("X-SSL-Client-Verify", "SUCCESS"),
        ("Client-Cert", ":" + "".join(pem.splitlines()[1:-1]) + ":"), ("X-ARR-ClientCert", "".join(pem.splitlines()[1:-1])))}
    window = Window(world.person("nobody"), language, extra_http_headers=claims)
    for path, shown in (("/me", 'form[action="/me/login"]'), ("/console", 'form[action="/console/login"]')):
        window.go(path)
        check(f"H14 ({language}): {path} asks for the login, whatever headers say who is there", window.page.locator(shown).count() == 1, window.text[:200])
    window.go(world.points.base + "/start")
    check(f"H14 ({language}): and a service's login for the card", Window.on_login(window.page.url) and window.cookie() is None, window.page.url)
    window.press('a[href*="/card/"]')
    check(f"H14 ({language}): which a header is not", window.documents[-1][0] in (400, 401, 403) and window.cookie() is None, window.documents[-1][:2])
    window.close()


def tossed(world, language):
    """H13: a second cookie of the same name, planted from beside, is nobody's login; not the planter's either."""
    planter = hanako(world, language)
    planter.go(world.insurer.base + "/start")
    planter.card()
    if planter.path.endswith("/consent"):
        planter.press("button[name=decision][value=give]")
    victim = Window(world.person("taro", "taro"), language)
    victim.go(world.points.base + "/start")
    victim.card()
    ends_at(victim, world.points, f"H13 ({language}): the victim is logged in")
    host = urllib.parse.urlsplit(world.base).hostname
    victim.context.add_cookies([{"name": "sekisho", "value": planter.cookie(), "domain": host, "path": "/me"}])
    insurer = {"ja": "見本生命保険", "en": "Samples Life Insurance"}[language]
    for path in ("/me", "/me/told", "/me/services"):
        victim.go(path)
        check(f"H13 ({language}): {path} with a planted cookie beside the own one is not the planter's page", insurer not in victim.text
              and victim.page.locator('form[action="/me/login"]').count() == 1, victim.text[:300])
    victim.context.clear_cookies(name="sekisho", path="/me")
    victim.go("/me")
    check(f"H13 ({language}): without it the victim is where he was", victim.page.locator('form[action="/me/login"]').count() == 0, victim.text[:200])
    planter.close()
    victim.close()


def offered(world, language):
    """H18: fields that the page did not offer add nothing to what is told."""
    window = hanako(world, language)
    window.go(world.insurer.base + "/start")
    window.card()
    without_consents(window)
    window.go(world.insurer.base + "/start")
    window.page.locator("form:has(button[name=decision])").first.evaluate("""form => {
      for (const [name, value] of [['claims', '{"id_token":{"name":null}}'], ['scope', 'openid profile address'], ['release', 'name'], ['attribute', 'name'],
                                   ['subject', 'somebody-else'], ['sub', 'somebody-else'], ['acr', 'urn:highest'], ['redirect_uri', 'https://evil.test/']]) {
        const e = document.createElement('input'); e.type = 'hidden'; e.name = name; e.value = value; form.append(e);
      }
    }""")
    window.press("button[name=decision][value=give]")
    if not window.page.url.startswith(world.insurer.base):
        check(f"H18 ({language}): a form with more than the page offered is refused in words", window.documents[-1][0] < 500, window.documents[-1][:2])
        window.close()
        return
    claims = ends_at(window, world.insurer, f"H18 ({language}): consent with fields that nobody offered")["claims"]
    check(f"H18 ({language}): tells what the page showed and nothing more", not {"name", "address", "birthdate"} & claims.keys() and claims["sub"] != "somebody-else"
          and claims.get("acr") != "urn:highest", claims)
    window.close()


def long_words(world, language):
    """Fields take what nobody would type: told in words, kept in their place, and the page holds."""
    window = hanako(world, language)
    own(window)
    journey = hanako(world, language)
    journey.go(world.points.base + "/start")
    for each, path, form, name in ((window, "/device", 'form[action="/device"]', "user_code"), (window, "/tv", 'form[action="/tv"]', "user_code"),
                                   (window, "/me/links", 'form[action="/me/links/code"]', "code"), (journey, None, 'form[action$="/app"]', "app_code")):
        for words in (LONG, LONG[-330:]):
            if path:
                each.go(path)
            field = each.page.locator(f"{form} [name={name}]")
            field.evaluate("e => { e.removeAttribute('maxlength'); e.removeAttribute('pattern'); }")
            field.fill(words)
            each.press(f"{form} button")
            wide = each.page.evaluate("() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
            check(f"long words ({language}): {len(words)} characters into {name} of {path or 'the login'} are answered in words, on a page that holds",
                  each.documents[-1][0] < 500 and wide <= 0 and each.page.locator("main h1").count() == 1 and not each.offences, (each.documents[-1][:2], wide, each.offences[:2]))
            each.offences.clear()
            if not path:
                each.go(world.points.base + "/start")
    window.go("/help/" + "x" * 3000)
    check(f"long words ({language}): a long address is answered on a page that holds", window.documents[-1][0] in (400, 404, 414)
          and window.page.evaluate("() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth") <= 0, window.documents[-1][:2])
    window.close()
    journey.close()


NAMES = {
    "in two directions": {"ja": "בנק לדוגמה 見本", "en": "مصرف العينات Samples"},
    "very long": {"ja": "国立研究開発法人" * 7 + "見本機構", "en": "Samples" * 24 + " of Everything"},
    "of rare characters": {"ja": "𠮷野家葛\U000e0100飾 ﷽ ㌖", "en": "Ẑ̸̢a͟l̡g̶o̴ & Søns “Ltd”"},
}
TURNING = {"turned round": "Bank \u202eknaB", "hidden": "Ba\u200bnk", "isolated": "Bank \u2067x\u2069"}


def strange_names(world, language):
    """Names of members as the world has them: kept apart from our own words; and those that turn a page round are not taken at all."""
    if not hasattr(world, "strange"):
        world.strange = {}
        for what, names in NAMES.items():
            secret, port, name = secrets.token_urlsafe(24), R.free_port(), "strange-" + str(len(world.strange))
            world.add_client(name, "private-verifier", "points", names, secret, port)
            world.services.append(P.Authlib(port, world.base, name, secret=secret))
            world.strange[what] = world.services[-1]
        for what, name in TURNING.items():
            try:
                world.add_client("turning", "private-verifier", "points", {"ja": name, "en": name}, "x", R.free_port())
                refusal = "taken"
            except RuntimeError as error:
                refusal = str(error)
            check(f"names: one that is {what} is refused, at its line", "member.names" in refusal, refusal[-400:])
    window, nobody = hanako(world, language), Window(world.person("nobody"), language)
    for what, party in world.strange.items():
        nobody.go(party.base + "/start")
        world.looking.see(nobody, f"login, a name that is {what}", typed=[NAMES[what]["ja"], NAMES[what]["en"]])
        window.go(party.base + "/start")
        if Window.on_login(window.page.url):
            window.card()
        ends_at(window, party, f"names ({language}): the service whose name is {what} is reached")
    for path in ("/me/sessions", "/me/services"):
        window.go(path)
        check(f"names ({language}): all of them stand on {path}, each kept apart", all(names[language].split()[0] in window.text for names in NAMES.values()), window.text[:600])
        turned = window.page.evaluate(r"""() => {
          const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const text = walk.currentNode.data, e = walk.currentNode.parentElement;
            if (/[\u0590-\u08ff]/.test(text) && /[^\s]/.test(text) && getComputedStyle(e).unicodeBidi === 'normal' && e.childNodes.length > 1) found.push(e.outerHTML.slice(0, 160));
          }
          return found;
        }""")
        check(f"names ({language}): a name that runs the other way turns nothing of ours on {path}", not turned, turned)
        wide = window.page.evaluate("() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
        check(f"names ({language}): {path} holds them", wide <= 0, wide)
    window.go("/")
    window.press('form[action="/session/end"] button')
    world.looking.see(window, "logout, strange names", typed=[name for names in NAMES.values() for name in names.values()])
    for each in (window, nobody):
        each.close()


class Remembering(Person):
    """A browser as people have it: it keeps whole pages for the back button, which drivers of tests switch off."""

    options = {"ignore_default_args": ["--disable-back-forward-cache"]}


def after_logout(world, language):
    """At a library's computer: who logged out leaves nothing for the back button of the next."""
    person = world.people.setdefault("library's computer", Remembering(world, "library", "hanako"))
    window = Window(person, language)
    window.go(world.insurer.base + "/start")
    window.card()
    if window.path.endswith("/consent"):
        window.press("button[name=decision][value=give]")
    personal = {"ja": "これを使っています", "en": "uses this one"}[language]
    own(window, "/me/cards")
    check(f"back after logout ({language}): the page was personal", personal in window.text)
    window.go("/me/told")
    window.go("/")
    window.press('form[action="/session/end"] button')
    window.page.wait_for_url(lambda url: "/next" not in url)
    seen = []
    for _ in range(8):
        if window.page.go_back() is None and window.page.url in seen:
            break
        window.settle()
        seen.append(window.page.url)
        check(f"back after logout ({language}): nothing of it is shown at {window.path}", personal not in window.text
              and {"ja": "見本生命保険", "en": "Samples Life Insurance"}[language] not in window.text or not window.page.url.startswith(world.base), window.text[:300])
        if "/me/cards" in window.page.url:
            break
    check(f"back after logout ({language}): the personal page was gone back to", any("/me/cards" in url for url in seen), seen)
    world.looking.see(window, "back after the logout")
    window.close()


def own_numbers(world, language):
    """H17: sessions and cards of others, named by whoever has seen their references."""
    mine, theirs = hanako(world, language), Window(world.person("taro", "taro"), language)
    for window in (mine, theirs):
        own(window, "/me/sessions")
    other = Window(world.person("taro", "taro"), language)
    own(other, "/me/sessions")
    theirs.page.reload()
    thread = theirs.page.locator('form[action="/me/sessions/end"] input[name=thread]').first.get_attribute("value")
    other.go("/me/lost")
    card = other.page.locator('form[action="/me/lost"] [name=card]').first.get_attribute("value")
    for door, fields in (("/me/sessions/end", {"thread": thread}), ("/me/sessions/not-me", {"thread": thread}), ("/me/lost", {"card": card, "reason": "stolen"}),
                         ("/me/cards/lift", {"card": card})):
        own(mine)
        mine.page.locator('form[action="/me/links/add"]').evaluate(
            "(form, [door, fields]) => { form.action = door; for (const [n, v] of Object.entries(fields)) { const e = document.createElement('input'); e.name = n; e.value = v; form.append(e); } }",
            [door, fields])
        mine.press(f'form[action="{door}"] button')
        check(f"H17 ({language}): {door} with somebody else's reference is answered in words", mine.documents[-1][0] < 500, mine.documents[-1][:2])
        own(mine)
    for window in (theirs, other):
        window.go("/me")
        check(f"H17 ({language}): and ends nothing of theirs", window.page.locator('form[action="/me/login"]').count() == 0, window.text[:200])
    theirs.go(world.points.base + "/start")
    if Window.on_login(theirs.page.url):
        theirs.card()
    ends_at(theirs, world.points, f"H17 ({language}): their card goes on")
    for window in (mine, theirs, other):
        window.close()
