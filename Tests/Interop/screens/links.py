"""The life of a link as its citizen sees it: numbers that a service brings, a letter's code, a second card, a renewed one, two records that
become one and two again, the way back for whoever has no old card, a phone's help for a lost card. What came of it is asked of the service."""

import secrets

from run import check
from screens.citizen import ends_at, hanako
from screens.window import Window

ADD = 'form[action="/me/links/add"] button'
CONFIRM = 'form[action="/me/links/confirm"]'
CODE = 'form[action="/me/links/code"]'
NAMES = {"ja": "見本商店", "en": "Shop of Samples"}
PEOPLE = {"ja": ("桜木　葵", "1984-05-06"), "en": ("森本　楓", "1979-11-12")}


def told(window, shop, what):
    window.go(shop.base + "/start")
    if Window.on_login(window.page.url):
        window.card()
    return ends_at(window, shop, what)


def newcomer(world, window, answer):
    """A card that nobody knows, and what its citizen says to that."""
    window.go(world.shop.base + "/start")
    window.card()
    check(f"newcomer ({window.language}): whoever comes with an unknown card is asked, and logged in nowhere",
          window.path.endswith("/newcomer") and window.cookie() is None, (window.page.url, window.text[:300]))
    window.page.locator(f"input[name=answer][value={answer}]").check()
    window.press("main form button")


def issue(world, name, language, *more):
    person, birth = PEOPLE[language]
    return world.issue(f"{name}-{language}", "--name", person, "--birth", birth, *more)


def holder(world, card, language):
    """A browser without a reader, whose citizen holds that card to an app."""
    return Window(world.person("nobody"), language, held=card)


def own(window, path="/me/links"):
    window.go(path)
    if window.page.locator('form[action="/me/login"]').count():
        window.press('form[action="/me/login"] button')
        window.card()
        window.go(path)


def life(world, language):
    """From the first card to the second, and what a stranger cannot do in between."""
    see, shop = world.looking.see, world.shop
    window = holder(world, issue(world, "wakaba", language), language)
    window.go(shop.base + "/start")
    window.card()
    see(window, "newcomer")
    # What the browser itself would hold back comes all the same from others.
    window.page.locator("main input[name=answer]").evaluate_all("all => all.forEach(e => { e.required = false; e.checked = false; })")
    window.press("main form button")
    see(window, "newcomer, nothing chosen")
    check(f"newcomer ({language}): says what to mend", window.documents[-1][0] == 400 and window.page.locator("main [role=alert]").count() == 1, window.documents[-1][:2])
    window.page.locator("input[name=answer][value=new]").check()
    window.press_twice("main form button")
    first = ends_at(window, shop, f"newcomer ({language}): *my first time*, pressed twice, leads to the service")
    sub = first["claims"]["sub"]
    check(f"links ({language}): a service is told no number before the citizen said that it is his", "customer_id" not in first["userinfo"], first["userinfo"])
    numbers(world, window, sub)
    strangers(world, window, language)
    second_card(world, window, sub)
    stopped(world, window, sub)
    window.close()


