"""What strangers try, where it lives: in the browser of somebody who is logged in (checklist 5.D)."""

import re
import urllib.parse

import servers
from run import check
from screens import stranger
from screens.citizen import ends_at, hanako
from screens.window import Window

PROBE = '"\'><script>alert(1)</script><img src=x onerror=alert(1)>'


def forms_from_elsewhere(world, window, name, forms):
    """H3: every form of this page, sent by a stranger's page in the same browser with the fields and the marks that are on it."""
    for form in forms:
        where = re.sub(r"(/(?:journey|logout|applicants)/)[^/]+", r"\1…", form["action"])
        fields = form["fields"] + form["buttons"][:1]
        shape = (where, tuple(sorted({field[0] for field in fields})))
        if form["method"] != "post" or not form["action"].startswith(world.base) or shape in world.attacked:
            continue
        world.attacked.add(shape)
        for site in ("cross-site", "same-site"):
            status, text = stranger.post(world, window, site, {"action": form["action"], "fields": fields})
            check(f"H3: {where.removeprefix(world.base)} on {name!r}, sent from {site}, is refused", 400 <= status < 500, (status, text[:200]))


def logout_by_picture(world, language):
    """H4: nobody is logged out by what a page of somebody else loads, nor by somebody else's token."""
    window, other = hanako(world, language), Window(world.person("taro", "taro"), language)
    hints = {}
    for each in (window, other):
        each.go(world.points.base + "/start")
        each.card()
        hints[each] = ends_at(each, world.points, "H4: logs in")["id_token"]
    # A service holds the token of its own login and may end it, by a page that the citizen sees; a stranger may not, nor a picture.
    for door in ("/session/end", "/openid/logout", "/openid/logout?id_token_hint=" + hints[other], "/saml/logout", "/openid/logout/confirm",
                 "/me/end", "/me/loss", "/openid/logout?id_token_hint=" + hints[window]):
        for site in ("cross-site", "same-site"):
            window.go(world.stranger.address(site, pictures=[world.base + door], frames=[world.base + door]))
            window.settle()
        inside = logged_in(world, window)
        check(f"H4: a picture and a frame of {door.split('=')[0]}{' of my own token' if hints[window] in door else ''} log nobody out", inside)
        if not inside:
            window.card()
    window.go("/openid/logout?id_token_hint=" + hints[other])
    window.settle()
    check("H4: the token of another citizen ends no session of mine", logged_in(world, window), window.text[:300])
    check("H4: and none of the other citizen's", logged_in(world, other))
    # The foreign hint's own session: the page does not say whose it is.
    window.go("/openid/logout?id_token_hint=" + hints[window][:-3] + "AAA")
    check("H4: a token that was changed ends nothing", logged_in(world, window))
    window.close()
    other.close()


def logged_in(world, window):
    """By what counts: a service lets the citizen in without the card."""
    tab = window.tab()
    tab.go(world.points.base + "/start")
    tab.settle()
    inside = tab.page.url.startswith(world.points.base)
    if inside:
        tab.page.close()
    else:
        window.page = tab.page
    return inside


def frames(world, language):
    """H13: no page of ours is drawn inside somebody else's."""
    window = hanako(world, language)
    window.go(world.points.base + "/start")
    login = window.page.url
    window.card()
    journeys = [login]
    window.go(world.insurer.base + "/start")
    journeys.append(window.page.url)
    pages = ["/", "/me", "/ledger", "/device", "/approve", "/services", "/help", "/console"]
    for site in ("cross-site", "same-site"):
        window.go(world.stranger.address(site, frames=[world.base + p for p in pages] + journeys))
        window.settle()
        # Until each has been answered, by a page or by the browser's own word that it draws none.
        servers.until(lambda: window.page.wait_for_timeout(100) or all(frame.url not in ("", "about:blank") for frame in window.page.frames[1:]))
        shown = [frame.url for frame in window.page.frames[1:] if not frame.url.startswith("chrome-error:")]
        check(f"H13: nothing of ours is framed by a {site} page", len(window.page.frames) > len(pages) and not shown, shown)
    window.close()


