"""FAPI-CIBA: requests for a citizen who is not at the client's screen."""

import time

import requests

import conditions as X
import flows
import signing
from ciba import Request, request_error
from suite import module

P = "fapi-ciba-id1-"


@module("fapi-ciba-id1", waits=25)
def two_clients(t):
    first = Request(t).complete()
    supported = t.op.metadata.get("acr_values_supported", [])
    second = Request(t, 2)
    # Client 2: a long notification token, an expiry of its own, and a level.
    second.notification_token = signing.unique(700)[:1000]
    second.complete(requested_expiry=300, **({"acr_values": supported[-1]} if supported else {}), expected={"acr": supported[-1:] or None})
    X.bearer_refusal(t.log, second.resource(certificate=first.client.certificate), (400, 401), "client 2's access token by client 1's certificate is refused")
    X.token_error(t.log, second.token(), ("invalid_grant",))
    in_query = t.op.get(t.op.metadata["userinfo_endpoint"] + "?access_token=" + first.body["access_token"])
    t.check("an access token in the query opens nothing", in_query.status in (400, 401), in_query)
    # Once more for client 1, by an ID token of its own as the hint.
    again = Request(t).complete(login_hint=None, id_token_hint=first.body["id_token"])
    t.check("the hinted citizen is the same", again.claims["sub"] == first.claims["sub"])
    t.note("two clients, login_hint and id_token_hint; another client's certificate refused; auth_req_id used once")


@module(P + "user-rejects-authentication", waits=8)
def rejects(t):
    request = Request(t)
    request.begin()
    request.decided(approve=False)
    if request.is_ping:
        request.is_told()
        answer = request.token()
    else:
        answer = request.poll()
    X.token_error(t.log, answer, ("access_denied",))


@module(P + "multiple-call-to-token-endpoint")
def many_calls(t):
    request = Request(t)
    request.begin()
    seen = set()
    for _ in range(6):
        answer = request.token()
        seen.add(answer.error)
        if answer.status == 503:
            t.check("503 has Retry-After", "Retry-After" in answer.headers)
            continue
        X.token_error(t.log, answer, ("authorization_pending", "slow_down", "invalid_request"))
    t.log.facts[:] = [f"six calls at once: {', '.join(sorted(map(str, seen)))}"]
    request.left()


@module(P + "auth-req-id-expired", waits=36)
def expired(t):
    request = Request(t)
    request.begin(asked=request.parameters(requested_expiry=30))
    lifetime = request.answer.json["expires_in"]
    t.warn("the expiry asked for (30 s) is given", lifetime <= 30, lifetime)
    t.need("it can be waited for", lifetime <= 130, lifetime)
    flows.pause(lifetime + (6 if request.is_ping else 2))
    X.token_error(t.log, request.token(), ("expired_token",))
    t.note(f"after {lifetime} s")


@module(P + "ensure-authorization-request-with-binding-message-succeeds", waits=8)
def binding_message(t):
    request = Request(t).complete()
    t.note(f"binding_message={request.message!r} was shown to the citizen")


@module(P + "ensure-other-scope-order-succeeds", waits=8)
def scope_order(t):
    Request(t).complete(scope="offline_access openid")
    t.note("scope=offline_access openid")


@module(P + "ensure-requested-expiry-as-string-succeeds", waits=8)
def expiry_as_text(t):
    Request(t).complete(requested_expiry="300")
    t.note('requested_expiry="300"')


@module(P + "ensure-authorization-request-with-potentially-bad-binding-message", waits=8)
def strange_message(t):
    """Long, and not ASCII: shown as it is, or refused with the right code."""
    request = Request(t)
    asked = request.parameters(binding_message=f"{signing.unique(6)} 1234 ‰ ✓ 日本語 ελληνικά \N{GRINNING FACE} " + "x" * 120)
    request.send(asked)
    if request.answer.status != 200:
        request_error(t, request.answer, ("invalid_binding_message",))
        return
    request.begin(asked=asked)
    request.decided()
    request.fetch()
    t.note("taken")


# Bad request objects. CIBA Core §13: invalid_request.

BAD = ("invalid_request", "invalid_request_object")


def refused(t, errors=("invalid_request",), statuses=(400,), **how):
    request_error(t, Request(t).send(**how), errors, statuses)


@module(P + "ensure-request-object-missing-aud-fails")
def no_aud(t):
    refused(t, without=("aud",))


@module(P + "ensure-request-object-bad-aud-fails")
def bad_aud(t):
    refused(t, aud="https://other.example.com/")


