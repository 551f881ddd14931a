"""What is looked at on every page that somebody comes to: axe, the page's own form, its headers; and a picture is kept."""

import importlib.resources
import json
import os
import re
import time

from run import check

AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js")
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
         "resultTypes": ["violations"]}
# What a reader of the page would find: asked of the page itself.
FACTS = r"""() => {
  const seen = e => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
  const name = e => (e.getAttribute('aria-label') || e.innerText || e.value || '').trim().slice(0, 40);
  const inline = e => getComputedStyle(e).display === 'inline';
  // Fields named like a property hide it on their form: asked behind their backs.
  const names = e => Element.prototype.getAttributeNames.call(e), value = (e, name) => Element.prototype.getAttribute.call(e, name);
  return {
    lang: document.documentElement.lang, title: document.title.trim(),
    headings: [...document.querySelectorAll('h1')].map(e => e.innerText.trim()),
    mains: document.querySelectorAll('main').length,
    handlers: [...document.querySelectorAll('*')].filter(e => names(e).some(n => n.startsWith('on') || n === 'style')).length,
    scripts: document.scripts.length,
    remembered: [...document.querySelectorAll('input,textarea')].filter(e => /code|secret|pin|password/.test(e.name) && e.type !== 'hidden'
      && !['off', 'one-time-code'].includes(e.getAttribute('autocomplete'))).map(e => e.name),
    unlabelled: [...document.querySelectorAll('input:not([type=hidden]),select,textarea')].filter(e => !e.labels || !e.labels.length).length,
    small: [...document.querySelectorAll('button,input:not([type=hidden]),select,a')].filter(seen).filter(e => !inline(e))
      .filter(e => { const b = e.getBoundingClientRect(); return b.height < 24 || b.width < 24; }).map(name),
    forms: [...document.forms].map(f => ({method: (value(f, 'method') || 'get').toLowerCase(), action: new URL(value(f, 'action') || '', location.href).href,
      fields: [...new FormData(f)].filter(([, v]) => typeof v === 'string'),
      buttons: [...f.querySelectorAll('button[name]')].map(b => [b.name, b.value])})),
    wide: document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth,
    // What is marked as another language is left to it (WCAG 3.1.2).
    text: (() => {
      const lines = [], own = document.documentElement.lang, walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const e = walk.currentNode.parentElement, told = e.closest('[lang]');
        if (!e.closest('script,style,pre') && (!told || told.lang === own)) lines.push(walk.currentNode.data.trim());
      }
      return lines.filter(Boolean).join('\n');
    })(),
  };
}"""
# What somebody meets who goes through the page by the keyboard: where the focus is has to be seen, uncovered, and in the order of the eye.
FOCUSES = r"""() => {
  const places = [...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex]')]
    .filter(e => e.tabIndex >= 0 && !e.disabled && e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden');
  const name = e => e.tagName.toLowerCase() + ' ' + (e.getAttribute('aria-label') || e.innerText || e.value || e.name || '').trim().slice(0, 30);
  const wrong = [], rows = [];
  document.documentElement.style.scrollBehavior = 'auto';  // where a page glides to, it is looked at when it is there
  for (const e of places.slice(0, 80)) {
    e.focus();
    if (document.activeElement !== e) continue;
    const s = getComputedStyle(e), b = e.getClientRects()[0];
    if (e.matches(':focus-visible') && s.outlineStyle !== 'auto' && (s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 2)) wrong.push('no ring: ' + name(e));
    const x = Math.min(Math.max(b.left + Math.min(b.width / 2, 12), 0), innerWidth - 1), y = b.top + Math.min(b.height / 2, 12);
    const top = document.elementFromPoint(x, y);
    if (top && y >= 0 && y < innerHeight && !(e === top || e.contains(top) || top.contains(e) || (e.labels && [...e.labels].some(l => l.contains(top)))))
      wrong.push('covered: ' + name(e) + ' by ' + name(top));
    if (b.bottom <= 0 || b.top >= innerHeight) wrong.push('out of sight: ' + name(e));
    if (e.tabIndex > 0) wrong.push('order of its own: ' + name(e));
    rows.push([b.top + scrollY, b.bottom + scrollY, b.left, name(e)]);
  }
  for (let i = 1; i < rows.length; i++)  // upwards in the same column: against the eye
    if (rows[i][1] <= rows[i - 1][0] && Math.abs(rows[i][2] - rows[i - 1][2]) < 40) wrong.push('upwards: ' + rows[i - 1][3] + ' then ' + rows[i][3]);
  if (document.activeElement) document.activeElement.blur();
  scrollTo(0, 0);
  document.documentElement.removeAttribute('style');
  return wrong;
}"""
# WCAG 1.4.12: spacing as somebody may set it. 1.4.4: letters of twice the size. What is cut off or hidden then is lost.
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"""
LARGE = """html { font-size: 200% !important; }"""
HELD = r"""sheet => {
  const own = new CSSStyleSheet();
  own.replaceSync(sheet);
  document.adoptedStyleSheets = [own];
  const page = document.scrollingElement, wrong = [];
  if (page.scrollWidth > page.clientWidth) wrong.push('sideways by ' + (page.scrollWidth - page.clientWidth) + ' px');
  for (const e of document.querySelectorAll('main *:not(input,select,textarea,option,svg *), header *, footer *')) {
    const s = getComputedStyle(e);
    if (['hidden', 'clip'].includes(s.overflowX) && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1) wrong.push('cut off: ' + e.innerText.slice(0, 40));
  }
  document.adoptedStyleSheets = [];
  return wrong;
}"""
BEGINNING = {"exclude": [["main dt:nth-of-type(n+40)"], ["main dd:nth-of-type(n+40)"]]}
KANA = re.compile(r"[぀-ヿ]")


class Looking:
    """Remembers who was shown what, so that at the end it is known which page was seen in which language."""

    def __init__(self, folder):
        self.folder = folder
        self.seen, self.violations = {}, {}
        self.attack = None  # what strangers do with the forms of a page that is looked at
        os.makedirs(folder, exist_ok=True)
        self.source = AXE.read_text(encoding="utf-8")
        self.seconds, self.slowest = 0.0, []

    def see(self, window, name, kind=None, typed=()):
        """The page before somebody, under a name of its own. `kind`: `television` has no narrow screen; of a `list` that goes on and on the
        beginning is looked at. `typed`: what was typed there stays in the language it was typed in."""
        began = time.monotonic()
        page, language = window.page, window.language
        page.wait_for_load_state("load")
        where = f"{name} ({language})"
        window.allow_scripts(page, True)
        try:
            facts = page.evaluate(FACTS)
            page.evaluate(self.source + ";0")
            found = page.evaluate("([where, rules]) => axe.run(where || document, rules)", [BEGINNING if kind == "list" else None, RULES])["violations"]
        finally:
            window.allow_scripts(page, False)
        self.picture(window, name, kind != "list")
        self.violations.setdefault((name, language), found)
        check(f"{where}: axe finds nothing", not found, [(v["id"], v["help"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found])
        wrong = list(self.wrong(window, facts, kind != "television", typed))
        check(f"{where}: is well made, in its own language", not wrong, wrong)
        self.seen.setdefault(name, {})[language] = facts
        spent = time.monotonic() - began
        self.seconds += spent
        self.slowest = sorted([*self.slowest, (round(spent, 1), where)], reverse=True)[:8]
        if self.attack and language == "ja":
            self.attack(window, name, facts["forms"])
        return facts

    def see_both(self, window, name):
        """A page that one person comes to, in the other language too."""
        self.see(window, name)
        address, language = window.page.url, window.language
        for tag in ("en" if language == "ja" else "ja", language):
            window.language = tag
            window.go(address + ("&" if "?" in address else "?") + "lang=" + tag)
            if tag != language:
                self.see(window, name)

    def picture(self, window, name, whole=True):
        folder = os.path.join(self.folder, window.language)
        os.makedirs(folder, exist_ok=True)
        window.page.screenshot(path=os.path.join(folder, re.sub(r"[^a-z0-9]+", "-", name.lower()) + ".png"), full_page=whole)

    def wrong(self, window, facts, narrow, typed=()):
        tag = window.language
        if facts["lang"] != {"ja-easy": "ja"}.get(tag, tag) and facts["lang"] != tag:
            yield f"html lang is {facts['lang']!r}"
        if len(facts["headings"]) != 1 or not facts["headings"][0]:
            yield f"h1: {facts['headings']}"
        if facts["mains"] != 1:
            yield f"{facts['mains']} main landmarks"
        if not facts["title"]:
            yield "no title"
        if facts["handlers"]:
            yield f"{facts['handlers']} elements with a handler or a style of their own"
        if facts["remembered"]:
            yield f"codes that a browser may remember: {facts['remembered']}"
        if facts["unlabelled"]:
            yield f"{facts['unlabelled']} fields without a label"
        if facts["small"]:
            yield f"targets smaller than 24 px: {facts['small']}"
        if facts["wide"] > 0:
            yield f"wider than the window by {facts['wide']} px"
        if narrow:
            size = window.page.viewport_size
            window.allow_scripts(window.page, True)
            # Each page is seen in both languages: the one is gone through by the focus, the other, whose words are long, is stretched.
            if tag == "en":
                for what in window.page.evaluate(HELD, LARGE)[:3]:
                    yield f"with letters of twice the size (WCAG 1.4.4): {what}"
            else:
                window.page.keyboard.press("Tab")  # from here on the browser shows where the focus is
                for place in window.page.evaluate(FOCUSES)[:4]:
                    yield f"the focus (WCAG 2.4.3, 2.4.7, 2.4.11): {place}"
            # 1280 × 1024 at four times the size.
            window.page.set_viewport_size({"width": 320, "height": 256})
            wide = window.page.evaluate("() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
            if wide > 0:
                yield f"at 320 px one has to scroll sideways by {wide} px (WCAG 1.4.10)"
            for what in window.page.evaluate(HELD, SPACED)[:3] if tag == "en" else ():
                yield f"with wide spacing (WCAG 1.4.12): {what}"
            window.allow_scripts(window.page, False)
            window.page.set_viewport_size(size)
        if tag == "en":
            strange = [line for line in facts["text"].splitlines() if KANA.search(line) and "日本語" not in line and line.strip() not in typed]
            if strange:
                yield f"Japanese on the English page: {strange[:4]}"
        elif not KANA.search(facts["text"]):
            yield "no Japanese on the Japanese page"
        if window.offences:
            yield f"the browser complains: {window.offences[:3]}"
            window.offences.clear()
        yield from self.headers(window)

    @staticmethod
    def headers(window):
        """Of the page before us."""
        address = window.page.url.split("#")[0]
        known = [(status, headers) for status, url, headers in window.documents if url.split("#")[0] == address]
        if not known:
            yield "no answer was seen for this address"
            return
        _, headers = known[-1]
        policy = headers.get("content-security-policy", "")
        if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy or "base-uri 'none'" not in policy:
            yield f"content policy: {policy!r}"
        if "unsafe-" in policy or "http:" in policy or "*" in policy:
            yield f"content policy lets in too much: {policy!r}"
        if "no-store" not in headers.get("cache-control", ""):
            yield f"it may be kept: {headers.get('cache-control')!r}"
        # A form that goes to a service names our origin: some refuse `Origin: null`.
        leaves = window.page.evaluate("() => [...document.forms].some(form => new URL(form.action).origin !== location.origin)")
        referrer = "strict-origin" if leaves else "no-referrer"
        for header, value in (("x-content-type-options", "nosniff"), ("referrer-policy", referrer), ("x-frame-options", "DENY")):
            if headers.get(header) != value:
                yield f"{header}: {headers.get(header)!r}"

    def report(self, path):
        """For those who own the pages: every violation, by rule."""
        by_rule = {}
        for (name, language), found in self.violations.items():
            for violation in found:
                places = by_rule.setdefault((violation["id"], violation["impact"], violation["help"], violation["helpUrl"]), [])
                places += [(f"{name} ({language})", node["html"][:200], node["failureSummary"].splitlines()[1:3]) for node in violation["nodes"]]
        with open(path, "w") as f:
            json.dump([{"rule": rule[0], "impact": rule[1], "help": rule[2], "url": rule[3], "places": places}
                       for rule, places in sorted(by_rule.items())], f, ensure_ascii=False, indent=1)
