"""Two servers on one store behind one address: a proxy gives every request to the other one in turn. Logins, codes, tokens, devices, apps,
logouts, the citizen's own page, the console and the sandbox go on at whichever comes next; one is killed in the middle and started again."""

import argparse
import base64
import hashlib
import http.client
import http.server
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.parse

import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import parties as P  # noqa: E402
import registrar as REG  # noqa: E402
import relying as RELYING  # noqa: E402
import run as R  # noqa: E402
from browser import Browser, Forms  # noqa: E402
from citizen import Card, JWTSigner, b64u  # noqa: E402
from run import check, free_port, member  # noqa: E402
from saml_artifact import ArtifactParty  # noqa: E402

CLIENT, REDIRECT = "nodes-rp", "https://rp.test/cb"


class Proxy:
    """One address for several servers, strictly in turn; one that cannot be reached is passed over, as any proxy does."""

    def __init__(self, port, targets):
        self.targets, self.turn, self.lock = targets, 0, threading.Lock()
        self.served = {target: 0 for target in targets}
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def forward(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0) or 0))
                for target in proxy.order():
                    connection = http.client.HTTPConnection("127.0.0.1", target, timeout=30)
                    try:
                        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                        for name, value in self.headers.items():
                            if name.lower() not in ("connection", "keep-alive"):
                                connection.putheader(name, value)
                        connection.endheaders(body)
                        answer = connection.getresponse()
                        content = answer.read()
                    except OSError:
                        continue
                    finally:
                        connection.close()
                    proxy.served[target] += 1
                    self.send_response(answer.status)
                    for name, value in answer.getheaders():
                        if name.lower() not in ("connection", "transfer-encoding", "content-length", "date", "server"):
                            self.send_header(name, value)
                    self.send_header("Content-Length", str(len(content)))
                    self.send_header("X-Node", str(proxy.targets.index(target)))
                    self.end_headers()
                    if self.command != "HEAD":
                        self.wfile.write(content)
                    return
                self.send_error(502)

            do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_HEAD = forward

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

        self.http = Server(("127.0.0.1", port), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def order(self):
        with self.lock:
            first, self.turn = self.turn % len(self.targets), self.turn + 1
        return self.targets[first:] + self.targets[:first]

    def stop(self):
        self.http.shutdown()


class Nodes(REG.Office):
    pairs = True

    def __init__(self, binaries):
        super().__init__(binaries)
        self.ports = [free_port(), free_port()]
        self.nodes, self.proxy = {}, None

    def serve(self):
        path = os.path.join(self.deployment, "sekisho.yaml")
        with open(path) as f:
            text = f.read()
        if "shared: true" not in text:
            text = re.sub(r"(?m)^#openid:.*\n(?:#  .*\n)*", "", text).replace("\nstore:\n", "\nstore:\n  shared: true\n", 1)
            text += "\nsandbox: true\nmembers:\n  changes: two-people\nopenid:\n  refresh-tokens: true\n  scopes: [openid, offline_access]\n"
            with open(path, "w") as f:
                f.write(text)
        for card in ("hanako", "taro"):
            self.run("jpki-simulator", "export", "--state", self.state, "--card", card, self.folder)
        self.proxy = Proxy(self.port, self.ports)
        # Both at once, on a folder that nobody has served: one makes the store, the other waits for it.
        starting = [threading.Thread(target=self.node, args=(number,)) for number in (0, 1)]
        for thread in starting:
            thread.start()
        for thread in starting:
            thread.join()
        if len(self.nodes) < 2:
            raise RuntimeError("a node did not start: " + open(os.path.join(self.folder, "sekisho.log")).read()[-3000:])
        return self.nodes[0]

    def node(self, number):
        port = self.ports[number]
        self.nodes[number] = self.start(
            "sekisho", "serve", self.deployment, ready=f"http://127.0.0.1:{port}/health",
            environment={"SEKISHO_LISTEN_PORT": str(port), "SEKISHO_CARD_LISTEN_PORT": str(free_port())})

    def kill(self, number):
        process = self.nodes.pop(number)
        process.kill()
        process.wait()


class DPoP:
    """A key that proves itself with each request (RFC 9449)."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        n = self.key.public_key().public_numbers()
        self.jwk = {"kty": "EC", "crv": "P-256", "x": b64u(n.x.to_bytes(32, "big")), "y": b64u(n.y.to_bytes(32, "big"))}

    def proof(self, method, address, token=None, nonce=None):
        claims = {"jti": secrets.token_hex(12), "htm": method, "htu": address, "iat": int(time.time())}
        if token:
            claims["ath"] = b64u(hashlib.sha256(token.encode()).digest())
        if nonce:
            claims["nonce"] = nonce
        text = ".".join(b64u(json.dumps(part).encode()) for part in ({"typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk}, claims))
        r, s = utils.decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{text}.{b64u(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


class Service:
    """A relying party that pushes its requests and binds its tokens, at the platform or at its sandbox."""

    def __init__(self, issuer, client, signer):
        self.issuer, self.client, self.signer, self.dpop = issuer, client, signer, DPoP()
        self.about = requests.get(issuer + "/.well-known/openid-configuration", timeout=60).json()

    def authenticated(self, **fields):
        now = int(time.time())
        return {
            **fields, "client_id": self.client, "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.signer.sign({
                "iss": self.client, "sub": self.client, "aud": self.issuer, "iat": now, "exp": now + 60, "jti": secrets.token_hex(12)})}

    def post(self, address, dpop=None, **fields):
        headers = {"DPoP": (dpop or self.dpop).proof("POST", address)} if dpop is not False else {}
        return requests.post(address, data=self.authenticated(**fields), headers=headers, timeout=60)

    def push(self):
        verifier = secrets.token_urlsafe(48)
        pushed = self.post(
            self.about["pushed_authorization_request_endpoint"], response_type="code", redirect_uri=REDIRECT,
            scope="openid offline_access" if "offline_access" in self.about["scopes_supported"] else "openid", state="s",
            nonce=secrets.token_urlsafe(12), code_challenge=b64u(hashlib.sha256(verifier.encode()).digest()), code_challenge_method="S256")
        return verifier, pushed

    def address(self, pushed):
        return self.about["authorization_endpoint"] + "?" + urllib.parse.urlencode(
            {"client_id": self.client, "request_uri": pushed.json()["request_uri"]})

    def redeem(self, code, verifier, dpop=None):
        return self.post(
            self.about["token_endpoint"], dpop, grant_type="authorization_code", code=code, redirect_uri=REDIRECT, code_verifier=verifier)

    def refresh(self, token):
        return self.post(self.about["token_endpoint"], grant_type="refresh_token", refresh_token=token)

    def userinfo(self, token, scheme="DPoP"):
        address = self.about["userinfo_endpoint"]
        headers = {"Authorization": f"{scheme} {token}"}
        if scheme == "DPoP":
            headers["DPoP"] = self.dpop.proof("GET", address, token)
        return requests.get(address, headers=headers, timeout=60)


def stop_at(browser, url):
    """The address of ours, of the service that is not there, to which a journey leads."""
    browser.refuse = {REDIRECT}
    try:
        browser.go(url)
    except requests.ConnectionError as error:
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(str(error)).query))
    return {}


def claims(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def openid(platform, service, what="OpenID"):
    browser = Browser(platform)
    verifier, pushed = service.push()
    check(f"{what}: a pushed request is kept", pushed.status_code == 201, pushed.text)
    answer = stop_at(browser, service.address(pushed))
    check(f"{what}: what one node was sent, the other takes from the browser", "code" in answer, answer)
    stranger = service.redeem(answer.get("code", ""), verifier, dpop=False)
    check(f"{what}: without its key the client gets nothing", stranger.status_code == 400, stranger.text)
    verifier, pushed = service.push()
    answer = stop_at(browser, service.address(pushed))
    check(f"{what}: the second login needs no card", "code" in answer and browser.logins == 1, (answer, browser.logins))
    tokens = service.redeem(answer["code"], verifier)
    check(f"{what}: the code is redeemed, bound to its key", tokens.status_code == 200 and tokens.json()["token_type"] == "DPoP", tokens.text)
    tokens = tokens.json()
    told = service.userinfo(tokens["access_token"])
    check(f"{what}: the token is good at every node", told.status_code == 200 and service.userinfo(tokens["access_token"]).status_code == 200,
          told.text)
    check(f"{what}: and nowhere without its key", service.userinfo(tokens["access_token"], "Bearer").status_code == 401)
    renewed = service.refresh(tokens["refresh_token"])
    check(f"{what}: refreshed at the other node", renewed.status_code == 200, renewed.text)
    replayed = service.redeem(answer["code"], verifier)
    check(f"{what}: the code a second time is refused, and ends what came of it",
          replayed.status_code == 400 and service.userinfo(tokens["access_token"]).status_code == 401, replayed.text)
    proof = service.dpop.proof("GET", service.about["userinfo_endpoint"], "x")
    both = [requests.get(service.about["userinfo_endpoint"], headers={"Authorization": "DPoP x", "DPoP": proof}, timeout=60).status_code
            for _ in range(2)]
    check(f"{what}: a made-up token opens nothing at either", both == [401, 401], both)
    return browser, claims(tokens["id_token"])["sub"]


def replays(platform, service):
    """One assertion and one proof, at both nodes at once."""
    address = service.about["pushed_authorization_request_endpoint"]
    form = service.authenticated(response_type="code", redirect_uri=REDIRECT, scope="openid", code_challenge=b64u(b"x" * 32),
                                 code_challenge_method="S256")
    proof = service.dpop.proof("POST", address)
    answers = []
    send = lambda port: answers.append(requests.post(  # noqa: E731
        address.replace(platform.base, f"http://127.0.0.1:{port}"), data=form, headers={"DPoP": proof}, timeout=60).status_code)
    threads = [threading.Thread(target=send, args=(port,)) for port in platform.ports * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check("an assertion and a proof shown to both nodes at once are taken once", answers.count(201) == 1, answers)


def admission(platform, running):
    """One officer proposes a member, another admits it, each form and page at whichever node comes next; then it is one at both, at once."""
    first, second = REG.bootstrapped(platform)
    party = P.PySAML2(free_port(), *R.key_files(platform.folder, "pysaml2"), first.get("/saml/metadata").text)
    running.append(party)
    looked = first.post("/console/members/check", dict(REG.FIELDS, protocol="saml"),
                        files={"metadata-file": ("sp.xml", party.metadata(), "application/xml")})
    form = [f for f in Forms(looked.text).forms if f[1].endswith("/console/members/propose")][0][2]
    form.pop("mark", None)
    first.post("/console/members/propose", dict(form, reason="examined, complete"))
    name = REG.names(platform)[0]
    again = first.approve(name, "again")
    check("console: whoever proposed does not approve, at either node", again.status_code == 409, again.text[:300])
    approved = second.approve(name, "agreed")
    check("console: the second officer approves", approved.status_code == 200 and not REG.names(platform), approved.text[:500])
    pages = [Browser(platform).go(party.base + "/start") for _ in range(2)]
    check("console: the member is one at both nodes at once", all(page.json().get("name_id") for page in pages), [p.text[:200] for p in pages])
    return party


def waiting(platform, service, sub):
    """A set-top box and a desk wait for the citizen's yes, each polling at whichever node comes next."""
    box = service.post(service.about["device_authorization_endpoint"], False, scope="openid").json()
    message = "NODES" + secrets.token_hex(2).upper()
    now = int(time.time())
    asked = service.signer.sign({
        "iss": service.client, "aud": service.issuer, "iat": now, "nbf": now, "exp": now + 60, "jti": secrets.token_hex(12),
        "scope": "openid", "login_hint": sub, "binding_message": message})
    begun = service.post(service.about["backchannel_authentication_endpoint"], False, request=asked)
    check("CIBA: the request is taken", begun.status_code == 200, begun.text)
    desk = begun.json()
    polls = {
        "device": lambda: service.post(service.about["token_endpoint"], grant_type="urn:ietf:params:oauth:grant-type:device_code",
                                       device_code=box["device_code"]),
        "CIBA": lambda: service.post(service.about["token_endpoint"], grant_type="urn:openid:params:grant-type:ciba",
                                     auth_req_id=desk["auth_req_id"]),
    }
    for name, poll in polls.items():
        check(f"{name}: it waits", poll().json().get("error") == "authorization_pending")
    citizen = RELYING.Bystander(platform)
    done = citizen.device(box["user_code"], "approve")
    check("device: the citizen decides", done["status"] == 200, done)
    done = citizen.request(message, "approve")
    check("CIBA: the citizen finds it, and decides", done["status"] == 200, done)
    citizen.stop()
    time.sleep(max(box.get("interval", 5), desk.get("interval", 5)))
    for name, poll in polls.items():
        tokens = poll()
        check(f"{name}: tokens for that citizen, at a node that heard of none of it",
              tokens.status_code == 200 and claims(tokens.json()["id_token"])["sub"] == sub, tokens.text)
        check(f"{name}: once", poll().status_code == 400)


def pairing(platform, service):
    """The page, the app's three calls and the number each come to another node."""
    card = Card(platform.folder, platform.base, "hanako")
    browser = requests.Session()
    _, pushed = service.push()
    page = browser.get(service.address(pushed), timeout=60)
    address = re.search(r"<code>(http[^<]+/app/[^<]+)</code>", page.text)[1]
    phone = lambda door, body: requests.post(address + door, json=body, timeout=60)  # noqa: E731
    phone("/readiness", {"reader": True, "card": True, "pin_tries_left": 2})
    shown = [browser.get(page.url, timeout=60) for _ in range(2)]
    check("app: what it sees is on the page of both nodes",
          all("あと2回" in p.text for p in shown) and {p.headers["X-Node"] for p in shown} == {"0", "1"})
    asked = phone("/challenge", {}).json()
    check("app: is told where the page has to be", asked["address"] == platform.base and asked["begun"], asked)
    answered = phone("/answer", card.answer(asked))
    check("app: its answer is taken where it did not ask", answered.status_code == 200, answered.text)
    code = answered.json()["code"]
    wrong = browser.post(page.url + "/app", data={"app_code": "000000" if code != "000000" else "111111"}, timeout=60)
    check("app: a wrong number is told on the page, and counted", "あと4回" in wrong.text, wrong.text[:300])
    again = browser.post(page.url + "/app", data={"app_code": "222222" if code != "222222" else "111111"}, timeout=60)
    check("app: at the other node too", "あと3回" in again.text)
    done = browser.post(page.url + "/app", data={"app_code": code}, timeout=60, allow_redirects=False)
    check("app: the right one logs the browser in", done.headers.get("Location", "").endswith("/continue"), done.text[:300])
    last = browser.get(done.headers["Location"], timeout=60, allow_redirects=False)
    check("app: and the service gets its code", last.headers.get("Location", "").startswith(REDIRECT + "?code="), last.headers)


def saml(platform, party):
    browser = Browser(platform)
    party.holds = True
    browser.go(party.base + "/start")
    port = lambda number: f"http://127.0.0.1:{platform.ports[number]}"  # noqa: E731
    check("SAML: an artifact came of the login", party.last_artifact is not None)
    party.holds = False
    page = browser.go(party.base + "/start").json()
    check("SAML: an artifact that one node gave the other resolves, and pysaml2 believes it", bool(page.get("name_id")), page)
    check("SAML: single sign-on, the card was used once", browser.logins == 1, browser.logins)
    first, second = (requests.get(port(number) + "/saml/metadata", timeout=60).text for number in (0, 1))
    keys = [re.findall(r"<ds:X509Certificate[^>]*>([^<]+)<", text) for text in (first, second)]
    check("SAML: both nodes publish the same keys", keys[0] == keys[1] and keys[0])
    return browser, page.get("name_id")


def own_page(platform, browser):
    browser.go(platform.base + "/me/login", data={}, submit=False)
    pages = [browser.session.get(platform.base + "/me", timeout=60) for _ in range(2)]
    check("/me: both nodes know the citizen", all(p.status_code == 200 and 'action="/me/login"' not in p.text for p in pages)
          and {p.headers["X-Node"] for p in pages} == {"0", "1"}, [p.text[:200] for p in pages])


def logout(platform, browser, service):
    """Ended at one node, over at both at once: nothing of the session is remembered where it was not ended."""
    _, pushed = service.push()
    check("logout: before it the browser is logged in", "code" in stop_at(browser, service.address(pushed)))
    before = browser.logins
    browser.go(platform.base + "/session/end", data={}, submit=False)
    pages = [browser.session.get(platform.base + "/session", timeout=60) for _ in range(2)]
    check("logout: neither node knows the session", not any("ログインを延長しました" in p.text for p in pages))
    _, pushed = service.push()
    answer = stop_at(browser, service.address(pushed))
    check("logout: the next service asks for the card again", browser.logins == before + 1 and "code" in answer, browser.logins)


def front_logout(platform, service):
    """OpenID's own logout, with the ID token as hint."""
    browser = Browser(platform, "taro")
    verifier, pushed = service.push()
    answer = stop_at(browser, service.address(pushed))
    hint = service.redeem(answer["code"], verifier).json()["id_token"]
    page = browser.go(platform.base + "/openid/logout", data={"id_token_hint": hint, "client_id": service.client}, submit=False)
    for _, action, fields in Forms(page.text).forms:
        if action.endswith("/openid/logout/confirm"):
            page = browser.session.post(urllib.parse.urljoin(platform.base, action), data=fields, timeout=60)
    session = [browser.session.get(platform.base + "/session", timeout=60) for _ in range(2)]
    check("OpenID logout: over at both nodes", not any("ログインを延長しました" in p.text for p in session), page.text[:300])


def saml_logout(platform, party):
    """Begun at a service by the browser: request and answer come to different nodes."""
    browser = Browser(platform)
    browser.go(party.base + "/start")
    out = browser.go(party.base + "/logout")
    check("SAML logout: the service gets its answer", out.status_code == 200 and "Success" in out.text, (out.url, out.text[:300]))
    session = [browser.session.get(platform.base + "/session", timeout=60) for _ in range(2)]
    check("SAML logout: over at both nodes", not any("ログインを延長しました" in p.text for p in session))


def sandbox(platform, signer):
    service = Service(platform.base + "/sandbox", CLIENT, signer)
    check("sandbox: its discovery has pushed requests and DPoP",
          "pushed_authorization_request_endpoint" in service.about and "ES256" in service.about["dpop_signing_alg_values_supported"])

    def answer(choice, other=False):
        verifier, pushed = service.push()
        if pushed.status_code != 201:
            return verifier, pushed, {}
        issuer = platform.base if other else service.issuer
        page = requests.get(service.address(pushed).replace(service.issuer, issuer), timeout=60)
        form = next(((a, f) for _, a, f in Forms(page.text).forms if a.endswith("/openid/answer")), None)
        if not form:
            return verifier, page, {}
        done = requests.post(urllib.parse.urljoin(page.url, form[0]), data={**form[1], "answer": choice, "citizen": "hanako"}, timeout=60,
                             allow_redirects=False)
        again = requests.post(urllib.parse.urljoin(page.url, form[0]), data={**form[1], "answer": choice, "citizen": "hanako"}, timeout=60,
                              allow_redirects=False)
        return verifier, again, dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(done.headers.get("Location", "")).query))

    verifier, again, told = answer("right")
    check("sandbox: a FAPI 2.0 client pushes, and gets its code by way of both nodes", "code" in told, again.text[:400])
    check("sandbox: a pushed request is answered once", again.status_code == 400 and "openid.pushed.unknown" in again.text, again.text[:300])
    other = service.redeem(told.get("code", ""), verifier, dpop=DPoP())
    check("sandbox: another key does not redeem it", other.status_code == 400, other.text)
    verifier, _, told = answer("right")
    tokens = service.redeem(told["code"], verifier)
    check("sandbox: the code is redeemed at the other node", tokens.status_code == 200 and tokens.json()["token_type"] == "DPoP", tokens.text)
    token = tokens.json()["access_token"]
    check("sandbox: userinfo at both, with the proof only",
          [service.userinfo(token).status_code for _ in range(2)] == [200, 200] and service.userinfo(token, "Bearer").status_code == 401)
    check("sandbox: the code was good once", service.redeem(told["code"], verifier).status_code == 400)
    verifier, _, told = answer("bearer-token-type")
    check("sandbox: it says Bearer of a bound token when told to", service.redeem(told["code"], verifier).json()["token_type"] == "Bearer")
    verifier, page, told = answer("right", other=True)
    check("sandbox: what was pushed there is unknown at the platform", not told and "openid.pushed.unknown" in page.text, page.text[:300])
    real = Service(platform.base, CLIENT, signer)
    _, pushed = real.push()
    page = requests.get(real.address(pushed).replace(platform.base, service.issuer), timeout=60)
    check("sandbox: and the other way round", page.status_code == 400 and "openid.pushed.unknown" in page.text, page.text[:300])
    unauthenticated = requests.post(service.about["pushed_authorization_request_endpoint"], data={"client_id": CLIENT}, timeout=60)
    check("sandbox: its endpoint authenticates clients", unauthenticated.status_code in (400, 401), unauthenticated.text)
    check("sandbox: and takes POST only", requests.get(service.about["pushed_authorization_request_endpoint"], timeout=60).status_code == 405)


