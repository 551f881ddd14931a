"""Basic OP: what a client of the code flow may ask, and what it must get. Form Post runs the same modules with another response_mode."""

import conditions as X
import flows
import signing
from suite import module

NEEDS_PAGE = ("login_required", "interaction_required", "account_selection_required", "consent_required")


@module("oidcc-server")
def server(t):
    login = flows.complete(t)
    t.check("the ID token has a kid of the key set", signing.read(login.body["id_token"])[0]["kid"] in {k["kid"] for k in t.op.jwks["keys"]})
    t.note(f"code, token and userinfo by {login.client.method}; ID token {signing.read(login.body['id_token'])[0]['alg']}")


@module("oidcc-response-type-missing")
def response_type_missing(t):
    client, citizen = t.client(), t.citizen()
    asked = flows.parameters(t, client, response_type=None)
    landing = flows.authorize(t, citizen, client, asked)
    if landing.is_callback:
        X.authorization_error(t.log, landing, t.op.issuer, asked["state"], ("invalid_request", "unsupported_response_type"))
    else:
        X.refusal_page(t.log, landing)
    t.check("the card was not asked for", citizen.shown == 0)


@module("oidcc-idtoken-signature")
def id_token_signature(t):
    login = flows.complete(t)
    header = signing.read(login.body["id_token"])[0]
    matching = [key for key in t.op.jwks["keys"] if key.get("kid") == header.get("kid")]
    t.check("exactly one published key has the ID token's kid", len(matching) == 1, len(matching))
    t.check("the algorithm is asymmetric", header["alg"][:2] in ("RS", "PS", "ES", "Ed"), header["alg"])
    t.check("and published in the metadata", header["alg"] in t.op.metadata["id_token_signing_alg_values_supported"], header["alg"])
    try:
        t.op.verified(signing.flipped(login.body["id_token"]))
        t.check("one changed bit is noticed", False)
    except Exception:
        t.check("one changed bit is noticed", True)
    t.note(f"{header['alg']} with a published kid")


@module("oidcc-idtoken-unsigned")
def id_token_unsigned(t):
    """OP-IDToken-none: needs a client that registered `none`; skipped where the metadata do not offer it, as the suite does."""
    if "none" not in t.op.metadata.get("id_token_signing_alg_values_supported", []):
        t.skip("id_token_signing_alg_values_supported has no none: unsigned ID tokens are refused on purpose (certification allows that)")
    login = flows.complete(t, t.client(id_token_signed_response_alg="none"))
    t.check("the ID token is unsigned as registered", signing.read(login.body["id_token"])[0]["alg"] == "none")


def userinfo_by(t, title, **how):
    login = flows.complete(t)
    X.userinfo(t.log, t.op, t.op.userinfo(login.access_token, **how), login.claims["sub"])
    t.note(title)


@module("oidcc-userinfo-get")
def userinfo_get(t):
    userinfo_by(t, "GET, token in the header: the ID token's sub")


@module("oidcc-userinfo-post-header")
def userinfo_post_header(t):
    userinfo_by(t, "POST, token in the header: the ID token's sub", method="POST")


@module("oidcc-userinfo-post-body")
def userinfo_post_body(t):
    userinfo_by(t, "POST, token in the form: the ID token's sub", method="POST", body=True)


@module("oidcc-ensure-request-without-nonce-succeeds-for-code-flow")
def without_nonce(t):
    flows.complete(t, nonce=None)
    t.note("no nonce asked, none answered")


def scope(t, *names):
    """Skipped where the metadata do not offer the scope, as the suite does; else its claims are wanted in userinfo (a warning there)."""
    supported = t.op.metadata.get("scopes_supported", [])
    missing = [name for name in names if name not in supported]
    if missing:
        # The request must still not fail: unknown scopes are passed over (OpenID Connect Core §3.1.2.1).
        login = flows.complete(t, scope="openid " + " ".join(names))
        t.check("a scope that is not supported is not granted", not set(missing) & set(login.body.get("scope", "openid").split()))
        if t.log.failures:
            return
        t.skip(f"scopes_supported has no {', '.join(missing)}: the card holds no such claims for members (the login with the scope went through)")
    login = flows.complete(t, scope="openid " + " ".join(names))
    for name in names:
        t.warn(f"claims of {name} are in userinfo", CLAIMS[name] & login.userinfo.keys(), sorted(login.userinfo))


