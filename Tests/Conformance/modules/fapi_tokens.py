"""FAPI 2.0: the token endpoint, sender constraints (DPoP, mutual TLS), client assertions there, and refresh tokens."""

import time

import requests

import ciphers
import conditions as X
import flows
import signing
from fapi import Flow, par_error
from suite import module

P = "fapi2-security-profile-final-"
NO_PROOF = ("invalid_request", "invalid_grant", "invalid_dpop_proof")


# Client and code

@module(P + "ensure-client-id-in-token-endpoint")
def other_client_id(t):
    """Client 2's name with client 1's credentials, for client 1's code."""
    flow, other = Flow(t), t.client(2)
    code = flow.to_code()
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": flow.client.redirect_uri, "code_verifier": flow.verifier, "client_id": other.id}
    if not flow.by_tls:
        now = int(time.time())
        form.update(client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer", client_assertion=flow.client.key.sign(
            {"iss": other.id, "sub": other.id, "aud": t.op.issuer, "jti": signing.unique(), "iat": now, "exp": now + 60}))
    answer = flow.grant(form, authenticate=False)
    X.token_error(t.log, answer, ("invalid_client", "invalid_grant"))


@module(P + "ensure-holder-of-key-required")
def holder_of_key(t):
    """A request that is right but for the proof of possession. What the https endpoints agree to by TLS 1.2 is looked at here, as in the
    suite; those in plain http are on loopback."""
    if ciphers.checked(t.log, t.op.metadata.get("mtls_endpoint_aliases", {}).values()):
        t.note("TLS 1.2 with the four cipher suites of BCP 195 and no others")
    flow = Flow(t)
    code = flow.to_code()
    if flow.is_dpop:
        X.token_error(t.log, flow.redeem(code, proof=None), NO_PROOF)
        return
    without_certificate(t, flow, lambda code: {
        "grant_type": "authorization_code", "code": code, "redirect_uri": flow.client.redirect_uri, "code_verifier": flow.verifier}, code)


def without_certificate(t, flow, make, first):
    """At both addresses of the token endpoint, with a fresh code at the second. Breaking the TLS connection is an answer too."""
    for tls in (True, False):
        headers, sent = {}, make(first if tls else flow.to_code())
        flow.client.authenticate(t.op, sent, headers)
        try:
            if tls:
                from op import Answer
                answer = Answer(requests.post(t.op.address("token_endpoint", True), data=sent, headers=headers, timeout=30, verify=t.op.authorities))
            else:
                answer = t.op.post(t.op.address("token_endpoint"), sent, headers)
        except (requests.exceptions.SSLError, requests.ConnectionError) as error:
            t.check("the TLS connection was refused", True, type(error).__name__)
            t.note("the TLS connection is refused without a certificate")
            continue
        X.token_error(t.log, answer, ("invalid_client", "invalid_request", "invalid_grant"))


@module(P + "ensure-authorization-code-is-bound-to-client")
def bound_to_client(t):
    flow, other = Flow(t), Flow(t, 2)
    code = flow.to_code()
    other.verifier, other.dpop_key = flow.verifier, flow.dpop_key
    X.token_error(t.log, other.redeem(code, redirect_uri=flow.client.redirect_uri), ("invalid_grant",))


@module(P + "attempt-reuse-authorization-code-after-one-second", waits=1)
def reuse(t):
    flow = Flow(t)
    code = flow.to_code()
    flow.tokens(flow.redeem(code), code)
    t.check("the access token works", flow.resource(flow.body["access_token"]).status == 200)
    flows.pause(1)
    X.token_error(t.log, flow.redeem(code), ("invalid_grant",))
    X.bearer_refusal(t.log, flow.resource(flow.body["access_token"]), (400, 401), "the first use's access token ended with the second use")


@module(P + "ensure-token-endpoint-fails-with-expired-auth-code", waits=62)
def expired_code(t):
    flow = Flow(t)
    code = flow.to_code()
    flows.pause(62)
    X.token_error(t.log, flow.redeem(code), ("invalid_grant",))
    t.note("first use after 62 s")


# Client assertions at the token endpoint

def at_token_endpoint(t, **how):
    flow = Flow(t)
    code = flow.to_code()
    assertion = flow.client.assertion(t.op, **how) if how else None
    return flow, flow.redeem(code, assertion=assertion)


@module(P + "ensure-signed-client-assertion-with-RS256-fails")
def rs256(t):
    flow = Flow(t)
    if flow.client.key.algorithm != "PS256":
        t.skip("needs an RSA key")
    par_error(t, flow.push(assertion=flow.client.assertion(t.op, algorithm="RS256")), ("invalid_client",), (401, 400))
    code = flow.to_code()
    X.token_error(t.log, flow.redeem(code, assertion=flow.client.assertion(t.op, algorithm="RS256")), ("invalid_client",), (401, 400))


