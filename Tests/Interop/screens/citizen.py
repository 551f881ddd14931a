"""What a citizen does, from the first page to the last."""


from run import check
from screens.window import Window
from servers import until


WITHDRAW = 'form[action="/ledger/withdraw"] button'


def ends_at(window, party, what):
    """The browser is at the service, and its own library took the answer."""
    told = window.told()
    check(what, window.page.url.startswith(party.base) and (told.get("claims") or told.get("name_id")), (window.page.url, window.text[:400]))
    return told


def hanako(world, language, **options):
    return Window(world.person("hanako", "hanako"), language, **options)


def without_consents(window):
    """Takes back whatever this citizen agreed to in an earlier walk."""
    window.go("/ledger")
    while window.page.locator(WITHDRAW).count():
        window.press(WITHDRAW)


def public_pages(world, language):
    window = Window(world.person("nobody"), language)
    see = world.looking.see
    for name, path in (("front", "/"), ("services", "/services"), ("help", "/help"), ("help on a code", "/help/card.status.revoked"),
                       ("device code", "/device"), ("approvals, before login", "/approve"), ("ledger, before login", "/ledger")):
        answer = window.go(path)
        check(f"{name} ({language}): is there", answer.status == 200, answer.status)
        see(window, name)
    answer = window.go("/no-such-page")
    check(f"no such page ({language}): is a page with status 404", answer.status == 404, answer.status)
    see(window, "no such page")
    window.close()


def login(world, language):
    see = world.looking.see
    window = hanako(world, language, scripts=False)
    window.go(world.points.base + "/start")
    before = window.cookie()
    see(window, "login")
    check(f"login ({language}): says who asks", world_name(world.points, language) in window.text, window.text[:300])
    window.card()
    told = ends_at(window, world.points, f"login ({language}): by the certificate of the card, into an OpenID service")
    check(f"login ({language}): the PIN fact arrives", told.get("claims", {}).get("pin_used") is True, told)
    check(f"login ({language}): the session has a new cookie (H1)", window.cookie() and window.cookie() != before)
    window.go(world.ministry.base + "/start")
    window.settle()
    see(window, "carrying the answer, without scripts")
    window.press("form button")
    window.page.wait_for_url(world.ministry.base + "/**")
    first = ends_at(window, world.ministry, f"single sign-on ({language}): into the SAML service without the card")
    check(f"single sign-on ({language}): another identifier there", first.get("name_id") != told.get("claims", {}).get("sub"))
    window.go("/")
    see(window, "front, logged in")
    window.close()

    # Cards that do not work, and none.
    for person, card, name in (("nobody", None, "no card"), ("jiro", "jiro", "revoked card")):
        window = Window(world.person(person, card), language)
        window.go(world.points.base + "/start")
        window.press('a[href*="/card/"]')
        see_refused(world, window, name)
        window.close()
    window = hanako(world, language)
    window.go(world.points.base + "/start")
    window.press('form[action$="/cancel"] button')
    check(f"login ({language}): *stop* goes back to the service, which learns that nobody logged in",
          window.told().get("refused") == "access_denied", window.text[:300])
    window.close()


def see_refused(world, window, name):
    status = window.documents[-1][0]
    check(f"{name} ({window.language}): is refused", status in (400, 401, 403), (status, window.page.url))
    check(f"{name} ({window.language}): opens no session", window.cookie() is None)
    world.looking.see(window, name)


def world_name(party, language):
    return {"points": {"ja": "関所ポイント", "en": "Sekisho Points"}}[party.client_id][language]


def step_up(world, language):
    see = world.looking.see
    window = hanako(world, language)
    window.go(world.points.base + "/start")
    world.show_card(window, mode="presence")
    told = ends_at(window, world.points, f"step-up ({language}): first a card that is held to a set-top box")
    check(f"step-up ({language}): without a PIN", told.get("claims", {}).get("pin_used") is False, told)
    session = window.cookie()
    window.go(world.ministry.base + "/start")
    see(window, "step-up, stronger")
    # A step-up with another citizen's card opens nothing.
    other = Window(world.person("taro", "taro"), language, cookies=window.context.cookies())
    other.go(window.page.url)
    other.press('a[href*="/card/"]')
    see(other, "step-up with another citizen's card")
    check(f"step-up ({language}): another citizen's card is refused", other.documents[-1][0] == 403, other.page.url)
    other.close()
    window.card()
    window.page.wait_for_url(world.ministry.base + "/**")
    ends_at(window, world.ministry, f"step-up ({language}): with the PIN, into the SAML service")
    check(f"step-up ({language}): the session's cookie is a new one (H1)", window.cookie() not in (None, session))
    window.go(world.bank.base + "/start")
    see(window, "step-up, apart")
    window.card()
    ends_at(window, world.bank, f"step-up ({language}): the bank's login stands apart")
    window.close()