CLAIMS = {"profile": {"name", "family_name", "given_name", "birthdate", "gender", "updated_at"}, "email": {"email", "email_verified"},
          "address": {"address"}, "phone": {"phone_number", "phone_number_verified"}}


@module("oidcc-scope-profile")
def scope_profile(t):
    scope(t, "profile")


@module("oidcc-scope-email")
def scope_email(t):
    scope(t, "email")


@module("oidcc-scope-address")
def scope_address(t):
    scope(t, "address")


@module("oidcc-scope-phone")
def scope_phone(t):
    scope(t, "phone")


@module("oidcc-scope-all")
def scope_all(t):
    scope(t, "profile", "email", "address", "phone")


@module("oidcc-alternate-happy-flow")
def alternate(t):
    """Scopes and parameters in the other order; the suite takes the e-mail scope, we take two that are offered."""
    client, citizen = t.client(), t.citizen()
    names = ["openid"] + [name for name in ("email", "offline_access") if name in t.op.metadata["scopes_supported"]][:1]
    login = flows.Login(flows.parameters(t, client, scope=" ".join(reversed(names))))
    login.landing = flows.authorize(t, citizen, client, dict(reversed(list(login.parameters.items()))))
    flows.finish(t, client, login)
    t.note(f"scope={login.parameters['scope']!r}, parameters in reverse order")


def shown_page(t, **changes):
    """A fresh login page must come, and the login must go on from it."""
    client, citizen = t.client(), t.citizen()
    login = flows.Login(flows.parameters(t, client, **changes))
    page = flows.authorize(t, citizen, client, login.parameters, stop_at_login=True)
    t.check("a login page is shown", page.waits_for_card and page.status == 200, page)
    login.landing = flows.authorize(t, citizen, client, login.parameters)
    flows.finish(t, client, login)
    t.note(", ".join(f"{name}={value}" for name, value in changes.items()) + ": login page, then tokens")


@module("oidcc-display-page")
def display_page(t):
    shown_page(t, display="page")


@module("oidcc-display-popup")
def display_popup(t):
    shown_page(t, display="popup")


@module("oidcc-prompt-login", waits=1)
def prompt_login(t):
    first = flows.complete(t, expected={"auth_time": True})
    flows.pause(1.2)
    before = first.citizen.shown
    second = flows.complete(t, first.client, first.citizen, prompt="login", expected={"auth_time": True})
    t.check("the citizen had to show the card again", first.citizen.shown == before + 1, first.citizen.shown)
    t.check("auth_time is a new one", second.claims["auth_time"] > first.claims["auth_time"], second.claims["auth_time"] - first.claims["auth_time"])
    t.check("sub is the same", second.claims["sub"] == first.claims["sub"])
    t.note(f"second login, auth_time {second.claims['auth_time'] - first.claims['auth_time']} s later, same sub")


@module("oidcc-prompt-none-not-logged-in")
def prompt_none_not_logged_in(t):
    client, citizen = t.client(), t.citizen()
    asked = flows.parameters(t, client, prompt="none")
    landing = flows.authorize(t, citizen, client, asked)
    if flows.mode(t, asked) == "form_post":
        t.check("the error came by a form that is posted", landing.method == "POST", landing)
    X.authorization_error(t.log, landing, t.op.issuer, asked["state"], NEEDS_PAGE)
    t.check("no page was shown", citizen.shown == 0 and landing.login_pages == 0)


def again_without_page(t, first, **changes):
    """A second request in the same session: no page, the same login."""
    before = first.citizen.shown
    second = flows.complete(t, first.client, first.citizen, expected={"auth_time": "max_age" in changes}, **changes)
    t.check("no page was shown and no card", first.citizen.shown == before and second.landing.login_pages == 0, first.citizen.shown)
    t.check("sub is the same", second.claims["sub"] == first.claims["sub"])
    t.check("auth_time is the same", second.claims.get("auth_time") == first.claims.get("auth_time"))
    t.check("the nonce is the second request's", second.claims.get("nonce") == second.parameters["nonce"])
    return second


@module("oidcc-prompt-none-logged-in", waits=1)
def prompt_none_logged_in(t):
    first = flows.complete(t)
    flows.pause(1.2)
    again_without_page(t, first, prompt="none")
    t.note("no page; same sub and auth_time")


