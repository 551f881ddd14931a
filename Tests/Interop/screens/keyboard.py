"""With the keyboard alone, and with the arrows of a remote control alone: no pointer is used here."""

from run import check
from screens.citizen import ends_at, hanako
from screens.links import CONFIRM, holder, issue, own
from screens.officers import REASON, desks
from screens.scanner import scanned
from screens.window import Window

# Whether somebody sees where the focus is, and whether the thing is within the window.
FOCUS = """() => {
  const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
  const ring = (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1) || s.boxShadow !== 'none';
  return {tag: e.tagName, name: (e.innerText || e.value || e.name || '').trim().slice(0, 40), ring,
          inside: b.bottom > 0 && b.top < innerHeight, body: e === document.body};
}"""

PATIENCE = (0, 60, 300, 900, 3_000, 9_000)  # milliseconds, until a stop is seen


class Keys:
    """Fingers on a keyboard; `steps` are the keys that go on to the next thing."""

    def __init__(self, window, steps=("Tab",)):
        self.window, self.page, self.steps = window, window.page, steps
        self.unseen, self.presses, self.patience = [], 0, PATIENCE
        # Where a page glides to, it is not yet: on a loaded machine for longer than anybody waits.
        self.page.emulate_media(reduced_motion="reduce")

    def reach(self, selector, most=90):
        """On to the first thing that is meant; every stop on the way has to be seen."""
        for _ in range(most):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return True
            self.page.keyboard.press(self.steps[0])
            self.presses += 1
            self.look()
        raise RuntimeError(f"no key leads to {selector} on {self.page.url}")

    def look(self):
        """The page is moved under the eye a moment after the key."""
        for wait in self.patience:
            self.page.wait_for_timeout(wait)
            stop = self.page.evaluate(FOCUS)
            if stop["body"] or (stop["ring"] and stop["inside"]):
                return
        self.unseen.append((self.window.path, stop))

    def type(self, selector, text):
        """In place of what stands there."""
        self.reach(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, selector, value):
        """One of a list or of a group of buttons, of which one is a stop and the arrows go to the others."""
        self.reach(selector)
        if self.page.evaluate("() => document.activeElement.tagName === 'SELECT'"):
            self.page.keyboard.press("Home")
        for _ in range(40):
            chosen = self.page.evaluate("() => { const e = document.activeElement; return e.tagName === 'SELECT' || e.checked ? e.value : null; }")
            if chosen == value:
                return
            self.page.keyboard.press("Space" if chosen is None else "ArrowDown")
            self.look()
        raise RuntimeError(f"no key chooses {value} of {selector} on {self.page.url}")

    def tick(self, selector):
        self.reach(selector)
        self.page.keyboard.press("Space")

    def enter(self, selector):
        self.reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.window.settle()


def run(world, language):
    """From the login to the logout without a pointer."""
    window = hanako(world, language)
    keys = Keys(window)
    window.go(world.insurer.base + "/start")
    window.page.keyboard.press("Tab")
    first = window.page.evaluate("() => document.activeElement.getAttribute('href')")
    check(f"keyboard ({language}): the first stop leads past the head", first == "#main", first)
    window.page.keyboard.press("Enter")
    keys.reach('a[href*="/card/"]')
    with window.page.expect_navigation(url=lambda url: "/card/" not in url and "/handover" not in url and not Window.on_login(url)):
        window.page.keyboard.press("Enter")
    window.settle()
    if window.path.endswith("/consent"):
        keys.enter("button[value=give]")
    ends_at(window, world.insurer, f"keyboard ({language}): login and consent")
    window.go("/me")
    keys.enter('a[href="/me/consents"]')
    keys.enter('form[action="/me/consents/stop"] button')
    check(f"keyboard ({language}): a consent is taken back", window.path == "/me/consents" and window.page.locator("[role=status]").count() > 0, window.page.url)
    window.go("/device")
    keys.reach("input[name=user_code]")
    told = world.television.device()
    window.page.keyboard.type(told["user_code"])
    with window.page.expect_navigation():
        window.page.keyboard.press("Enter")
    check(f"keyboard ({language}): a code is typed and sent", window.path.endswith("/about"), window.page.url)
    window.go("/")
    keys.enter('form[action="/session/end"] button')
    check(f"keyboard ({language}): out again", "/logout/" in window.page.url or window.path == "/", window.page.url)
    check(f"keyboard ({language}): the focus was seen at each of {keys.presses} stops", not keys.unseen, keys.unseen[:4])
    window.close()


