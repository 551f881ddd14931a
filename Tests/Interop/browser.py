"""A citizen's browser in Python: cookies, redirects, forms that submit themselves, and the card when the login page asks for it."""

import html.parser
import json
import os
import sys
import time
import urllib.parse

import requests

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from citizen import Card  # noqa: E402


class Forms(html.parser.HTMLParser):
    """The forms of a page, the frames in it, and where it goes by itself."""

    def __init__(self, text):
        super().__init__()
        self.forms, self.frames, self.refresh, self.links = [], [], None, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == "form":
            self.forms.append((a.get("method", "get").lower(), a.get("action", ""), {}))
        elif tag in ("input", "button") and self.forms and a.get("name"):
            self.forms[-1][2][a["name"]] = a.get("value", "")
        elif tag == "iframe" and a.get("src"):
            self.frames.append(a["src"])
        elif tag == "a" and a.get("href"):
            self.links.append(a["href"])
        elif tag == "meta" and a.get("http-equiv", "").lower() == "refresh" and "url=" in a.get("content", ""):
            self.refresh = a["content"].split("url=", 1)[1]


class Browser:
    """One citizen's browser. `logins` counts how often the card was shown, `path` is every address of the last journey."""

    carries = {"SAMLResponse", "SAMLRequest", "SAMLart"}  # fields of a form that goes on by itself

    def __init__(self, platform, card="hanako"):
        self.session = requests.Session()
        self.card = Card(platform.folder, platform.base, card)
        self.base = platform.base
        self.logins = 0
        self.path = []
        self.refuse = set()  # addresses (beginnings) that cannot be reached, as if a service were down

    def ask(self, method, url, data, headers):
        """One request. As browsers do, a GET to a service that closed the kept connection meanwhile is sent once more (RFC 9112 §9.3.1)."""
        wish = {"data": data, "headers": headers, "allow_redirects": False, "timeout": 30}
        try:
            return self.session.request(method, url, **wish)
        except requests.ConnectionError as error:
            if method != "GET" or url.startswith(self.base) or "RemoteDisconnected" not in str(error):
                raise
            return self.session.request(method, url, **wish)

    def go(self, url, data=None, submit=True):
        """To the last page behind `url`: follows redirects, forms that carry messages and pages that go on by themselves."""
        self.path = []
        method = "POST" if data is not None else "GET"
        for _ in range(100):
            self.path.append(url)
            if any(url.startswith(down) for down in self.refuse):
                raise requests.ConnectionError(url)
            headers = {"Origin": "null"} if method == "POST" else {}
            answer = self.ask(method, url, data, headers)
            method, data = "GET", None
            if answer.status_code in (301, 302, 303, 307):
                url = urllib.parse.urljoin(url, answer.headers["Location"])
                continue
            path = urllib.parse.urlsplit(url).path
            if url.startswith(self.base) and path.startswith("/journey/") and not path.endswith("/continue") and answer.status_code == 200:
                url = self.show_card(url.split("?")[0])
                continue
            page = Forms(answer.text if "html" in answer.headers.get("Content-Type", "") else "")
            carried = [f for f in page.forms if f[0] == "post" and self.carries & f[2].keys()]
            if submit and carried:
                _, action, data = carried[0]
                url, method = urllib.parse.urljoin(url, action), "POST"
                continue
            if submit and page.refresh:
                time.sleep(0.2)  # a page says after how many seconds it goes on; tests are in a hurry
                url = urllib.parse.urljoin(url, page.refresh)
                continue
            return answer
        raise RuntimeError("the journey does not end: " + " → ".join(self.path[-6:]))

    def show_card(self, journey):
        self.logins += 1
        challenge = self.session.post(journey + "/challenge", data="{}", headers={"Content-Type": "application/json"}, timeout=30)
        challenge.raise_for_status()
        answer = self.session.post(journey + "/answer", data=json.dumps(self.card.answer(challenge.json())),
                                   headers={"Content-Type": "application/json"}, timeout=30)
        if answer.status_code != 200:
            raise RuntimeError(f"card refused: {answer.status_code} {answer.text[:400]}")
        return urllib.parse.urljoin(journey, answer.json()["continue"])

    def forget(self, host):
        """Drops the cookies of one host, as a service's own time-out would."""
        for cookie in [c for c in self.session.cookies if c.domain.strip(".").startswith(host)]:
            self.session.cookies.clear(cookie.domain, cookie.path, cookie.name)
