"""FAPI 2.0: what is asked at the pushed-request and the authorization endpoint, good and bad."""

import json

import conditions as X
import documents
import signing
from fapi import Flow, par_error, refused_somewhere
from suite import module

P = "fapi2-security-profile-final-"


@module(P + "happy-flow")
def happy(t):
    first = Flow(t)
    first.complete()
    documents.key_set(t.log, t.op, fapi=True)
    # The second client: longer state, other key, and acr_values as an identity service would ask.
    supported = t.op.metadata.get("acr_values_supported", [])
    second = Flow(t, 2, first.citizen)
    second.complete(**({"acr_values": supported[-1]} if supported else {}), expected={"acr": supported[-1:] or None})
    # Client 2's access token with client 1's proof of possession.
    key, certificate = first.dpop_key, first.client.certificate
    answer = second.resource(second.body["access_token"], key=key, certificate=certificate)
    X.bearer_refusal(t.log, answer, (400, 401), "a token used with another client's key is refused")
    t.note(f"two clients; token_type {first.body['token_type']}; another client's proof: {answer.status}")


@module(P + "user-rejects-authentication")
def rejects(t):
    flow = Flow(t)
    landing = flow.visit(flow.pushed(), cancel=True)
    t.need("the answer came to the registered redirect address", landing.is_callback, landing)
    answered = flow.answered(landing)
    t.check("the error is access_denied", answered.get("error") == "access_denied", answered.get("error"))
    t.check("state comes back unchanged", answered.get("state") == flow.asked["state"])
    t.check("iss is the issuer", answered.get("iss") == t.op.issuer)
    t.check("there is no code", "code" not in answered)
    t.note(f"error={answered.get('error')}")


@module(P + "ensure-authorization-request-without-state-success")
def without_state(t):
    flow = Flow(t)
    flow.complete(state=None)
    t.note("no state asked, no state and no s_hash answered")


@module(P + "ensure-authorization-request-without-nonce-success")
def without_nonce(t):
    Flow(t).complete(nonce=None)
    t.note("no nonce asked, none answered")


@module(P + "ensure-authorization-request-with-64-char-nonce-success")
def nonce_64(t):
    Flow(t).complete(nonce=signing.unique(48))
    t.note("64 characters came back in the ID token")


@module(P + "ensure-other-scope-order-succeeds")
def scope_order(t):
    flow = Flow(t)
    scopes = ["openid"] + [scope for scope in flow.client.scope.split() if scope != "openid"]
    flow.complete(scope=" ".join(reversed(scopes)))
    t.note(f"scope={' '.join(reversed(scopes))}")


STANDARD = {"name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website", "email",
            "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number", "phone_number_verified", "address", "updated_at"}


@module(P + "test-claims-parameter-identity-claims")
def identity_claims(t):
    supported = set(t.op.metadata.get("claims_supported", []))
    if not t.op.metadata.get("claims_parameter_supported"):
        t.skip("claims_parameter_supported is not true")
    standard = sorted(STANDARD & supported)
    ours = sorted(supported & {"pin_used", "card_mode", "card_carrier", "authentication_level"})
    if not standard and not ours:
        t.skip("claims_supported has no standard claim")
    names = standard or ours
    wanted = {name: [None, {"essential": True}, {"essential": False}][n % 3] for n, name in enumerate(names)}
    strange = {"http://example.com/random": None, "nobody_knows_this": {"essential": True, "values": ["a", "b"]}}
    flow = Flow(t)
    flow.complete(claims=json.dumps({"id_token": {**wanted, **strange}, "userinfo": {**wanted, **strange}, "future": {"x": None}}))
    given = flow.claims.keys() | flow.userinfo.keys()
    t.check("claims nobody knows are left out", not strange.keys() & given)
    t.warn("every claim asked for is given somewhere", set(names) <= given, sorted(set(names) - given))
    t.note(f"asked for {', '.join(names)}: given {', '.join(sorted(set(names) & given)) or 'none'}")


@module(P + "access-token-type-header-case-sensitivity")
def scheme_case(t):
    flow = Flow(t)
    flow.complete()
    for scheme in (("dPoP", "DPOP", "dpop") if flow.is_dpop else ("bEARER", "BEARER", "bearer")):
        answer = flow.resource(flow.body["access_token"], scheme=scheme)
        t.check(f"the scheme {scheme} is understood (RFC 9110 §11.1)", answer.status == 200, answer)
    t.note("the scheme in any case of letters")


@module(P + "ensure-different-nonce-inside-and-outside-request-object")
def other_nonce_outside(t):
    outside(t, "nonce")


@module(P + "ensure-different-state-inside-and-outside-request-object")
def other_state_outside(t):
    outside(t, "state")


def outside(t, name):
    """Only what was pushed counts. The suite also lets servers refuse such a request."""
    flow = Flow(t)
    landing = flow.visit(flow.pushed(), more={name: signing.unique(12)})
    if "error" in flow.answered(landing) or landing.status is not None:
        t.check("it is refused properly", landing.status is not None or flow.answered(landing)["error"] in ("invalid_request", "invalid_request_object"))
        t.note("refused")
        return
    code = flow.code(landing)
    flow.tokens(flow.redeem(code), code)
    t.note(f"the {name} outside was passed over")