def numbers(world, language):
    """A newcomer, and what a service brings: a number that is the citizen's own, and one that is not."""
    shop, window = world.shop, holder(world, issue(world, "yanagi", language), language)
    keys = Keys(window)
    window.go(shop.base + "/start")
    window.card()
    keys.choose("main input[name=answer]", "new")
    keys.enter("main form button")
    sub = ends_at(window, shop, f"keyboard ({language}): a newcomer says so, and reaches the service")["claims"]["sub"]
    mine, theirs = (f"{kind}-{language.upper()}-keys" for kind in "KN")
    shop.bring([{"customer": number, "sub": sub} for number in (mine, theirs)])
    own(window, "/me")
    keys.enter('a[href="/me/links"]')
    keys.tick(f'{CONFIRM} input[value$="{mine}"]')
    keys.enter(f"{CONFIRM} button")
    check(f"keyboard ({language}): a number is confirmed", window.page.locator("main [role=status]").count() == 1 and mine in window.text, window.text[:400])
    keys.enter(f'form[action="/me/links/end"]:has(input[value$="{theirs}"]) button')
    check(f"keyboard ({language}): another is sent away", theirs not in window.text, window.text[:400])
    check(f"keyboard ({language}): the focus was seen at each of {keys.presses} stops on the way", not keys.unseen, keys.unseen[:4])
    window.close()


def officers(world, _):
    """One officer registers a member, the other approves it."""
    sato, suzuki = desks(world)
    one, other = Keys(sato), Keys(suzuki)
    sato.go("/console")
    one.enter('nav a[href="/console/members"]')
    one.enter('main a[href^="/console/members/new?protocol=openid"]')
    form = 'form[action="/console/members/check"]'
    for name, text in {"id": "planetarium", "purposes": "points", "name-ja": "見本天文台", "name-en": "Planetarium of Samples", "contact-name": "試験", "contact-mail":
                       "technical@example.jp", "redirect-uris": "https://planetarium.test/callback", "secret-sha256": "0f" * 32}.items():
        one.type(f"{form} [name={name}]", text)
    for name, value in {"kind": "private-verifier", "authentication": "client_secret_basic"}.items():
        one.choose(f"{form} [name={name}]", value)
    one.enter(f"{form} button")
    door = 'form[action="/console/members/propose"]'
    one.type(f"{door} input[name=reason]", REASON["ja"])
    one.enter(f"{door} button")
    check("keyboard: an officer proposes a member", "done=proposed" in sato.page.url, (sato.page.url, sato.text[:400]))
    suzuki.go("/console")
    other.enter('nav a[href="/console/members"]')
    other.enter('a[href^="/console/members/proposals/"]')
    door = 'form[action="/console/members/approve"]'
    other.type(f"{door} input[name=reason]", REASON["en"])
    other.enter(f"{door} button")
    check("keyboard: the other approves it", "done=taken" in suzuki.page.url, (suzuki.page.url, suzuki.text[:400]))
    for part in ("policies", "sessions", "audit", "keys", "metering", "officers"):
        other.enter(f'nav a[href="/console/{part}"]')
    check("keyboard: every desk is reached", suzuki.path == "/console/officers", suzuki.page.url)
    for window in (sato, suzuki):
        window.page.emulate_media(reduced_motion="null")
    unseen = one.unseen + other.unseen
    check(f"keyboard: the focus was seen at each of {one.presses + other.presses} stops at the console", not unseen, unseen[:4])


