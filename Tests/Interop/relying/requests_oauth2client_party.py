"""requests-oauth2client: code with PKCE, pushed requests with DPoP, mutual TLS, CIBA, device, token exchange, signed requests, revocation."""

import time

import requests
from requests_oauth2client import DPoPKey, OAuth2Client, PrivateKeyJwt, PublicApp
from requests_oauth2client.exceptions import AuthorizationPending, EndpointError, SlowDown

from common import WORLD, carry_out, check, citizen, landed

ISSUER = WORLD["issuer"]


def client(name, **more):
    told = WORLD["clients"][name]
    session = more.pop("session", None)
    if "key" in told:
        more.setdefault("auth", PrivateKeyJwt(told["id"], told["key"], lifetime=60, aud=ISSUER))
    elif "secret" in told:
        more.update(client_id=told["id"], client_secret=told["secret"])
    # The library (1.8.0) reads these two from no metadata.
    for endpoint in ("device_authorization_endpoint", "backchannel_authentication_endpoint"):
        more[endpoint] = WORLD["metadata"][endpoint]
    return OAuth2Client.from_discovery_endpoint(
        issuer=ISSUER, testing=True, redirect_uri=told.get("redirect"), session=session,
        id_token_signed_response_alg=told.get("algorithm", "ES256"), **more)


def refused(name, error, act):
    """`act` has to be refused with this error of the specification."""
    try:
        answer = act()
    except EndpointError as refusal:
        check(name, refusal.error == error, f"{refusal.error}: {refusal.description}")
    else:
        check(name, False, f"it was taken: {type(answer).__name__}")


def code_flow(party, pushed=False, scope="openid", **more):
    asked = party.authorization_request(scope=scope, **more)
    address = party.pushed_authorization_request(asked) if pushed else asked
    answer = asked.validate_callback(landed(address.uri, party.redirect_uri))
    return answer, lambda: redeemed(party, answer)


def redeemed(party, answer):
    """The tokens, their ID token verified by the library. It cannot validate beside a DPoP token (1.8.0), so it is asked bare."""
    tokens = party.authorization_code(answer, validate=answer.dpop_key is None)
    if answer.dpop_key is not None:
        tokens.id_token.verify_signature(party.update_authorization_server_public_keys(), alg="ES256")
        if tokens.id_token.nonce != answer.nonce or party.client_id not in tokens.id_token.audiences:
            raise RuntimeError("the ID token is for somebody else")
    return tokens


def code_with_pkce():
    """requests-oauth2client: code with PKCE and private_key_jwt"""
    party = client("ro2c-core")
    answer, redeem = code_flow(party, scope="openid offline_access")
    tokens = redeem()
    check("requests-oauth2client: a code with PKCE gives an ID token that the library verifies", tokens.id_token.sub, tokens)
    check("requests-oauth2client: userinfo names the same citizen", party.userinfo(tokens)["sub"] == tokens.id_token.sub)
    refused("requests-oauth2client: a code does not work twice", "invalid_grant", redeem)
    gone = requests.get(WORLD["metadata"]["userinfo_endpoint"], auth=tokens, timeout=60)
    check("requests-oauth2client: the code's second use ended the tokens of the first", gone.status_code == 401, gone.text)


def refresh_and_revoke():
    """requests-oauth2client: refresh and revocation"""
    party = client("ro2c-core")
    tokens = code_flow(party, scope="openid offline_access")[1]()
    fresh = party.refresh_token(tokens)
    check("requests-oauth2client: a refresh token gives new tokens", fresh.access_token != tokens.access_token and fresh.refresh_token)
    again = party.refresh_token(tokens)
    check("requests-oauth2client: the same refresh token again at once gives the same successor", again.refresh_token == fresh.refresh_token)
    check("requests-oauth2client: a refresh token is revoked", party.revoke_refresh_token(fresh.refresh_token))
    refused("requests-oauth2client: a revoked refresh token gives nothing", "invalid_grant", lambda: party.refresh_token(fresh.refresh_token))
    gone = requests.get(WORLD["metadata"]["userinfo_endpoint"], auth=fresh, timeout=60)
    check("requests-oauth2client: its access tokens ended with it", gone.status_code == 401, gone.text)
    check("requests-oauth2client: revoking what nobody knows is no error", party.revoke_access_token("x" * 43))


