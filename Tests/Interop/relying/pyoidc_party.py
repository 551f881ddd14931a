"""pyoidc (`oic`), the library that the first certifications were made with: discovery, registration, code with PKCE and RS256, refresh,
prompt=none, essential claims, and what it says to answers that are not for it."""

import logging

import requests
from oic.extension.client import Client as Challenging
from oic.oic import Client
from oic.oic.message import AuthorizationResponse, ClaimsRequest, RegistrationResponse, Claims
from oic.utils.authn.client import CLIENT_AUTHN_METHOD

from common import WORLD, carry_out, check, landed

logging.disable(logging.CRITICAL)  # it remarks on the media type of a key set, which is the registered one


def party(name=None):
    client = Client(client_authn_method=CLIENT_AUTHN_METHOD)
    client.provider_config(WORLD["issuer"])
    if name:
        told = WORLD["clients"][name]
        client.store_registration_info(RegistrationResponse(
            client_id=told["id"], client_secret=told["secret"], redirect_uris=[told["redirect"]], id_token_signed_response_alg="RS256",
            token_endpoint_auth_method="client_secret_basic"))
        client.redirect_uris = [told["redirect"]]
    return client


def login(client, state="state-1", nonce="nonce-1", **more):
    challenge, verifier = Challenging.add_code_challenge(client)
    request = client.construct_AuthorizationRequest(request_args={
        "response_type": "code", "scope": ["openid", "offline_access"], "redirect_uri": client.redirect_uris[0], "state": state,
        "nonce": nonce, **challenge, **more})
    back = landed(request.request(client.authorization_endpoint), client.redirect_uris[0])
    answer = client.parse_response(AuthorizationResponse, info=back.partition("?")[2], sformat="urlencoded")
    return answer, verifier


def redeemed(client, answer, verifier):
    return client.do_access_token_request(
        state=answer["state"], request_args={"code": answer["code"], "code_verifier": verifier, "redirect_uri": client.redirect_uris[0]},
        authn_method="client_secret_basic")


def code():
    """pyoidc: code with PKCE"""
    client = party("pyoidc")
    check("pyoidc: it takes the discovery document as it is", client.provider_info["issuer"] == WORLD["issuer"])
    answer, verifier = login(client)
    tokens = redeemed(client, answer, verifier)
    subject = tokens["id_token"]["sub"]
    check("pyoidc: code, PKCE, client_secret_basic: it verifies the ID token", tokens["id_token"]["nonce"] == "nonce-1" and subject)
    info = client.do_user_info_request(state=answer["state"])
    check("pyoidc: it takes userinfo of the same citizen", info["sub"] == subject, info)
    fresh = client.do_access_token_refresh(state=answer["state"], authn_method="client_secret_basic")
    check("pyoidc: a refresh gives new tokens", fresh["access_token"] != tokens["access_token"], fresh)
    silent, verifier = login(client, "state-2", "nonce-2", prompt="none")
    check("pyoidc: prompt=none with a session asks nothing", redeemed(client, silent, verifier)["id_token"]["sub"] == subject)
    claims = ClaimsRequest(id_token=Claims(acr={"essential": True, "values": ["aal3"]}, pin_used=None))
    strong, verifier = login(client, "state-3", "nonce-3", claims=claims, max_age=600, ui_locales="ja")
    told = redeemed(client, strong, verifier)["id_token"]
    check("pyoidc: the claims parameter with an essential acr, max_age", told["acr"] == "aal3" and told["pin_used"] is True, told)


def refusals():
    """pyoidc: errors"""
    client = party("pyoidc")

    def said(**how):
        challenge, _ = Challenging.add_code_challenge(client)
        request = client.construct_AuthorizationRequest(request_args={
            "response_type": "code", "scope": ["openid"], "redirect_uri": client.redirect_uris[0], "state": "s", "nonce": "n", **challenge,
            **({"prompt": "none"} if "cancel" not in how else {"prompt": "login"})})
        back = landed(request.request(client.authorization_endpoint), client.redirect_uris[0], **how)
        return client.parse_response(AuthorizationResponse, info=back.partition("?")[2], sformat="urlencoded")
    nobody, cancelled = said(fresh=True), said(cancel=True)
    check("pyoidc: login_required where nobody is logged in", nobody["error"] == "login_required" and nobody["state"] == "s", nobody)
    check("pyoidc: access_denied where the citizen turns back", cancelled["error"] == "access_denied" and cancelled["state"] == "s", cancelled)
    answer, verifier = login(client)
    wrong = redeemed(client, answer, "x" * 43)
    check("pyoidc: another verifier is invalid_grant", wrong["error"] == "invalid_grant", wrong)


def registration():
    """pyoidc: registration"""
    client = party()
    redirect = "http://127.0.0.1:9/pyoidc"
    client.redirect_uris = [redirect]
    asked = client.create_registration_request(
        redirect_uris=[redirect], client_name="pyoidc", response_types=["code"], grant_types=["authorization_code", "refresh_token"],
        scope="openid offline_access", token_endpoint_auth_method="client_secret_basic", id_token_signed_response_alg="RS256")
    # Its own `register` (1.7.0) writes the initial access token in base64 once more, which RFC 7591 does not ask for.
    told = requests.post(client.registration_endpoint, data=asked.to_json(), timeout=60, headers={
        "Content-Type": "application/json", "Authorization": "Bearer " + WORLD["initial"]})
    client.handle_registration_info(told)
    answer, verifier = login(client)
    check("pyoidc: a client that registered itself logs a citizen in", redeemed(client, answer, verifier)["id_token"]["aud"] == [client.client_id])
    read = client.registration_read()
    check("pyoidc: it reads its own registration", read["client_id"] == client.client_id, read)


carry_out(code, refusals, registration)
