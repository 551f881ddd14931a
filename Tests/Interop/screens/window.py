"""A window of somebody's browser with cookies of its own, in one language, with or without scripts; it notes what no page of ours may do."""

import re
import urllib.parse

import servers
from playwright.sync_api import Error

TAGS = {"ja": "ja-JP", "en": "en-US", "ja-easy": "ja-JP"}
PATIENCE = servers.PATIENCE * 1000  # milliseconds


class Window:
    def __init__(self, person, language="ja", scripts=True, cookies=None, held=None, **options):
        """`held`: the card that its citizen holds to an app beside this browser, which has no reader then."""
        self.held = held
        self.person, self.world, self.language, self.scripts = person, person.world, language, scripts
        self.context = person.start().new_context(
            locale=TAGS[language], timezone_id="Asia/Tokyo", viewport=options.pop("viewport", {"width": 1000, "height": 800}), **options)
        self.context.set_default_timeout(PATIENCE)
        self.offences = []  # dialogs, scripts that failed, what the policy of a page stopped, requests that left this machine
        self.documents = []  # every page and redirect: (status, address, headers)
        self.posts = []  # the address of every form that was sent
        self.under_way = set()  # documents that were asked for and are not there yet
        self.engines = {}
        self.context.on("request", self.leaving)
        self.context.on("request", lambda request: request.is_navigation_request() and self.under_way.add(request))
        self.context.on("requestfinished", lambda request: self.under_way.discard(request))
        self.context.on("requestfailed", lambda request: self.under_way.discard(request))
        self.context.on("response", self.note)
        self.context.on("console", lambda message: message.type == "error" and self.complain(message))
        self.context.on("weberror", lambda error: self.offences.append(f"script error: {error.error}"))
        self.context.on("dialog", self.dismiss)
        if language == "ja-easy":
            self.context.add_cookies([{"name": "lang", "value": "ja-easy", "url": self.world.base}])
        if cookies:
            self.context.add_cookies(cookies)
        self.page = self.opened()

    def opened(self):
        """A new page of this window."""
        page = self.context.new_page()
        if not self.scripts:
            self.engines[page] = self.context.new_cdp_session(page)
            self.allow_scripts(page, False)
        return page

    def dismiss(self, dialog):
        self.offences.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def allow_scripts(self, page, allowed):
        """Axe is a script too: it is let in for as long as it looks."""
        if page in self.engines:
            self.engines[page].send("Emulation.setScriptExecutionDisabled", {"value": not allowed})

    def complain(self, message):
        # A refusal is a page with a status; browsers write that to their console.
        if not re.search(r"Failed to load resource: the server responded with a status of|net::ERR_", message.text):
            self.offences.append(f"console: {message.text}")

    def leaving(self, request):
        if request.method == "POST":
            self.posts.append(request.url)
        host = urllib.parse.urlsplit(request.url).hostname
        if request.url.startswith("http") and host not in ("127.0.0.1", "localhost"):
            self.offences.append("left this machine for " + request.url)

    def note(self, response):
        if response.request.resource_type == "document":
            self.documents.append((response.status, response.url, response.headers))

    # What a person does.

    def go(self, address):
        """Types an address; one of ours may be given by its path."""
        return self.page.goto(self.world.base + address if address.startswith("/") else address)

    def press(self, selector):
        """Presses a button or follows a link, and waits until the browser has come to rest."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.settle()

    def press_twice(self, selector):
        """Like somebody who takes the web for a desktop: both presses are sent before any answer is there. Ends when the browser has come to
        rest: an answer came, and no other after it for a while."""
        seen, others = len(self.documents), set(self.under_way)
        try:
            with self.page.expect_navigation():
                self.page.locator(selector).first.dblclick()
        except Error as error:
            # The second press ends the navigation of the first, as it may; where the browser then comes to rest is what counts.
            if "ERR_ABORTED" not in str(error):
                raise
        servers.until(lambda: self.page.wait_for_timeout(100) or len(self.documents) > seen)
        while len(self.documents) > seen:
            seen = len(self.documents)
            self.page.wait_for_timeout(600)
            servers.until(lambda: not self.under_way - others or self.page.wait_for_timeout(100), 30)
            self.settle()

    @property
    def is_over(self):
        """Whether it shows what the second of two presses is told where both were sent: a visit is answered once."""
        return self.documents[-1][0] == 400 and ("終了しているか" in self.text or "is finished, or has expired" in self.text)

    def settle(self):
        self.page.wait_for_load_state("load")

    def card(self):
        """*Use the card in this browser*: the handshake shows the certificate, and the journey goes on by itself."""
        if self.held:
            return self.world.show_card(self, self.held)
        self.page.locator('a[href*="/card/"]').first.click()
        try:
            self.page.wait_for_url(lambda url: "/card/" not in url and "/handover" not in url and not self.on_login(url))
        except Error as error:
            raise RuntimeError(f"the card logs nobody in: {self.page.url} {self.text[:600]}") from error
        self.settle()

    @staticmethod
    def on_login(url):
        return re.fullmatch(r"/journey/[^/]+", urllib.parse.urlsplit(url).path) is not None

    @property
    def path(self):
        return urllib.parse.urlsplit(self.page.url).path

    @property
    def journey(self):
        found = re.search(r"/journey/([^/?]+)", self.page.url)
        return found and found[1]

    @property
    def text(self):
        return self.page.locator("body").inner_text()

    def cookie(self, name="sekisho"):
        return next((c["value"] for c in self.context.cookies() if c["name"] == name), None)

    def told(self):
        """What the service behind the last redirect read with its own library."""
        import json

        try:
            return json.loads(self.page.locator("body").inner_text())
        except ValueError:
            return {}

    def tab(self):
        """Another tab of the same window."""
        other = object.__new__(Window)
        other.__dict__.update(self.__dict__)
        other.page = self.opened()
        return other

    def close(self):
        self.context.close()