def probes(world, language):
    """H12: what strangers write stays text, in addresses, in fields and in the names of members."""
    window = hanako(world, language)
    quoted = urllib.parse.quote(PROBE)
    for door in ("/help/" + quoted, "/device?user_code=" + quoted, "/?lang=" + quoted, "/journey/" + quoted, "/logout/" + quoted,
                 "/applicants/" + quoted, "/trust-marks/" + quoted, "/openid/authorize?client_id=" + quoted,
                 f"/openid/authorize?client_id=points&response_type=code&redirect_uri={quoted}",
                 f"/openid/authorize?client_id=points&response_type=code&redirect_uri=javascript:alert(1)//{quoted}",
                 "/saml/sso?SAMLRequest=" + quoted + "&RelayState=" + quoted, f"/openid/logout?client_id=points&state={quoted}&ui_locales={quoted}",
                 f"/openid/logout?client_id=points&post_logout_redirect_uri=javascript:alert(1)//{quoted}",
                 f"/saml/unsolicited?providerId={quoted}&target={quoted}", "/me?done=" + quoted, "/ledger?before=" + quoted, "/" + quoted):
        answer = window.go(door)
        clean(window, f"H12: {urllib.parse.unquote(door)[:40]}…", answer.status)
    window.go("/device")
    window.page.locator("input[name=user_code]").evaluate("e => e.removeAttribute('maxlength')")
    window.page.fill("input[name=user_code]", PROBE)
    window.press('form[action="/device"] button')
    clean(window, "H12: a device's code", window.documents[-1][0])
    # A member whose names are markup: on the login page, the consent page, the ledger and the page of logout.
    window.go(world.hostile.base + "/start")
    clean(window, "H12: a member's name at the login", 200)
    window.card()
    clean(window, "H12: a member's name at the consent", 200)
    check("H12: the name is shown as it is written", "<" in window.text and "alert(1)" in window.text, window.text[:300])
    window.press("button[name=decision][value=give]")
    ends_at(window, world.hostile, "H12: the member with that name is answered")
    for door in ("/ledger", "/me"):
        window.go(door)
        clean(window, f"H12: a member's name on {door}", 200)
    window.go(f"/saml/unsolicited?{urllib.parse.urlencode({'providerId': world.library.entity_id, 'target': PROBE})}")
    clean(window, "H12: RelayState on the page that asks", 200)
    window.press('form[action="/saml/unsolicited"] button')
    if Window.on_login(window.page.url):
        window.card()
    window.page.wait_for_url(world.library.base + "/**")
    clean(window, "H12: RelayState on the page that carries it", 200)
    window.go("/")
    window.press('form[action="/session/end"] button')
    clean(window, "H12: a member's name at the logout", 200)
    window.close()


def clean(window, what, status):
    """Nothing of a stranger's was run or drawn, and nothing of ours broke."""
    strange = window.page.locator("img[src=x], svg[onload], [onerror], [onload]").count()
    check(what + " stays text", status < 500 and not strange and not window.offences, (status, strange, window.offences[:2], window.page.url[:200]))
    window.offences.clear()


def another_browser(world, language):
    """H1, H2: a login belongs to the browser that began it, and what it opens to the citizen whose card was used."""
    attacker, victim = Window(world.person("nobody"), language), hanako(world, language)
    attacker.go(world.points.base + "/start")
    link, card = attacker.page.url, attacker.page.locator('a[href*="/card/"]').first.get_attribute("href")
    answer = victim.go(link)
    check("H1: the link to somebody's login opens nothing in another browser", 400 <= answer.status < 500, answer.status)
    world.looking.see(victim, "a login of another browser")
    victim.go(card)
    victim.settle()
    check("H1: a card shown to somebody else's login is refused", victim.documents[-1][0] in (400, 403), victim.page.url)
    attacker.page.reload()
    attacker.go(f"/journey/{attacker.journey}/continue")
    check("H1: and logs nobody in there", Window.on_login(attacker.page.url) and attacker.cookie() is None, attacker.page.url)
    attacker.close()
    # A cookie planted before the login (fixation), and a second one beside it.
    victim.context.add_cookies([{"name": "sekisho", "value": "A" * 43, "url": world.base}])
    victim.go(world.points.base + "/start")
    victim.card()
    first = ends_at(victim, world.points, "H1: a planted cookie does not keep the citizen out")
    check("H1: and is not the session's", victim.cookie() != "A" * 43)
    stolen = victim.cookie()
    victim.go("/")
    victim.press('form[action="/session/end"] button')
    thief = Window(world.person("nobody"), language, cookies=[{"name": "sekisho", "value": stolen, "url": world.base}])
    thief.go(world.points.base + "/start")
    check("H2: the cookie of a session that ended opens nothing", Window.on_login(thief.page.url), thief.page.url)
    thief.close()
    second = Window(world.person("taro", "taro"), language, cookies=victim.context.cookies())
    second.go(world.points.base + "/start")
    second.card()
    told = ends_at(second, world.points, "H2: the next citizen at the same browser logs in")
    check("H2: as somebody else", told.get("claims", {}).get("sub") not in (None, first.get("claims", {}).get("sub")))
    second.go("/ledger")
    check("H2: and sees nothing of the one before", world_name_of(world.insurer) not in second.text, second.text[:300])
    second.close()
    victim.close()


def world_name_of(party):
    return {"insurer": "見本生命保険"}[party.client_id]
