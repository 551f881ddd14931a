"""RP-initiated logout and back-channel logout. A citizen is logged out, or asked, or told what is wrong; never sent to a stranger."""

import time
import urllib.parse

import conditions as X
import flows
import signing
from suite import module


def end_session(t, login, client, **changes):
    asked = {"id_token_hint": login.body["id_token"], "post_logout_redirect_uri": client.after_logout, "state": signing.unique(96)}
    asked.update(changes)
    asked = {name: value for name, value in asked.items() if value is not None}
    landing = login.citizen.visit(t.op.metadata["end_session_endpoint"] + "?" + urllib.parse.urlencode(asked), [client.after_logout])
    return landing, asked


def is_logged_in(t, login):
    """Whether the provider still knows the citizen: prompt=none."""
    asked = flows.parameters(t, login.client, prompt="none")
    landing = flows.authorize(t, login.citizen, login.client, asked)
    if "code" in landing.parameters:
        return True
    X.authorization_error(t.log, landing, t.op.issuer, asked["state"],
                          ("login_required", "interaction_required", "account_selection_required", "consent_required"))
    t.log.facts.pop()
    return False


def logged_out(t, landing, login, client, state):
    t.need("the browser came back to post_logout_redirect_uri", landing.is_callback, landing)
    t.check("state comes back unchanged" if state else "no state comes back", landing.parameters.get("state") == state, sorted(landing.parameters))
    extra = landing.parameters.keys() - {"state", "iss"}
    t.check("nothing else is in the address", not extra, sorted(extra))
    t.check("the session has ended (prompt=none)", not is_logged_in(t, login))


def stayed(t, landing, login, error):
    """A page of the provider's; nobody was sent anywhere. An error page, or a question to the citizen."""
    t.need("the browser was not sent to the client", not landing.is_callback, landing)
    t.check("nor anywhere else", not landing.strayed, landing.strayed)
    t.check("a page is shown", "html" in landing.type and landing.status in ((400,) if error else (200, 400)), landing)
    t.check("a request alone logs nobody out", is_logged_in(t, login))


@module("oidcc-rp-initiated-logout")
def logout(t):
    client = t.client()
    login = flows.complete(t, client)
    landing, asked = end_session(t, login, client)
    logged_out(t, landing, login, client, asked["state"])
    X.bearer_refusal(t.log, t.op.userinfo(login.access_token), what="the access token ended with the session")
    t.note("back at post_logout_redirect_uri with a state of 128 characters; session and access token ended")


@module("oidcc-rp-initiated-logout-no-state")
def no_state(t):
    client = t.client()
    login = flows.complete(t, client)
    landing, _ = end_session(t, login, client, state=None)
    logged_out(t, landing, login, client, None)
    t.note("back without a state")


def refused(t, expect_error, title, **changes):
    client = t.client()
    login = flows.complete(t, client)
    landing, _ = end_session(t, login, client, **{name: make(login, client) if callable(make) else make for name, make in changes.items()})
    stayed(t, landing, login, expect_error)
    t.note(f"{title}: a page with status {landing.status}, no redirect, still logged in")


@module("oidcc-rp-initiated-logout-bad-post-logout-redirect-uri")
def bad_address(t):
    refused(t, True, "an address that is not registered", post_logout_redirect_uri=lambda login, client: client.after_logout + "/other")


@module("oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri")
def query_added(t):
    refused(t, True, "?foo=bar added", post_logout_redirect_uri=lambda login, client: client.after_logout + "?foo=bar")


@module("oidcc-rp-initiated-logout-modified-id-token-hint")
def modified_hint(t):
    def modified(login, client):
        header, claims = signing.read(login.body["id_token"])
        return signing.compact({**header, "alg": "none"}, claims)
    refused(t, True, "a hint with alg none and no signature", id_token_hint=modified)


@module("oidcc-rp-initiated-logout-bad-id-token-hint")
def bad_hint(t):
    def foreign(login, client):
        _, claims = signing.read(login.body["id_token"])
        return signing.Key("ES256").sign(claims)
    refused(t, True, "a hint signed by a stranger's key", id_token_hint=foreign)


