"""Dynamic OP: what a client registers is what it gets."""

import re

import conditions as X
import flows
import registration
import signing
from suite import module


@module("oidcc-idtoken-rs256")
def rs256(t):
    login = flows.complete(t, t.client(id_token_signed_response_alg="RS256"))
    t.check("the ID token is signed RS256 as registered", signing.read(login.body["id_token"])[0]["alg"] == "RS256")
    t.note("registered and received RS256")


@module("oidcc-userinfo-rs256")
def userinfo_rs256(t):
    if "RS256" not in t.op.metadata.get("userinfo_signing_alg_values_supported", []):
        t.skip("userinfo_signing_alg_values_supported has no RS256")
    client = t.client(userinfo_signed_response_alg="RS256")
    login = flows.Login(flows.parameters(t, client))
    landing = flows.authorize(t, t.citizen(), client, login.parameters)
    code = X.authorization_answer(t.log, landing, t.op.issuer, login.parameters["state"])
    body = X.token_answer(t.log, flows.redeem(t, client, code))
    claims = X.id_token(t.log, t.op, body.get("id_token"), client.id, nonce=login.parameters["nonce"])
    X.userinfo(t.log, t.op, t.op.userinfo(body["access_token"]), claims["sub"], signed="RS256", client_id=client.id)
    t.note("userinfo is a JWT signed RS256 for the client")


@module("oidcc-ensure-redirect-uri-in-authorization-request")
def redirect_missing(t):
    base = t.world.callback("dynamic-" + signing.unique(6)) if "registration_endpoint" in t.op.metadata else None
    client, citizen = t.client(redirect_uris=[base, f"{base}/second"] if base else None), t.citizen()
    X.refusal_page(t.log, flows.authorize(t, citizen, client, flows.parameters(t, client, redirect_uri=None)))


def with_query(t):
    address = t.world.callback("dynamic-" + signing.unique(6)) + "?foo=bar"
    return t.client(redirect_uris=[address]), t.citizen()


@module("oidcc-redirect-uri-query-OK")
def query_ok(t):
    client, citizen = with_query(t)
    login = flows.complete(t, client, citizen)
    t.check("the registered query is still there", login.landing.query.get("foo") == "bar", sorted(login.landing.query))
    t.note("foo=bar was kept")


@module("oidcc-redirect-uri-query-mismatch")
def query_mismatch(t):
    client, citizen = with_query(t)
    changed = client.redirect_uri.replace("foo=bar", "bar=foo")
    X.refusal_page(t.log, citizen.visit(t.op.authorize(flows.parameters(t, client, redirect_uri=changed)), [changed]))


@module("oidcc-redirect-uri-query-added")
def query_added(t):
    client, citizen = t.client(), t.citizen()
    changed = client.redirect_uri + "?foo=bar"
    X.refusal_page(t.log, citizen.visit(t.op.authorize(flows.parameters(t, client, redirect_uri=changed)), [changed]))


@module("oidcc-redirect-uri-regfrag")
def fragment(t):
    registration.refused(t, ("invalid_redirect_uri", "invalid_client_metadata"), redirect_uris=[t.world.callback("dynamic") + "#foobar"])


def shown(t, name, path, kind, content, title):
    """An address of the client's that the login page is to show."""
    address = t.world.listener.publish(path, content, kind)
    client, citizen = t.client(**{name: address}), t.citizen()
    page = flows.authorize(t, citizen, client, flows.parameters(t, client), stop_at_login=True)
    t.check("a login page is shown", page.waits_for_card, page)
    held = address in page.text
    other = "client_name" in client.registered and client.registered["client_name"] in page.text
    t.check("the page names the client", other or held)
    # A person judges a screenshot in the suite; where the page does not show the address, a person would say so.
    t.check(f"the page shows {title}", held, "not on the login page")
    t.note(f"{title} is on the login page")


@module("oidcc-registration-logo-uri")
def logo(t):
    shown(t, "logo_uri", "/logo.png", "image/png", b"\x89PNG\r\n\x1a\n", "the client's logo")


@module("oidcc-registration-policy-uri")
def policy(t):
    shown(t, "policy_uri", "/policy.html", "text/html", b"<p>policy", "a link to the client's policy")


@module("oidcc-registration-tos-uri")
def terms(t):
    shown(t, "tos_uri", "/tos.html", "text/html", b"<p>terms", "a link to the client's terms")


@module("oidcc-registration-jwks-uri")
def jwks_uri(t):
    key = signing.Key("RS256", signing.unique(8))
    address = t.world.listener.publish(f"/keys/{key.kid}.json", {"keys": [key.jwk()]})
    flows.complete(t, t.client(key=key, jwks=None, jwks_uri=address))
    t.check("the key set was fetched", any(call.path == f"/keys/{key.kid}.json" for call in t.world.listener.calls))
    t.note("client authenticated with a key of its jwks_uri")