def pushed_with_dpop():
    """requests-oauth2client: FAPI 2.0, pushed request and DPoP"""
    party = client("ro2c-fapi")
    key = DPoPKey.generate(alg="ES256")
    answer, redeem = code_flow(party, pushed=True, dpop=True, dpop_key=key)
    tokens = redeem()
    check("requests-oauth2client: PAR and DPoP give a bound token", tokens.token_type.lower() == "dpop" and tokens.id_token.sub, tokens)
    check("requests-oauth2client: userinfo takes the bound token with a proof", party.userinfo(tokens)["sub"] == tokens.id_token.sub)
    stolen = requests.get(WORLD["metadata"]["userinfo_endpoint"], headers={"Authorization": "Bearer " + tokens.access_token}, timeout=60)
    check("requests-oauth2client: a bound token without its key opens nothing", stolen.status_code == 401, stolen.text)
    other, redeem = code_flow(party, pushed=True, dpop=True, dpop_key=DPoPKey.generate(alg="ES256"))
    refused("requests-oauth2client: a code that is bound to a key is not redeemed with another", "invalid_grant",
            lambda: party.token_request({"grant_type": "authorization_code", "code": other.code, "redirect_uri": party.redirect_uri,
                                         "code_verifier": other.code_verifier}, dpop=True, dpop_key=DPoPKey.generate(alg="ES256")))
    plain = client("ro2c-fapi").authorization_request(scope="openid")
    landing = citizen("visit", url=plain.uri, expected=[party.redirect_uri])
    check("requests-oauth2client: a FAPI client's request that was not pushed is refused",
          "error" in landing["parameters"] or landing["status"] == 400, landing["said"])


def signed_request():
    """requests-oauth2client: a signed request object"""
    party = client("ro2c-core")
    told = WORLD["clients"]["ro2c-core"]
    asked = party.authorization_request()
    signed = asked.sign(told["key"])
    answer = asked.validate_callback(landed(signed.uri, party.redirect_uri))
    tokens = party.authorization_code(answer, validate=True)
    check("requests-oauth2client: a signed request object is answered as the parameters are", tokens.id_token.sub)


def mutual_tls():
    """requests-oauth2client: mutual TLS"""
    told = WORLD["clients"]["ro2c-mtls"]
    metadata = dict(WORLD["metadata"])
    metadata.update(metadata["mtls_endpoint_aliases"])

    def over_tls(certificate):
        session = requests.Session()
        session.trust_env = False  # a bundle of the environment's would take the place of ours
        session.verify, session.cert = WORLD["authorities"], tuple(certificate) if certificate else None
        return OAuth2Client.from_discovery_document(
            metadata, issuer=ISSUER, testing=True, auth=PublicApp(told["id"]), redirect_uri=told["redirect"], session=session,
            id_token_signed_response_alg="ES256"), session
    party, session = over_tls(told["certificate"])
    party.update_authorization_server_public_keys()
    answer, redeem = code_flow(party, pushed=True)
    tokens = redeem()
    check("requests-oauth2client: a client that is known by its certificate gets tokens", tokens.id_token.sub)
    address = metadata["userinfo_endpoint"]
    check("requests-oauth2client: the bound token works on a connection with its certificate",
          session.get(address, auth=tokens, timeout=60).status_code == 200)
    plain = requests.get(WORLD["metadata"]["userinfo_endpoint"], auth=tokens, timeout=60)
    check("requests-oauth2client: and on no other", plain.status_code == 401, plain.text)
    stranger, _ = over_tls(WORLD["clients"]["stranger"]["certificate"])
    refused("requests-oauth2client: a stranger's certificate is no authentication", "invalid_client",
            lambda: code_flow(stranger, pushed=True))


