"""What officers do at their desks: a version of the policy from its proposal to its roll-back, a session that is ended, the trail, the costs;
and a member's developer, who sees the own member and nobody else's. The one officer reads Japanese, the other English."""

import csv
import hashlib
import io
import os
import re
import time

from run import check
from screens.citizen import ends_at, hanako
from screens.officers import REASON, approve, desks
from screens.window import Window

ORDER = """rules:
  - id: no-points-today
    effect: forbid
    member: points
    purpose: points
    says: {ja: 本日は受付を止めています。, en: Closed for today.}
    basis: an order of the test
"""
SAYS = {"ja": "本日は受付を止めています。", "en": "Closed for today."}
NEW = {"name-ja": "関所ポイント新館", "name-en": "Sekisho Points, New House"}
PROPOSE = 'form[action="/console/policies/propose"]'


def look(world, window, name):
    """A page on which officers' own words stand, in the languages that they wrote them in; once is enough."""
    if window.language not in world.looking.seen.get(name, {}):
        world.looking.see(window, name, typed=list(REASON.values()) + list(NEW.values()))


def policies(world, _):
    sato, suzuki = desks(world)
    platform = world.platform
    before = platform.health()["policy-version"]
    for window in (sato, suzuki):
        window.go("/console/policies")
        fill(window, "draft", "activate", at="2020-01-01")
        window.press(f"{PROPOSE} button")
        look(world, window, "console, policies, a day that is over")
        kept = [window.page.input_value(f"{PROPOSE} [name={name}]") for name in ("bundle", "at", "reason")]
        check(f"policies ({window.language}): a day that is over is told, and nothing typed is lost", window.documents[-1][0] == 400
              and kept == ["draft", "2020-01-01", REASON[window.language]] and window.page.locator(f"{PROPOSE} [name=act]:checked").input_value() == "activate",
              (window.documents[-1][:2], kept))
    # Policies/ as it stands, by two.
    decide(world, sato, suzuki, "draft", "activate", "what stands in the folder")
    status = platform.run("sekisho", "policy", "status", "--deployment", platform.deployment).stdout
    check("policies: the command line says who signed what decides", "sato" in status and "suzuki" in status and platform.health()["policy-version"] == before, status)
    path = os.path.join(platform.deployment, "Policies", "test-order.yaml")
    with open(path, "w") as f:
        f.write(ORDER)
    try:
        sato.go("/console/policies")
        platform.wait("the folder's other version", lambda: sato.page.reload() and sato.page.locator("main dl").first.locator("dd code").count() > 1)
        for window in (sato, suzuki):
            window.go("/console/policies")
            look(world, window, "console, policies, the folder says something else")
        check("policies: nothing of it decides yet", platform.health()["policy-version"] == before)
        shadow(world, suzuki, sato)
        decide(world, sato, suzuki, "draft", "activate", "an order")
        stopped(world)
        first = sato.page.locator(f"{PROPOSE} [name=bundle] option[value^='{before}.']").first.get_attribute("value")
        decide(world, suzuki, sato, first, "rollback", "back again")
        check("policies: the version of before decides again", platform.health()["policy-version"] == before)
        back = hanako(world, "ja")
        back.go(world.points.base + "/start")
        back.card()
        ends_at(back, world.points, "policies: rolled back, the service is reached again")
        back.close()
        for proposer, other in ((sato, suzuki), (suzuki, sato)):
            proposer.go("/console/policies")
            fill(proposer, "draft", "activate")
            proposer.press(f"{PROPOSE} button")
            other.go("/console/policies")
            other.press_twice('form[action="/console/policies/reject"] button')
            look(world, other, "console, policies, taken back")
            check(f"policies ({other.language}): what was taken back waits no longer, and decides nothing",
                  other.page.locator('form[action="/console/policies/reject"]').count() == 0 and platform.health()["policy-version"] == before, other.text[:300])
    finally:
        os.remove(path)


