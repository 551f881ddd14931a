"""FAPI 2.0: pushed authorization requests (RFC 9126), client assertions, PKCE."""

import time

import conditions as X
import flows
import signing
from fapi import Flow, par_error
from suite import module

P = "fapi2-security-profile-final-"
REUSED = ("invalid_request_uri", "invalid_request")


@module(P + "par-ensure-reused-request-uri-prior-to-auth-completion-succeeds")
def reused_before(t):
    """A citizen reloads the page, or opens it in a second tab: the request_uri works until somebody has logged in with it."""
    flow = Flow(t)
    uri = flow.pushed()
    page = flow.visit(uri, stop_at_login=True)
    t.check("the first visit shows the login page", page.waits_for_card, page)
    code = flow.code(flow.visit(uri))
    flow.tokens(flow.redeem(code), code)
    t.note("visited twice before the login, used by the second visit")


def unusable(t, flow, landing):
    """An error page, or invalid_request_uri at the client's address."""
    if landing.status is not None:
        X.refusal_page(t.log, landing)
        return
    t.need("the answer came to the registered redirect address", landing.is_callback, landing)
    answered = flow.answered(landing)
    t.check("there is no code", "code" not in answered)
    t.check("the error is invalid_request_uri", answered.get("error") in REUSED, answered.get("error"))
    t.note(f"error={answered.get('error')}")


@module(P + "par-attempt-reuse-request_uri")
def reused_after(t):
    flow = Flow(t)
    uri = flow.pushed()
    code = flow.code(flow.visit(uri))
    flow.tokens(flow.redeem(code), code)
    unusable(t, flow, flow.visit(uri))


@module(P + "par-attempt-to-use-expired-request_uri", waits=75)
def expired(t):
    flow = Flow(t)
    uri = flow.pushed()
    if flow.lifetime > 120:
        t.skip(f"the request_uri lives {flow.lifetime} s: longer than this driver waits")
    flows.pause(flow.lifetime + 2)
    unusable(t, flow, flow.visit(uri))
    t.note(f"after {flow.lifetime} s")


@module(P + "par-attempt-to-use-request_uri-for-different-client")
def other_client(t):
    flow = Flow(t)
    other = t.client(2)
    landing = flow.citizen.visit(t.op.authorize({"client_id": other.id, "request_uri": flow.pushed()}), other.redirect_uris + flow.client.redirect_uris)
    t.check("there is no code", "code" not in flow.answered(landing) if landing.is_callback else True, landing)
    if landing.status is not None:
        X.refusal_page(t.log, landing)
    else:
        error = landing.parameters.get("error")
        t.check("the error is invalid_request_uri or the like", error in REUSED + ("unauthorized_client", "invalid_client"), error)
        t.note(f"error={error}")


@module(P + "par-authorization-request-containing-request_uri-form-param")
def request_uri_in_form(t):
    flow = Flow(t)
    form = {**flow.form(flow.parameters()), "request_uri": "urn:ietf:params:oauth:request_uri:" + signing.unique()}
    par_error(t, flow.push(flow.asked, form), ("invalid_request", "invalid_request_object"))


@module(P + "par-attempt-invalid-http-method")
def wrong_method(t):
    flow = Flow(t)
    form = flow.form(flow.parameters())
    headers = {}
    flow.client.authenticate(t.op, form, headers)
    import requests
    url = t.op.address("pushed_authorization_request_endpoint", flow.by_tls)
    seen = []
    for method in ("GET", "PUT", "DELETE"):
        answer = requests.request(method, url, params=form if method == "GET" else None, data=form if method != "GET" else None, headers=headers,
                                  timeout=30, verify=t.op.authorities, cert=flow.client.certificate.files if flow.by_tls else None)
        t.check(f"{method} is refused (405, or another 4xx)", 400 <= answer.status_code < 500, answer.status_code)
        t.check("no request_uri came", "request_uri" not in answer.text)
        seen.append(f"{method} {answer.status_code}")
    t.note(", ".join(seen))


@module(P + "par-without-duplicate-parameters")
def without_duplicates(t):
    flow = Flow(t)
    code = flow.code(flow.visit(flow.pushed()))  # client_id and request_uri only
    flow.tokens(flow.redeem(code), code)
    t.note("client_id and request_uri alone")


# Client assertions at the pushed-request endpoint

def with_assertion(t, **how):
    flow = Flow(t)
    return flow, flow.push(assertion=flow.client.assertion(t.op, **how))


@module(P + "par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted")
def nbf_8(t):
    soon = int(time.time()) + 8
    flow, answer = with_assertion(t, nbf=soon, iat=soon, exp=soon + 60)
    t.need("the pushed request is answered 201", answer.status == 201, answer)
    code = flow.code(flow.visit(answer.json["request_uri"]))
    flow.tokens(flow.redeem(code), code)
    t.note("iat and nbf 8 s ahead accepted")


def refused_assertion(t, **how):
    _, answer = with_assertion(t, **how)
    par_error(t, answer, ("invalid_client",), (401, 400))


@module(P + "par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails")
def nbf_60(t):
    later = int(time.time()) + 75
    refused_assertion(t, nbf=later, iat=later, exp=later + 60)


@module(P + "par-test-array-as-audience-fails")
def array_audience(t):
    refused_assertion(t, aud=[t.op.issuer])
    refused_assertion(t, aud=[t.op.issuer, t.op.metadata["token_endpoint"]])


@module(P + "par-test-par-endpoint-url-as-audience-fails")
def par_audience(t):
    refused_assertion(t, aud=t.op.metadata["pushed_authorization_request_endpoint"])


@module(P + "par-test-token-endpoint-url-as-audience-fails")
def token_audience(t):
    refused_assertion(t, aud=t.op.metadata["token_endpoint"])


# PKCE

@module(P + "par-ensure-pkce-required")
def pkce_required(t):
    flow = Flow(t)
    par_error(t, flow.push(flow.parameters(code_challenge=None, code_challenge_method=None)), ("invalid_request", "invalid_request_object"))


@module(P + "par-plain-pkce-rejected")
def plain_pkce(t):
    flow = Flow(t)
    verifier = signing.unique(32)  # 43 characters, so that nothing but the method is wrong; without a method plain is meant (RFC 7636 §4.3)
    par_error(t, flow.push(flow.parameters(code_challenge=verifier, code_challenge_method="plain")), ("invalid_request", "invalid_request_object"))
    par_error(t, flow.push(flow.parameters(code_challenge=verifier, code_challenge_method=None)), ("invalid_request", "invalid_request_object"))


@module(P + "ensure-pkce-code-verifier-required")
def verifier_required(t):
    flow = Flow(t)
    X.token_error(t.log, flow.redeem(flow.to_code(), verifier=None), ("invalid_request", "invalid_grant"))


@module(P + "incorrect-pkce-code-verifier-rejected")
def verifier_wrong(t):
    flow = Flow(t)
    X.token_error(t.log, flow.redeem(flow.to_code(), verifier=signing.unique(48)), ("invalid_grant",))
