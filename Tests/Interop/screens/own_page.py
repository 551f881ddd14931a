"""The citizen's own page: where one is logged in, who was told what, consents, cards, a loss."""

import json

from run import check
from screens.citizen import ends_at, hanako, without_consents
from screens.window import Window

PLACES = {"sessions": "/me/sessions", "services": "/me/services", "told": "/me/told", "consents": "/me/consents", "cards": "/me/cards",
          "links": "/me/links", "lost": "/me/lost"}


def pages(world, language):
    see = world.looking.see
    window = hanako(world, language)
    window.go("/me")
    see(window, "own page, before login")
    window.press('form[action="/me/login"] button')
    see(window, "own page, login")
    window.card()
    check(f"own page ({language}): behind the login", window.path == "/me", window.page.url)
    window.go(world.insurer.base + "/start")
    if Window.on_login(window.page.url):
        window.card()
    if window.path.endswith("/consent"):
        window.press("button[name=decision][value=give]")
    ends_at(window, world.insurer, f"own page ({language}): a service is told something")
    window.go("/me")
    see(window, "own page")
    for name, path in PLACES.items():
        answer = window.go(path)
        check(f"own page ({language}): {path} is there", answer.status == 200, answer.status)
        see(window, "own page, " + name)
    name = {"ja": "見本生命保険", "en": "Samples Life Insurance"}[language]
    for path in ("/me/told", "/me/services", "/me/consents", "/me/sessions"):
        window.go(path)
        check(f"own page ({language}): {path} names the service", name in window.text, window.text[:400])
    for path, kind in (("/me/ledger.json", "application/json"), ("/me/ledger.csv", "text/csv")):
        answer = window.context.request.get(world.base + path)
        check(f"own page ({language}): {path} is for keeping",
              answer.status == 200 and kind in answer.headers["content-type"] and "attachment" in answer.headers.get("content-disposition", "")
              and "insurer" in answer.text(), (answer.status, answer.headers, answer.text()[:200]))
    json.loads(window.context.request.get(world.base + "/me/ledger.json").text())
    nobody = Window(world.person("nobody"), language)
    answer = nobody.context.request.get(world.base + "/me/ledger.json")
    check(f"own page ({language}): the download is nobody else's", answer.status in (200, 303, 401, 403) and "insurer" not in answer.text(), answer.status)
    nobody.close()
    window.go("/me/consents")
    window.press('form[action="/me/consents/stop"] button')
    see(window, "own page, a consent stopped")
    window.go(world.insurer.base + "/start")
    check(f"own page ({language}): a consent that was stopped is asked for again", window.path.endswith("/consent"), window.page.url)
    window.close()


def elsewhere(world, language):
    """A login on another device is seen here and ended from here."""
    here, there = hanako(world, language), hanako(world, language)
    for window in (here, there):
        window.go("/me")
        window.press('form[action="/me/login"] button')
        window.card()
    here.go("/me/sessions")
    ends = 'form[action="/me/sessions/end"]:has(input[name=thread]) button'
    check(f"elsewhere ({language}): the other login is shown", here.page.locator(ends).count() >= 1, here.text[:300])
    there_only = here.page.locator(ends).count()
    for _ in range(there_only):
        here.press(ends)
    world.looking.see(here, "own page, a login ended")
    there.go("/me")
    check(f"elsewhere ({language}): and ends from here", there.page.locator('form[action="/me/login"]').count() == 1, there.text[:300])
    there.press('form[action="/me/login"] button')
    there.card()
    here.go("/me/sessions")
    here.press('form[action="/me/sessions/not-me"] button')
    world.looking.see(here, "own page, this was not me")
    there.go("/me")
    check(f"elsewhere ({language}): *this was not me* ends it too", there.page.locator('form[action="/me/login"]').count() == 1, there.text[:300])
    there.close()
    here.go("/me/sessions")
    here.press('form[action="/me/sessions/end"]:has(input[value=every]) button')
    here.go("/me")
    check(f"elsewhere ({language}): *end every one* ends this one", here.page.locator('form[action="/me/login"]').count() == 1, here.text[:300])
    here.close()


LOSERS = {"ja": "minoru", "en": "shota"}  # nobody else in these walks has their cards


