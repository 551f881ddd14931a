"""Pages as people set their machines: dark, in the few colours of their own (forced colours), without motion."""

from run import check
from screens.citizen import hanako
from screens.officers import desks
from screens.links import own

CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block", "target-size"]}, "resultTypes": ["violations"]}
# What has to be seen where a page may choose no colour: the edges of what can be pressed or typed into, and the ring of the focus.
EDGES = r"""() => {
  const wrong = [];
  for (const e of document.querySelectorAll('button,.button,input:not([type=hidden]):not([type=radio]):not([type=checkbox]),select,textarea')) {
    if (!e.getClientRects().length) continue;
    const s = getComputedStyle(e), around = getComputedStyle(e.parentElement).backgroundColor;
    if (s.borderTopStyle === 'none' || parseFloat(s.borderTopWidth) < 1 || s.borderTopColor === around) wrong.push('no edge: ' + (e.innerText || e.name));
    e.focus();
    const f = getComputedStyle(e);
    if (document.activeElement === e && e.matches(':focus-visible') && (f.outlineStyle === 'none' || f.outlineColor === around)) wrong.push('no ring: ' + (e.innerText || e.name));
  }
  return wrong;
}"""


def settings(world, _):
    window, officer = hanako(world, "ja"), desks(world)[1]
    window.go(world.insurer.base + "/start")
    login = window.page.url
    own(window)
    citizen = [("login", login), ("front", "/"), ("links", "/me/links"), ("lost", "/me/lost"), ("developers", "/developers/settings/authlib"), ("television", "/tv")]
    for each, pages in ((window, citizen), (officer, [("audit", "/console/audit"), ("metering", "/console/metering"), ("policies", "/console/policies")])):
        for name, path in pages:
            each.go(path)
            each.settle()
            look(world, each, name)
    window.close()


def look(world, window, name):
    page, language = window.page, window.language
    page.evaluate(world.looking.source + ";0")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found = page.evaluate("rules => axe.run(document, rules)", CONTRAST)["violations"]
    world.looking.picture(window, f"dark, {name}")
    check(f"dark ({language}): {name} has its contrasts", not found, [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found])
    moving = page.evaluate("() => [document.getAnimations().length, getComputedStyle(document.documentElement).scrollBehavior]")
    check(f"without motion ({language}): nothing moves on {name}", moving == [0, "auto"], moving)
    page.emulate_media(color_scheme="light", reduced_motion="no-preference", forced_colors="active")
    page.keyboard.press("Tab")
    wrong = page.evaluate(EDGES)
    world.looking.picture(window, f"forced colours, {name}")
    check(f"forced colours ({language}): {name} shows its buttons, fields and the focus", not wrong, wrong[:4])
    page.emulate_media(color_scheme="light", forced_colors="none")