def fill(window, bundle, act, at=""):
    window.page.select_option(f"{PROPOSE} [name=bundle]", bundle)
    window.page.locator(f"{PROPOSE} [name=act][value={act}]").check()
    window.page.fill(f"{PROPOSE} [name=at]", at)
    window.page.fill(f"{PROPOSE} [name=reason]", REASON[window.language])


def decide(world, proposer, approver, bundle, act, what, reads=False):
    """One proposes, which does nothing; the other, if need be after both `reads` what would change, approves."""
    platform = world.platform
    before = platform.health()["policy-version"]
    proposer.go("/console/policies")
    fill(proposer, bundle, act)
    proposer.press_twice(f"{PROPOSE} button")
    check(f"policies: {what} is proposed, once though pressed twice, and decides nothing", proposer.path == "/console/policies"
          and proposer.page.locator('form[action="/console/policies/reject"]').count() == 1 and platform.health()["policy-version"] == before,
          (proposer.page.url, proposer.text[:400]))
    look(world, proposer, "console, policies, one waits")
    check(f"policies: {what}: who proposed is offered no approval", proposer.page.locator('form[action="/console/policies/approve"]').count() == 0)
    approver.go("/console/policies")
    look(world, approver, "console, policies, one waits")
    address, texts = approver.page.locator('main section a[href^="/console/policies/"]').first.get_attribute("href"), []
    for window in (approver, proposer) if reads else ():
        began = time.monotonic()
        # A debug build weighs some hundred thousand decisions a minute.
        window.page.goto(world.base + address, timeout=300_000)
        print(f"      the page of a version took {time.monotonic() - began:.1f} s")
        look(world, window, "console, a version of the policy")
        texts.append(window.page.locator("main").inner_text())
    approver.go("/console/policies")
    approve(approver, "/console/policies/approve")
    check(f"policies: {what}: the second person's approval carries it out", "done=decides" in approver.page.url, (approver.page.url, approver.text[:500]))
    look(world, approver, "console, policies, approved")
    return texts


def shadow(world, proposer, approver):
    """Tried beside the one that decides: counted, and never answered from."""
    platform = world.platform
    before = platform.health()["policy-version"]
    read = decide(world, proposer, approver, "draft", "shadow", "a trial", reads=True)
    check("policies: the page of a version says which decisions would change", len(read) == 2 and all("points" in text and "+   - id: no-points-today" in text for text in read), read)
    citizen = hanako(world, "ja")
    citizen.go(world.points.base + "/start")
    citizen.card()
    ends_at(citizen, world.points, "policies: a citizen comes in while the other version is only tried")
    citizen.close()
    counted = platform.wait("the difference", lambda: platform.health().get("policy-shadow", {}).get("different"))
    check("policies: what the trial would have refused is counted", counted >= 1 and platform.health()["policy-version"] == before, platform.health())
    for window in (proposer, approver):
        window.go("/console/policies")
        platform.wait("the report of the trial", lambda: window.page.reload() and window.page.locator("main tr", has_text="→").count())
        look(world, window, "console, policies, a trial")
        rows = window.page.locator("main tr", has_text="points").filter(has_text="→").count()
        check(f"policies ({window.language}): the officer reads which decisions differ", rows >= 1 and "deny" in window.text, window.text[:900])


def stopped(world):
    """What two officers decided is what a citizen reads, and what the service learns."""
    for language in ("ja", "en"):
        citizen = hanako(world, language)
        citizen.go(world.points.base + "/start")
        citizen.settle()
        if Window.on_login(citizen.page.url):
            citizen.card()
        if citizen.page.url.startswith(world.base):
            world.looking.see(citizen, "refusal, by an order")
            check(f"policies ({language}): the citizen reads the order's own words", SAYS[language] in citizen.text, citizen.text[:400])
        else:
            check(f"policies ({language}): the service learns that nobody comes in", "claims" not in citizen.told() and "refused" in citizen.told(), citizen.text[:400])
        citizen.close()