def sector(t, addresses):
    return t.world.listener.publish(f"/sector/{signing.unique(6)}.json", addresses)


@module("oidcc-registration-sector-uri")
def sector_good(t):
    if "pairwise" not in t.op.metadata.get("subject_types_supported", []):
        t.skip("subject_types_supported has no pairwise")
    addresses = [t.world.callback("dynamic-" + signing.unique(6)) for _ in range(2)]
    document = sector(t, addresses)
    first, second = (t.client(redirect_uris=[address], sector_identifier_uri=document, subject_type="pairwise") for address in addresses)
    citizen = t.citizen()
    one, two = flows.complete(t, first, citizen), flows.complete(t, second, citizen)
    t.check("two clients of one sector know the citizen by one sub (Core §8.1)", one.claims["sub"] == two.claims["sub"])
    third = flows.complete(t, t.client(subject_type="pairwise"), citizen)
    t.check("a client of another sector by another", third.claims["sub"] != one.claims["sub"] or sector_of(third) == sector_of(one))
    t.note("one sub for the two clients of the sector")


def sector_of(login):
    return re.sub(r"^https?://([^/:]+).*", r"\1", login.client.redirect_uri)


@module("oidcc-registration-sector-bad")
def sector_bad(t):
    if "pairwise" not in t.op.metadata.get("subject_types_supported", []):
        t.skip("subject_types_supported has no pairwise")
    document = sector(t, ["https://example.com/op"])
    registration.refused(t, ("invalid_client_metadata", "invalid_redirect_uri"), sector_identifier_uri=document, subject_type="pairwise")


@module("oidcc-server-rotate-keys")
def rotate(t):
    before = {key["kid"]: key for key in t.op.fetch_keys()["keys"]}
    t.world.rotate_keys()
    after = {key["kid"]: key for key in t.op.fetch_keys()["keys"]}
    new = [kid for kid, key in after.items() if kid not in before and key.get("use") == "sig"]
    t.check("the key set has a new key for signatures", new, sorted(after))
    t.check("the old keys are still there", before.keys() <= after.keys(), sorted(before.keys() - after.keys()))
    t.note(f"{len(before)} keys before, {len(after)} after")


@module("oidcc-refresh-token-rp-key-rotation", waits=5)
def rp_rotation(t):
    """The client changes its key in its jwks_uri; an assertion by the new key must then work. The suite waits 60 s, to be kind to servers
    that fetch a key set once a minute at most; an unknown kid is reason enough to fetch anew, so 5 s do here."""
    old, new = signing.Key("RS256", signing.unique(8)), signing.Key("RS256", signing.unique(8))
    path = f"/keys/{old.kid}.json"
    address = t.world.listener.publish(path, {"keys": [old.jwk()]})
    client = t.client(key=old, jwks=None, jwks_uri=address, grant_types=["authorization_code", "refresh_token"])
    login = flows.complete(t, client, scope="openid offline_access", prompt="consent")
    t.need("there is a refresh token", login.body.get("refresh_token"), sorted(login.body))
    t.world.listener.publish(path, {"keys": [new.jwk()]})
    client.key = new
    flows.pause(5)
    body = X.token_answer(t.log, flows.refresh(t, client, login.body["refresh_token"]))
    flows.refreshed_id_token(t, login, body, client, [client.id_token])
    X.userinfo(t.log, t.op, t.op.userinfo(body["access_token"]), login.claims["sub"])
    t.note("an assertion by the new key of jwks_uri is accepted")


@module("oidcc-ensure-client-assertion-with-iss-aud-succeeds")
def issuer_audience(t):
    client = t.client()
    client.audience = "issuer"
    flows.complete(t, client)
    t.note("aud is the issuer")


@module("oidcc-3rd_party-init-login")
def third_party(t):
    """The suite registers initiate_login_uri and reads it back; the login that begins there is one like any other."""
    address = "https://rp.example.com/start-login"
    client = t.client(initiate_login_uri=address)
    t.check("initiate_login_uri comes back as registered", client.registered.get("initiate_login_uri") == address, client.registered.get("initiate_login_uri"))
    flows.complete(t, client)
    t.note("registered; the login goes through")


@module("oidcc-3rd_party-init-login-nohttps")
def third_party_plain(t):
    registration.refused(t, ("invalid_client_metadata", "invalid_redirect_uri"), initiate_login_uri="http://rp.example.com/start-login")