@module(P + "ensure-client-assertion-in-token-endpoint")
def assertion_needed(t):
    """The name alone is no proof."""
    flow = Flow(t)
    form = {"grant_type": "authorization_code", "code": flow.to_code(), "redirect_uri": flow.client.redirect_uri, "code_verifier": flow.verifier,
            "client_id": flow.client.id}
    X.token_error(t.log, flow.grant(form, authenticate=False), ("invalid_client",), (401, 400))


@module(P + "ensure-client-assertion-with-exp-is-5-minutes-in-past-fails")
def assertion_expired(t):
    past = int(time.time()) - 300
    _, answer = at_token_endpoint(t, exp=past, iat=past - 60)
    X.token_error(t.log, answer, ("invalid_client",), (401, 400))


@module(P + "ensure-client-assertion-with-wrong-aud-fails")
def assertion_wrong_audience(t):
    _, answer = at_token_endpoint(t, aud="https://other.example.com/")
    X.token_error(t.log, answer, ("invalid_client",), (401, 400))


@module(P + "ensure-client-assertion-with-no-sub-fails")
def assertion_without_subject(t):
    _, answer = at_token_endpoint(t, without=("sub",))
    X.token_error(t.log, answer, ("invalid_client",), (401, 400))


# DPoP

@module(P + "check-dpop-proof-nbf-exp")
def nbf_exp(t):
    flow = Flow(t)
    now = int(time.time())
    code = flow.to_code()
    flow.tokens(flow.redeem(code, proof=flow.token_proof(nbf=now, exp=now + 300)), code)
    answer = flow.resource(flow.body["access_token"], nbf=now, exp=now + 300)
    t.check("the resource takes a proof with nbf and exp", answer.status == 200, answer)
    t.note("nbf now and exp in five minutes, at both endpoints")


def shifted(t, seconds):
    flow = Flow(t)
    code = flow.to_code()
    flow.tokens(flow.redeem(code, proof=flow.token_proof(iat=int(time.time()) + seconds)), code)
    answer = flow.resource(flow.body["access_token"], iat=int(time.time()) + seconds)
    t.check("the resource takes it", answer.status == 200, answer)
    t.note(f"iat {seconds:+d} s, at both endpoints")


@module(P + "ensure-dpopproof-with-iat-10seconds-before-succeeds")
def iat_before(t):
    shifted(t, -10)


@module(P + "ensure-dpopproof-with-iat-10seconds-after-succeeds")
def iat_after(t):
    shifted(t, 10)


@module(P + "ensure-mismatched-dpop-jkt-fails")
def jkt_and_proof_differ(t):
    flow = Flow(t, bind="proof")
    asked = flow.parameters(dpop_jkt=signing.Key("ES256").thumbprint())
    par_error(t, flow.push(asked), ("invalid_request", "invalid_dpop_proof"))


@module(P + "ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt")
def other_key_after_proof(t):
    other_key(t, "proof")


@module(P + "ensure-token-endpoint-fails-with-mismatched-dpop-jkt")
def other_key_after_jkt(t):
    other_key(t, "dpop_jkt")


def other_key(t, bind):
    flow = Flow(t, bind=bind)
    code = flow.to_code()
    X.token_error(t.log, flow.redeem(code, proof=flow.token_proof(signing.Key("ES256"))), NO_PROOF)


@module(P + "ensure-dpopproof-at-par-endpoint-binding-success")
def bound_by_proof(t):
    Flow(t, bind="proof").complete()
    t.note("bound by a proof at the pushed request")


@module(P + "ensure-dpop-auth-code-binding-success")
def bound_by_jkt(t):
    Flow(t, bind="dpop_jkt").complete()
    t.note("bound by dpop_jkt")


