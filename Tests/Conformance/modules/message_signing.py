"""FAPI 2.0 Message Signing: signed request objects, inside a pushed request."""

import time

import signing
from fapi import Flow, par_error
from suite import module

P = "fapi2-security-profile-final-"


def pushed_object(t, **how):
    """A pushed request whose request object is made as told."""
    flow = Flow(t)
    asked = flow.parameters()
    return flow, flow.push(asked, {"client_id": flow.client.id, "request": flow.request_object(asked, **how)})


def accepted(t, title, **how):
    flow, answer = pushed_object(t, **how)
    t.need("the pushed request is answered 201", answer.status == 201, answer)
    code = flow.code(flow.visit(answer.json["request_uri"]))
    flow.tokens(flow.redeem(code), code)
    t.note(title)


def refused(t, errors=("invalid_request_object", "invalid_request"), **how):
    _, answer = pushed_object(t, **how)
    par_error(t, answer, errors)


@module(P + "ensure-request-object-with-multiple-aud-succeeds")
def multiple_audiences(t):
    accepted(t, "aud is a list with the issuer and another", aud=[t.op.issuer, "https://other1.example.com", "invalid"])


@module(P + "ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted")
def nbf_8(t):
    soon = int(time.time()) + 8
    accepted(t, "nbf and iat 8 s ahead", nbf=soon, iat=soon, exp=soon + 300)


@module(P + "ensure-request-object-without-exp-fails")
def without_exp(t):
    refused(t, without=("exp",))


@module(P + "ensure-request-object-without-nbf-fails")
def without_nbf(t):
    refused(t, without=("nbf",))


@module(P + "ensure-expired-request-object-fails")
def expired(t):
    now = int(time.time())
    refused(t, nbf=now - 600, exp=now - 300)


@module(P + "ensure-request-object-with-bad-aud-fails")
def bad_audience(t):
    refused(t, aud="https://www.other.example.com/")


@module(P + "ensure-request-object-with-exp-over-60-fails")
def exp_over_60(t):
    refused(t, exp=int(time.time()) + 75 * 60)


@module(P + "ensure-request-object-with-nbf-over-60-fails")
def nbf_over_60(t):
    refused(t, nbf=int(time.time()) - 75 * 60)


@module(P + "ensure-signed-request-object-with-RS256-fails")
def rs256(t):
    refused(t, algorithm="RS256")


@module(P + "ensure-request-object-signature-algorithm-is-not-none")
def none(t):
    refused(t, algorithm="none")


@module(P + "ensure-request-object-with-invalid-signature-fails")
def invalid_signature(t):
    flow = Flow(t)
    asked = flow.parameters()
    answer = flow.push(asked, {"client_id": flow.client.id, "request": signing.flipped(flow.request_object(asked))})
    par_error(t, answer, ("invalid_request_object", "invalid_request"))


@module(P + "ensure-matching-key-in-authorization-request")
def other_clients_key(t):
    """Client 1's request, signed with client 2's key, and with a stranger's key under the name of client 1's own."""
    refused(t, key=t.client(2).key)
    own = t.client().key
    refused(t, key=signing.Key(own.algorithm, own.kid))


@module(P + "ensure-unsigned-request-at-par-endpoint-fails")
def unsigned(t):
    flow = Flow(t)
    asked = flow.parameters()
    par_error(t, flow.push(asked, dict(asked)), ("invalid_request", "invalid_request_object"))


@module(P + "par-authorization-request-containing-request_uri")
def request_uri_inside(t):
    flow = Flow(t)
    asked = {**flow.parameters(), "request_uri": "urn:ietf:params:oauth:request_uri:" + signing.unique()}
    par_error(t, flow.push(asked, {"client_id": flow.client.id, "request": flow.request_object(asked)}), ("invalid_request_object", "invalid_request"))