def numbers(world, window, sub):
    see, shop, language = world.looking.see, world.shop, window.language
    mine, theirs, letter = (f"{kind}-{language.upper()}-{secrets.token_hex(2)}" for kind in ("A", "B", "L"))
    answers = shop.bring([{"customer": mine, "sub": sub}, {"customer": theirs, "sub": sub}, {"customer": letter}])
    window.go("/me")
    see(window, "own page, numbers wait")
    own(window)
    see(window, "own page, links, to confirm")
    check(f"links ({language}): the page says which service asks about which numbers",
          all(text in window.text for text in (NAMES[language], mine, theirs)), window.text[:600])
    window.press(f"{CONFIRM} button")
    see(window, "own page, links, none chosen")
    check(f"links ({language}): nothing chosen is told, and done", window.documents[-1][0] == 400 and window.page.locator("main [role=alert]").count() == 1
          and not shop.numbers(shop.token), window.documents[-1][:2])
    window.page.locator(f'{CONFIRM} input[value$="{mine}"]').check()
    window.press_twice(f"{CONFIRM} button")
    check(f"links ({language}): one is confirmed, though pressed twice", window.page.locator("main [role=status]").count() == 1 and mine in window.text, window.text[:400])
    read = told(window, shop, f"links ({language}): back at the service")["userinfo"].get("customer_id")
    check(f"links ({language}): and the service reads its own number, of its own list", read == [mine], read)
    own(window)
    window.press(f'form[action="/me/links/end"]:has(input[value$="{theirs}"]) button')
    check(f"links ({language}): *not mine* takes the other off the page", theirs not in window.text, window.text[:400])
    listed = shop.bring([{"customer": theirs, "sub": sub}])[0]
    check(f"links ({language}): the service learns that it was refused", listed["result"] not in ("proposed", "confirmed"), listed)
    # The letter: a code that is none, then the right one as people type.
    window.page.fill(f"{CODE} [name=code]", "AAAA BBBB CCCC")
    window.press(f"{CODE} button")
    see(window, "own page, links, a wrong code")
    check(f"links ({language}): a wrong code is told, and kept as it was typed", window.documents[-1][0] == 400
          and "AAAA" in window.page.input_value(f"{CODE} [name=code]").upper(), window.text[:300])
    kept = kept_over_a_logout(world, window, answers[2]["code"].lower().replace("-", " "))
    check(f"links ({language}): a code that was being typed when the login ended is still there, and is taken after it", kept, (window.page.url, window.text[:400]))
    see(window, "own page, links, linked")
    check(f"links ({language}): the service reads both numbers", sorted(told(window, shop, f"links ({language}): at the service again")["userinfo"].get("customer_id", []))
          == sorted([mine, letter]))
    shop.token = shop.inside["access_token"]
    own(window)
    window.press_twice(f'form[action="/me/links/end"]:has(input[value$="{mine}"]) button')
    check(f"links ({language}): a link that was ended is told no more, also by a token that is still good", shop.numbers(shop.token) == [letter], shop.numbers(shop.token))


def kept_over_a_logout(world, window, code):
    """Another tab ends the login while a letter's code is typed here (H7). The code is a secret: it stands in no address."""
    own(window)
    window.page.fill(f"{CODE} [name=code]", code)
    tab = window.tab()
    tab.go("/")
    tab.press('form[action="/session/end"]:has(input[value=here]) button')
    tab.page.close()
    window.press(f"{CODE} button")
    world.looking.see(window, "own page, links, the login is over")
    with window.context.expect_page() as opened:
        window.page.locator('form[action="/me/login"] button').click()
    desk = window.tab()
    desk.page.close()
    desk.page = opened.value
    desk.settle()
    desk.card()
    desk.page.close()
    window.press(f"{CODE} button")
    if window.page.locator("main [role=status]").count() == 0 and window.page.locator(f"{CODE} button").count():
        window.press(f"{CODE} button")
    secret = code.replace(" ", "").upper()
    clean = not any(secret in url.upper().replace("-", "").replace("%20", "").replace("+", "") for _, url, _ in window.documents if url.startswith(world.base))
    return clean and window.page.locator("main [role=status]").count() == 1


def strangers(world, window, language):
    """H17: another citizen who writes somebody's number into a form of his own changes nothing there."""
    own(window)
    value = window.page.locator('form[action="/me/links/end"] input[name=link]').first.get_attribute("value")
    other = hanako(world, language)
    own(other)
    for door in ("/me/links/end", "/me/links/confirm"):
        own(other)
        other.page.locator('form[action="/me/links/add"]').evaluate(
            "(form, [door, value]) => { form.action = door; const e = document.createElement('input'); e.name = 'link'; e.value = value; form.append(e); }",
            [door, value])
        other.press(f'form[action="{door}"] button')
        check(f"H17 ({language}): {door} with another citizen's number is answered in words, and shows it nowhere",
              other.documents[-1][0] < 500 and value.split(":", 1)[1].removeprefix("shop") not in other.text, (other.documents[-1][:2], other.text[:300]))
    check(f"H17 ({language}): and the link stands", world.shop.numbers(world.shop.token), world.shop.numbers(world.shop.token))
    other.close()