def loss(world, language):
    """Somebody lost the card: reported from a browser that is still logged in, it opens nothing any more, at once."""
    see = world.looking.see
    card = LOSERS[language]
    person = world.person(card, card)
    window, other = Window(person, language), Window(person, language)
    for each in (window, other):
        each.go(world.points.base + "/start")
        each.card()
        ends_at(each, world.points, f"loss ({language}): logged in at a service")
    window.go("/me/lost")
    form = 'form[action="/me/lost"]'
    for field in ("card", "reason"):
        # What the browser itself would hold back comes all the same from others.
        window.page.locator(f"{form} [name={field}]").evaluate_all("all => all.forEach(e => { e.required = false; e.checked = false; })")
    window.press(form + " button")
    see(window, "loss, nothing chosen")
    check(f"loss ({language}): says what to mend, before anything else", window.documents[-1][0] == 422 and window.page.locator("[role=alert]").count() > 0,
          window.documents[-1][:2])
    window.page.locator(f"{form} [name=card]").first.check()
    window.page.locator(f"{form} [name=reason][value=lost]").check()
    window.press(form + " button")
    see(window, "loss, reported")
    if window.page.locator('main a[href*="/logout/"]').count():
        window.press('main a[href*="/logout/"]')
        see(window, "loss, result")
    other.go("/me")
    check(f"loss ({language}): ends the login on the other device at once", other.page.locator('form[action="/me/login"]').count() == 1, other.text[:300])
    for each in (window, other):
        each.go(world.points.base + "/start")
        check(f"loss ({language}): a service asks for the card", Window.on_login(each.page.url), each.page.url)
    other.press('a[href*="/card/"]')
    check(f"loss ({language}): and the card is refused", 400 <= other.documents[-1][0] < 500, other.documents[-1][:2])
    see(other, "loss, the card afterwards")
    other.go(world.points.base + "/start")
    check(f"loss ({language}): and opens nothing", Window.on_login(other.page.url), other.page.url)
    window.close()
    other.close()


def session_gone(world, language):
    """A loss report that was being written when the session ended keeps what was chosen."""
    window = hanako(world, language)
    window.go("/me")
    window.press('form[action="/me/login"] button')
    window.card()
    window.go("/me/lost")
    form = 'form[action="/me/lost"]'
    window.page.locator(f"{form} [name=card]").first.check()
    window.page.locator(f"{form} [name=reason][value=stolen]").check()
    chosen = window.page.locator(f"{form} [name=card]:checked").get_attribute("value")
    tab = window.tab()
    tab.go("/me/sessions")
    tab.press('form[action="/me/sessions/end"]:has(input[value=every]) button')
    window.press(form + " button")
    check(f"session gone ({language}): a loss report of before does nothing and asks for the login",
          window.page.locator('form[action="/me/login"]').count() == 1, window.text[:300])
    window.press('form[action="/me/login"] button')
    window.card()
    kept = [window.page.locator(f"{form} [name={field}]:checked").first.get_attribute("value") if window.page.locator(f"{form} [name={field}]:checked").count() else None
            for field in ("card", "reason")]
    check(f"session gone ({language}): behind it stands what was chosen", kept == [chosen, "stolen"], (kept, window.page.url))
    window.close()


def languages(world, _):
    """The choice of language is on every page, keeps its place, and is remembered; easy Japanese too."""
    window = Window(world.person("nobody"), "ja")
    window.go("/help")
    window.press('a[hreflang="en"], a[href*="lang=en"]')
    check("language: English was chosen, on the same page", window.path == "/help" and window.page.locator("html").get_attribute("lang") == "en", window.page.url)
    window.go("/services")
    check("language: and is remembered", window.page.locator("html").get_attribute("lang") == "en")
    window.go(world.points.base + "/start")
    check("language: on the login page too", window.page.locator("html").get_attribute("lang") == "en")
    window.close()
    easy = hanako(world, "ja-easy")
    for name, path in (("front", "/"), ("help", "/help"), ("device code", "/device"), ("own page, before login", "/me")):
        easy.go(path)
        world.looking.see(easy, name)
    easy.go(world.insurer.base + "/start")
    world.looking.see(easy, "login")
    easy.card()
    without_consents(easy)
    easy.go(world.insurer.base + "/start")
    world.looking.see(easy, "consent")
    easy.go("/me")
    world.looking.see(easy, "own page")
    easy.go("/")
    easy.press('form[action="/session/end"] button')
    world.looking.see(easy, "logout, under way")
    easy.close()