def failure(platform, service, party):
    """One node is killed while citizens are in the middle, the other goes on, and the first comes back."""
    browser = Browser(platform)
    verifier, pushed = service.push()
    journey = browser.session.get(service.address(pushed), timeout=60)
    asked = browser.session.post(journey.url + "/challenge", json={}, timeout=60).json()
    platform.kill(0)
    answered = browser.session.post(journey.url + "/answer", json=browser.card.answer(asked), timeout=60)
    check("kill -9: the other node takes the card's answer to a challenge of the dead one", answered.status_code == 200, answered.text[:300])
    last = browser.session.get(answered.json()["continue"], timeout=60, allow_redirects=False)
    code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(last.headers.get("Location", "")).query)).get("code", "")
    tokens = service.redeem(code, verifier)
    check("kill -9: and the login ends with tokens", tokens.status_code == 200, tokens.text)
    check("kill -9: health says nothing is wrong", requests.get(platform.base + "/health", timeout=60).status_code == 200)
    pids = lambda: open(os.path.join(platform.deployment, "run", "sekisho.pid")).read().split()  # noqa: E731
    told = platform.run("sekisho", "member", "list", "--deployment", platform.deployment, expect=None)
    check("kill -9: commands go on", told.returncode == 0, told.stderr)
    platform.node(0)
    check("restart: the node is back, and its number stands where commands look for it",
          0 in platform.nodes and sorted(pids()) == sorted(str(p.pid) for p in platform.nodes.values()), pids())
    check("restart: the token is good there", [service.userinfo(tokens.json()["access_token"]).status_code for _ in range(2)] == [200, 200])
    page = browser.go(party.base + "/start").json()
    check("restart: and so is the session", bool(page.get("name_id")) and browser.logins == 0, page)


