"""More of the selftest's small provider: dynamic registration and backchannel authentication requests, with their switches."""

import json
import re
import time
import urllib.parse
import urllib.request

from joserfc import jws, jwt
from joserfc.jwk import KeySet

import clients as C
import signing
from tiny_op import Refused


def add(op):
    op.doors[("POST", "/register")] = lambda request: register(op, request)
    op.doors[("POST", "/ciba")] = lambda request: backchannel(op, request)
    op.tell = lambda client, session: tell(op, client, session)
    op.extra = {
        "registration_endpoint": op.issuer + "/register", "backchannel_authentication_endpoint": op.issuer + "/ciba",
        "backchannel_token_delivery_modes_supported": ["poll"], "subject_types_supported": ["pairwise"], "tls_client_certificate_bound_access_tokens": True}


def tell(op, client, session):
    """The logout token of the back channel (OpenID Connect Back-Channel Logout §2.4, §2.5)."""
    now = int(time.time())
    claims = {"iss": op.issuer, "aud": client.id, "iat": now, "exp": now + 120, "jti": signing.unique(), "sub": "tiny-citizen", "sid": session["sid"],
              "events": {"http://schemas.openid.net/event/backchannel-logout": {}}}
    if op.has("logout tokens have a nonce"):
        claims["nonce"] = "n"
    if op.has("logout tokens have another event"):
        claims["events"] = {"http://schemas.openid.net/event/other": {}}
    if op.has("logout tokens are for somebody else"):
        claims["aud"] = "somebody"
    token = op.keys[client.id_token].sign(claims, typ="JWT" if op.has("logout tokens look like ID tokens") else "logout+jwt")
    if op.has("logout tokens have a bad signature"):
        token = signing.flipped(token)
    form = urllib.parse.urlencode({"logout_token": token}).encode()
    urllib.request.urlopen(urllib.request.Request(client.backchannel, data=form), timeout=5).close()


class Registered:
    """A client that registered its public key only."""

    def __init__(self, jwk):
        self.public = jwk

    def jwk(self):
        return self.public


def register(op, request):
    wanted = json.loads(request.raw)
    bad = [address for address in wanted["redirect_uris"] if "#" in address]
    if bad and not op.has("fragments may be registered"):
        raise Refused("invalid_redirect_uri")
    if not wanted.get("initiate_login_uri", "https:").startswith("https:") and not op.has("logins may begin at plain http"):
        raise Refused("invalid_client_metadata")
    if "sector_identifier_uri" in wanted and not op.has("the sector document is not read"):
        with urllib.request.urlopen(wanted["sector_identifier_uri"], timeout=5) as answer:
            if not set(wanted["redirect_uris"]) <= set(json.load(answer)):
                raise Refused("invalid_client_metadata")
    client = C.Client("dynamic-" + signing.unique(6), wanted["redirect_uris"], wanted["token_endpoint_auth_method"],
                      key=Registered(wanted["jwks"]["keys"][0]), id_token=wanted["id_token_signed_response_alg"])
    client.loose = True  # RS256 and the token endpoint as audience, as OpenID Connect Core §9 has it
    op.clients[client.id] = client
    body = {**wanted, "client_id": client.id}
    if op.has("registration forgets an address"):
        body["redirect_uris"] = body["redirect_uris"][1:]
    return op.json(body, 201)


def backchannel(op, request):
    client = op.client(request)
    if "request" not in request.form:
        if not op.has("unsigned requests are taken"):
            raise Refused("invalid_request")
        asked = request.form
    else:
        asked = checked(op, client, request.form["request"])
    if sum(name in asked for name in ("login_hint", "id_token_hint", "login_hint_token")) != 1 and not op.has("two hints are as good as one"):
        raise Refused("invalid_request")
    return op.json({"auth_req_id": signing.unique(), "expires_in": 120, "interval": 2})


def checked(op, client, token):
    """A signed request (CIBA Core §7.1.1)."""
    header, claims = signing.read(token)
    algorithms = ["PS256", "ES256"] + (["RS256"] if op.has("RS256 is good enough") else [])
    if not (op.has("unsigned request objects are taken") and header["alg"] == "none") and not op.has("signatures are not looked at"):
        known = [each for each in op.clients.values() if each.key] if op.has("any client's key will do") else [client]
        keys = KeySet.import_key_set({"keys": [{**each.key.jwk(), "alg": header["alg"]} for each in known]})
        try:
            jwt.decode(token, keys, algorithms=algorithms, registry=jws.JWSRegistry(algorithms=algorithms))
        except Exception:
            raise Refused("invalid_request") from None
    now = time.time()
    good = {"iss": claims.get("iss") == client.id, "aud": claims.get("aud") == op.issuer, "exp": now < claims.get("exp", 0) <= now + 3600,
            "iat": 0 < claims.get("iat", 0) <= now + 10, "nbf": now - 3600 <= claims.get("nbf", 0) <= now + 10, "jti": re.match(".", claims.get("jti", ""))}
    for name, held in good.items():
        if not held and not op.has(f"{name} of signed requests is not looked at"):
            raise Refused("invalid_request")
    return claims
