"""The app on another device, and what runs out while somebody looks at a page."""

import requests

from citizen import Card
from run import check
from screens.citizen import ends_at, hanako
from screens.scanner import scanned
from screens.window import Window


def app(world, language):
    """A browser without a reader: the phone reads the code off the screen and the card behind it, and shows a number to type."""
    see = world.looking.see
    window = Window(world.person("nobody"), language, viewport={"width": 1000, "height": 1400})
    window.go(world.points.base + "/start")
    read = [address for address in scanned(window) if "/app/" in address]
    check(f"app ({language}): the phone reads the address off the screen", len(read) == 1, (read, window.text[:300]))
    world.export("hanako")
    holder = Card(world.platform.folder, world.base, "hanako")
    ask = lambda door, body: requests.post(read[0] + door, json=body, timeout=60)
    told = ask("/readiness", {"reader": True, "card": True, "pin_tries_left": 1})
    check(f"app ({language}): says what it sees before any PIN is typed", told.status_code == 200, told.text)
    window.page.reload()
    see(window, "login, one try left")
    check(f"app ({language}): the page tells how many tries are left", {"ja": "あと1回", "en": "one try left"}[language] in window.text, window.text[:400])
    challenge = ask("/challenge", {}).json()
    number = ask("/answer", holder.answer(challenge)).json().get("code", "")
    check(f"app ({language}): the number alone logs nobody in", window.cookie() is None and number)
    form = 'form[action$="/app"]'
    window.page.fill(f"{form} input[name=app_code]", "0" * len(number) if number != "0" * len(number) else "1" * len(number))
    window.press(f"{form} button")
    see(window, "login, wrong number")
    check(f"app ({language}): a wrong number is told in plain words beside its field",
          window.page.locator("input[name=app_code][aria-describedby]").count() == 1 and window.cookie() is None, window.text[:400])
    window.page.fill(f"{form} input[name=app_code]", number)
    window.press(f"{form} button")
    ends_at(window, world.points, f"app ({language}): with the right one the browser is logged in")
    window.go(read[0])
    see(window, "an app's address in a browser")
    window.close()


def time_out(world, language):
    """A page that is left open warns in good time, in words that are read aloud, and offers a way to go on. The minutes pass in the page only."""
    window = hanako(world, language)
    window.go("/me")
    window.press('form[action="/me/login"] button')
    window.card()
    window.page.clock.install()
    window.go("/")
    warning = window.page.locator("[data-ends]")
    check(f"time-out ({language}): nothing warns at first, and the page says when the login ends",
          warning.count() == 1 and not warning.is_visible() and window.page.locator("main time").count() > 0, window.text[:300])
    window.page.clock.fast_forward("27:00")
    check(f"time-out ({language}): nor too early", not warning.is_visible())
    window.page.clock.fast_forward("02:00")
    warning.wait_for(state="visible")
    check(f"time-out ({language}): a warning comes before the end, and is read aloud", warning.get_attribute("role") == "alert")
    world.looking.see(window, "front, the login is about to end")
    with window.context.expect_page() as opened:
        warning.locator("a").click()
    tab = window.tab()
    tab.page.close()
    tab.page = opened.value
    tab.settle()
    world.looking.see(tab, "the login goes on")
    tab.go("/")
    tab.press('form[action="/session/end"] button')
    tab.go("/session")
    world.looking.see(tab, "the login has ended")
    tab.page.close()
    window.press('form[action="/session/end"] button')
    check(f"time-out ({language}): a button of a page whose login has ended ends on a page in plain words", window.documents[-1][0] < 500, window.page.url)
    window.close()
