"""Several tabs, the back button, double clicks, a session that is gone while a form is open (H7)."""

import json

import servers
from run import check
from screens.citizen import WITHDRAW, ends_at, hanako, without_consents
from screens.window import Window


HERE_ONLY = 'form[action="/session/end"]:has(input[value=here]) button, form[action="/session/end"] button[value=here]'


def trail(world, event):
    """How often something happened, by the audit trail."""
    shown = world.platform.run("sekisho", "audit", "show", world.platform.deployment, "--limit", "1000000").stdout.splitlines()
    return sum(json.loads(line.split("\t", 1)[1])["event"] == event for line in shown)


def tabs(world, language):
    """Two services in two tabs: one card opens both."""
    first = hanako(world, language)
    first.go(world.points.base + "/start")
    second = first.tab()
    second.go(world.ministry.base + "/start")
    third = first.tab()
    third.go(world.points.base + "/start")
    first.card()
    ends_at(first, world.points, "tabs: the first tab comes to its service")
    accepted = trail(world, "card.accepted")
    third.page.reload()
    third.settle()
    ends_at(third, world.points, "tabs: one that shows the login goes on when it is loaded again")
    check("tabs: without the card", trail(world, "card.accepted") == accepted)
    second.card()
    second.page.wait_for_url(world.ministry.base + "/**")
    ends_at(second, world.ministry, "tabs: one whose card link is pressed after all comes to its service too")
    # One tab logs out, the other did not notice.
    first.go("/ledger")
    second.go("/")
    second.press(HERE_ONLY)
    first.page.reload()
    check("tabs: a page of the session asks for the login when another tab ended it", first.page.locator('form[action$="/login"], a[href*="/card/"]').count() > 0,
          first.text[:300])
    first.close()


def back(world, language):
    """The back button repeats nothing and says in plain words what it found."""
    window = hanako(world, language)
    window.go(world.insurer.base + "/start")
    window.card()
    without_consents(window)
    window.go(world.insurer.base + "/start")
    consent = window.page.url
    window.press("button[name=decision][value=give]")
    ends_at(window, world.insurer, "back: a consent is given")
    given, granted = trail(world, "consent.given"), trail(world, "signon.granted")
    window.page.go_back()
    window.settle()
    status = window.documents[-1][0]
    check("back: leads to no page that is broken", status < 500, (status, window.page.url))
    if window.page.url == consent and window.page.locator("button[name=decision]").count():
        window.press("button[name=decision][value=give]")
    world.looking.see(window, "back to a finished login") if window.page.url.startswith(world.base) else None
    check("back: gives nothing twice", (trail(world, "consent.given"), trail(world, "signon.granted")) == (given, granted),
          (given, granted, window.page.url))
    window.go(consent)
    check("back: a finished login is over, in plain words", window.documents[-1][0] in (400, 403, 404, 410) and len(window.text) > 40, window.text[:200])
    window.close()


def twice(world, language, scripts=True):
    """Every button that does something, pressed twice at once: it is done once, and the citizen ends where one press leads. Without scripts
    both presses are sent; the second of a form that ends a login may then be told that the login is over."""
    window = hanako(world, language, scripts=scripts)
    over = lambda: not scripts and window.is_over
    window.go(world.insurer.base + "/start")
    window.press_twice('a[href*="/card/"]')
    without_consents(window)
    window.go(world.insurer.base + "/start")
    check("double click: the card link leads on", window.path.endswith("/consent"), window.page.url)
    posted = len(window.posts)
    window.press_twice("button[name=decision][value=give]")
    ends_at(window, world.insurer, "double click: a consent")
    sent = [address for address in window.posts[posted:] if address.endswith("/consent")]
    if scripts:
        check("double click: the form is sent once", len(sent) == 1, sent)
    window.go("/ledger")
    before = trail(world, "consent.withdrawn")
    window.press_twice(WITHDRAW)
    check("double click: a consent is taken back, once", ok(window) and trail(world, "consent.withdrawn") == before + 1,
          (window.documents[-1][:2], before, trail(world, "consent.withdrawn")))
    told = world.television.device()
    window.go(told["verification_uri_complete"])
    window.press_twice('form[action="/device"] button')
    check("double click: a device's code", ok(window), window.documents[-1][:2])
    window.press(f'a[href="/journey/{window.journey}"]')
    if Window.on_login(window.page.url):
        window.card()
    window.press_twice("form:has(input[value=approve]) button, button[value=approve]")
    status, tokens = world.television.collected(told)
    check(f"double click: a device is approved, and the page says so{'' if scripts else ' or that it is over'}", (ok(window) or over()) and status == 200, (window.documents[-1][:2], tokens, window.text[:200]))
    window.go("/")
    window.press_twice('form[action="/session/end"] button')
    check("double click: a logout", ok(window), window.documents[-1][:2])
    window.go(world.points.base + "/start")
    check("double click: the card is asked for behind it", Window.on_login(window.page.url), window.page.url)
    window.press_twice('form[action$="/cancel"] button')
    check(f"double click: *stop* ends at the service{'' if scripts else ', or says that the login is over'}", window.told().get("refused") == "access_denied" or over(),
          (window.page.url, window.text[:200]))
    window.close()