@module("oidcc-rp-initiated-logout-no-id-token-hint")
def no_hint(t):
    refused(t, False, "no hint", id_token_hint=None)


@module("oidcc-rp-initiated-logout-no-params")
def no_params(t):
    asked_and_confirmed(t, "no parameters", id_token_hint=None, post_logout_redirect_uri=None, state=None)


@module("oidcc-rp-initiated-logout-only-state")
def only_state(t):
    asked_and_confirmed(t, "only a state", id_token_hint=None, post_logout_redirect_uri=None)


def asked_and_confirmed(t, title, **changes):
    """The citizen is asked; when they agree, the session ends on a page of the provider's."""
    client = t.client()
    login = flows.complete(t, client)
    landing, _ = end_session(t, login, client, **changes)
    stayed(t, landing, login, False)
    t.check("the page asks", landing.status == 200, landing)
    after = login.citizen.submit(landing, "yes", [client.after_logout])
    t.check("after the answer a page says so, and nobody is sent away", after.status == 200 and not after.strayed, after)
    t.check("the session has ended (prompt=none)", not is_logged_in(t, login))
    t.note(f"{title}: asked, and logged out when the citizen agrees")


@module("oidcc-rp-initiated-logout-no-post-logout-redirect-uri")
def no_address(t):
    client = t.client()
    login = flows.complete(t, client)
    landing, _ = end_session(t, login, client, post_logout_redirect_uri=None)
    t.need("the browser was not sent anywhere", landing.status is not None, landing)
    t.check("a page says so", landing.status == 200 and "html" in landing.type, landing)
    t.check("the session has ended (prompt=none)", not is_logged_in(t, login))
    t.note("a page; the session has ended")


@module("oidcc-backchannel-rp-initiated-logout", waits=2)
def backchannel(t):
    client = t.client()
    login = flows.complete(t, client)
    t.check("the ID token has a sid", isinstance(login.claims.get("sid"), str), login.claims.keys())
    began = time.time()
    landing, asked = end_session(t, login, client)
    logged_out(t, landing, login, client, asked["state"])
    call = t.world.listener.wait_for(
        lambda call: call.path == "/backchannel-logout" and signing.read(call.form.get("logout_token", "e30.e30."))[1].get("sid") == login.claims.get("sid"), 15)
    t.need("the logout token arrived at backchannel_logout_uri", call, "nothing within 15 s")
    t.check("by POST, as a form", call.method == "POST" and call.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"))
    t.check("with nothing beside it", set(call.form) == {"logout_token"}, sorted(call.form))
    token = call.form["logout_token"]
    header, _ = signing.read(token)
    t.check("typ is logout+jwt", str(header.get("typ", "")).lower() in ("logout+jwt", "application/logout+jwt"), header.get("typ"))
    t.check("the algorithm is the ID token's and not none", header.get("alg") == client.id_token, header.get("alg"))
    try:
        _, claims = t.op.verified(token, [client.id_token])
    except Exception as error:
        t.need("the logout token's signature is the provider's", False, f"{type(error).__name__}: {error}")
    now = time.time()
    t.check("iss is the issuer", claims.get("iss") == t.op.issuer)
    t.check("aud is the client", claims.get("aud") in (client.id, [client.id]), claims.get("aud"))
    t.check("iat is now", abs(claims.get("iat", 0) - now) < 60, claims.get("iat"))
    t.check("exp is ahead, by two minutes or less", now < claims.get("exp", 0) <= now + 150, claims.get("exp", 0) - now)
    t.check("jti is there", isinstance(claims.get("jti"), str) and claims["jti"])
    event = "http://schemas.openid.net/event/backchannel-logout"
    events = claims.get("events")
    t.check("events has the logout event as an object", isinstance(events, dict) and isinstance(events.get(event), dict), events)
    t.check("there is no nonce", "nonce" not in claims)
    t.check("sub or sid is there", "sub" in claims or "sid" in claims)
    t.check("sub is the ID token's", claims.get("sub", login.claims["sub"]) == login.claims["sub"])
    t.check("sid is the ID token's", claims.get("sid", login.claims.get("sid")) == login.claims.get("sid"))
    t.note(f"logout token after {call.at - began:.1f} s, {header['alg']}, sid and sub as in the ID token")