@module(P + "ensure-authorization-request-with-long-nonce")
def long_nonce(t):
    long(t, "nonce")


@module(P + "ensure-authorization-request-with-long-state")
def long_state(t):
    long(t, "state")


def long(t, name):
    """384 characters: works, or is refused properly."""
    flow = Flow(t)
    asked = flow.parameters(**{name: signing.unique(288)})
    answer = flow.push(asked)
    if answer.status != 201:
        par_error(t, answer, ("invalid_request", "invalid_request_object"))
        return
    code = flow.code(flow.visit(answer.json["request_uri"]))
    flow.tokens(flow.redeem(code), code)
    t.note(f"a {name} of {len(asked[name])} characters came back")


@module(P + "state-only-outside-request-object-not-used")
def state_only_outside(t):
    flow = Flow(t)
    landing = flow.visit(flow.pushed(flow.parameters(state=None)), more={"state": signing.unique(12)})
    if landing.status is not None or "error" in flow.answered(landing):
        error = flow.answered(landing).get("error")
        t.check("it is refused properly", landing.status is not None or error in ("invalid_request", "invalid_request_object", "access_denied"), error)
        t.note("refused")
        return
    code = flow.code(landing, None)
    flow.tokens(flow.redeem(code), code)
    t.note("no state and no s_hash came back")


@module(P + "ensure-request-object-without-redirect-uri-fails")
def without_redirect(t):
    """The address stands only outside, at the authorization endpoint, where it does not count."""
    flow = Flow(t)
    answer = flow.push(flow.parameters(redirect_uri=None))
    if answer.status != 201:
        par_error(t, answer, ("invalid_request", "invalid_request_object"))
        return
    landing = flow.visit(answer.json["request_uri"], more={"redirect_uri": flow.client.redirect_uri})
    X.refusal_page(t.log, landing)


@module(P + "ensure-redirect-uri-in-authorization-request")
def redirect_missing(t):
    flow = Flow(t)
    answer = flow.push(flow.parameters(redirect_uri=None))
    if answer.status != 201:
        par_error(t, answer, ("invalid_request", "invalid_request_object"))
        return
    X.refusal_page(t.log, flow.visit(answer.json["request_uri"]))


@module(P + "ensure-registered-redirect-uri")
def registered_redirect(t):
    flow = Flow(t)
    for changed in (flow.client.redirect_uri + "/other", "https://attacker.example/callback"):
        answer = flow.push(flow.parameters(redirect_uri=changed))
        if answer.status != 201:
            par_error(t, answer, ("invalid_request", "invalid_request_object", "invalid_redirect_uri"))
        else:
            X.refusal_page(t.log, flow.visit(answer.json["request_uri"]))


@module(P + "plain-fapi-tolerate-unregistered-redirect-uri")
def unregistered_redirect(t):
    """RFC 9126 §2.4 lets a server take an unregistered address from an authenticated client; refusing it is fine as well."""
    flow = Flow(t)
    changed = flow.client.redirect_uri + "/" + signing.unique(6)
    answer = flow.push(flow.parameters(redirect_uri=changed))
    if answer.status != 201:
        par_error(t, answer, ("invalid_request", "invalid_request_object", "invalid_redirect_uri"))
        return
    landing = flow.citizen.visit(t.op.authorize({"client_id": flow.client.id, "request_uri": answer.json["request_uri"]}), [changed])
    if landing.status is not None:
        X.refusal_page(t.log, landing)
        return
    flow.tokens(flow.redeem(flow.code(landing), redirect_uri=changed))
    t.note("taken from the authenticated client (RFC 9126 §2.4)")


@module(P + "ensure-unsigned-authorization-request-without-using-par-fails")
def without_par(t):
    flow = Flow(t)
    asked = flow.parameters()
    landing = flow.citizen.visit(t.op.authorize(asked), flow.client.redirect_uris)
    if landing.status is not None:
        X.refusal_page(t.log, landing)
    else:
        t.need("the answer came to the registered redirect address", landing.is_callback, landing)
        answered = flow.answered(landing)
        t.check("there is no code", "code" not in answered)
        t.check("the error is invalid_request or the like", answered.get("error") in
                ("invalid_request", "invalid_request_object", "access_denied", "request_not_supported", "unauthorized_client"), answered.get("error"))
        t.note(f"error={answered.get('error')}{X.named(answered.get('error_description'))}")
    t.check("the card was not asked for", flow.citizen.shown == 0)


@module(P + "ensure-response-type-code-idtoken-fails")
def code_id_token(t):
    flow = Flow(t)
    refused_somewhere(t, flow, flow.parameters(response_type="code id_token"), ("unsupported_response_type", "invalid_request", "unauthorized_client"))


@module(P + "ensure-response-type-token-fails")
def implicit(t):
    flow = Flow(t)
    refused_somewhere(t, flow, flow.parameters(response_type="token"), ("unsupported_response_type", "invalid_request", "unauthorized_client"))
