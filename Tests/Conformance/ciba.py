"""The flow of FAPI-CIBA: a signed request for a citizen who is named by a hint, their decision on another device, polling or a ping."""

import html
import json
import time

import requests

import conditions as X
import signing
from op import Answer
from visits import Page

GRANT = "urn:openid:params:grant-type:ciba"


class Request:
    """One backchannel authentication request of one client."""

    def __init__(self, t, number=1):
        self.t, self.op, self.number = t, t.op, number
        self.client = t.client(number)
        self.is_ping = t.variant["ciba_mode"] == "ping"
        self.notification_token = signing.unique(24)
        self.answer = None
        self.began = time.time()

    def parameters(self, **changes):
        # The words to compare are how the suite finds this request among those that wait for the citizen.
        asked = {"scope": "openid", "login_hint": self.t.world.name_of_citizen(), "binding_message": f"1234 {signing.unique(6)}"}
        if self.is_ping:
            asked["client_notification_token"] = self.notification_token
        asked.update(changes)
        return {name: value for name, value in asked.items() if value is not None}

    def object(self, asked, without=(), key=None, algorithm=None, header=(), **claims):
        """A signed request (CIBA Core §7.1.1); the second client says its media type."""
        now = int(time.time())
        body = {**asked, "iss": self.client.id, "aud": self.op.issuer, "iat": now, "nbf": now, "exp": now + 300, "jti": signing.unique(), **claims}
        body = {name: value for name, value in body.items() if name not in without}
        typ = "oauth-authz-req+jwt" if self.number == 2 else None
        return (key or self.client.key).sign(body, algorithm=algorithm, **{"typ": typ, **dict(header)})

    def send(self, asked=None, form=None, assertion=None, authenticate=True, certificate=None, **how):
        asked = self.parameters() if asked is None else asked
        self.message = asked.get("binding_message")
        form = {"request": self.object(asked, **how)} if form is None else dict(form)
        headers = {}
        if authenticate:
            self.client.authenticate(self.op, form, headers, assertion)
        certificate = (certificate or self.client.certificate) if self.client.by_tls else None
        self.answer = self.op.post(self.op.address("backchannel_authentication_endpoint", self.client.by_tls), form, headers, certificate)
        return self.answer

    def begin(self, **how):
        """A request that must be taken. Checks the acknowledgement (CIBA Core §7.3)."""
        answer, t = self.send(**how), self.t
        t.need("the request is answered 200", answer.status == 200, answer)
        t.check("the answer is JSON and not to be kept", answer.type == "application/json" and "no-store" in answer.headers.get("Cache-Control", ""))
        self.id = answer.json.get("auth_req_id")
        t.need("there is an auth_req_id", isinstance(self.id, str) and self.id, sorted(answer.json))
        t.check("it cannot be guessed", len(self.id) >= 22 and X.entropy(self.id) >= 96, len(self.id))
        t.check("it has only characters allowed", all(c.isalnum() or c in ".-_" for c in self.id))
        t.check("expires_in is a whole number above 0", X.whole_number(answer.json.get("expires_in")) and answer.json["expires_in"] > 0)
        t.check("interval, if any, is a whole number above 0", X.whole_number(answer.json.get("interval", 5)) and answer.json.get("interval", 5) > 0)
        self.interval = answer.json.get("interval", 5)
        return self.id

    def token(self, auth_req_id=None, client=None, assertion=None, authenticate=True, certificate="own", **more):
        """The token request. Access tokens are bound to the certificate, so it goes by mutual TLS."""
        client = client or self.client
        form, headers = {"grant_type": GRANT, "auth_req_id": auth_req_id or self.id, **more}, {}
        if authenticate:
            client.authenticate(self.op, form, headers, assertion)
        return self.post_tls(form, headers, client.certificate if certificate == "own" else certificate)

    def refresh(self, token, client=None, certificate="own"):
        client = client or self.client
        form, headers = {"grant_type": "refresh_token", "refresh_token": token}, {}
        client.authenticate(self.op, form, headers)
        return self.post_tls(form, headers, client.certificate if certificate == "own" else certificate)

    def post_tls(self, form, headers, certificate):
        url = self.op.address("token_endpoint", True)
        return Answer(requests.post(url, data=form, headers=headers, timeout=30, verify=self.op.authorities,
                                    cert=certificate.files if certificate else None))

    def pending(self, title="the citizen has not answered: pending"):
        answer = self.token()
        X.token_error(self.t.log, answer, ("authorization_pending", "slow_down"))
        self.t.log.facts.pop()
        return answer

    def is_told(self, seconds=15):
        """The ping (CIBA Core §10.2), checked; None in poll mode."""
        if not self.is_ping:
            return None
        t, address = self.t, self.client.notification
        call = t.world.listener.wait_for(lambda call: address.endswith(call.path) and self.id.encode() in call.body, seconds)
        t.need("the ping arrived", call, f"nothing within {seconds} s")
        t.check("by POST, as JSON", call.method == "POST" and call.headers.get("Content-Type", "").startswith("application/json"))
        t.check("with the client's notification token", call.headers.get("Authorization") == f"Bearer {self.notification_token}")
        t.check("and the auth_req_id alone", json.loads(call.body) == {"auth_req_id": self.id}, "more, or other")
        return call

    def decided(self, approve=True):
        """The citizen answers on their own device: logs in, finds the request by its words, decides."""
        citizen = self.t.citizen()
        page = citizen.visit(self.op.issuer + "/approve")
        page = citizen.submit(page)  # nobody is logged in yet: the button to the card
        self.t.need("the request waits on the citizen's page", page.status == 200 and self.message and html.escape(self.message) in page.text, page)
        handle = next((fields["request"] for section in page.text.split("<section>")[1:] if html.escape(self.message) in section
                       for _, _, fields, _ in Page(section).forms if "request" in fields), None)
        self.t.need("it can be opened", handle)
        page = citizen.visit(self.op.issuer + "/approve/open", data={"request": handle})
        self.t.need("the page asks for a decision", page.status == 200 and html.escape(self.message) in page.text, page)
        done = citizen.choose(page, "decision", "approve" if approve else "deny")
        self.t.need("the decision is taken", done.status == 200, done)

    def fetch(self, **expected):
        """After the approval: waits as the mode says, then the tokens, checked."""
        if self.is_ping:
            self.is_told()
            answer = self.token()
        else:
            answer = self.poll()
        return self.tokens(answer, **expected)

    def poll(self):
        for _ in range(6):
            time.sleep(self.interval + 0.2)
            answer = self.token()
            if answer.error not in ("authorization_pending", "slow_down"):
                return answer
            if answer.error == "slow_down":
                self.interval += 5
        return answer

    def left(self):
        """Nobody decides: what was begun only for a bad question is refused, so that it does not wait on."""
        self.decided(approve=False)

    def tokens(self, answer, **expected):
        self.body = X.token_answer(self.t.log, answer, fapi=True)
        self.claims = X.id_token(self.t.log, self.op, self.body.get("id_token"), self.client.id, algorithms=[self.client.id_token],
                                 access_token=self.body["access_token"], **expected)
        self.t.check("auth_req_id is no claim of a token that was fetched", "urn:openid:params:jwt:claim:auth_req_id" not in self.claims)
        return self.body

    def resource(self, token=None, certificate="own"):
        return self.op.userinfo(token or self.body["access_token"], certificate=self.client.certificate if certificate == "own" else certificate)

    def complete(self, expected=None, **changes):
        self.begin(asked=self.parameters(**changes))
        self.pending()
        self.decided()
        self.fetch(**(expected or {}))
        X.userinfo(self.t.log, self.op, self.resource(), self.claims["sub"])
        return self


def request_error(t, answer, errors, statuses=(400,)):
    X.token_error(t.log, answer, errors, statuses, "the backchannel endpoint")
    t.check("there is no auth_req_id", "auth_req_id" not in answer.json)
