"""What members are told after the login. A receiver in Python (joserfc reads every token) sets up streams by the standard's API, one pushed and
one polled, and waits: a card is revoked, held and released, its holder dies, a signature certificate ends. For each: the session ends, the members
are logged out in both protocols, the events come; the seconds are printed. A SAML service has its events too, encrypted, by the names of its own
assertions. The server is killed with -9 while events wait. What the operator stopped its receiver does not start.
Ends with `signals: N passed, N failed`."""

import argparse
import base64
import hashlib
import http.server
import json
import os
import re
import secrets
import shutil
import signal
import sqlite3
import sys
import threading
import time
import traceback
import urllib.parse
import zlib

import requests
from joserfc import jwe, jwt
from joserfc.jwk import ECKey, KeySet

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run as R  # noqa: E402
from browser import Browser, Forms  # noqa: E402
from citizen import JWTSigner, b64u  # noqa: E402
from run import check  # noqa: E402
from servers import PATIENCE, until  # noqa: E402

CAEP = "https://schemas.openid.net/secevent/caep/event-type/"
RISC = "https://schemas.openid.net/secevent/risc/event-type/"
SSF = "https://schemas.openid.net/secevent/ssf/event-type/"
OWN = "urn:x-sekisho:event:"
SESSION, CREDENTIAL = CAEP + "session-revoked", CAEP + "credential-change"
DISABLED, ENABLED, CHANGED = RISC + "account-disabled", RISC + "account-enabled", OWN + "customer-changed"
WANTED = [SESSION, CREDENTIAL, RISC + "credential-compromise", DISABLED, ENABLED, CHANGED, OWN + "link-ended"]
INSURER, ACCOUNTS, GYM = "insurer", "insurer-accounts", "gym"
CLINIC = "https://clinic.test/sp"
SECONDS = []


