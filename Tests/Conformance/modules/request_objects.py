"""Request objects as the OpenID Connect plans send them: unsigned, by value and by reference."""

import conditions as X
import flows
import signing
from suite import module


def unsigned(claims):
    return signing.compact({"alg": "none"}, claims)


def request(t, client, **changes):
    """The parameters inside a request object, and what must stand outside as well (OpenID Connect Core §6.1)."""
    inside = flows.parameters(t, client, **changes)
    outside = {name: inside[name] for name in ("client_id", "response_type", "scope", "redirect_uri") if name in inside}
    return inside, outside


def offers_none(t):
    return "none" in t.op.metadata.get("request_object_signing_alg_values_supported", [])


def either(t, name, make, errors, landing_state):
    """Processed, or refused with the very code of Core §3.1.2.6; never silently passed over."""
    client, citizen = t.client(), t.citizen()
    inside, outside = request(t, client)
    landing = citizen.visit(t.op.authorize({**outside, **make(inside)}), client.redirect_uris)
    t.need("the answer came to the registered redirect address", landing.is_callback, landing)
    error = landing.parameters.get("error")
    if error:
        t.check(f"the error is {' or '.join(errors)}", error in errors, error)
        t.check("iss is the issuer, in errors too", landing.parameters.get("iss") == t.op.issuer)
        t.check("there is no code", "code" not in landing.parameters)
        t.check("the card was not asked for", citizen.shown == 0)
        if t.log.failures:
            return
        t.note(f"refused with {error}: {name} is not supported")
        return
    t.check(f"{name} is offered in the metadata", offers_none(t))
    login = flows.Login(inside)
    login.landing = landing
    flows.finish(t, client, login)
    t.note(f"{name} was processed")


@module("oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported")
def request_uri_unsigned_either(t):
    def make(inside):
        path = f"/request/{signing.unique(8)}"
        return {"request_uri": t.world.listener.publish(path, unsigned(inside).encode(), "application/oauth-authz-req+jwt")}
    either(t, "an unsigned request_uri", make, ("request_uri_not_supported",), None)
    fetched = [call for call in t.world.listener.calls if call.path.startswith("/request/")]
    if not t.op.metadata.get("request_uri_parameter_supported", True):
        t.check("nothing was fetched (checklist E21)", not fetched, len(fetched))


@module("oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported")
def unsigned_either(t):
    supported = t.op.metadata.get("request_parameter_supported", False)
    # Where signed request objects are supported an unsigned one is invalid rather than unsupported; the suite then skips.
    errors = ("request_not_supported",) if not supported else ("request_not_supported", "invalid_request_object")
    either(t, "an unsigned request object", lambda inside: {"request": unsigned(inside)}, errors, None)


@module("oidcc-ensure-request-object-with-redirect-uri")
def redirect_uri_inside(t):
    """The address inside the object outranks the one outside. In the suite the object is unsigned."""
    if not offers_none(t):
        client, citizen = t.client(), t.citizen()
        inside, outside = request(t, client)
        bad = client.redirect_uri + "/outside"
        landing = citizen.visit(t.op.authorize({**outside, "redirect_uri": bad, "request": unsigned(inside)}), [*client.redirect_uris, bad])
        t.check("nothing went to the unregistered address outside", landing.address != bad, landing)
        t.check("no code came from an unsigned object", "code" not in landing.parameters, landing)
        if t.log.failures:
            return
        t.skip("request_object_signing_alg_values_supported has no none: unsigned request objects are refused on purpose")
    client, citizen = t.client(), t.citizen()
    login = flows.Login(flows.parameters(t, client))
    outside = {**login.parameters, "redirect_uri": client.redirect_uri + "/outside"}
    login.landing = citizen.visit(t.op.authorize({**outside, "request": unsigned(login.parameters)}), client.redirect_uris)
    flows.finish(t, client, login)
    t.note("the registered address inside was used")


@module("oidcc-request-uri-unsigned")
def request_uri_unsigned(t):
    by_reference(t, "an unsigned request_uri", lambda inside, client: unsigned(inside))


@module("oidcc-request-uri-signed-rs256")
def request_uri_signed(t):
    by_reference(t, "a signed request_uri", lambda inside, client: client.key.sign(
        {**inside, "iss": client.id, "aud": t.op.issuer}, algorithm="RS256"))


def by_reference(t, title, make):
    """The Dynamic plan wants request_uri. We fetch nothing (checklist E21, CVE-2020-10770): skipped by name when the metadata say so,
    after making sure that the refusal is the right one."""
    client = t.client()
    inside, outside = request(t, client)
    path = f"/request/{signing.unique(8)}"
    url = t.world.listener.publish(path, make(inside, client).encode(), "application/oauth-authz-req+jwt")
    citizen = t.citizen()
    landing = citizen.visit(t.op.authorize({**outside, "state": inside["state"], "request_uri": url}), client.redirect_uris)
    if t.op.metadata.get("request_uri_parameter_supported", True) is False:
        X.authorization_error(t.log, landing, t.op.issuer, inside["state"], ("request_uri_not_supported", "invalid_request_uri"))
        t.check("nothing was fetched", not any(call.path == path for call in t.world.listener.calls))
        if t.log.failures:
            return
        t.skip(f"request_uri_parameter_supported is false: {title} is never fetched, on purpose (E21); refused with {landing.parameters['error']}")
    login = flows.Login(inside)
    login.landing = landing
    flows.finish(t, client, login)
    t.note(f"{title} was fetched and processed")
