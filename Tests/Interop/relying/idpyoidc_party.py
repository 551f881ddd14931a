"""idpyoidc: code with PKCE by its relying-party handler, and DPoP by its add-on. Its add-on for pushed requests (5.0.0) waits for a 200,
where RFC 9126 §2.2 says 201, so that no provider that keeps to it can be asked."""

import logging
import urllib.parse

import requests
from idpyoidc.client.rp_handler import RPHandler

from common import WORLD, carry_out, check, landed

logging.disable(logging.CRITICAL)  # the library tells at length why it refused; the checks tell it once

PKCE = {"pkce": {"function": "idpyoidc.client.oauth2.add_on.pkce.add_support",
                 "kwargs": {"code_challenge_length": 64, "code_challenge_method": "S256"}}}
DPOP = {"dpop": {"function": "idpyoidc.client.oauth2.add_on.dpop.add_support", "kwargs": {"dpop_signing_alg_values_supported": ["ES256"]}}}


def handler(name, add_ons):
    told = WORLD["clients"][name]
    return told, RPHandler("http://127.0.0.1:9", client_configs={"sekisho": {
        "issuer": WORLD["issuer"], "client_id": told["id"], "client_secret": told["secret"], "redirect_uris": [told["redirect"]],
        "client_type": "oidc", "preference": {"response_types_supported": ["code"], "scopes_supported": ["openid", "offline_access"],
                                              "id_token_signing_alg_values_supported": ["ES256"]},
        "id_token_signed_response_alg": "ES256", "token_endpoint_auth_method": "client_secret_basic", "allow": {"issuer_mismatch": False},
        "add_ons": add_ons}})


def login(name, add_ons):
    told, party = handler(name, add_ons)
    url = party.begin(issuer_id="sekisho")
    url = url["url"] if isinstance(url, dict) else url
    back = landed(url, told["redirect"])
    answer = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))
    return told, party, url, answer


def code():
    """idpyoidc: code with PKCE and client_secret_basic"""
    told, party, url, answer = login("idpyoidc", PKCE)
    check("idpyoidc: the request has a challenge", "code_challenge_method=S256" in url)
    result = party.finalize(WORLD["issuer"], answer)
    check("idpyoidc: its handler takes answer, tokens, ID token and userinfo",
          "error" not in result and result["userinfo"]["sub"] == result["id_token"]["sub"], result)
    mixed = login("idpyoidc", PKCE)
    answer = {**mixed[3], "iss": "https://elsewhere.example"}
    try:
        refused = mixed[1].finalize(WORLD["issuer"], answer)
        check("idpyoidc: an answer that names another issuer is not taken (E7)", "error" in refused, "it was taken")
    except Exception:
        check("idpyoidc: an answer that names another issuer is not taken (E7)", True)


def bound():
    """idpyoidc: DPoP"""
    told, party, _, answer = login("idpyoidc-dpop", {**PKCE, **DPOP})
    client = party.issuer2rp[WORLD["issuer"]]
    result = client.get_access_and_id_token(client.finalize_auth(answer))
    check("idpyoidc: it takes tokens that are bound to its key", result["id_token"]["sub"] and result["access_token"], result)
    # At userinfo the library (5.0.0) proves its key but says Bearer: refused, with the reason.
    stolen = requests.get(WORLD["metadata"]["userinfo_endpoint"], headers={"Authorization": "Bearer " + result["access_token"]}, timeout=60)
    check("idpyoidc: which are nothing without it", stolen.status_code == 401, stolen.text)
    free = login("idpyoidc-dpop", PKCE)
    try:
        refused = free[1].finalize(WORLD["issuer"], free[3])
    except Exception as error:
        refused = {"error": str(error)}
    check("idpyoidc: a client that is registered for DPoP gets nothing without a proof", "error" in refused, refused)


carry_out(code, bound)