@module(P + "ensure-request-object-missing-iss-fails")
def no_iss(t):
    refused(t, without=("iss",))


@module(P + "ensure-request-object-bad-iss-fails")
def bad_iss(t):
    refused(t, iss="somebody-else")


@module(P + "ensure-request-object-missing-exp-fails")
def no_exp(t):
    refused(t, without=("exp",))


@module(P + "ensure-request-object-expired-exp-fails")
def old_exp(t):
    refused(t, exp=int(time.time()) - 300)


@module(P + "ensure-request-object-exp-is-70-minutes-in-future-fails")
def far_exp(t):
    refused(t, exp=int(time.time()) + 70 * 60)


@module(P + "ensure-request-object-missing-iat-fails")
def no_iat(t):
    refused(t, without=("iat",))


@module(P + "ensure-request-object-missing-nbf-fails")
def no_nbf(t):
    refused(t, without=("nbf",))


@module(P + "ensure-request-object-nbf-is-10-minutes-in-future-fails")
def early_nbf(t):
    refused(t, nbf=int(time.time()) + 600)


@module(P + "ensure-request-object-nbf-is-70-minutes-in-past-fails")
def old_nbf(t):
    refused(t, nbf=int(time.time()) - 70 * 60)


@module(P + "ensure-request-object-missing-jti-fails")
def no_jti(t):
    refused(t, without=("jti",))


@module(P + "ensure-request-object-signature-algorithm-is-none-fails")
def none(t):
    refused(t, algorithm="none")


@module(P + "ensure-request-object-signature-algorithm-is-bad-fails")
def wrong_signature(t):
    request = Request(t)
    request_error(t, request.send(form={"request": signing.flipped(request.object(request.parameters()))}), ("invalid_request",))


@module(P + "ensure-request-object-signature-algorithm-is-RS256-fails")
def rs256(t):
    refused(t, algorithm="RS256")


@module(P + "ensure-request-object-signed-by-other-client-fails")
def other_signer(t):
    refused(t, key=t.client(2).key)
    own = t.client().key
    refused(t, key=signing.Key(own.algorithm, own.kid))


@module(P + "ensure-authorization-request-with-multiple-hints-fails")
def two_hints(t):
    request = Request(t)
    asked = request.parameters()
    other = "login_hint" if "login_hint" not in asked else "id_token_hint"
    request_error(t, request.send({**asked, other: "somebody"}), ("invalid_request",))


@module(P + "ensure-unsigned-backchannel-authorization-request-fails")
def unsigned(t):
    request = Request(t)
    request_error(t, request.send(form=request.parameters()), ("invalid_request",))


# Clients

@module(P + "ensure-wrong-auth-req-id-in-token-endpoint-request")
def other_clients_request(t):
    request = Request(t)
    request.begin()
    X.token_error(t.log, request.token(client=t.client(2)), ("invalid_grant",))
    request.left()


@module(P + "ensure-different-client-id-and-issuer-in-backchannel-authorization-request")
def other_name(t):
    """Client 1's signed request and certificate under client 2's name."""
    request = Request(t)
    form = {"request": request.object(request.parameters()), "client_id": t.client(2).id}
    request_error(t, request.send(form=form, authenticate=False), ("invalid_client",), (401,))


@module(P + "ensure-wrong-client-id-in-token-endpoint-request")
def other_name_for_token(t):
    request = Request(t)
    request.begin()
    answer = request.token(authenticate=False, client_id=t.client(2).id)
    X.token_error(t.log, answer, ("invalid_client", "invalid_grant", "invalid_request"))
    request.left()


@module(P + "ensure-wrong-client-id-in-backchannel-authorization-request")
def other_name_and_issuer(t):
    """Client 2's name, also in the request object, with client 1's keys."""
    request = Request(t)
    other = t.client(2)
    form = {"request": request.object(request.parameters(), iss=other.id), "client_id": other.id}
    request_error(t, request.send(form=form, authenticate=False), ("access_denied", "invalid_request", "invalid_client"), (400, 401, 403))


@module(P + "ensure-without-client-assertion-in-token-endpoint-request")
def token_without_assertion(t):
    request = Request(t)
    request.begin()
    X.token_error(t.log, request.token(authenticate=False, client_id=request.client.id), ("invalid_client",), (400, 401))
    request.left()


