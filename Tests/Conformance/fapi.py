"""The flow of FAPI 2.0: pushed request, answer (plain or JWT-secured), token with a sender constraint, resource. Every step can be bent."""

import json
import time

import conditions as X
import flows
import signing


# What the clients of the variant `rar` ask to be allowed (RFC 9396), of a type that the repository's Metadata has as a sample.
DETAILS = [{"type": "identity-proof", "purpose": "account-opening", "compared": ["name", "address"], "valid-days": 30}]


class Flow:
    """One client and one citizen on their way. `bind` says what stands in the pushed request about the DPoP key: nothing, the proof
    itself or its `dpop_jkt`."""

    def __init__(self, t, number=1, citizen=None, bind=None):
        self.t, self.op, self.number = t, t.op, number
        self.client = t.client(number)
        self.citizen = citizen or t.citizen()
        self.is_dpop = t.variant["sender_constrain"] == "dpop"
        self.is_signed = t.variant.get("fapi_request_method") == "signed_non_repudiation"
        self.is_rar = t.variant.get("authorization_request_type") == "rar"
        self.is_jarm = t.variant.get("fapi_response_mode") == "jarm"
        self.dpop_key = signing.Key("ES256")
        self.bind = bind
        self.nonces = {}
        self.verifier = None
        self.asked = {}

    # What is asked

    def parameters(self, **changes):
        """An authorization request with PKCE; `None` leaves a parameter out."""
        self.verifier, challenge = flows.pkce()
        asked = {"client_id": self.client.id, "redirect_uri": self.client.redirect_uri, "response_type": "code", "scope": "openid",
                 "state": signing.unique(96 if self.number == 2 else 12), "nonce": signing.unique(12), **challenge}
        if self.is_jarm:
            asked["response_mode"] = "jwt"
        if self.is_rar:
            asked["authorization_details"] = json.dumps(DETAILS)
        if self.bind == "dpop_jkt":
            asked["dpop_jkt"] = self.dpop_key.thumbprint()
        asked.update(changes)
        self.asked = {name: value for name, value in asked.items() if value is not None}
        return self.asked

    @property
    def request_key(self):
        return self.client.key

    def request_object(self, asked, without=(), algorithm=None, key=None, header=(), **claims):
        """The parameters in a signed request object (RFC 9101, FAPI 2.0 Message Signing §5.3). The second client says its media type."""
        now = int(time.time())
        body = {**asked, "iss": self.client.id, "aud": self.op.issuer, "nbf": now, "exp": now + 300}
        if self.number == 2:
            body["iat"] = now
        body.update(claims)
        if "authorization_details" in body:  # a parameter is a text, a claim is not (RFC 9396 §2)
            body["authorization_details"] = json.loads(body["authorization_details"])
        body = {name: value for name, value in body.items() if name not in without}
        typ = "oauth-authz-req+jwt" if self.number == 2 else None
        return (key or self.request_key).sign(body, algorithm=algorithm, **{"typ": typ, **dict(header)})

    def form(self, asked, **how):
        return {"client_id": self.client.id, "request": self.request_object(asked, **how)} if self.is_signed else dict(asked)

    # Steps

    @property
    def by_tls(self):
        return self.client.by_tls

    def send(self, endpoint, form, assertion=None, authenticate=True, certificate=None, proof=None, tls=None):
        """To an endpoint of the provider's, authenticated. `proof` is a function of the server's nonce that gives DPoP headers."""
        certificate = certificate or self.client.certificate
        tls = self.by_tls if tls is None else tls
        url = self.op.address(endpoint, tls)
        for _ in range(3):
            headers, sent = {}, dict(form)
            if authenticate:
                self.client.authenticate(self.op, sent, headers, assertion)
            if proof:
                headers["DPoP"] = proof(self.nonces.get(endpoint))
            answer = self.op.post(url, sent, headers, certificate if tls else None)
            if "DPoP-Nonce" in answer.headers:  # to be used from the next request on (RFC 9449 §8.2)
                self.nonces[endpoint] = answer.headers["DPoP-Nonce"]
            if not (answer.error == "use_dpop_nonce" and "DPoP-Nonce" in answer.headers and proof and assertion is None):
                break
        return answer

    def push(self, asked=None, form=None, **how):
        """The pushed authorization request."""
        asked = self.parameters() if asked is None else asked
        if self.is_dpop and self.bind == "proof" and "proof" not in how:
            how["proof"] = lambda nonce: signing.dpop(
                self.dpop_key, "POST", self.op.address("pushed_authorization_request_endpoint", self.by_tls), nonce=nonce)
        return self.send("pushed_authorization_request_endpoint", self.form(asked) if form is None else form, **how)

    def pushed(self, asked=None, **how):
        """A pushed request that must go through. Returns the request_uri."""
        answer = self.push(asked, **how)
        self.t.need("the pushed request is answered 201 (RFC 9126 §2.2)", answer.status == 201, answer)
        self.t.check("the answer is JSON and not to be kept", answer.type == "application/json" and "no-store" in answer.headers.get("Cache-Control", ""))
        uri, lifetime = answer.json.get("request_uri", ""), answer.json.get("expires_in")
        self.t.need("there is a request_uri", isinstance(uri, str) and uri, answer.json.keys())
        self.t.check("it cannot be guessed", X.entropy(uri.rsplit(":", 1)[-1]) >= 96, len(uri))
        self.t.check("expires_in is a whole number, from 5 to less than 600 (FAPI 2.0 §5.3.2.2-12)",
                     X.whole_number(lifetime) and 5 <= lifetime < 600, lifetime)
        self.lifetime = lifetime
        return uri

    def visit(self, request_uri, client_id=None, more=None, **how):
        """With a request_uri to the authorization endpoint."""
        return self.citizen.visit(self.op.authorize({"client_id": client_id or self.client.id, "request_uri": request_uri, **(more or {})}),
                                  self.client.redirect_uris, **how)

    def code(self, landing, state="as asked"):
        """The code out of a good answer, plain or JWT-secured."""
        state = self.asked.get("state") if state == "as asked" else state
        if self.is_jarm:
            answered = X.jarm(self.t.log, self.op, landing, self.client.id, [self.client.id_token])
            landing.parameters = answered
        return X.authorization_answer(self.t.log, landing, self.op.issuer, state)

    def answered(self, landing):
        """The parameters of an answer, good or bad; out of the JWT where there is one. Errors may also come plain."""
        if self.is_jarm and "response" in landing.parameters:
            return X.jarm(self.t.log, self.op, landing, self.client.id, [self.client.id_token])
        return landing.parameters

    def token_proof(self, key=None, **how):
        if not self.is_dpop:
            return None
        return lambda nonce: signing.dpop(
            key or self.dpop_key, "POST", self.op.address("token_endpoint", self.by_tls), nonce=nonce, **how)

    def redeem(self, code, verifier="the right one", proof="the right one", redirect_uri=None, **how):
        """The token request. For certificate-bound tokens it goes by mutual TLS."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri or self.client.redirect_uri}
        if verifier is not None:
            form["code_verifier"] = self.verifier if verifier == "the right one" else verifier
        return self.grant(form, proof, **how)

    def grant(self, form, proof="the right one", **how):
        how.setdefault("tls", self.by_tls or not self.is_dpop)
        return self.send("token_endpoint", form, proof=self.token_proof() if proof == "the right one" else proof, **how)

    def refresh(self, token, proof="the right one", **how):
        return self.grant({"grant_type": "refresh_token", "refresh_token": token}, proof, **how)

    def resource(self, token, key=None, scheme=None, certificate="own", headers=None, method="GET", proof=None, **claims):
        """Userinfo, the resource of the plain profile, with the proof that the token's binding wants."""
        if not self.is_dpop:
            certificate = self.client.certificate if certificate == "own" else certificate
            return self.op.userinfo(token, method, scheme or "Bearer", headers, certificate=certificate)
        for _ in range(3):
            made = proof(self.nonces.get("resource")) if proof else signing.dpop(
                key or self.dpop_key, method, self.op.address("userinfo_endpoint"), token, nonce=self.nonces.get("resource"), **claims)
            answer = self.op.userinfo(token, method, scheme or "DPoP", {**(headers or {}), "DPoP": made})
            if "DPoP-Nonce" in answer.headers:
                self.nonces["resource"] = answer.headers["DPoP-Nonce"]
            if not (answer.status == 401 and "use_dpop_nonce" in answer.headers.get("WWW-Authenticate", "") and "DPoP-Nonce" in answer.headers):
                break
        return answer

    # Whole flows

    def tokens(self, answer, code=None, **expected):
        """A good token answer, and its ID token."""
        self.body = X.token_answer(self.t.log, answer, fapi=True, kind="DPoP" if self.is_dpop else "Bearer")
        if self.is_rar:
            self.t.check("the answer says what was granted (RFC 9396 §7)", self.body.get("authorization_details") == DETAILS,
                         self.body.get("authorization_details"))
        self.claims = X.id_token(
            self.t.log, self.op, self.body.get("id_token"), self.client.id, nonce=self.asked.get("nonce"), algorithms=[self.client.id_token],
            access_token=self.body["access_token"], code=code, state=self.asked.get("state"), **expected)
        return self.body

    def to_code(self, **changes):
        return self.code(self.visit(self.pushed(self.parameters(**changes))))

    def complete(self, expected=None, **changes):
        """Everything, as a well-behaved client does it."""
        code = self.to_code(**changes)
        self.tokens(self.redeem(code), code, **(expected or {}))
        self.userinfo = X.userinfo(self.t.log, self.op, self.resource(self.body["access_token"]), self.claims["sub"])
        return self.body


def par_error(t, answer, errors, statuses=(400,)):
    X.token_error(t.log, answer, errors, statuses, "the pushed request")
    t.check("there is no request_uri", "request_uri" not in answer.json)


def refused_somewhere(t, flow, asked, errors, page=True):
    """A request that must fail: at the pushed request, at the client's door or on a page; never with a code."""
    answer = flow.push(asked)
    if answer.status != 201:
        par_error(t, answer, errors)
        return
    landing = flow.visit(answer.json.get("request_uri", ""))
    if landing.status is not None:
        t.check("a page may say so", page)
        X.refusal_page(t.log, landing)
        return
    t.need("the answer came to the registered redirect address", landing.is_callback, landing)
    answered = flow.answered(landing)
    t.check("there is no code", "code" not in answered)
    t.check(f"the error is {' or '.join(errors)}", answered.get("error") in errors, answered.get("error"))
    t.note(f"error={answered.get('error')}{X.named(answered.get('error_description'))} at the redirect address")