class Owner:
    """A server that has not been told that the store is shared, beside those that have."""

    def __init__(self, platform):
        folder = os.path.join(platform.folder, "owner")
        shutil.copytree(platform.deployment, folder, ignore=shutil.ignore_patterns("State", "run"))
        path = os.path.join(folder, "sekisho.yaml")
        text = open(path).read()
        with open(path, "w") as f:
            f.write(text.replace("  shared: true\n", ""))
        environment = {**os.environ, "SEKISHO_LISTEN_PORT": str(free_port()), "SEKISHO_CARD_LISTEN_PORT": str(free_port()),
                       "SEKISHO_STORE_PATH": os.path.join(platform.deployment, "State", "sekisho.sqlite")}
        self.process = subprocess.Popen([os.path.join(platform.binaries, "sekisho"), "serve", folder], stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, env=environment)
        platform.processes.append(self.process)

    def refused(self):
        said, _ = self.process.communicate(timeout=60)
        check("a server that would own the store is refused while others answer from it",
              self.process.returncode != 0 and "shared: true" in said, said[-500:])


def audit(platform):
    verified = platform.run("sekisho", "audit", "verify", platform.deployment, expect=None)
    check("the trail that both wrote is one chain", verified.returncode == 0, verified.stdout + verified.stderr)
    shown = platform.run("sekisho", "audit", "show", platform.deployment, "--limit", "10000").stdout
    events = [json.loads(line.split("\t", 1)[1])["event"] for line in shown.splitlines()]
    check("what began was written down once", events.count("policy.activated") == 1 and events.count("members.noted") == 1,
          {event: events.count(event) for event in ("policy.activated", "members.noted")})