def sessions(world, _):
    sato, suzuki = desks(world)
    see = world.looking.see
    for window in (sato, suzuki):
        language = window.language
        citizen = Window(world.person("taro", "taro"), language)
        citizen.go(world.points.base + "/start")
        citizen.card()
        sub = ends_at(citizen, world.points, f"sessions ({language}): a citizen is logged in")["claims"]["sub"]
        find(window, sub + "x", "points")
        see(window, "console, sessions, nothing found")
        check(f"sessions ({language}): nothing found is told, with what was typed", window.page.input_value("input[name=what]") == sub + "x"
              and window.page.locator("main [role=alert]").count() == 1, window.text[:300])
        find(window, sub, "points")
        see(window, "console, sessions, found")
        found = window.page.locator('form[action="/console/sessions/end"] button[name=session]')
        check(f"sessions ({language}): the service's word for a citizen leads to the session, which names nobody", found.count() >= 1
              and "taro" not in window.text and "見本　太郎" not in window.text, window.text[:500])
        ends = 'form[action="/console/sessions/end"]'
        window.page.locator(f"{ends} input[name=reason]").first.fill(REASON[language])
        window.press_twice(f"{ends} button[name=subject]")
        world.platform.wait("the end of the sessions", lambda: ended(citizen))
        window.page.reload()
        see(window, "console, sessions, ended")
        check(f"sessions ({language}): the operator reads what came of it", window.page.locator("main [role=status]").count() == 1, window.text[:400])
        citizen.go(world.points.base + "/start")
        check(f"sessions ({language}): the service asks for the card again", Window.on_login(citizen.page.url), citizen.page.url)
        citizen.close()
    told = world.platform.trail("console.session-ended")
    check("sessions: the trail says who ended them, and why", {body["officer"] for body in told} >= {"sato", "suzuki"}
          and {body["reason"] for body in told} >= set(REASON.values()), told)


def ended(citizen):
    citizen.go("/me")
    return citizen.page.locator('form[action="/me/login"]').count() == 1


def find(window, what, member):
    window.go("/console/sessions")
    window.page.fill("input[name=what]", what)
    window.page.fill("input[name=member]", member)
    window.press('form[action="/console/sessions/find"] button')


def trail(world, _):
    """The auditor's search, the way from a token to its decision, and the chain."""
    windows = desks(world)
    see = world.looking.see
    citizen = hanako(world, "ja")
    citizen.go(world.points.base + "/start")
    citizen.card()
    token = ends_at(citizen, world.points, "trail: a citizen logs in")["access_token"]
    citizen.close()
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 9 * 3600))
    for window in windows:
        language = window.language
        search(window, event="signon.granted", text="points", **{"from": day, "until": day})
        see(window, "console, trail, found")
        rows = window.page.locator("main tbody tr")
        texts = rows.all_inner_texts()
        check(f"trail ({language}): every record that is shown is one that was looked for", texts and all("signon.granted" in row for row in texts)
              and any("points" in row for row in texts), texts[:3])
        search(window, event="no.such.event")
        see(window, "console, trail, nothing found")
        search(window, event="Nothing Like That", **{"from": "yesterday"})
        see(window, "console, trail, not understood")
        check(f"trail ({language}): what was not understood is told at its field, and kept", window.documents[-1][0] == 400
              and window.page.locator("[aria-invalid=true]").count() == 2 and window.page.input_value("input[name=from]") == "yesterday", window.text[:300])
        window.go("/console/audit")
        window.page.fill("input[name=id]", token + "x")
        window.press('form[action="/console/audit/find"] button')
        see(window, "console, trail, no such token")
        window.page.fill("input[name=id]", token)
        window.press('form[action="/console/audit/find"] button')
        see(window, "console, trail, why")
        check(f"trail ({language}): a token leads to its decision, explained; it stands in no address", re.search(r"/console/audit/\d+$", window.page.url) is not None
              and "hanako" not in window.text and window.page.locator("main li").count() > 0, (window.page.url, window.text[:500]))
        chain(world, window)
    kept = world.platform.trail("console.audit-searched")
    check("trail: whoever searched it is in it", {body["officer"] for body in kept} >= {"sato", "suzuki"} and token not in str(kept), kept[-2:])