def wait_for(poll, seconds=30):
    end = time.time() + seconds
    while time.time() < end:
        try:
            return poll()
        except (AuthorizationPending, SlowDown):
            time.sleep(5.2)
    raise RuntimeError("nobody decided")


def device():
    """requests-oauth2client: device authorization"""
    party = client("ro2c-device")
    asked = party.authorize_device(scope="openid")
    try:
        party.device_code(asked)
        check("requests-oauth2client: before the citizen decided there is nothing", False)
    except AuthorizationPending:
        check("requests-oauth2client: before the citizen decided there is nothing", True)
    citizen("device", code=asked.user_code, decision="approve")
    time.sleep(5.2)
    tokens = wait_for(lambda: party.device_code(asked))
    check("requests-oauth2client: a device gets tokens when the citizen approved", tokens.id_token.sub)
    refused("requests-oauth2client: a device code does not work twice", "invalid_grant", lambda: (time.sleep(5.2), party.device_code(asked)))
    denied = party.authorize_device(scope="openid")
    citizen("device", code=denied.user_code, decision="deny")
    refused("requests-oauth2client: and none when the citizen said no", "access_denied", lambda: party.device_code(denied))


def ciba():
    """requests-oauth2client: CIBA, poll"""
    party = client("ro2c-ciba")
    name = code_flow(party)[1]().id_token.sub
    told = WORLD["clients"]["ro2c-ciba"]

    def ask(message):
        # The library signs what it is given, and adds none of the claims that CIBA Core §7.1.1 wants.
        now = int(time.time())
        return party.backchannel_authentication_request(
            scope="openid", login_hint=name, binding_message=message, private_jwk=told["key"], alg="ES256", iss=told["id"], aud=ISSUER,
            iat=now, nbf=now, exp=now + 120, jti=f"{message}-{now}")
    asked = ask("7301")
    citizen("request", decision="approve", message="7301")
    time.sleep(max(0, (asked.interval or 5) - 2))
    tokens = wait_for(lambda: party.ciba(asked))
    check("requests-oauth2client: CIBA gives tokens for the citizen of the hint", tokens.id_token.sub == name)
    asked = ask("7302")
    citizen("request", decision="deny", message="7302")
    time.sleep(5.2)
    refused("requests-oauth2client: CIBA gives none when the citizen said no", "access_denied", lambda: party.ciba(asked))


def exchange():
    """requests-oauth2client: token exchange"""
    party = client("ro2c-portal")
    agency = WORLD["clients"]["agency"]
    tokens = code_flow(party, authorization_details=agency["details"])[1]()
    filed = party.token_exchange(subject_token=tokens, audience=agency["audience"])
    seen = client("agency").introspect_token(filed.access_token)
    check("requests-oauth2client: a portal's token is exchanged for one agency", seen.get("active") is True, seen)
    check("requests-oauth2client: the agency sees who acts, and its own name of the citizen",
          (seen.get("act") or {}).get("sub") == party.client_id and seen.get("sub") not in (None, tokens.id_token.sub), seen)
    other = client("neighbour").introspect_token(filed.access_token)
    check("requests-oauth2client: another agency sees nothing of it", other == {"active": False}, other)
    refused("requests-oauth2client: no exchange for an agency that takes none from the portal", "invalid_target",
            lambda: party.token_exchange(subject_token=tokens, audience=WORLD["clients"]["neighbour"]["audience"]))
    party.revoke_access_token(tokens.access_token)
    gone = client("agency").introspect_token(filed.access_token)
    check("requests-oauth2client: what came of a token ends with it", gone == {"active": False}, gone)


carry_out(code_with_pkce, refresh_and_revoke, pushed_with_dpop, signed_request, mutual_tls, device, ciba, exchange)