@module(P + "dpop-negative-tests")
def negative(t):
    """The list of RFC 9449 §4.3 at the resource, one fault at a time."""
    flow = Flow(t)
    flow.complete()
    token, url, key = flow.body["access_token"], t.op.address("userinfo_endpoint"), flow.dpop_key
    hour = 3600
    required = flow.resource(token, proof=lambda _: signing.dpop(key, "GET", url, token)).status == 401

    def proof(**how):
        return lambda nonce: signing.dpop(key, "GET", url, token, nonce=nonce, **how)

    def refused(title, make, scheme=None):
        X.bearer_refusal(t.log, flow.resource(token, proof=make, scheme=scheme), (400, 401), title)

    def taken(title, make):
        answer = flow.resource(token, proof=make)
        t.check(title, answer.status == 200, answer)

    refused("two DPoP headers", lambda nonce: ", ".join(signing.dpop(key, "GET", url, token, nonce=nonce) for _ in range(2)))
    refused("not a JWT", lambda nonce: signing.dpop(key, "GET", url, token, nonce=nonce).replace(".", ""))
    refused("no typ", proof(header={"typ": None}))
    refused("another typ", proof(header={"typ": "JWT"}))
    refused("no alg", lambda nonce: without_alg(key, url, token, nonce))
    refused("no jwk", proof(header={"jwk": None}))
    for name in ("jti", "htm", "htu", "iat", "ath"):
        refused(f"no {name}", proof(without=(name,)))
    refused("alg none", proof(algorithm="none"))
    refused("a broken signature", lambda nonce: signing.flipped(signing.dpop(key, "GET", url, token, nonce=nonce)))
    refused("a private key in jwk", proof(header={"jwk": key.private_jwk()}))
    refused("another htm", proof(htm="PUT"))
    refused("another htu", proof(htu=t.op.issuer + "/openid/other"))
    refused("another ath", proof(ath=signing.digest("another token")))
    other = signing.Key("ES256")
    refused("another key", lambda nonce: signing.dpop(other, "GET", url, token, nonce=nonce))
    rsa = signing.Key("RS256")
    refused("RS256", lambda nonce: signing.dpop(rsa, "GET", url, token, nonce=nonce))
    refused("the scheme Bearer for a bound token", proof(), scheme="Bearer")
    X.bearer_refusal(t.log, t.op.userinfo(token), (400, 401), "the scheme Bearer without a proof")
    if flow.nonces.get("resource"):
        refused("a nonce that the server never gave", lambda _: signing.dpop(key, "GET", url, token, nonce=signing.unique()))
    if not required:  # where the server demands its own nonces it need not judge the time of a proof
        refused("iat an hour ahead", lambda _: signing.dpop(key, "GET", url, token, iat=int(time.time()) + hour))
        refused("iat an hour ago", lambda _: signing.dpop(key, "GET", url, token, iat=int(time.time()) - hour))
    taken("htu with query and fragment", proof(htu=url + "?a=b#c"))
    taken("members and claims nobody knows", proof(header={"foo": "bar"}, foo="bar"))
    jti = signing.unique()
    taken("a jti for the first time", proof(jti=jti))
    answer = flow.resource(token, proof=proof(jti=jti))
    t.check("the same jti again is refused (the suite only warns)", answer.status in (400, 401), answer)
    taken("after all that a good proof works", proof())
    # The token endpoint and the pushed request look at proofs too.
    code = flow.to_code()
    X.token_error(t.log, flow.redeem(code, proof=flow.token_proof(htm="GET")), NO_PROOF)
    t.log.facts[:] = [f"{sum(1 for e in t.log.entries)} conditions over 30 proofs"]


def without_alg(key, url, token, nonce):
    """Signed with a header that has no alg."""
    header = {"typ": "dpop+jwt", "jwk": key.members()}
    claims = {"jti": signing.unique(), "htm": "GET", "htu": url, "iat": int(time.time()), "ath": signing.digest(token)}
    if nonce:
        claims["nonce"] = nonce
    return signing.compact(header, claims, key.signature("ES256"))


# Refresh tokens

@module(P + "refresh-token", waits=31)
def refresh(t):
    if "offline_access" not in t.op.metadata.get("scopes_supported", []):
        t.skip("scopes_supported has no offline_access: no refresh tokens")
    first = Flow(t)
    refreshed(t, first)
    # Without proof of possession.
    if first.is_dpop:
        X.token_error(t.log, first.refresh(first.body["refresh_token"], proof=None), NO_PROOF + ("invalid_client",))
    else:
        without_certificate(t, first, lambda _: {"grant_type": "refresh_token", "refresh_token": first.body["refresh_token"]}, None)
    second = Flow(t, 2)
    second.complete(scope="openid offline_access", prompt="consent")
    # Client 2's access token and refresh token in client 1's hands.
    X.bearer_refusal(t.log, second.resource(second.body["access_token"], key=first.dpop_key, certificate=first.client.certificate), (400, 401),
                     "client 2's access token with client 1's proof is refused")
    X.token_error(t.log, first.refresh(second.body["refresh_token"]), ("invalid_grant",))


def refreshed(t, flow):
    flow.complete(scope="openid offline_access", prompt="consent")
    t.need("there is a refresh token", flow.body.get("refresh_token"), sorted(flow.body))
    login = flows.Login(flow.asked)
    login.claims, login.client = flow.claims, flow.client
    old = flow.body["refresh_token"]
    body = X.token_answer(t.log, flow.refresh(old), fapi=True, kind="DPoP" if flow.is_dpop else "Bearer")
    flows.refreshed_id_token(t, login, body, flow.client, [flow.client.id_token])
    X.userinfo(t.log, t.op, flow.resource(body["access_token"]), flow.claims["sub"])
    if body.get("refresh_token", old) == old:
        t.note(f"{flow.client.id[-1]}: not rotated (5.3.2.1-9)")
        return
    # Rotated: the answer may have been lost, so the previous one must serve once more (5.3.2.1-9).
    flows.pause(30)
    again = X.token_answer(t.log, flow.refresh(old), fapi=True, kind="DPoP" if flow.is_dpop else "Bearer")
    flow.body["refresh_token"] = again.get("refresh_token", old)
    t.note(f"{flow.client.id[-1]}: rotated; after 30 s the previous one still serves")
