"""Authlib, with joserfc as an independent reader of every JOSE object: code with PKCE, refresh, introspection, revocation, encrypted ID
tokens, signed userinfo, RP-initiated logout."""

import json
import urllib.parse

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwe, jws, jwt
from joserfc.jwk import ECKey, KeySet

from common import WORLD, carry_out, check, citizen, landed

METADATA = WORLD["metadata"]
KEYS = KeySet.import_key_set(requests.get(METADATA["jwks_uri"], timeout=60).json())


def session(name):
    told = WORLD["clients"][name]
    if "secret" in told:
        party = OAuth2Session(told["id"], told["secret"], token_endpoint_auth_method="client_secret_basic", redirect_uri=told["redirect"],
                              scope="openid offline_access", code_challenge_method="S256")
    else:
        party = OAuth2Session(told["id"], ECKey.import_key(told["key"]), token_endpoint_auth_method="private_key_jwt", redirect_uri=told["redirect"],
                              scope="openid", code_challenge_method="S256")
        party.register_client_auth_method(PrivateKeyJWT(METADATA["token_endpoint"], alg="ES256"))
    return told, party


def login(name, **more):
    told, party = session(name)
    verifier, nonce = "v" * 64, "nonce-" + name
    url, state = party.create_authorization_url(METADATA["authorization_endpoint"], code_verifier=verifier, nonce=nonce, **more)
    back = landed(url, told["redirect"])
    tokens = party.fetch_token(METADATA["token_endpoint"], authorization_response=back, state=state, code_verifier=verifier)
    return told, party, tokens, nonce


def verified(text, told, nonce=None):
    token = jwt.decode(text, KEYS, algorithms=["ES256"])
    claims = jwt.JWTClaimsRegistry(iss={"essential": True, "value": WORLD["issuer"]}, aud={"essential": True, "value": told["id"]},
                                   **({"nonce": {"essential": True, "value": nonce}} if nonce else {}))
    claims.validate(token.claims)
    return token


def code():
    """Authlib: code with PKCE and client_secret_basic"""
    told, party, tokens, nonce = login("authlib")
    token = verified(tokens["id_token"], told, nonce)
    check("Authlib: code with PKCE; joserfc verifies the ID token, its issuer, audience and nonce", token.claims["sub"])
    check("joserfc: the ID token says its key and kind", token.header.get("kid") and token.header.get("typ") == "JWT", token.header)
    bent = tokens["id_token"][:-8] + ("A" if tokens["id_token"][-8] != "A" else "B") + tokens["id_token"][-7:]
    try:
        verified(bent, told, nonce)
        check("joserfc: and refuses it with one character changed", False)
    except Exception as error:
        check("joserfc: and refuses it with one character changed", "signature" in type(error).__name__.lower(), repr(error))
    fresh = party.refresh_token(METADATA["token_endpoint"], refresh_token=tokens["refresh_token"])
    check("Authlib: refresh", fresh["access_token"] != tokens["access_token"])
    if fresh.get("id_token"):
        check("joserfc: the refreshed ID token is of the same citizen and login",
              verified(fresh["id_token"], told).claims["auth_time"] == token.claims["auth_time"])
    userinfo = party.get(METADATA["userinfo_endpoint"]).json()
    check("Authlib: userinfo", userinfo.get("sub") == token.claims["sub"], userinfo)
    revoked = party.revoke_token(METADATA["revocation_endpoint"], token=fresh["refresh_token"], token_type_hint="refresh_token")
    check("Authlib: revocation", revoked.status_code == 200, revoked.text)
    check("Authlib: and the access token ended with it",
          requests.get(METADATA["userinfo_endpoint"], headers={"Authorization": "Bearer " + fresh["access_token"]}, timeout=60).status_code == 401)


def encrypted():
    """Authlib and joserfc: an encrypted ID token and signed userinfo"""
    told, party, tokens, nonce = login("authlib-encrypted")
    key = ECKey.import_key({name: value for name, value in told["encryption"].items() if name not in ("use", "alg")})
    registry = jwe.JWERegistry(algorithms=["ECDH-ES+A256KW", "A256GCM"])
    opened = jwe.decrypt_compact(tokens["id_token"], key, registry=registry)
    check("joserfc: opens the encrypted ID token, and a signed one is in it",
          opened.headers()["cty"].lower() == "jwt" and verified(opened.plaintext.decode(), told, nonce).claims["sub"])
    other = ECKey.generate_key("P-256")
    try:
        jwe.decrypt_compact(tokens["id_token"], other, registry=registry)
        check("joserfc: with another key it stays closed", False)
    except Exception:
        check("joserfc: with another key it stays closed", True)
    answer = party.get(METADATA["userinfo_endpoint"])
    check("Authlib: userinfo comes as a JWT", answer.headers["Content-Type"].startswith("application/jwt"), answer.headers)
    signed = jws.deserialize_compact(answer.content, KEYS, algorithms=["ES256"])
    claims = json.loads(signed.payload)
    check("joserfc: verifies it, for this client", claims["iss"] == WORLD["issuer"] and claims["aud"] == told["id"], claims)


def logout():
    """Authlib: RP-initiated logout"""
    told, party, tokens, nonce = login("authlib")
    before = citizen("visit", url=party.create_authorization_url(
        METADATA["authorization_endpoint"], code_verifier="v" * 64, prompt="none")[0], expected=[told["redirect"]])
    check("Authlib: a session answers prompt=none", "code" in before["parameters"], before["said"])
    bye = "http://127.0.0.1:9/bye"
    query = urllib.parse.urlencode({"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": bye, "state": "s & t"})
    gone = citizen("visit", url=METADATA["end_session_endpoint"] + "?" + query, expected=[bye])
    check("Authlib: a logout with a hint comes back with its state", gone["callback"] and gone["parameters"].get("state") == "s & t", gone["said"])
    after = citizen("visit", url=party.create_authorization_url(
        METADATA["authorization_endpoint"], code_verifier="v" * 64, prompt="none")[0], expected=[told["redirect"]])
    check("Authlib: after it nobody is logged in", after["parameters"].get("error") == "login_required", after["said"])
    check("Authlib: and the tokens have ended", requests.get(
        METADATA["userinfo_endpoint"], headers={"Authorization": "Bearer " + tokens["access_token"]}, timeout=60).status_code == 401)


carry_out(code, encrypted, logout)