class Remote(Keys):
    """Four arrows and one button."""

    def reach(self, selector, most=150):
        """Where the thing lies is what somebody on the sofa sees: an arrow in its direction, until it is lit."""
        where = """selector => {
          const f = document.activeElement, t = document.querySelector(selector);
          if (!t) return 'missing';
          if (f.matches(selector)) return 'there';
          const a = f === document.body || f.tagName === 'MAIN' ? null : f.getBoundingClientRect(), b = t.getBoundingClientRect();
          if (!a) return 'ArrowDown';
          const dx = (b.left + b.right - a.left - a.right) / 2, dy = (b.top + b.bottom - a.top - a.bottom) / 2;
          const apart = b.top >= a.bottom || b.bottom <= a.top;
          return apart ? (dy > 0 ? 'ArrowDown' : 'ArrowUp') : (dx > 0 ? 'ArrowRight' : 'ArrowLeft');
        }"""
        tried = []
        for _ in range(most):
            arrow = self.page.evaluate(where, selector)
            if arrow == "there":
                return True
            if arrow == "missing":
                raise RuntimeError(f"there is no {selector} on {self.page.url}")
            before = self.page.evaluate("() => { const e = document.activeElement, b = e.getBoundingClientRect(); return [e.tagName, b.top, b.left, scrollY]; }")
            if tried[-2:] == [(before, arrow)] * 2:  # in a field the first press moves the caret; after two, nothing more lies that way
                arrow = "ArrowRight" if arrow in ("ArrowDown", "ArrowUp") else "ArrowDown"
            tried.append((before, arrow))
            self.page.keyboard.press(arrow)
            self.presses += 1
            self.look()
        raise RuntimeError(f"no arrow leads to {selector} on {self.page.url}")


def television(world, language):
    """A television shows the code of its app as one that a phone scans; the phone in the hand confirms. Then the whole of it on the television
    itself, whose set-top box reads the card. In English without scripts, as sets have them that move the focus themselves."""
    see = world.looking.see
    scripts = language == "ja"
    viewport = {"width": 1920, "height": 1080}
    set_top = Window(world.person("living room" if scripts else "living room, own arrows", "hanako", remote=not scripts), language,
                     scripts=scripts, viewport=viewport)
    remote = Remote(set_top, ("ArrowDown",))
    if not scripts:
        remote.patience = (30,)
    set_top.go("/tv")
    see(set_top, "television", kind="television")
    told = world.television.device()
    remote.reach("input[name=user_code]")
    set_top.page.keyboard.type(told["user_code"])
    remote.enter('form[action="/tv"] button')
    see(set_top, "television, the code", kind="television")
    read = scanned(set_top)
    check(f"television ({language}): a phone's camera reads the address off the screen", read == [told["verification_uri_complete"]], (read, told))
    size = set_top.page.evaluate("() => parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)")
    check(f"television ({language}): the type is readable from the sofa", size >= 28, size)
    phone = hanako(world, language, viewport={"width": 390, "height": 780})
    phone.go(read[0] if read else told["verification_uri_complete"])
    phone.press('form[action="/device"] button')
    phone.press(f'a[href="/journey/{phone.journey}"]')
    phone.card()
    phone.press("form:has(input[value=approve]) button, button[value=approve]")
    status, tokens = world.television.collected(told)
    check(f"television ({language}): its app is logged in", status == 200, tokens)
    phone.close()
    # By arrows alone.
    told = world.television.device()
    set_top.go(told["verification_uri_complete"] + "&screen=tv")
    set_top.settle()
    check(f"television ({language}): the pages of the device are large too", set_top.page.locator("body.tv").count() == 1, set_top.page.url)
    see(set_top, "television, device code", kind="television")
    remote.enter('form[action="/device"] button')
    see(set_top, "television, who asks", kind="television")
    remote.enter(f'a[href="/journey/{set_top.journey}"]')
    see(set_top, "television, login", kind="television")
    remote.reach('a[href*="/card/"]')
    with set_top.page.expect_navigation(url=lambda url: "/card/" not in url and "/handover" not in url and not Window.on_login(url)):
        set_top.page.keyboard.press("Enter")
    see(set_top, "television, decide", kind="television")
    remote.enter("form:has(input[value=approve]) button, button[value=approve]")
    see(set_top, "television, done", kind="television")
    status, tokens = world.television.collected(told)
    check(f"television ({language}): with {remote.presses} arrows and a button the app is logged in", status == 200, tokens)
    # Sets that move the focus themselves also move the page away under it.
    unseen = [stop for stop in remote.unseen if scripts or not stop[1]["ring"]]
    check(f"television ({language}): the focus was seen at each stop", not unseen, unseen[:4])
    set_top.close()