def search(window, **fields):
    window.go("/console/audit")
    for name, value in fields.items():
        window.page.fill(f"main form[method=get] [name={name}]", value)
    window.press("main form[method=get] button")


def chain(world, window):
    see, language, form = world.looking.see, window.language, 'form[action="/console/audit/chain"]'
    window.go("/console/audit")
    window.press(f"{form} button")
    see(window, "console, trail, the chain")
    head = window.page.locator("main .good code").last.inner_text()
    check(f"chain ({language}): holds, and gives a head to keep elsewhere", re.fullmatch(r"\d+ [0-9a-f]{64}", head) is not None, window.text[:400])
    window.page.fill(f"{form} [name=head]", head)
    window.press(f"{form} button")
    check(f"chain ({language}): the head that was kept is still in it", window.page.locator("main .good").count() == 1, window.text[:400])
    window.page.fill(f"{form} [name=head]", head.split()[0] + " " + "0" * 64)
    window.press(f"{form} button")
    see(window, "console, trail, another chain")
    check(f"chain ({language}): a head that was never in it is an alarm", window.page.locator("main .alert").count() >= 1 and window.page.locator("main .good").count() == 0, window.text[:400])
    window.page.fill(f"{form} [name=head]", "seven")
    window.press(f"{form} button")
    check(f"chain ({language}): and what is no head is told at its field, and kept", window.page.input_value(f"{form} [name=head]") == "seven" and window.documents[-1][0] == 400,
          window.documents[-1][:2])


def costs(world, _):
    """What members used, as a table, a chart and a file; the same as the command line's."""
    for window in desks(world):
        language = window.language
        window.go("/console/metering")
        month = window.page.locator("select[name=month] option").first.get_attribute("value")
        window.page.select_option("select[name=month]", month)
        window.press("main form[method=get] button")
        world.looking.see(window, "console, metering, a month")
        # The server counts once a minute, the command at once: behind it the page and the file have everything too.
        command = world.platform.run("sekisho", "metering", world.platform.deployment, "--csv", "--month", month, expect=None)
        window.page.reload()
        link = window.page.locator(f'a[href="/console/metering.csv?month={month}"]')
        answer = window.context.request.get(world.base + link.get_attribute("href"))
        rows = list(csv.DictReader(io.StringIO(answer.text())))
        check(f"metering ({language}): the file has prices and members", rows and any(row.get("member") == "points" for row in rows), answer.text()[:400])
        if command.returncode == 0:
            check(f"metering ({language}): the file is the command line's", command.stdout.split() == answer.text().split(), (command.stdout[-300:], answer.text()[-300:]))
        total = sum(int(row["cost"]) for row in rows)
        shown = window.page.locator("main tbody tr").last.locator("td").last.inner_text()
        check(f"metering ({language}): the table's total is the file's", int(re.sub(r"\D", "", shown)) == total, (shown, total))
        chart = window.page.locator("main svg[role=img]")
        label = chart.get_attribute("aria-label")
        check(f"metering ({language}): the chart says its bars to those who do not see it, and draws one for each month", month in label
              and chart.locator("rect").count() == window.page.locator("select[name=month] option").count(), label)


