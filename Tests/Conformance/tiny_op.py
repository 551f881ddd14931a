"""A provider of a few pages, right in what the selftest looks at, with switches that break one thing each. No product code is in it: it
exists to show that modules can fail. Nobody logs in: the first request of a browser makes its session."""

import base64
import html
import http.server
import json
import threading
import time
import urllib.parse

from joserfc import jws, jwt
from joserfc.jwk import KeySet

import conditions as X
import signing

GOOD = ["PS256", "ES256"]


class Refused(Exception):
    def __init__(self, error, status=400):
        self.error, self.status = error, status


class TinyOP:
    def __init__(self, port, clients):
        self.port, self.issuer = port, f"http://127.0.0.1:{port}"
        self.clients = {client.id: client for client in clients}
        self.keys = {algorithm: signing.Key(algorithm, kid) for algorithm, kid in (("RS256", "tiny-rsa"), ("PS256", "tiny-pss"))}
        self.defects = set()
        self.codes, self.tokens, self.pushed, self.refreshes, self.sessions, self.jtis = {}, {}, {}, {}, {}, set()
        op = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65536  # headers and body in one packet

            def log_message(self, *arguments):
                pass

            def handle_any(self):
                raw = self.raw = self.rfile.read(int(self.headers.get("Content-Length", 0) or 0))
                path, _, query = self.path.partition("?")
                self.query = dict(urllib.parse.parse_qsl(query))
                self.form = dict(urllib.parse.parse_qsl(raw.decode(errors="replace")))
                try:
                    status, headers, body = op.doors.get((self.command, path), op.nothing)(self)
                except Refused as refused:
                    status, headers, body = op.json({"error": refused.error, "error_description": "tiny"}, refused.status)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                body = body.encode()
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                self.wfile.flush()

            do_GET = do_POST = do_PUT = do_DELETE = handle_any

        self.doors = {
            ("GET", "/.well-known/openid-configuration"): self.discovery, ("GET", "/.well-known/oauth-authorization-server"): self.discovery,
            ("GET", "/jwks"): self.key_set, ("GET", "/authorize"): self.authorize, ("POST", "/authorize"): self.authorize,
            ("POST", "/par"): self.push, ("POST", "/token"): self.token, ("GET", "/userinfo"): self.userinfo, ("POST", "/userinfo"): self.userinfo,
            ("GET", "/logout"): self.logout,
        }
        self.extra, self.tell = {}, None  # what `tiny_more` adds: members of the metadata, logout tokens
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def has(self, defect):
        return defect in self.defects

    # Answers

    def json(self, value, status=200, **headers):
        whole = {"Content-Type": "application/json", "Cache-Control": "no-store", **headers}
        if status == 401:
            whole["WWW-Authenticate"] = "Bearer"
        if self.has("answers may be cached"):
            del whole["Cache-Control"]
        return status, whole, json.dumps(value)

    def page(self, text, status=400, **headers):
        return status, {"Content-Type": "text/html", **headers}, f"<p>{html.escape(text)}</p>"

    def nothing(self, request):
        return self.page("nothing here", 404)

    def discovery(self, request):
        issuer = self.issuer + ("/" if self.has("the issuer has a slash more") else "")
        return self.json({
            "issuer": issuer, "authorization_endpoint": self.issuer + "/authorize", "token_endpoint": self.issuer + "/token",
            "userinfo_endpoint": self.issuer + "/userinfo", "jwks_uri": self.issuer + "/jwks", "end_session_endpoint": self.issuer + "/logout",
            "pushed_authorization_request_endpoint": self.issuer + "/par", "scopes_supported": ["openid", "offline_access"],
            "response_types_supported": ["code"], "response_modes_supported": ["query", "form_post", "jwt"], "subject_types_supported": ["public"],
            "grant_types_supported": ["authorization_code", "refresh_token"], "claims_supported": ["sub"], "request_uri_parameter_supported": False,
            "id_token_signing_alg_values_supported": ["RS256", "PS256"] + (["none"] if self.has("unsigned ID tokens are offered") else []),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": GOOD, "code_challenge_methods_supported": ["S256"],
            "dpop_signing_alg_values_supported": GOOD, "authorization_response_iss_parameter_supported": True,
            "request_object_signing_alg_values_supported": GOOD, "authorization_signing_alg_values_supported": ["PS256"],
            "request_parameter_supported": True, "claims_parameter_supported": False,
            "ui_locales_supported": ["ja", "en-GB", "zh-Hant-TW", "ja-easy" if self.has("a language that there is not") else "ja-x-easy"], **self.extra})

    def key_set(self, request):
        keys = [key.jwk() for key in self.keys.values()]
        if self.has("the key set shows a private key"):
            keys[0] = {**keys[0], **self.keys["RS256"].private_jwk()}
        return self.json({"keys": keys})

    # Authorization

    def checked_object(self, client, token):
        """A signed request object (FAPI 2.0 Message Signing §5.3.1)."""
        header, claims = signing.read(token)
        algorithms = GOOD + (["RS256"] if self.has("RS256 is good enough") else [])
        if not (self.has("unsigned request objects are taken") and header["alg"] == "none"):
            known = self.clients.values() if self.has("any client's key will do") else [client]
            keys = KeySet.import_key_set({"keys": [{**each.key.jwk(), "alg": header["alg"]} for each in known if each.key]})
            try:
                if not self.has("signatures are not looked at"):
                    jwt.decode(token, keys, algorithms=algorithms, registry=jws.JWSRegistry(algorithms=algorithms))
            except Exception:
                raise Refused("invalid_request_object") from None
        now, audience = time.time(), claims.get("aud")
        good = {"exp": now < claims.get("exp", 0) <= now + 3600, "nbf": now - 3600 <= claims.get("nbf", 0) <= now + 10,
                "aud": self.issuer in (audience if isinstance(audience, list) else [audience]), "request_uri": "request_uri" not in claims}
        for name, held in good.items():
            if not held and not self.has(f"{name} of request objects is not looked at"):
                raise Refused("invalid_request_object")
        return claims

    def push(self, request):
        client = self.client(request)
        form = request.form
        if "request_uri" in form and not self.has("request_uri may be pushed"):
            raise Refused("invalid_request")
        asked = self.checked_object(client, form["request"]) if "request" in form else form
        if getattr(client, "signs", False) and "request" not in form and not self.has("unsigned requests are taken"):
            raise Refused("invalid_request")
        known = asked.get("redirect_uri", client.redirect_uris[0] if self.has("a missing redirect_uri is filled in") else None)
        if known not in client.redirect_uris and not self.has("any redirect_uri will do"):
            raise Refused("invalid_request")
        if asked.get("response_type") != "code":
            raise Refused("unsupported_response_type")
        if asked.get("code_challenge_method") != "S256" and not self.has("PKCE is not asked for"):
            raise Refused("invalid_request")
        proven = self.proof(request, "POST", self.issuer + "/par")
        if proven and asked.get("dpop_jkt", proven) != proven and not self.has("dpop_jkt is not compared"):
            raise Refused("invalid_dpop_proof")
        uri = "urn:ietf:params:oauth:request_uri:" + signing.unique()
        self.pushed[uri] = ({**asked, "dpop_jkt": asked.get("dpop_jkt") or proven}, client, time.time() + 30)
        return self.json({"request_uri": uri, "expires_in": 30}, 201)

    def authorize(self, request):
        asked = {**request.query, **request.form}
        client = self.clients.get(asked.get("client_id"))
        if client is None:
            return self.page("unknown client")
        uri = asked.get("request_uri")
        if uri:
            found = self.pushed.get(uri)
            if not found or found[1] is not client and not self.has("request_uri serves any client") or time.time() > found[2]:
                return self.page("invalid_request_uri")
            client = found[1]
            asked = {**found[0], **({"state": asked["state"]} if self.has("the state outside counts") and "state" in asked else {})}
        elif client.audience == "issuer" and not self.has("pushing is not asked for"):
            return self.page("push the request first")
        redirect = asked.get("redirect_uri", client.redirect_uris[0] if self.has("a missing redirect_uri is filled in") else "")
        known = redirect in client.redirect_uris or self.has("redirect addresses by their beginning") and any(
            redirect.startswith(each) for each in client.redirect_uris) or self.has("any redirect_uri will do")
        if not known:
            return self.page("unregistered redirect_uri")
        answer = lambda **more: self.carry(client, asked, redirect, {
            **more, **({"state": asked["state"]} if "state" in asked else {}), "iss": self.issuer})
        if asked.get("response_type") != "code":
            return answer(error="unsupported_response_type" if "response_type" in asked else "invalid_request")
        cookie = (request.headers.get("Cookie") or "").partition("session=")[2].split(";")[0]
        session = self.sessions.get(cookie)
        if session is None and asked.get("prompt") == "none" and not self.has("prompt=none logs in"):
            return answer(error="login_required")
        if session is None or asked.get("prompt") == "login":
            cookie = signing.unique()
            session = self.sessions[cookie] = {"at": int(time.time()), "sid": signing.unique()}
        code = signing.unique()
        self.codes[code] = {"client": client, "asked": asked, "redirect": redirect, "session": session, "cookie": cookie, "until": time.time() + 60, "tokens": []}
        if uri and not self.has("request_uri works again and again"):
            del self.pushed[uri]
        status, headers, body = answer(code=code)
        return status, {**headers, "Set-Cookie": f"session={cookie}; Path=/; HttpOnly"}, body

    def carry(self, client, asked, redirect, answer):
        if self.has("no iss in answers"):
            answer.pop("iss")
        if self.has("another state comes back") and "state" in answer:
            answer["state"] += "x"
        mode = asked.get("response_mode", "query")
        if mode == "jwt":
            claims = {**answer, "iss": self.issuer, "aud": "somebody" if self.has("JARM is for another client") else client.id, "exp": int(time.time()) + 300}
            beside = {"code": answer["code"]} if self.has("the code stands beside JARM") and "code" in answer else {}
            answer = {"response": self.keys["PS256"].sign(claims), **beside}
            if self.has("JARM has a bad signature"):
                answer["response"] = signing.flipped(answer["response"])
        if mode == "form_post" and not self.has("form_post by redirect"):
            fields = "".join(f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in answer.items())
            return 200, {"Content-Type": "text/html"}, f'<form method="post" action="{html.escape(redirect)}">{fields}</form>'
        return 303, {"Location": redirect + ("&" if "?" in redirect else "?") + urllib.parse.urlencode(answer)}, ""

    # Clients and proofs

    def client(self, request):
        form, basic = request.form, request.headers.get("Authorization", "")
        if basic.startswith("Basic "):
            name, _, secret = base64.b64decode(basic[6:]).decode().partition(":")
            client = self.clients.get(urllib.parse.unquote_plus(name))
            if client and client.secret == urllib.parse.unquote_plus(secret):
                return client
            raise Refused("invalid_client", 401)
        client = self.clients.get(form.get("client_id"))
        if client is None or client.key is None or "client_assertion" not in form:
            raise Refused("invalid_client", 401)
        header, claims = signing.read(form["client_assertion"])
        algorithms = GOOD + (["RS256"] if self.has("RS256 is good enough") or client.loose else [])
        now = time.time()
        try:
            keys = KeySet.import_key_set({"keys": [{**client.key.jwk(), "alg": header["alg"]}]})
            jwt.decode(form["client_assertion"], keys, algorithms=algorithms, registry=jws.JWSRegistry(algorithms=algorithms))
        except Exception:
            raise Refused("invalid_client", 401) from None
        audiences = [self.issuer] + ([self.issuer + "/token"] if client.loose else [])
        good = {"aud": claims.get("aud") in audiences, "sub": claims.get("sub") == client.id == claims.get("iss"), "exp": claims.get("exp", 0) > now,
                "nbf": max(claims.get("nbf", 0), claims.get("iat", 0)) <= now + 30}
        for name, held in good.items():
            if not held and not self.has(f"{name} of assertions is not looked at"):
                raise Refused("invalid_client", 401)
        return client

    def proof(self, request, method, address, token=None):
        """The thumbprint of a DPoP proof's key, or None without a proof (RFC 9449 §4.3)."""
        given = request.headers.get_all("DPoP") or []
        if not given:
            return None
        try:
            header, claims = signing.read(given[0])
            keys = KeySet.import_key_set({"keys": [header["jwk"]]})
            if header["alg"] not in GOOD:
                raise ValueError("algorithm")
            jwt.decode(given[0], keys, algorithms=GOOD, registry=jws.JWSRegistry(algorithms=GOOD, strict_check_header=False))
            if "d" in header["jwk"] and not self.has("proofs may show private keys"):
                raise ValueError("private")
            good = {"typ": header.get("typ") == "dpop+jwt", "htm": claims["htm"] == method, "htu": claims["htu"].split("?")[0].split("#")[0] == address,
                    "iat": abs(claims["iat"] - time.time()) < 60, "ath": token is None or claims.get("ath") == signing.digest(token),
                    "jti": claims["jti"] not in self.jtis}
            bad = [name for name, held in good.items() if not held and not self.has(f"{name} of proofs is not looked at")]
            if bad or len(given) > 1:
                raise ValueError(bad)
            self.jtis.add(claims["jti"])
            members = {name: header["jwk"][name] for name in ("crv", "kty", "x", "y", "e", "n") if name in header["jwk"]}
            return signing.digest(json.dumps(members, separators=(",", ":"), sort_keys=True))
        except (KeyError, ValueError, AttributeError, TypeError):
            raise Refused("invalid_dpop_proof") from None
        except Exception:
            raise Refused("invalid_dpop_proof") from None

    # Tokens

    def token(self, request):
        client, form = self.client(request), request.form
        bound = self.proof(request, "POST", self.issuer + "/token")
        if client.audience == "issuer" and not bound and not self.has("tokens need no proof"):
            raise Refused("invalid_dpop_proof")
        if form.get("grant_type") == "refresh_token":
            kept = self.refreshes.get(form.get("refresh_token"))
            if not kept or kept["client"] is not client and not self.has("refresh tokens serve any client"):
                raise Refused("invalid_grant")
            return self.issue(client, kept, bound)
        code = self.codes.get(form.get("code"))
        if not code or time.time() > code["until"]:
            raise Refused("invalid_grant")
        if code["client"] is not client and not self.has("codes serve any client"):
            raise Refused("invalid_grant")
        if code.get("used") and not self.has("codes work again and again"):
            if not self.has("a second use ends nothing"):
                for token in code["tokens"]:
                    self.tokens.pop(token, None)
            raise Refused("invalid_request" if self.has("invalid_request for a used code") else "invalid_grant")
        if form.get("redirect_uri") != code["redirect"]:
            raise Refused("invalid_grant")
        challenge = code["asked"].get("code_challenge")
        if challenge and signing.digest(form.get("code_verifier", "")) != challenge and not self.has("the verifier is not compared"):
            raise Refused("invalid_grant" if "code_verifier" in form else "invalid_request")
        if code["asked"].get("dpop_jkt") and code["asked"]["dpop_jkt"] != bound and not self.has("dpop_jkt is not compared"):
            raise Refused("invalid_dpop_proof")
        code["used"] = True
        return self.issue(client, code, bound)

    def issue(self, client, code, bound):
        token, now = signing.unique(), int(time.time())
        self.tokens[token] = {"client": client, "bound": bound, "session": code["session"]}
        code["tokens"].append(token)
        claims = {"iss": self.issuer, "sub": "tiny-citizen", "aud": client.id, "iat": now, "exp": now + 300, "auth_time": code["session"]["at"],
                  "at_hash": X.hashed(token, client.id_token), "sid": code["session"]["sid"]}
        if "nonce" in code["asked"]:
            claims["nonce"] = code["asked"]["nonce"]
        wrong = {"another at_hash": ("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "another nonce": ("nonce", "other"),
                 "another issuer in ID tokens": ("iss", "https://other.example"),
                 "another audience": ("aud", "somebody"), "an ID token that has expired": ("exp", now - 600), "no auth_time": ("auth_time", None),
                 "no sub": ("sub", None), "a null claim": ("acr", None)}
        for defect, (name, value) in wrong.items():
            if self.has(defect):
                claims[name] = value
                if value is None and defect != "a null claim":
                    del claims[name]
        header = {"kid": None} if self.has("no kid") else {}
        key = self.keys[client.id_token]
        id_token = key.sign(claims, **header)
        if self.has("an ID token with a bad signature"):
            id_token = signing.flipped(id_token)
        if self.has("an unsigned ID token"):
            id_token = key.sign(claims, algorithm="none")
        body = {"access_token": "short" if self.has("a short access token") else token, "token_type": "DPoP" if bound else "Bearer",
                "expires_in": "300" if self.has("expires_in is a text") else 300, "id_token": id_token}
        if self.has("another token_type"):
            body["token_type"] = "mac"
        if "offline_access" in code["asked"].get("scope", ""):
            body["refresh_token"] = signing.unique()
            self.refreshes[body["refresh_token"]] = {**code, "client": client}
        return self.json(body)

    def userinfo(self, request):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        token = token or request.form.get("access_token", "")
        kept = self.tokens.get(token)
        if not kept or kept["session"].get("ended"):
            raise Refused("invalid_token", 401)
        if kept["bound"] and not self.has("bound tokens need no proof"):
            shown = self.proof(request, request.command, self.issuer + "/userinfo", token)
            if scheme.lower() != "dpop" or shown != kept["bound"] and not self.has("any key will do"):
                raise Refused("invalid_token", 401)
        return self.json({"sub": "somebody-else" if self.has("userinfo of somebody else") else "tiny-citizen"})

    def logout(self, request):
        asked = request.query
        try:
            header, hint = signing.read(asked["id_token_hint"])
            if not self.has("any hint will do"):
                keys = KeySet.import_key_set({"keys": [key.jwk() for key in self.keys.values()]})
                jwt.decode(asked["id_token_hint"], keys, algorithms=["RS256", "PS256"])
        except KeyError:
            return self.page("log out?", 200)
        except Exception:
            return self.page("bad hint")
        client = self.clients[hint["aud"]]
        target = asked.get("post_logout_redirect_uri")
        if target not in (None, client.after_logout) and not self.has("any logout address will do"):
            return self.page("unregistered")
        for cookie, session in list(self.sessions.items()):
            if session["sid"] == hint["sid"] and not self.has("the session goes on"):
                session["ended"] = True
                del self.sessions[cookie]
                if self.tell and client.backchannel:
                    self.tell(client, session)
        if target is None:
            return self.page("logged out", 200)
        state = {"state": asked["state"] + ("x" if self.has("another state comes back") else "")} if "state" in asked else {}
        return 303, {"Location": target + ("?" + urllib.parse.urlencode(state) if state else "")}, ""