def second_card(world, window, sub):
    """Another card is added beside the first; a third one comes by *I have been here before*."""
    see, shop, language = world.looking.see, world.shop, window.language
    two = issue(world, "momiji", language)
    own(window)
    for answer, done in (("no", False), ("yes", True)):
        window.press(ADD)
        if not done:
            see(window, "login, the other card")
        world.show_card(window, two)
        if not done:
            see(window, "joining, a card to add")
        window.press(f"button[name=answer][value={answer}]")
        check(f"second card ({language}): *{answer}* says what became of it", window.path == "/me/links" and window.page.locator("main [role=status]").count() == 1,
              (window.page.url, window.text[:300]))
    see(window, "own page, links, a card added")
    other = holder(world, two, language)
    check(f"second card ({language}): the service sees the same citizen", told(other, shop, f"second card ({language}): logs in")["claims"]["sub"] == sub)
    other.close()
    fresh = holder(world, issue(world, "kaede", language), language)
    newcomer(world, fresh, "old")
    see(fresh, "login, the old card")
    world.show_card(fresh, f"wakaba-{language}")
    check(f"newcomer ({language}): old and new card in one visit are one citizen",
          ends_at(fresh, shop, f"newcomer ({language}): with the old card beside the new one")["claims"]["sub"] == sub)
    fresh.close()


def stopped(world, window, sub):
    """The first card is lost and reported by the second; found again, it is let in by the second's PIN."""
    see, shop, language = world.looking.see, world.shop, window.language
    other = holder(world, f"momiji-{language}", language)
    own(other, "/me/lost")
    handles = other.page.locator('form[action="/me/lost"] [name=card]').evaluate_all("all => all.map(e => e.value)")
    own(other, "/me/cards")
    using = other.page.locator("main section", has_text={"ja": "これを使っています", "en": "uses this one"}[language]).inner_html()
    lost = next(h for h in handles if h not in using)
    other.go("/me/lost")
    other.page.locator(f'form[action="/me/lost"] [name=card][value="{lost}"]').check()
    other.page.locator('form[action="/me/lost"] [name=reason][value=lost]').check()
    other.press_twice('form[action="/me/lost"] button')
    own(other, "/me/cards")
    see(other, "own page, cards, one stopped")
    stopped_cards = [holder(world, f"{name}-{language}", language) for name in ("wakaba", "kaede")]
    refused = []
    for each in stopped_cards:
        each.go(shop.base + "/start")
        try:
            each.card()
            refused.append(not each.page.url.startswith(shop.base))
        except RuntimeError as error:
            refused.append("signon.certificate.blocked" in str(error))
    check(f"stopped ({language}): one of the cards logs nobody in, the others go on", refused.count(True) == 1, refused)
    other.go("/me/cards")
    other.press_twice('form[action="/me/cards/lift"] button')
    check(f"stopped ({language}): lifted by the second card's PIN of a moment ago, though pressed twice",
          other.page.locator('form[action="/me/cards/lift"]').count() == 0 and other.documents[-1][0] == 200, other.text[:400])
    back = stopped_cards[refused.index(True)]
    check(f"stopped ({language}): and the card is its citizen's again", told(back, shop, f"stopped ({language}): logs in again")["claims"]["sub"] == sub)
    for each in (*stopped_cards, other):
        each.close()


def merge(world, language):
    """Two records of one person become one, and two again."""
    see, shop = world.looking.see, world.shop
    first, second = (holder(world, issue(world, name, language), language) for name in ("ayame", "kikyo"))
    subs = []
    for window in (first, second):
        newcomer(world, window, "new")
        subs.append(ends_at(window, shop, f"merge ({language}): a citizen of his own")["claims"]["sub"])
    check(f"merge ({language}): two citizens to the service", subs[0] != subs[1])
    own(first)
    first.press(ADD)
    world.show_card(first, f"kikyo-{language}")
    see(first, "joining, two records")
    check(f"merge ({language}): the page names the service that knows both, and asks who goes on", NAMES[language] in first.text
          and first.page.locator("input[name=keep-0]").count() == 2, first.text[:600])
    first.press_twice("button[name=answer][value=yes]")
    see(first, "own page, links, merged")
    second.go("/me")
    check(f"merge ({language}): the login of the record that was given up has ended", second.page.locator('form[action="/me/login"]').count() == 1, second.text[:200])
    check(f"merge ({language}): the service sees one citizen with either card", told(second, shop, f"merge ({language}): with the other card")["claims"]["sub"] == subs[0])
    own(first)
    first.press('form[action="/me/links/undo"] button')
    see(first, "own page, links, undone")
    check(f"merge ({language}): the undoing says that it was done, and asks for a login", first.page.locator("main [role=status]").count() == 1
          and first.page.locator('form[action="/me/login"]').count() == 1, first.text[:300])
    check(f"merge ({language}): each card is again who it was",
          [told(w, shop, f"merge ({language}): after the undoing")["claims"]["sub"] for w in (first, second)] == subs)
    first.close()
    second.close()