def test(platform, running):
    running.append(platform.proxy)
    signer, jwk = JWTSigner.fresh("nodes-1")
    party = ArtifactParty(platform, "artifact", requests.get(platform.base + "/saml/metadata", timeout=60).text)
    running.append(party)
    admitted = admission(platform, running)
    for name, text, files in (
        ("nodes", member(CLIENT, "private-verifier", "points", f"""openid:
  profile: fapi2
  redirect-uris: ["{REDIRECT}"]
  authentication: private_key_jwt
  jwks-file: nodes.jwks.json
  sender-constraint: dpop
  grants: [authorization_code, refresh_token]
  scopes: [openid, offline_access]
"""), {"nodes.jwks.json": json.dumps({"keys": [jwk]})}),
        ("waiting", member("nodes-waiting", "private-verifier", "points", f"""openid:
  redirect-uris: ["{REDIRECT}"]
  authentication: private_key_jwt
  jwks-file: waiting.jwks.json
  grants: [authorization_code, device_code, ciba]
  ciba: {{delivery: poll, request-signing-alg: ES256}}
"""), {"waiting.jwks.json": json.dumps({"keys": [jwk]})}),
        ("artifact", member(party.entity_id, "ministry", "procedure", "saml:\n  metadata: artifact.xml\n"), {"artifact.xml": party.metadata}),
    ):
        added(platform, name, text, files)
    service = Service(platform.base, CLIENT, signer)
    desk = Service(platform.base, "nodes-waiting", signer)
    owner = Owner(platform)
    browser, _ = openid(platform, service)
    replays(platform, service)
    citizen, _ = saml(platform, party)
    pairing(platform, service)
    other = Browser(platform)
    verifier = secrets.token_urlsafe(48)
    answer = stop_at(other, platform.base + "/openid/authorize?" + urllib.parse.urlencode({
        "response_type": "code", "client_id": desk.client, "redirect_uri": REDIRECT, "scope": "openid", "state": "s", "nonce": "n" * 16,
        "code_challenge": b64u(hashlib.sha256(verifier.encode()).digest()), "code_challenge_method": "S256"}))
    hinted = claims(desk.post(desk.about["token_endpoint"], False, grant_type="authorization_code", code=answer["code"],
                                 redirect_uri=REDIRECT, code_verifier=verifier).json()["id_token"])["sub"]
    waiting(platform, desk, hinted)
    own_page(platform, browser)
    sandbox(platform, signer)
    logout(platform, citizen, service)
    front_logout(platform, service)
    saml_logout(platform, admitted)
    failure(platform, service, party)
    owner.refused()
    audit(platform)
    served = platform.proxy.served
    check("both nodes had their share", min(served.values()) > 0.25 * sum(served.values()), served)


def added(platform, name, text, files):
    """A member's file put into the folder with both registrars' signatures is more than this script needs: the rule is lifted for it."""
    path = os.path.join(platform.deployment, "sekisho.yaml")
    settings = open(path).read()
    if "members:\n  changes: two-people\n" in settings:
        with open(path, "w") as f:
            f.write(settings.replace("members:\n  changes: two-people\n", ""))
        for process in platform.nodes.values():
            process.send_signal(signal.SIGHUP)
        time.sleep(1)
    platform.add_member(text, files)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", default=".build/debug")
    platform = Nodes(parser.parse_args().binaries)
    running = []
    started = time.monotonic()
    code = R.carry_out("nodes", platform, lambda: test(platform, running), running)
    print(f"took {time.monotonic() - started:.0f} s", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
