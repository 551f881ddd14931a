"""Every walk, in the order in which they are taken."""

from run import check
from screens import appearance, citizen, desks, developers, edges, hostile, keyboard, links, officers, own_page, patience, waiting, weight

BOTH = ("ja", "en")
ALL = [
    ("public pages", citizen.public_pages, BOTH),
    ("login", citizen.login, BOTH),
    ("step-up", citizen.step_up, BOTH),
    ("consent", citizen.consent, BOTH),
    ("signature certificate", citizen.signature, BOTH),
    ("device", citizen.device, BOTH),
    ("approval", citizen.approval, BOTH),
    ("logout", citizen.logout, BOTH),
    ("own page", own_page.pages, BOTH),
    ("logins elsewhere", own_page.elsewhere, BOTH),
    ("loss", own_page.loss, BOTH),
    ("languages", own_page.languages, ("ja",)),
    ("developers", developers.pages, BOTH),
    ("sandbox", developers.sandbox, BOTH),
    ("applicant", developers.applicant, BOTH),
    ("links", links.life, BOTH),
    ("merge", links.merge, BOTH),
    ("proof of a newcomer", links.proof, BOTH),
    ("renewal", links.renewal, BOTH),
    ("television", keyboard.television, BOTH),
    ("keyboard", keyboard.run, BOTH),
    ("keyboard, numbers", keyboard.numbers, BOTH),
    ("app on another device", waiting.app, BOTH),
    ("weight of the login page", weight.login_page, ("ja",)),
    ("time-out", waiting.time_out, BOTH),
    ("tabs", patience.tabs, BOTH[:1]),
    ("back button", patience.back, BOTH),
    ("double click", patience.twice, BOTH[:1]),
    ("double click without scripts", patience.twice_without_scripts, BOTH[:1]),
    ("a slow service", patience.impatient, BOTH[:1]),
    ("session gone", patience.gone, BOTH),
    ("session gone, a loss report", own_page.session_gone, BOTH[:1]),
    ("logout by picture", hostile.logout_by_picture, BOTH[:1]),
    ("frames", hostile.frames, BOTH[:1]),
    ("probes", hostile.probes, BOTH[:1]),
    ("another browser", hostile.another_browser, BOTH),
    ("skipped steps", edges.skipped, BOTH[:1]),
    ("guesses", edges.guesses, BOTH),
    ("a stopped member", edges.stopped_member, BOTH),
    ("named otherwise", edges.named_otherwise, BOTH[:1]),
    ("tossed cookies", edges.tossed, BOTH[:1]),
    ("fields nobody offered", edges.offered, BOTH[:1]),
    ("long words", edges.long_words, BOTH[:1]),
    ("strange names", edges.strange_names, BOTH),
    ("back after logout", edges.after_logout, BOTH),
    ("things of others", edges.own_numbers, BOTH[:1]),
    ("console", officers.console, ("both",)),
    ("policies", desks.policies, ("both",)),
    ("sessions at the console", desks.sessions, ("both",)),
    ("trail", desks.trail, ("both",)),
    ("costs", desks.costs, ("both",)),
    ("a member's versions", desks.member, ("both",)),
    ("member's developer", desks.developer, ("both",)),
    ("keyboard, officers", keyboard.officers, ("both",)),
    ("appearance", appearance.settings, ("both",)),
]


def every_page_in_both_languages(world):
    """Easy Japanese is beside them, where it helps."""
    missing = {name: sorted(set(BOTH) - set(seen)) for name, seen in world.looking.seen.items() if set(BOTH) - set(seen)}
    check(f"every one of {len(world.looking.seen)} pages was seen in both languages", not missing, missing)