def twice_without_scripts(world, language):
    twice(world, language, scripts=False)


def impatient(world, language):
    """A service takes its time over the answer, and the page that carried it shows its button meanwhile: the answer is brought once."""
    window = hanako(world, language)
    window.go(world.points.base + "/start")
    if Window.on_login(window.page.url):
        window.card()
    held = []
    window.page.route(world.ministry.base + "/**", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    window.page.goto(world.ministry.base + "/start", wait_until="commit")
    servers.until(lambda: window.page.wait_for_timeout(50) or held)
    # By the keyboard: Playwright's own click would wait for the answer, as nobody does.
    window.page.keyboard.press("Tab")
    for _ in range(2):
        window.page.keyboard.press("Enter")
        window.page.wait_for_timeout(200)
    check("a slow service: is brought the answer once, though the button is pressed meanwhile", len(held) == 1, len(held))
    held[-1].continue_()
    window.page.wait_for_url(world.ministry.base + "/**")
    ends_at(window, world.ministry, "a slow service: takes it in the end")
    window.close()


def ok(window):
    return window.documents[-1][0] < 400


def gone(world, language):
    """The session ends while a form is open: the form does nothing, the citizen logs in and finds everything as it was."""
    window = hanako(world, language)
    window.go(world.insurer.base + "/start")
    window.card()
    if "/consent" in window.page.url:
        window.press("button[name=decision][value=give]")
    window.go("/ledger")
    withdrawn = trail(world, "consent.withdrawn")
    other = window.tab()
    other.go("/")
    other.press(HERE_ONLY)
    window.press(WITHDRAW)
    check("session gone: the form of before does nothing", trail(world, "consent.withdrawn") == withdrawn)
    check("session gone: and leads to the login", window.page.locator('form[action$="/login"], a[href*="/card/"]').count() > 0, window.text[:300])
    world.looking.see(window, "session gone")
    if not window.page.locator('a[href*="/card/"]').count():
        window.press('form[action$="/login"] button')
    window.card()
    check("session gone: behind it the page is there again", window.path in ("/ledger", "/me"), window.page.url)
    if window.path == "/me":
        window.go("/ledger")
    check("session gone: with what had been on it", window.page.locator('form[action="/ledger/withdraw"]').count() > 0, window.text[:300])
    window.close()
    # And while a service waits.
    window = hanako(world, language)
    window.go(world.insurer.base + "/start")
    window.card()
    without_consents(window)
    window.go(world.insurer.base + "/start")
    check("session gone: a consent is asked", window.path.endswith("/consent"), window.page.url)
    other = window.tab()
    other.go("/")
    other.press(HERE_ONLY)
    window.press("button[name=decision][value=give]")
    check("session gone: a consent without a login is none; the card is asked for", Window.on_login(window.page.url), window.page.url)
    window.card()
    check("session gone: behind it the question is there again", window.path.endswith("/consent"), window.page.url)
    window.press("button[name=decision][value=give]")
    ends_at(window, world.insurer, "session gone: and the service is reached")
    window.close()