def consent(world, language):
    see = world.looking.see
    window = hanako(world, language)
    window.go(world.insurer.base + "/start")
    window.card()
    see(window, "consent")
    window.press('button[name=decision][value=refuse]')
    check(f"consent ({language}): a no goes back to the service", window.told().get("refused") == "access_denied", window.text[:300])
    window.go(world.insurer.base + "/start")
    window.press("button[name=decision][value=give]")
    told = ends_at(window, world.insurer, f"consent ({language}): a yes leads to the service")
    check(f"consent ({language}): the service learns what the page showed", told.get("claims", {}).get("revocation_time"), told)
    window.go(world.insurer.base + "/start")
    ends_at(window, world.insurer, f"consent ({language}): is remembered")
    window.go("/ledger")
    see(window, "ledger")
    window.press(WITHDRAW)
    see(window, "ledger, a consent taken back")
    window.go(world.insurer.base + "/start")
    check(f"consent ({language}): is asked for again when it was taken back", window.path.endswith("/consent"), window.page.url)
    window.close()


def signature(world, language):
    window = hanako(world, language)
    window.go(world.opening.base + "/start")
    window.card()
    check(f"signature certificate ({language}): is asked for", window.path.endswith("/identity"), window.page.url)
    world.looking.see(window, "signature certificate")
    window.press('form[action$="/identity/refuse"] button')
    check(f"signature certificate ({language}): a no goes back to the service", "refused" in window.told(), window.text[:300])
    window.go("/identity")
    world.looking.see(window, "signature certificates shown")
    window.close()


def device(world, language):
    see = world.looking.see
    told = world.television.device()
    window = hanako(world, language)
    window.go("/device")
    window.page.fill("input[name=user_code]", "WRNG-CODE")
    window.press('form[action="/device"] button')
    see(window, "device code, wrong")
    window.go(told["verification_uri_complete"])
    see(window, "device code, from a link")
    window.press('form[action="/device"] button')
    see(window, "device, who asks")
    window.press(f'a[href="/journey/{window.journey}"]')
    see(window, "device, login")
    window.card()
    see(window, "device, decide")
    window.press("form:has(input[value=approve]) button, button[value=approve]")
    see(window, "device, done")
    status, tokens = world.television.collected(told)
    check(f"device ({language}): has its tokens", status == 200 and "id_token" in tokens, tokens)
    refused = world.television.device()
    window.go(refused["verification_uri_complete"])
    window.press('form[action="/device"] button')
    window.press('form[action$="/cancel"] button')
    see(window, "device, refused")
    status, answer = world.television.collected(refused)
    check(f"device ({language}): a no is told to the device", answer.get("error") == "access_denied", answer)
    window.close()


def approval(world, language):
    see = world.looking.see
    window = hanako(world, language)
    window.go(world.counter.party.base + "/start")
    window.card()
    subject = ends_at(window, world.counter.party, f"approval ({language}): the service knows the citizen")["claims"]["sub"]
    world.counter.ask(subject, "4711")
    window.go("/approve")
    see(window, "approvals")
    window.press('form[action="/approve/open"] button')
    see(window, "approval, decide")
    check(f"approval ({language}): shows the words to compare", "4711" in window.text, window.text[:400])
    window.press("form:has(input[value=approve]) button, button[value=approve]")
    see(window, "approval, done")
    window.close()


def logout(world, language):
    see = world.looking.see
    window = hanako(world, language)
    window.go(world.ministry.base + "/start")
    window.card()
    window.page.wait_for_url(world.ministry.base + "/**")
    window.go(world.points.base + "/start")
    window.go(world.library.base + "/start")
    window.page.wait_for_url(world.library.base + "/**")
    window.go(f"/openid/logout?client_id={world.points.client_id}&post_logout_redirect_uri={world.points.base}/bye")
    see(window, "logout, asked")
    window.go("/")
    onward = []  # the page goes on by itself: not before it was looked at
    window.page.route("**/logout/*/next", lambda route: onward.append(route), times=1)
    window.press('form[action="/session/end"] button')
    see(window, "logout, under way")
    until(lambda: window.page.wait_for_timeout(100) or onward)
    onward[0].continue_()
    # From service to service, until a page stands that does not go on.
    until(lambda: window.page.wait_for_timeout(300) or not (world.library.inside or world.ministry.inside))
    window.page.locator("main:not(:has([data-go]))").wait_for()
    window.settle()
    see(window, "logout, result")
    check(f"logout ({language}): both SAML services have ended", world.library.inside is None and world.ministry.inside is None,
          (world.library.inside, world.ministry.inside, window.text[:600]))
    check(f"logout ({language}): says which service is still open", world_name(world.points, language) in window.text, window.text[:600])
    window.go("/openid/logout")
    see(window, "logout, nobody logged in")
    window.go(world.ministry.base + "/start")
    check(f"logout ({language}): the card is asked for again", Window.on_login(window.page.url), window.page.url)
    window.close()