def proof(world, language):
    """Whoever has no old card shows the signature certificate of the new one: what it says has to be what was shown before."""
    see, shop = world.looking.see, world.shop
    person, birth = PEOPLE[language]
    home = {"ja": "見本県関町市本町二丁目２番", "en": "見本県関町市東町五丁目５番"}[language]
    window = holder(world, world.issue(f"sumire-{language}", "--name", person, "--birth", birth, "--address", home), language)
    newcomer(world, window, "new")
    sub = ends_at(window, shop, f"proof ({language}): logs in with the first card")["claims"]["sub"]
    window.go(world.opening.base + "/start")
    if Window.on_login(window.page.url):
        window.card()
    check(f"proof ({language}): the bank asks for the signature certificate", window.path.endswith("/identity"), window.page.url)
    # By a reader that vouches for one card: what is tied less strongly leads no new card to its citizen.
    shown = world.show_identity(window, f"sumire-{language}", vouched=True)
    check(f"proof ({language}): the card's signature is taken", shown.status == 200, shown.text()[:300])
    window.press('main form[action$="/continue"] button')
    if window.path.endswith("/consent"):
        see(window, "consent, with what the certificate says")
        window.press("button[name=decision][value=give]")
    claims = ends_at(window, world.opening, f"proof ({language}): the bank is answered")["claims"]
    check(f"proof ({language}): and reads the four attributes that the citizen agreed to", claims.get("birthdate") == birth and claims.get("name"), claims)
    window.close()
    # The card is gone; another was issued to the same person, and one to somebody of the same name.
    for name, address, right in (("sumire2", home, True), ("sumire3", "見本県関町市三丁目３番", False)):
        fresh = holder(world, world.issue(f"{name}-{language}", "--name", person, "--birth", birth, "--address", address), language)
        newcomer(world, fresh, "proof")
        if right:
            see(fresh, "newcomer, signature certificate")
        coaxed = world.show_identity(fresh, f"{name}-{language}", "/newcomer/identity", vouched=False)
        check(f"proof ({language}): a declaration alone, which can be coaxed out of somebody, ties no card", coaxed.status == 403, coaxed.text()[:300])
        shown = world.show_identity(fresh, f"{name}-{language}", "/newcomer/identity")
        check(f"proof ({language}): {'the same person' if right else 'another address'} is {'known again' if right else 'refused'}", (shown.status == 200) == right,
              (shown.status, shown.text()[:300]))
        if right:
            fresh.press('main a[href$="/continue"]')
            check(f"proof ({language}): the service sees who was there before",
                  ends_at(fresh, shop, f"proof ({language}): goes on")["claims"]["sub"] == sub)
            own(fresh)
            see(fresh, "own page, links, taken over by the signature certificate")
        fresh.close()


def renewal(world, language):
    """The card was renewed at the counter: J-LIS knows old and new, the citizen is asked nothing, and the service notices nothing."""
    see, shop, platform = world.looking.see, world.shop, world.platform
    platform.jpki_again(0)
    try:
        name = f"tsubaki-{language}"
        window = holder(world, issue(world, "tsubaki", language), language)
        sub = told(window, shop, f"renewal ({language}): J-LIS knows the card and nobody is asked")["claims"]["sub"]
        window.close()
        platform.run("jpki-simulator", "renew", "--state", platform.state, "--card", name)
        world.exported.discard(name)
        window = holder(world, name, language)
        check(f"renewal ({language}): the service sees the same citizen by the renewed card",
              told(window, shop, f"renewal ({language}): with the renewed card")["claims"]["sub"] == sub)
        own(window)
        see(window, "own page, links, renewed")
        check(f"renewal ({language}): the citizen reads why", {"ja": "J-LIS", "en": "J-LIS"}[language] in window.text, window.text[:900])
        own(window, "/me/cards")
        see(window, "own page, cards, renewed")
        window.close()
    finally:
        platform.jpki_again(3600)