class Receiver(http.server.ThreadingHTTPServer):
    """The members' side: callbacks of logins, logout messages, pushed events."""

    daemon_threads = True

    def __init__(self, platform):
        super().__init__(("127.0.0.1", 0), Handler)
        self.platform = platform
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        self.lock = threading.Lock()
        self.events, self.goodbyes, self.refused = [], [], []
        self.flows, self.logins, self.assertions = {}, [], []
        self.sealing = ECKey.generate_key("P-256", {"kid": "clinic-1", "use": "enc"})
        self.status, self.expected = 202, "Bearer of-the-insurer"
        self.signer, self.jwk = JWTSigner.fresh("signals-1")
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def keys(self):
        return KeySet.import_key_set(requests.get(self.platform.base + "/openid/jwks", timeout=60).json())

    def verified(self, token, audience):
        """As a receiver has to (RFC 8417, SSF §4): signature, type, issuer, audience, and nothing that makes it another token."""
        read = jwt.decode(token, self.keys(), algorithms=["ES256"])
        claims = read.claims
        if read.header.get("typ") != "secevent+jwt" or claims["iss"] != self.platform.base or claims["aud"] != audience:
            raise ValueError(f"not for {audience}: {read.header} {claims}")
        if {"sub", "exp", "nonce"} & set(claims) or len(claims["events"]) != 1:
            raise ValueError(f"a claim that no security event has: {claims}")
        return claims

    def opened(self, token, client):
        """What is for the clinic's eyes is encrypted to its key (RFC 8417 §3)."""
        if client != CLINIC:
            return token
        read = jwe.decrypt_compact(token, self.sealing, algorithms=["ECDH-ES", "A256GCM"])
        if read.headers()["cty"] != "JWT":
            raise ValueError(f"not a token within: {read.headers()}")
        return read.plaintext.decode()

    def assertion(self, client):
        now = int(time.time())
        return self.signer.sign({"iss": client, "sub": client, "aud": self.platform.base + "/openid/token", "iat": now, "exp": now + 280,
                                 "jti": secrets.token_hex(12)})

    def credential(self, client):
        return {"client_id": client, "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": self.assertion(client)}

    def start(self, client, claims=None):
        """The address that begins a login at this member."""
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(12)
        self.flows[state] = (client, verifier)
        query = {"response_type": "code", "client_id": client, "redirect_uri": self.address + "/cb/" + client, "scope": "openid", "state": state,
                 "nonce": secrets.token_urlsafe(12), "code_challenge": b64u(hashlib.sha256(verifier.encode()).digest()),
                 "code_challenge_method": "S256"}
        if claims:
            query["claims"] = json.dumps(claims)
        return self.platform.base + "/openid/authorize?" + urllib.parse.urlencode(query)

    def redeem(self, query):
        state, code = query.get("state", [""])[0], query.get("code", [None])[0]
        client, verifier = self.flows.pop(state)
        if code is None:
            return {"refused": query}
        tokens = requests.post(self.platform.base + "/openid/token", data={
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.address + "/cb/" + client, "code_verifier": verifier,
            **self.credential(client)}, timeout=60).json()
        claims = jwt.decode(tokens["id_token"], self.keys(), algorithms=["ES256"]).claims
        with self.lock:
            self.logins.append((client, claims["sub"], tokens["access_token"]))
        return {"client": client, "sub": claims["sub"]}

    def caught(self, since, kinds, within=PATIENCE):
        """Waits until events of these kinds came; those that came since, with their times."""
        def new():
            with self.lock:
                return [event for event in self.events if event[0] >= since]

        until(lambda: set(kinds) <= {kind for _, claims in new() for kind in claims["events"]}, within, 0.05)
        return new()

    def said_goodbye(self, since, members, within=PATIENCE):
        def new():
            with self.lock:
                return [(at, member) for at, member, _ in self.goodbyes if at >= since]

        until(lambda: set(members) <= {member for _, member in new()}, within, 0.05)
        return new()


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def reply(self, status, body=b"", kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path.startswith("/cb/"):
            return self.reply(200, json.dumps(self.server.redeem(urllib.parse.parse_qs(url.query))).encode())
        if url.path.startswith("/start/"):
            client = url.path.split("/")[2]
            claims = {"userinfo": {n: None for n in ("name", "birthdate", "gender", "address")}} if client == ACCOUNTS else None
            self.send_response(303)
            self.send_header("Location", self.server.start(client, claims))
            self.end_headers()
            return
        self.reply(404)

    def do_POST(self):
        server, now = self.server, time.time()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/events":
            try:
                if self.headers.get("Authorization") != server.expected or self.headers.get("Content-Type") != "application/secevent+jwt":
                    raise ValueError(f"headers: {dict(self.headers)}")
                if server.status != 202:
                    return self.reply(server.status)
                claims = server.verified(body.decode(), INSURER)
                with server.lock:
                    server.events.append((now, claims))
                return self.reply(202)
            except Exception as trouble:
                server.refused.append(repr(trouble))
                return self.reply(400, b'{"err":"invalid_request","description":"no"}')
        if self.path.startswith("/bye/"):
            member = self.path.split("/")[2]
            with server.lock:
                server.goodbyes.append((now, member, body.decode()))
            return self.reply(200)
        if self.path == "/soap":
            text = body.decode()
            with server.lock:
                server.goodbyes.append((now, CLINIC, text))
            return self.reply(503)  # it heard; that our side finishes its answer is services.py's to show
        # An assertion comes home.
        fields = urllib.parse.parse_qs(body.decode())
        if self.path == "/acs" and "SAMLResponse" in fields:
            with server.lock:
                server.assertions.append(base64.b64decode(fields["SAMLResponse"][0]).decode())
        self.reply(200, b"<html><body>arrived</body></html>", "text/html")

    do_PUT = do_POST


class Citizen(Browser):
    """Agrees to what is asked, as it is asked."""

    def show_card(self, journey):
        if not journey.endswith("/consent"):
            return super().show_card(journey)
        page = self.session.get(journey, timeout=30)
        action, fields = next((f[1], f[2]) for f in Forms(page.text).forms if f[1].endswith("/consent"))
        told = re.findall(r'name="told"[^>]*value="([^"]+)"', page.text)
        data = [(k, v) for k, v in fields.items() if k not in ("told", "decision")] + [("told", t) for t in told] + [("decision", "give")]
        answer = self.session.post(urllib.parse.urljoin(journey, action), data=data, allow_redirects=False, timeout=30)
        if answer.status_code != 303:
            raise RuntimeError(f"the consent was not taken: {answer.status_code} {answer.text[:300]}")
        return urllib.parse.urljoin(journey, answer.headers["Location"])


class World:
    def __init__(self, platform):
        self.platform = platform
        self.receiver = Receiver(platform)
        r = self.receiver
        settings = os.path.join(platform.deployment, "sekisho.yaml")
        with open(settings) as f:
            text = f.read()
        jpki = f"http://127.0.0.1:{platform.jpki_port}"
        more = ", ".join(f'"{jpki}/crl/sign/{generation}/full.crl"' for generation in (1, 2, 3))
        text = re.sub(r"^    lists: \[(.*)\]$", rf"    refresh: 10s\n    order: ocsp-first\n    lists: [\1, {more}]", text, count=1, flags=re.M)
        platform.run("jpki-simulator", "anchors", "--state", platform.state, "--signature", platform.deployment)
        with open(settings, "w") as f:
            f.write(text + "\nsignals: {verification-interval: 2s, poll-wait: 20s}\n")
        keys = json.dumps({"keys": [r.jwk]})
        events = "session-revoked, credential-change, credential-compromise, account-disabled, account-enabled, customer-changed, link-ended"
        for client, purpose, more in (
                (INSURER, "change-watch", f'  signals: {{events: [{events}], push: ["{r.address}/events"]}}\n'),
                (ACCOUNTS, "account-opening", ""), (GYM, "points", f"  signals: {{events: [{events}]}}\n")):
            sector = "sector: insurer.test\n" if client != GYM else ""
            platform.add_member(R.member(client, "private-verifier", purpose, f"""{sector}openid:
  redirect-uris: ["{r.address}/cb/{client}"]
  authentication: private_key_jwt
  jwks-file: {client}.jwks.json
  id-token-algorithm: ES256
  backchannel-logout-uri: "{r.address}/bye/{client}"
{more}"""), {client + ".jwks.json": keys})
        sealed = json.dumps({"keys": [r.jwk, r.sealing.as_dict(private=False)]})
        platform.add_member(R.member(CLINIC, "private-verifier", "points", f"""saml:
  metadata: clinic.xml
  signals: {{events: [{events}], authentication: private_key_jwt, encryption: {{alg: ECDH-ES, enc: A256GCM}}, jwks: {sealed}}}
"""), {"clinic.xml": f"""
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{CLINIC}"><md:SPSSODescriptor
 protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:SingleLogoutService
 Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="{r.address}/soap"/><md:AssertionConsumerService index="0"
 Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="{r.address}/acs"/></md:SPSSODescriptor></md:EntityDescriptor>"""})
        self.restart()

    def restart(self, kill=False):
        server = self.platform.server
        server.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        server.wait(90)
        self.platform.server = self.platform.serve()

    # Citizens

    def citizen(self, card):
        self.platform.run("jpki-simulator", "export", "--state", self.platform.state, "--card", card, self.platform.folder)
        return Citizen(self.platform, card)

    def visit(self, browser, member):
        """To the member and back."""
        return browser.go(self.clinic() if member == CLINIC else f"{self.receiver.address}/start/{member}")

    def clinic(self):
        request = (f'<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" '
                   f'ID="_{secrets.token_hex(16)}" Version="2.0" IssueInstant="{time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}" '
                   f'Destination="{self.platform.base}/saml/sso" AssertionConsumerServiceURL="{self.receiver.address}/acs" '
                   f'ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"><saml:Issuer>{CLINIC}</saml:Issuer></samlp:AuthnRequest>')
        deflated = zlib.compress(request.encode())[2:-4]
        return self.platform.base + "/saml/sso?" + urllib.parse.urlencode({"SAMLRequest": base64.b64encode(deflated).decode()})

    def alive(self, browser, member=GYM):
        """Whether this browser still has a session that it entered `member` with: it comes in there without a card."""
        page = browser.session.get(self.receiver.start(member), allow_redirects=True, timeout=60)
        return page.url.startswith(self.receiver.address) and "refused" not in page.text

    # The authority

    def authority(self, command, card, *more):
        self.platform.run("jpki-simulator", command, "--state", self.platform.state, "--card", card, *more)
        return time.time()

    # The management API

    def token(self, client, scope="ssf.manage"):
        answer = requests.post(self.platform.base + "/openid/token", data={
            "grant_type": "client_credentials", "scope": scope, **self.receiver.credential(client)}, timeout=60)
        return answer.json().get("access_token"), answer

    def call(self, method, path, token, body=None, params=None):
        return requests.request(method, path if path.startswith("http") else self.platform.base + path, json=body, params=params, timeout=40,
                                headers={"Authorization": "Bearer " + token} if token else {})

    def polled(self, stream, token, client=GYM, **body):
        answer = self.call("POST", stream["delivery"]["endpoint_url"], token, {"returnImmediately": True, **body})
        if answer.status_code != 200:
            raise RuntimeError(f"poll: {answer.status_code} {answer.text}")
        return {jti: self.receiver.verified(self.receiver.opened(text, client), client) for jti, text in answer.json()["sets"].items()}

    def trail(self):
        done = self.platform.run("sekisho", "audit", "show", self.platform.deployment, "--limit", "100000")
        return [json.loads(line.split("\t", 1)[1]) for line in done.stdout.splitlines()]


def kinds(events):
    return sorted(kind for _, claims in events for kind in claims["events"])


def seconds(what, since, events):
    for at, claims in events:
        kind = list(claims["events"])[0]
        SECONDS.append((what, kind.rsplit("/", 1)[-1].rsplit(":", 1)[-1], at - since))
    for _, kind, took in [s for s in SECONDS if s[0] == what]:
        print(f"      {what}: {kind} delivered {took:.2f} s after")


def streams(world):
    base = world.platform.base
    metadata = requests.get(base + "/.well-known/ssf-configuration", timeout=60).json()
    check("the transmitter describes itself", metadata["issuer"] == base and metadata["spec_version"] == "1_0", metadata)
    check("and its keys are those that sign", metadata["jwks_uri"] == base + "/openid/jwks")
    manage, answer = world.token(INSURER)
    check("a member has a token for itself", manage and answer.json()["scope"] == "ssf.manage", answer.text)
    check("not for a citizen's scopes", world.token(INSURER, "openid")[1].json()["error"] == "invalid_scope")
    check("nor has one that is not registered for events", world.token(ACCOUNTS)[1].json()["error"] == "unauthorized_client")
    configuration = metadata["configuration_endpoint"]
    check("without a token nothing is managed", requests.get(configuration, timeout=60).status_code == 401)
    push = {"events_requested": WANTED, "description": "見本保険",
            "delivery": {"method": "urn:ietf:rfc:8935", "endpoint_url": world.receiver.address + "/events",
                         "authorization_header": world.receiver.expected}}
    evil = {**push, "delivery": {**push["delivery"], "endpoint_url": world.receiver.address + "/elsewhere"}}
    refused = world.call("POST", configuration, manage, evil)
    check("an address that was not registered is refused", refused.status_code == 400 and refused.json()["explanation"]["code"] == "signals.push.endpoint", refused.text)
    opened = world.call("POST", configuration, manage, push)
    check("a push stream is opened", opened.status_code == 201 and sorted(opened.json()["events_delivered"]) == sorted(WANTED), opened.text)
    pushed = opened.json()
    check("and read back, without the secret", world.call("GET", configuration, manage, params={"stream_id": pushed["stream_id"]}).json() == pushed and "of-the-insurer" not in opened.text)
    gym, _ = world.token(GYM)
    check("another member does not see it", world.call("GET", configuration, gym, params={"stream_id": pushed["stream_id"]}).status_code == 404)
    polled = world.call("POST", configuration, gym, {"events_requested": WANTED}).json()
    check("a stream without a delivery is polled", polled["delivery"]["method"] == "urn:ietf:rfc:8936", polled)
    state = secrets.token_hex(8)
    since = time.time()
    check("a verification is asked for", world.call("POST", metadata["verification_endpoint"], manage, {"stream_id": pushed["stream_id"], "state": state}).status_code == 204)
    found = world.receiver.caught(since, [SSF + "verification"], 10)
    check("and comes with its state, about the stream", [c["events"][SSF + "verification"].get("state") for _, c in found] == [state] and found[0][1]["sub_id"] == {"format": "opaque", "id": pushed["stream_id"]}, (found, world.receiver.refused))
    seconds("a verification", since, found)
    often = world.call("POST", metadata["verification_endpoint"], manage, {"stream_id": pushed["stream_id"]})
    check("again at once it is too often", often.status_code == 429 and "Retry-After" in often.headers, often.status_code)
    waiting = {}

    def long_poll():
        began = time.time()
        waiting["sets"] = world.polled(polled, gym, returnImmediately=False)
        waiting["seconds"] = time.time() - began

    thread = threading.Thread(target=long_poll)
    thread.start()
    time.sleep(1)
    world.call("POST", metadata["verification_endpoint"], gym, {"stream_id": polled["stream_id"], "state": "wait"})
    thread.join(30)
    check("a poll that waits is answered when something comes", waiting.get("sets") and 0.9 < waiting["seconds"] < 25, waiting)
    jti = next(iter(waiting["sets"]))
    check("it comes again until it is acknowledged", jti in world.polled(polled, gym))
    check("and then no more", jti not in world.polled(polled, gym, ack=[jti]))
    stopped = {}

    def poll_until_the_stop():
        stopped["answer"] = world.call("POST", polled["delivery"]["endpoint_url"], gym, {"returnImmediately": False})

    thread = threading.Thread(target=poll_until_the_stop)
    thread.start()
    time.sleep(1)
    world.restart()
    thread.join(90)
    answer = stopped.get("answer")
    check("a poll that waits when the server is told to stop is answered, with nothing", answer is not None and answer.status_code == 200 and answer.json().get("sets") == {},
          answer is not None and (answer.status_code, answer.text))
    clinic, answer = world.token(CLINIC)
    check("a SAML service has a token for its events", clinic and answer.json()["scope"] == "ssf.manage", answer.text)
    listening = world.call("POST", configuration, clinic, {"events_requested": WANTED}).json()
    check("and a stream", listening["aud"] == CLINIC and listening["delivery"]["method"] == "urn:ietf:rfc:8936", listening)
    page = requests.get(base + "/openid/authorize?" + urllib.parse.urlencode({"client_id": CLINIC, "response_type": "code", "scope": "openid"}), allow_redirects=False, timeout=60)
    check("but is no relying party by it", page.status_code == 400 and "Location" not in page.headers, page.status_code)
    return metadata, pushed, polled, listening


def revocation(world, polled, listening):
    """A card is revoked while its holder is logged in at members of both protocols and watched by one."""
    hanako = world.citizen("hanako")
    for member in (INSURER, GYM, CLINIC):
        answer = world.visit(hanako, member)
        check(f"hanako is logged in at {member.split('/')[2] if '//' in member else member}", answer.url.startswith(world.receiver.address) and answer.status_code == 200 and "refused" not in answer.text, (answer.url, answer.text[:300]))
    bystander = world.citizen("taro")
    world.visit(bystander, GYM)
    gym, _ = world.token(GYM)
    subjects = {client: sub for client, sub, _ in world.receiver.logins}
    tokens = {client: token for client, _, token in world.receiver.logins if client == INSURER}
    check("nothing has come before, and hanako is logged in", world.polled(polled, gym) == {} and world.alive(hanako) and world.alive(hanako, INSURER))
    since = world.authority("revoke", "hanako", "--certificate", "user", "--reason", "cessationOfOperation")
    found = world.receiver.caught(since, [SESSION, CREDENTIAL, DISABLED])
    check("a revocation (a death): the watching member has its events", kinds(found) == sorted([SESSION, CREDENTIAL, DISABLED]), (kinds(found), world.receiver.refused))
    seconds("a revocation by the list, from the authority's word", since, found)
    named = [c["sub_id"].get("sub") or c["sub_id"]["user"]["sub"] for _, c in found]
    insurers = [sub for client, sub, _ in world.receiver.logins if client == INSURER][0]
    check("by the name that it knows", set(named) == {insurers}, (named, subjects))
    text = json.dumps([c for _, c in found])
    check("nothing says why", not re.search("cessation|death|serial|issuer\"|reason", text), text)
    bye = world.receiver.said_goodbye(since, [INSURER, GYM, CLINIC])
    check("its members are logged out, in both protocols", {m for _, m in bye} == {INSURER, GYM, CLINIC}, bye)
    for at, member in bye:
        print(f"      logout at {member}: {at - since:.2f} s after")
    check("the session has ended", not world.alive(hanako) and not world.alive(hanako, INSURER))
    userinfo = world.call("GET", "/openid/userinfo", tokens[INSURER])
    check("and its tokens with it", userinfo.status_code == 401, userinfo.status_code)
    sets = world.polled(polled, gym)
    check("the gym hears of its own session, and of nothing else", sorted(k for c in sets.values() for k in c["events"]) == [SESSION], sets)
    gyms = [sub for client, sub, _ in world.receiver.logins if client == GYM]
    claims = next(iter(sets.values()))
    check("by another name", claims["sub_id"]["user"]["sub"] in gyms and claims["sub_id"]["user"]["sub"] != insurers)
    world.polled(polled, gym, ack=list(sets))
    clinic, _ = world.token(CLINIC)
    told = list(world.polled(listening, clinic, CLINIC).values())
    check("the SAML service hears of its session too, for its eyes only", [list(c["events"]) for c in told] == [[SESSION]], told)
    assertion = world.receiver.assertions[0]
    name = re.search(r"<saml:NameID[^>]*>([^<]+)<", assertion).group(1)
    index = re.search(r'SessionIndex="([^"]+)"', assertion).group(1)
    issuer = re.search(r"<saml:Issuer[^>]*>([^<]+)<", assertion).group(1)
    check("by the NameID, the SessionIndex and the issuer of its assertion", told[0]["sub_id"] == {
        "format": "complex", "user": {"format": "iss_sub", "iss": issuer, "sub": name}, "session": {"format": "opaque", "id": index}}, (told, name, index, issuer))
    check("another citizen's session goes on", world.alive(bystander))
    page = bystander.session.get(world.platform.base + "/ledger", timeout=60)
    check("another citizen's page has nothing of it", "change-watch" not in page.text)
    records = [r for r in world.trail() if r["event"] == "certificate.revoked"]
    check("the auditor reads what was done", len(records) == 1 and records[0]["sessions"] == 1, records)
    queued = [r for r in world.trail() if r["event"] == "signal.taken"]
    check("and that it was taken", len(queued) >= 3, queued)


def hold(world):
    """A loss reported at the national hotline: the card is held, then found again."""
    taro = world.citizen("taro")
    world.visit(taro, INSURER)
    check("taro is logged in", world.alive(taro, INSURER))
    since = world.authority("hold", "taro", "--certificate", "user")
    found = world.receiver.caught(since, [SESSION, DISABLED])
    check("a loss: the session ends and the account is closed for now", kinds(found) == sorted([SESSION, DISABLED]) and not world.alive(taro, INSURER), kinds(found))
    seconds("a hold by the list, from the authority's word", since, found)
    bye = world.receiver.said_goodbye(since, [INSURER])
    check("and the member is logged out", INSURER in {m for _, m in bye}, bye)
    since = world.authority("hold", "taro", "--certificate", "user", "--release")
    found = world.receiver.caught(since, [ENABLED])
    check("found again: the account is open", kinds(found) == [ENABLED], kinds(found))
    seconds("a release by the list, from the authority's word", since, found)
    world.visit(taro, INSURER)
    check("and taro is in again, with the same name", len({s for c, s, _ in world.receiver.logins if c == INSURER}) == 2)
    return taro


def attributes(world):
    """A change of address: the signature certificate ends, nobody learns what changed."""
    platform = world.platform
    shown = platform.run("jpki-simulator", "login", "--state", platform.state, "--card", "taro", "--json", "--pin", "1234", "--password",
                         "SAMPLE2026", f"{world.receiver.address}/start/{ACCOUNTS}", expect=None)
    check("taro shows his signature certificate to the insurer's other service", '"signature-certificate-shown":true' in shown.stdout.replace(" ", ""), shown.stdout[-600:] + shown.stderr[-600:])
    since = world.authority("revoke", "taro", "--certificate", "sign", "--reason", "affiliationChanged")
    found = world.receiver.caught(since, [CHANGED])
    check("an attribute change: the watching member hears that something changed", kinds(found) == [CHANGED], (kinds(found), world.receiver.refused))
    check("and not what", all(set(c["events"][CHANGED]) == {"event_timestamp"} for _, c in found), found)
    seconds("an attribute change by the list, from the authority's word", since, found)


def on_line(world):
    """The revoked card is shown at a door: the responder's word is enough, no list is waited for."""
    emi = world.citizen("emi")
    world.visit(emi, INSURER)
    check("emi is logged in", world.alive(emi, INSURER))
    # A responder's answer is kept for a while; another process has not heard it.
    world.restart()
    world.authority("revoke", "emi", "--certificate", "user", "--reason", "keyCompromise")
    other = world.citizen("emi")
    since = time.time()
    try:
        world.visit(other, GYM)
        refused = False
    except RuntimeError as trouble:
        refused = "revoked" in str(trouble)
    return refused, since


def large(world, links=100_000):
    """The walk over many links: what it costs when a list was published."""
    platform = world.platform
    platform.server.send_signal(signal.SIGTERM)
    platform.server.wait(90)
    store = os.path.join(platform.deployment, "State", "sekisho.sqlite")
    with sqlite3.connect(store) as database:
        (issuer,) = database.execute("SELECT issuer FROM links LIMIT 1").fetchone()
        database.executemany("INSERT INTO links (issuer, serial, subject, created) VALUES (?, ?, ?, ?)",
                             ((issuer, "5f" + secrets.token_hex(9), "subject-of-nobody-%08d" % n, 0) for n in range(links)))
    database.close()
    platform.server = platform.serve()

    def walked():
        with open(os.path.join(platform.folder, "sekisho.log")) as f:
            walks = re.findall(r"links=(\d+) milliseconds=([0-9.]+)", f.read())
        return next((float(ms) for n, ms in walks if int(n) >= links), None)

    found = until(walked)
    check(f"a walk over {links} links takes seconds", found is not None and found < 30_000, found)
    print(f"      {links} links walked in {found} ms")


def crash(world, pushed, metadata, taro):
    """Events wait while the receiver is down; the server is killed; nothing is lost and nothing comes twice."""
    receiver = world.receiver
    receiver.status = 503
    since = time.time()
    page = taro.session.get(world.platform.base + "/", timeout=60)
    form = next(f for f in Forms(page.text).forms if f[1].endswith("/session/end"))
    taro.session.post(urllib.parse.urljoin(world.platform.base, form[1]), data=form[2], timeout=60)
    time.sleep(1.5)
    check("while the receiver is down nothing is taken", receiver.caught(since, [SESSION], 0.1) == [])
    shown = world.platform.run("sekisho", "signal", "queue", world.platform.deployment, "--stream", pushed["stream_id"]).stdout
    check("the operator sees what waits", "session-revoked" in shown, shown)
    world.restart(kill=True)
    receiver.status = 202
    found = receiver.caught(since, [SESSION], 60)
    time.sleep(3)
    found = receiver.caught(since, [SESSION], 0.1)
    check("after kill -9 it comes, once", kinds(found) == [SESSION], kinds(found))
    check("nothing that was told before is told again", kinds(receiver.caught(since, [], 0.1)) == [SESSION])
    check("every token that came was good", receiver.refused == [], receiver.refused)
    listed = world.platform.run("sekisho", "signal", "streams", world.platform.deployment).stdout
    check("the operator sees the streams, and whose word their status is", pushed["stream_id"] in listed and "push" in listed and "poll" in listed and "receiver" in listed, listed)
    stopped = time.time()
    done = world.platform.run("sekisho", "signal", "pause", world.platform.deployment, "--stream", pushed["stream_id"], "--reason", "maintenance")
    manage, _ = world.token(INSURER)
    status = world.call("GET", metadata["status_endpoint"], manage, params={"stream_id": pushed["stream_id"]}).json()
    check("and pauses one, which its receiver can read", status["status"] == "paused" and status["reason"] == "maintenance", (done.stdout, status))
    found = receiver.caught(stopped, [SSF + "stream-updated"], 10)
    check("and is told", [c["events"][SSF + "stream-updated"]["status"] for _, c in found] == ["paused"], found)
    for wish in ("enabled", "disabled"):
        refused = world.call("POST", metadata["status_endpoint"], manage, {"stream_id": pushed["stream_id"], "status": wish})
        check(f"its receiver does not make it {wish}", refused.status_code == 403 and refused.json()["explanation"]["code"] == "signals.stream.held", refused.text)
    closed = world.call("DELETE", metadata["configuration_endpoint"], manage, params={"stream_id": pushed["stream_id"]})
    check("nor closes it", closed.status_code == 403, closed.text)
    other = world.call("POST", metadata["configuration_endpoint"], manage, {"events_requested": WANTED})
    check("nor opens another in its place", other.status_code == 403, other.text)
    since = time.time()
    world.platform.run("sekisho", "signal", "enable", world.platform.deployment, "--stream", pushed["stream_id"])
    found = receiver.caught(since, [SSF + "stream-updated"], 10)
    check("enabled again, the stream says so", SSF + "stream-updated" in kinds(found), kinds(found))
    verified = world.platform.run("sekisho", "signal", "verify", world.platform.deployment, "--stream", pushed["stream_id"], expect=None)
    check("and the operator proves the way", verified.returncode == 0 and "taken after" in verified.stdout, verified.stdout + verified.stderr)
    audit = world.platform.run("sekisho", "audit", "verify", world.platform.deployment, expect=None)
    check("the audit trail holds", audit.returncode == 0, audit.stdout + audit.stderr)


def loss(world):
    """A stolen card, reported at the counter: a command in a process of its own, beside the server that runs."""
    names = list(dict.fromkeys(sub for client, sub, _ in world.receiver.logins if client == INSURER))
    since = time.time()
    done = world.platform.run("sekisho", "care", "block", world.platform.deployment, "--identifier", names[1], "--reason", "stolen", "--by", "counter-7", expect=None)
    check("a stolen card is blocked at the counter", "blocked\t" in done.stdout, done.stdout + done.stderr)
    found = world.receiver.caught(since, [RISC + "credential-compromise", DISABLED], 20)
    check("and the watching member hears of it, by its own name", {RISC + "credential-compromise", DISABLED} <= set(kinds(found))
          and all(c["sub_id"].get("sub") == names[1] for _, c in found if "sub" in c["sub_id"]), found)
    seconds("a loss reported at the counter, from the command", since, found)
    words = [r["event"] for r in world.trail()]
    last = len(words) - 1 - words[::-1].index("care.loss-reported")
    check("what was told stands behind the loss, in its commit", words[last + 1:last + 3] == ["signal.queued", "signal.queued"], words[last:last + 4])


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--binaries", required=True)
    arguments.add_argument("--keep", action="store_true")
    arguments = arguments.parse_args()
    platform = R.Platform(arguments.binaries)
    try:
        platform.prepare()
        world = World(platform)
        metadata, pushed, polled, listening = streams(world)
        revocation(world, polled, listening)
        taro = hold(world)
        attributes(world)
        refused, since = on_line(world)
        check("a revoked card is refused at a door", refused)
        found = world.receiver.caught(since, [SESSION, CREDENTIAL, RISC + "credential-compromise"], 30)
        check("and ends the session that it had opened elsewhere", {SESSION, CREDENTIAL, RISC + "credential-compromise"} <= set(kinds(found)), kinds(found))
        seconds("a revocation by a responder, from its word at a door", since, found)
        crash(world, pushed, metadata, taro)
        loss(world)
        large(world)
    except Exception:
        traceback.print_exc()
        check("the script ran to its end", False, traceback.format_exc()[-600:])
        for name in ("sekisho.log",):
            path = os.path.join(platform.folder, name)
            if os.path.exists(path):
                print(open(path).read()[-4000:])
    finally:
        platform.stop()
        if not arguments.keep:
            shutil.rmtree(platform.folder, ignore_errors=True)
    print("seconds:")
    for what, kind, took in SECONDS:
        print(f"  {took:6.2f}  {kind:24s} {what}")
    print(f"signals: {len(R.PASSED)} passed, {len(R.FAILED)} failed")
    return 1 if R.FAILED else 0


if __name__ == "__main__":
    sys.exit(main())
