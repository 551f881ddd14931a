"""A citizen's browser that stops at the client's door: it follows the provider's own pages, shows the card when asked, and says where it
landed. The client's redirect address is never opened, so that what would have been sent there can be looked at."""

import html.parser
import json
import os
import sys
import time
import urllib.parse

import requests

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Interop"))
from citizen import Card  # noqa: E402


class Page(html.parser.HTMLParser):
    """The forms of a page: (method, action, fields), with the buttons of each; its frames; where it goes by itself."""

    def __init__(self, text):
        super().__init__()
        self.forms, self.frames, self.refresh = [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == "meta" and a.get("http-equiv", "").lower() == "refresh" and "url=" in a.get("content", ""):
            self.refresh = a["content"].split("url=", 1)[1]
        elif tag == "iframe" and a.get("src"):
            self.frames.append(a["src"])
        elif tag == "form":
            self.forms.append((a.get("method", "get").lower(), a.get("action", ""), {}, []))
        elif self.forms and tag in ("input", "button", "textarea") and a.get("name"):
            if tag == "button" or a.get("type") == "submit":
                self.forms[-1][3].append((a["name"], a.get("value", "")))
            else:
                self.forms[-1][2][a["name"]] = a.get("value", "")


class Landing:
    """Where a journey ended: at an address that is not the provider's (`is_callback` when it is the one expected), or on a page."""

    def __init__(self, url, expected, method="GET", form=None, answer=None, chain=(), login_pages=0, waiting=False):
        parts = urllib.parse.urlsplit(url)
        self.url, self.method, self.form, self.chain, self.login_pages = url, method, form, list(chain), login_pages
        bare = urllib.parse.urlunsplit(parts[:3] + ("", ""))
        self.address = bare
        self.is_callback = answer is None and any(bare == urllib.parse.urlsplit(each)._replace(query="").geturl() for each in expected)
        self.strayed = None if answer is not None or self.is_callback else bare
        self.waits_for_card = waiting
        self.query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        self.own = set().union(*(urllib.parse.parse_qs(urllib.parse.urlsplit(each).query).keys() for each in expected)) if expected else set()
        self.fragment = parts.fragment
        self.parameters = {name: value for name, value in (form if form is not None else self.query).items()}
        self.status = answer.status_code if answer is not None else None
        self.type = answer.headers.get("Content-Type", "") if answer is not None else ""
        self.headers = answer.headers if answer is not None else {}
        self.text = answer.text if answer is not None else ""

    def __str__(self):
        """For the log: no codes, no tokens."""
        names = sorted(self.parameters)
        if self.status is not None:
            return f"page {self.address} with status {self.status}" + (", waiting for the card" if self.waits_for_card else "")
        return f"{self.method} {self.address} with {', '.join(names)}" + (
            f" (error={self.parameters['error']}: {self.parameters.get('error_description', '')[:160]})" if "error" in self.parameters else "")


class Citizen:
    """One browser with one card. `shown` counts how often the card was shown."""

    def __init__(self, world, card="hanako"):
        self.session = requests.Session()
        self.base = world.issuer
        self.card = Card(world.folder, world.issuer, card) if world.cards else None
        self.shown = 0
        self.frames = []  # every frame that a page of the provider's held

    def visit(self, url, expected=(), data=None, stop_at_login=False, cancel=False):
        """Goes to `url` (POST when there is `data`) and on to the end. `expected` are the client's registered addresses."""
        method = "POST" if data is not None else "GET"
        chain, login_pages = [], 0
        for _ in range(100):
            chain.append(url.split("?")[0])
            headers = {"Origin": "null", "Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
            answer = self.session.request(method, url, data=data, headers=headers, allow_redirects=False, timeout=60)
            method, data = "GET", None
            if answer.status_code in (301, 302, 303, 307, 308):
                target = urllib.parse.urljoin(url, answer.headers["Location"])
                if not self.is_ours(target):
                    return Landing(target, expected, chain=chain, login_pages=login_pages)
                url = target
                continue
            path = urllib.parse.urlsplit(url).path
            if path.startswith("/journey/") and path.count("/") == 2 and answer.status_code == 200:
                login_pages += 1
                if stop_at_login:
                    return Landing(url, expected, answer=answer, chain=chain, login_pages=login_pages, waiting=True)
                journey = url.split("?")[0]
                if cancel:
                    url, method, data = journey + "/cancel", "POST", {}
                    continue
                url = self.show_card(journey)
                continue
            page = Page(answer.text if answer.status_code == 200 and "html" in answer.headers.get("Content-Type", "") else "")
            self.frames += page.frames
            if page.refresh:  # pages that wait for services to be logged out; tests are in more of a hurry than they say
                time.sleep(0.2)
                url = urllib.parse.urljoin(url, page.refresh)
                if not self.is_ours(url):
                    return Landing(url, expected, chain=chain, login_pages=login_pages)
                continue
            form = self.leaving(page)
            if form:
                return Landing(form[1], expected, method="POST", form=form[2], chain=chain, login_pages=login_pages)
            return Landing(url, expected, answer=answer, chain=chain, login_pages=login_pages)
        raise RuntimeError("the journey does not end: " + " → ".join(chain[-6:]))

    def leaving(self, page):
        """A form that posts itself to somebody else: how form_post answers travel."""
        for method, action, fields, _ in page.forms:
            if method == "post" and action.startswith("http") and not self.is_ours(action):
                return method, action, fields
        return None

    def is_ours(self, url):
        return url == self.base or url.startswith(self.base + "/") or url.startswith(self.base + "?")

    def show_card(self, journey):
        self.shown += 1
        challenge = self.session.post(journey + "/challenge", data="{}", headers={"Content-Type": "application/json"}, timeout=60)
        if challenge.status_code != 200:
            raise RuntimeError(f"no challenge: {challenge.status_code} {challenge.text[:300]}")
        answer = self.session.post(journey + "/answer", data=json.dumps(self.card.answer(challenge.json())),
                                   headers={"Content-Type": "application/json"}, timeout=60)
        if answer.status_code != 200:
            raise RuntimeError(f"the card was refused: {answer.status_code} {answer.text[:300]}")
        return urllib.parse.urljoin(journey, answer.json()["continue"])

    def choose(self, page, name, value):
        """Sends the form of a page whose field or button `name` has this value."""
        for method, action, fields, buttons in Page(page.text).forms:
            if method == "post" and (fields.get(name) == value or (name, value) in buttons):
                return self.visit(urllib.parse.urljoin(page.url, action), data={**fields, name: value})
        raise RuntimeError(f"the page {page.address} has no form with {name}={value}")

    def submit(self, page, button=None, expected=()):
        """Sends the first form of a page of the provider's, with the button named by its value."""
        forms = [f for f in Page(page.text).forms if f[0] == "post" and self.is_ours(urllib.parse.urljoin(page.url, f[1]))]
        chosen = next((f for f in forms if button is None or any(value == button for _, value in f[3])), None)
        if chosen is None:
            raise RuntimeError(f"the page {page.address} has no form with {button}")
        fields = dict(chosen[2])
        fields.update({name: value for name, value in chosen[3] if button is not None and value == button})
        return self.visit(urllib.parse.urljoin(page.url, chosen[1]), expected, data=fields)