@module("oidcc-max-age-1", waits=2)
def max_age_1(t):
    first = flows.complete(t)
    flows.pause(2.1)
    before = first.citizen.shown
    second = flows.complete(t, first.client, first.citizen, max_age="1", expected={"max_age": 1})
    t.check("the citizen had to show the card again", first.citizen.shown == before + 1, first.citizen.shown)
    t.check("auth_time is a new one", second.claims["auth_time"] > first.claims.get("auth_time", 0))
    t.check("sub is the same", second.claims["sub"] == first.claims["sub"])
    t.note("after 2 s a new login with a new auth_time")


@module("oidcc-max-age-10000", waits=1)
def max_age_10000(t):
    first = flows.complete(t)
    flows.pause(1.2)
    again_without_page(t, first, max_age="10000")
    t.note("no page; auth_time there and the same")


@module("oidcc-ensure-request-with-unknown-parameter-succeeds")
def unknown_parameter(t):
    flows.complete(t, extra="foobar")
    t.note("extra=foobar was passed over")


@module("oidcc-id-token-hint")
def id_token_hint(t):
    first = flows.complete(t)
    again_without_page(t, first, prompt="none", id_token_hint=first.body["id_token"])
    other = t.citizen("taro")
    flows.complete(t, first.client, other)
    asked = flows.parameters(t, first.client, prompt="none", id_token_hint=first.body["id_token"])
    landing = flows.authorize(t, other, first.client, asked)
    X.authorization_error(t.log, landing, t.op.issuer, asked["state"], NEEDS_PAGE)
    t.note("the hinted citizen goes through without a page; another citizen's session does not")


@module("oidcc-login-hint")
def login_hint(t):
    flows.complete(t, login_hint="buffy@example.com")
    t.note("a login_hint that names nobody does no harm")


@module("oidcc-ui-locales")
def ui_locales(t):
    flows.complete(t, ui_locales="se")
    flows.complete(t, ui_locales="ja en")
    t.note("ui_locales=se and ja en")


@module("oidcc-claims-locales")
def claims_locales(t):
    flows.complete(t, claims_locales="se")
    t.note("claims_locales=se")


@module("oidcc-ensure-request-with-acr-values-succeeds")
def acr_values(t):
    supported = t.op.metadata.get("acr_values_supported", [])
    login = flows.complete(t, acr_values=" ".join(supported[:2]) or "1 2")
    t.warn("acr is one of the values asked for", not supported or login.claims.get("acr") in supported, login.claims.get("acr"))
    flows.complete(t, login.client, login.citizen, acr_values="urn:example:nobody-knows-this")
    t.note(f"acr={login.claims.get('acr')}; an unknown value refuses nobody")


@module("oidcc-ensure-registered-redirect-uri")
def registered_redirect(t):
    client, citizen = t.client(), t.citizen()
    for changed in (client.redirect_uri + "/unregistered", client.redirect_uri.replace("/callback", "/other"),
                    "https://foo.example.se/authz_cb", client.redirect_uri + "%2f", client.redirect_uri.upper()):
        landing = citizen.visit(t.op.authorize(flows.parameters(t, client, redirect_uri=changed)), [changed])
        X.refusal_page(t.log, landing)
    t.check("the card was not asked for", citizen.shown == 0)
    t.log.facts[:] = ["five addresses that are not registered, each answered by a page"]


@module("oidcc-ensure-post-request-succeeds")
def post_request(t):
    client, citizen = t.client(), t.citizen()
    login = flows.Login(flows.parameters(t, client))
    login.landing = citizen.visit(t.op.metadata["authorization_endpoint"], client.redirect_uris, data=login.parameters)
    flows.finish(t, client, login)
    t.note("the authorization request by POST")


@module("oidcc-server-client-secret-post")
def secret_post(t):
    login = flows.complete(t)
    t.check("the client is one of client_secret_post", login.client.method == "client_secret_post", login.client.method)
    t.note("client_secret_post")
    form = {"grant_type": "authorization_code", "code": signing.unique(), "redirect_uri": login.client.redirect_uri}
    X.token_error(t.log, t.op.post(t.op.metadata["token_endpoint"], {**form, "client_id": login.client.id, "client_secret": signing.unique(32)}),
                  ("invalid_client",), (401, 400))


