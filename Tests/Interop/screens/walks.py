"""Every walk, in the order in which they are taken."""

from run import check
from screens import citizen, hostile, keyboard, officers, own_page, patience, waiting, weight

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
    ("television", keyboard.television, BOTH),
    ("keyboard", keyboard.run, BOTH),
    ("app on another device", waiting.app, BOTH),
    ("weight of the login page", weight.login_page, ("ja",)),
    ("time-out", waiting.time_out, BOTH),
    ("tabs", patience.tabs, BOTH[:1]),
    ("back button", patience.back, BOTH),
    ("double click", patience.twice, BOTH[:1]),
    ("session gone", patience.gone, BOTH),
    ("session gone, a loss report", own_page.session_gone, BOTH[:1]),
    ("logout by picture", hostile.logout_by_picture, BOTH[:1]),
    ("frames", hostile.frames, BOTH[:1]),
    ("probes", hostile.probes, BOTH[:1]),
    ("another browser", hostile.another_browser, BOTH),
    ("console", officers.console, ("both",)),
]


def every_page_in_both_languages(world):
    """Easy Japanese is beside them, where it helps."""
    missing = {name: sorted(set(BOTH) - set(seen)) for name, seen in world.looking.seen.items() if set(BOTH) - set(seen)}
    check(f"every one of {len(world.looking.seen)} pages was seen in both languages", not missing, missing)