def developer(world, _):
    """A member's own developer: the own member's state, uses and dates, and nothing of anybody else's (H17)."""
    sato, suzuki = desks(world)
    platform = world.platform
    platform.run("sekisho", "admin", "add", platform.deployment, "--officer", "dev", "--roles", "developer", "--member", "points",
                 "--until", time.strftime("%Y-%m-%d", time.gmtime(time.time() + 20 * 86_400)))
    window = Window(world.person("kenji", "kenji"), "ja")
    window.go("/console")
    window.press('form[action="/console/login"] button')
    window.card()
    window.page.fill('form[action="/console/ask"] input[name=officer]', "dev")
    window.press('form[action="/console/ask"] button')
    for officer in (sato, suzuki):
        officer.go("/console/officers")
        officer.page.fill('form[action="/console/officers/approve"] input[name=reason]', REASON[officer.language])
        officer.press_twice('form[action="/console/officers/approve"] button')
    others = [name for names in ({"ja": "見本銀行", "en": "Bank of Samples"}, {"ja": "見本生命保険", "en": "Samples Life Insurance"}) for name in names.values()]
    for name, path in (("developer's overview", "/console"), ("developer's members", "/console/members"), ("developer's member", "/console/members/show?id=points"),
                       ("developer's metering", "/console/metering")):
        answer = window.go(path)
        see_in_both(world, window, f"console, {name}")
        check(f"developer: {path} shows the own member and no other", answer.status == 200 and ("関所ポイント" in window.text or "points" in window.text)
              and not any(other in window.text for other in others), window.text[:600])
    parts = window.page.locator('main nav a').evaluate_all("all => all.map(e => e.getAttribute('href'))")
    check("developer: is offered the own parts only", set(parts) == {"/console", "/console/members", "/console/metering"}, parts)
    for path in ("/console/audit", "/console/sessions", "/console/policies", "/console/officers", "/console/trust", "/console/keys", "/console/export",
                 "/console/export.txt", "/console/members/new?protocol=openid"):
        answer = window.go(path)
        check(f"developer: {path} takes another role", answer.status == 403 and not any(other in window.text for other in others), (answer.status, window.text[:200]))
    window.go("/console/audit")
    see_in_both(world, window, "console, another role")
    window.go("/console/members/show?id=bank")
    check("H17: another member's page shows nothing of it", not any(other in window.text for other in others) and window.path != "/console/members/show", (window.page.url, window.text[:300]))
    told = window.context.request.get(world.base + "/console/metering.csv").text()
    check("H17: the file of uses has the own member's lines only", {row["member"] for row in csv.DictReader(io.StringIO(told))} <= {"points"}, told[:300])
    window.close()


def see_in_both(world, window, name):
    """A page whose address stays, in the other language by the link on the page, and back."""
    world.looking.see(window, name)
    for tag in ("en", "ja"):
        window.press(f'header a[hreflang="{tag}"]')
        window.language = tag
        if tag == "en":
            world.looking.see(window, name)


VERSIONS = "/console/members/versions?id=points"