@module(P + "ensure-without-client-assertion-in-backchannel-authorization-request")
def request_without_assertion(t):
    request = Request(t)
    form = {"request": request.object(request.parameters()), "client_id": request.client.id}
    request_error(t, request.send(form=form, authenticate=False), ("invalid_client", "invalid_request"), (400, 401))


@module(P + "ensure-client-assertion-signature-algorithm-in-backchannel-authorization-request-is-RS256-fails")
def request_by_rs256(t):
    request = Request(t)
    request_error(t, request.send(assertion=request.client.assertion(t.op, algorithm="RS256")), ("invalid_client",), (400, 401))


@module(P + "ensure-client-assertion-signature-algorithm-in-token-endpoint-request-is-RS256-fails")
def token_by_rs256(t):
    request = Request(t)
    request.begin()
    X.token_error(t.log, request.token(assertion=request.client.assertion(t.op, algorithm="RS256")), ("invalid_client",), (400, 401))
    request.left()


@module(P + "ensure-client-assertion-with-iss-aud-to-token-endpoint-succeeds", waits=8)
def issuer_audience(t):
    request = Request(t)
    request.begin(assertion=request.client.assertion(t.op, aud=t.op.metadata["backchannel_authentication_endpoint"]))
    request.decided()
    flows.pause(request.interval + 0.2)
    request.is_told()
    request.tokens(request.token(assertion=request.client.assertion(t.op, aud=t.op.issuer)))
    t.note("aud is the backchannel endpoint, then the issuer")


@module(P + "ensure-mtls-holder-of-key-required", waits=8)
def certificate_needed(t):
    """The token request without a certificate: refused, or the connection is."""
    request = Request(t)
    request.begin()
    request.decided()
    flows.pause(request.interval + 0.2)
    try:
        answer = request.token(certificate=None)
    except (requests.exceptions.SSLError, requests.ConnectionError) as error:
        t.check("the TLS connection was refused", True, type(error).__name__)
        t.note("the TLS connection is refused without a certificate")
        return
    X.token_error(t.log, answer, ("invalid_client", "invalid_request", "invalid_grant"))


# Pings

def pinged(t, status, headers=None, body=b"", more=None):
    """The client's own answer to the ping is strange; the tokens are there all the same, and nothing is tried twice where it must not."""
    request = Request(t)
    path, mine = request.client.notification.removeprefix(t.world.listener.base), []

    def answer(call):
        mine.append(call)
        return status, headers or {}, body

    t.world.listener.answers[path] = answer
    request.begin()
    request.decided()
    request.is_told()
    request.tokens(request.token())
    flows.pause(3)
    if more:
        more(mine)
    t.note(f"the client answered {status}; tokens fetched; {len(mine)} ping(s)")


@module(P + "ping-backchannel-notification-endpoint-response-has-body", waits=10)
def ping_body(t):
    pinged(t, 200, {"Content-Type": "application/json"}, b'{"message": "thank you"}')


@module(P + "ping-backchannel-notification-endpoint-response-401", waits=10)
def ping_401(t):
    pinged(t, 401, more=lambda calls: t.check("it was not tried again", len(calls) == 1, len(calls)))


@module(P + "ping-backchannel-notification-endpoint-response-403", waits=10)
def ping_403(t):
    pinged(t, 403, more=lambda calls: t.check("it was not tried again", len(calls) == 1, len(calls)))


@module(P + "ping-backchannel-notification-endpoint-return-redirect-request", waits=10)
def ping_redirect(t):
    target = f"/ciba-redirected/{signing.unique(6)}"
    pinged(t, 307, {"Location": t.world.listener.base + target}, more=lambda calls: t.check(
        "the redirect was not followed (CIBA Core §10.2)", not any(call.path == target for call in t.world.listener.calls)))


# Refresh tokens

@module(P + "refresh-token", waits=16)
def refresh(t):
    if "offline_access" not in t.op.metadata.get("scopes_supported", []):
        t.skip("scopes_supported has no offline_access: no refresh tokens")
    first, second = Request(t).complete(scope="openid offline_access"), Request(t, 2).complete(scope="openid offline_access")
    for request in (first, second):
        if "refresh_token" not in request.body:
            t.skip("no refresh token was issued with offline_access")
    answer = first.refresh(first.body["refresh_token"])
    body = X.token_answer(t.log, answer, fapi=True)
    X.userinfo(t.log, t.op, first.resource(body["access_token"]), first.claims["sub"])
    X.token_error(t.log, first.refresh(second.body["refresh_token"]), ("invalid_grant",))
    t.note("refreshed; another client's refresh token is refused")