def reuse(t, login):
    answer = flows.redeem(t, login.client, login.code, login.parameters["redirect_uri"])
    X.token_error(t.log, answer, ("invalid_grant",))
    # The suite only warns here (RFC 6749 §4.1.2 "SHOULD"); our documentation promises it, so it counts.
    X.bearer_refusal(t.log, t.op.userinfo(login.access_token), what="the first use's access token ended with the second use")


@module("oidcc-codereuse", waits=1)
def code_reuse(t):
    login = flows.complete(t)
    flows.pause(1)
    reuse(t, login)
    t.note("after 1 s; the first access token is refused from then on")


@module("oidcc-codereuse-30seconds", waits=30)
def code_reuse_30(t):
    login = flows.complete(t)
    flows.pause(30)
    reuse(t, login)
    t.note("after 30 s; the first access token is refused from then on")


@module("oidcc-claims-essential")
def claims_essential(t):
    if not t.op.metadata.get("claims_parameter_supported"):
        t.skip("claims_parameter_supported is not true")
    import json
    supported = t.op.metadata.get("claims_supported", [])
    login = flows.complete(t, claims=json.dumps({"userinfo": {"name": {"essential": True}}}))
    t.warn("the essential claim is in userinfo", "name" in login.userinfo or "name" not in supported, sorted(login.userinfo))
    ours = next((name for name in ("pin_used", "carrier", "card_mode") if name in supported), None)
    if ours:
        asked = {"userinfo": {ours: {"essential": True}}, "id_token": {"auth_time": {"essential": True}}}
        second = flows.complete(t, login.client, login.citizen, claims=json.dumps(asked), expected={"auth_time": True})
        t.check(f"{ours}, which we hold, is in userinfo", ours in second.userinfo, sorted(second.userinfo))
        t.check(f"{ours} was asked for in userinfo only", ours not in second.claims, sorted(second.claims))
        t.note(f"{ours} essential in userinfo: given there only")
    t.note(f"name essential: {'given' if 'name' in login.userinfo else 'not held, no error'}")


@module("oidcc-ensure-request-with-valid-pkce-succeeds")
def valid_pkce(t):
    verifier, challenge = flows.pkce()
    flows.complete(t, verifier=verifier, **challenge)
    t.note("S256")
    # The other half of the meaning: a challenge that was sent binds.
    client, citizen = t.client(), t.citizen()
    for sent, title in ((None, "no verifier"), (signing.unique(48), "a wrong verifier")):
        asked = flows.parameters(t, client, **flows.pkce()[1])
        landing = flows.authorize(t, citizen, client, asked)
        code = X.authorization_answer(t.log, landing, t.op.issuer, asked["state"], flows.mode(t, asked))
        X.token_error(t.log, flows.redeem(t, client, code, verifier=sent), ("invalid_grant", "invalid_request"))
        t.log.facts[-1] = f"{title}: {t.log.facts[-1]}"


@module("oidcc-refresh-token")
def refresh_token(t):
    if "offline_access" not in t.op.metadata.get("scopes_supported", []) or "refresh_token" not in t.op.metadata.get("grant_types_supported", []):
        t.skip("the metadata offer no refresh tokens")
    logins = []
    for number in (1, 2):
        login = flows.complete(t, t.client(number, grant_types=["authorization_code", "refresh_token"]), scope="openid offline_access",
                               prompt="consent")
        t.need("there is a refresh token", login.body.get("refresh_token"), sorted(login.body))
        logins.append(login)
    first, second = logins
    answer = flows.refresh(t, first.client, first.body["refresh_token"])
    body = X.token_answer(t.log, answer)
    t.check("the access token is a new one", body["access_token"] != first.access_token)
    flows.refreshed_id_token(t, first, body, first.client, [first.client.id_token])
    X.userinfo(t.log, t.op, t.op.userinfo(body["access_token"]), first.claims["sub"])
    # Client 2's refresh token by client 1 (RFC 6749 §6).
    X.token_error(t.log, flows.refresh(t, first.client, second.body["refresh_token"]), ("invalid_grant",))
    t.note("refreshed; another client's refresh token is refused")
    t.check("and still serves the client it was given to", flows.refresh(t, second.client, second.body["refresh_token"]).status == 200)