def member(world, _):
    """A member is rewritten by two, tried before anybody comes, and brought back to what it was."""
    sato, suzuki = desks(world)
    tried(world, sato, suzuki)
    for window, other in ((sato, suzuki),):
        window.go("/console/members/new?id=points")
        form = 'form[action="/console/members/check"]'
        for name, value in NEW.items():
            window.page.fill(f"{form} [name={name}]", value)
        # Of a secret only the digest is kept, and no page shows it.
        window.page.fill(f"{form} [name=secret-sha256]", hashlib.sha256(world.points.arguments["client_secret"].encode()).hexdigest())
        window.press(f"{form} button")
        check("member: what was rewritten is looked through", window.page.locator('form[action="/console/members/propose"]').count() == 1, window.text[:900])
        window.page.fill('form[action="/console/members/propose"] input[name=reason]', REASON[window.language])
        window.press_twice('form[action="/console/members/propose"] button')
        proposal = window.page.locator('a[href^="/console/members/proposals/"]').first.get_attribute("href")
        other.go(proposal)
        test(other, "long")
        look(world, other, "console, a test login of what is proposed")
        window.go(proposal)
        test(window, "long")
        look(world, window, "console, a test login of what is proposed")
        other.go(proposal)
        approve(other, "/console/members/approve")
    check("member: rewritten by two, a citizen reads the new name", NEW["name-en"] in named(world, "en"), named(world, "en")[:300])
    for window in (sato, suzuki):
        window.go("/console/members/show?id=points")
        window.press(f'main a[href="{VERSIONS}"]')
        look(world, window, "console, versions of a member")
    # The version of before, with its difference to the present; the one proposes, the other approves.
    window = suzuki
    versions = window.page.locator('form[action="/console/members/rollback"] [name=version]')
    values = versions.evaluate_all("all => all.flatMap(e => e.tagName === 'SELECT' ? [...e.options].map(o => o.value) : [e.value]).filter(Boolean)")
    before = None
    for value in values:
        for each in (sato, suzuki):
            each.go(VERSIONS + "&version=" + value)
        if "関所ポイント新館" in window.page.locator("main pre").first.inner_text():
            before = value
            for each in (sato, suzuki):
                world.looking.see(each, "console, a version beside the present", typed=list(REASON.values()) + list(NEW.values()) + ["関所ポイント"])
            break
    check("member: a version of before is shown beside the present", before is not None, values)
    window.go(VERSIONS)
    choose(window, before)
    window.page.fill('form[action="/console/members/rollback"] input[name=reason]', REASON[window.language])
    window.press_twice('form[action="/console/members/rollback"] button')
    check("member: the way back is proposed, once though pressed twice", window.path == "/console/members"
          and window.page.locator('a[href^="/console/members/proposals/"]').count() == 1, (window.page.url, window.text[:500]))
    check("member: and nothing is back yet", NEW["name-en"] in named(world, "en"))
    sato.go(window.page.locator('a[href^="/console/members/proposals/"]').first.get_attribute("href"))
    approve(sato, "/console/members/approve")
    check("member: approved by the second, a citizen reads the name of before", "Sekisho Points" in named(world, "en") and NEW["name-en"] not in named(world, "en"))
    citizen = hanako(world, "ja")
    citizen.go(world.points.base + "/start")
    if Window.on_login(citizen.page.url):
        citizen.card()
    ends_at(citizen, world.points, "member: and the service is answered as before")
    citizen.close()


def choose(window, value):
    fields = window.page.locator('form[action="/console/members/rollback"] [name=version]')
    if fields.first.evaluate("e => e.tagName") == "SELECT":
        fields.first.select_option(value)
    else:
        window.page.locator(f'form[action="/console/members/rollback"] [name=version][value="{value}"]').check()


def named(world, language):
    """What a citizen reads who is about to log in."""
    citizen = hanako(world, language)
    citizen.go(world.points.base + "/start")
    text = citizen.page.locator("main").inner_text()
    citizen.close()
    return text


def test(window, person, level=None):
    form = 'form[action="/console/members/test"]'
    window.page.select_option(f"{form} [name=person]", person)
    if level is not None:
        window.page.select_option(f"{form} [name=level]", level)
    window.press(f"{form} button")


def tried(world, *windows):
    """A login that nobody makes: what would be sent, in the words of whoever registers; nothing is stored, and nothing leaves."""
    granted = len(world.platform.trail("signon.granted"))
    for window in windows:
        language = window.language
        window.go("/console/members/show?id=points")
        test(window, "latin")
        look(world, window, "console, a test login")
        parts = [window.page.locator("#" + part).count() for part in ("outcome", "decoded", "checks", "raw")]
        check(f"test login ({language}): says what came of it, what would be sent, and what was checked", parts == [1] * 4 and window.page.locator("main pre").count() > 0, (parts, window.text[:600]))
        check(f"test login ({language}): every part of the answer has its meaning beside it", window.page.locator("main table tbody tr").count() >= 5
              and window.page.locator("main tbody td:last-child", has_text=re.compile(r"^\s*$")).count() == 0, window.text[:900])
    check("test login: nobody was logged in by it", len(world.platform.trail("signon.granted")) == granted)
