"""Smaller ones, each by the way its own documentation shows: requests-oauthlib with PyJWT, simple-openid-connect, social-auth-core,
Flask-pyoidc, httpx-oauth."""

import asyncio
import base64
import hashlib
import logging
import os
import urllib.parse
import warnings

import jwt

from common import WORLD, carry_out, check, landed

METADATA = WORLD["metadata"]
logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")  # Flask about cookies of addresses
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # the tests' server speaks plain http on this machine


def requests_oauthlib():
    """requests-oauthlib and PyJWT"""
    from requests_oauthlib import OAuth2Session
    told = WORLD["clients"]["oauthlib"]
    party = OAuth2Session(told["id"], redirect_uri=told["redirect"], scope=["openid", "profile", "email"], pkce="S256")
    url, state = party.authorization_url(METADATA["authorization_endpoint"], nonce="n-1")
    back = landed(url, told["redirect"])
    os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"] = "1"  # scopes that nobody here has are left out of the answer, as RFC 6749 §3.3 says
    tokens = party.fetch_token(METADATA["token_endpoint"], authorization_response=back, client_secret=told["secret"], include_client_id=False)
    key = jwt.PyJWKClient(METADATA["jwks_uri"]).get_signing_key_from_jwt(tokens["id_token"])
    claims = jwt.decode(tokens["id_token"], key.key, algorithms=["ES256"], audience=told["id"], issuer=WORLD["issuer"],
                        options={"require": ["exp", "iat", "sub", "nonce"]})
    check("requests-oauthlib: code with PKCE; PyJWT verifies by the published keys", claims["nonce"] == "n-1" and claims["sub"])
    check("requests-oauthlib: userinfo", party.get(METADATA["userinfo_endpoint"]).json()["sub"] == claims["sub"])
    try:
        jwt.decode(tokens["id_token"], key.key, algorithms=["ES256"], audience="somebody-else")
        check("PyJWT: refuses an ID token for somebody else", False)
    except jwt.InvalidAudienceError:
        check("PyJWT: refuses an ID token for somebody else", True)
    wrong = OAuth2Session(told["id"], redirect_uri=told["redirect"], scope=["openid"], pkce="S256")
    url, _ = wrong.authorization_url(METADATA["authorization_endpoint"])
    back = landed(url, told["redirect"])
    try:
        wrong.fetch_token(METADATA["token_endpoint"], authorization_response=back, client_secret="wrong", include_client_id=False)
        check("requests-oauthlib: hears invalid_client for a wrong secret", False)
    except Exception as error:
        check("requests-oauthlib: hears invalid_client for a wrong secret", "invalid_client" in repr(error), repr(error))


def simple():
    """simple-openid-connect"""
    from simple_openid_connect.client import OpenidClient
    from simple_openid_connect.pkce import generate_pkce_pair
    told = WORLD["clients"]["simple"]  # it knows RS256 only
    party = OpenidClient.from_issuer_url(WORLD["issuer"], told["redirect"], told["id"], told["secret"])
    verifier, challenge = generate_pkce_pair()
    url = party.authorization_code_flow.start_authentication(state="s-1", nonce="n-2", code_challenge=challenge, code_challenge_method="S256")
    tokens = party.authorization_code_flow.handle_authentication_result(
        landed(url, told["redirect"]), state="s-1", code_verifier=verifier, code_challenge=challenge, code_challenge_method="S256")
    claims = party.decode_id_token(tokens.id_token, nonce="n-2")
    check("simple-openid-connect: discovery, code, PKCE, ID token", claims.sub and claims.iss == WORLD["issuer"], tokens)
    check("simple-openid-connect: userinfo", party.fetch_userinfo(tokens.access_token).sub == claims.sub)


def social():
    """social-auth-core"""
    from social_core.backends.open_id_connect import OpenIdConnectAuth
    from social_core.strategy import BaseStrategy
    told = WORLD["clients"]["social"]

    class Nonces:
        """Where the library keeps its nonces, a table of its own elsewhere."""
        kept = {}

        @classmethod
        def store(cls, url, association):
            cls.kept[association.handle] = association
            association.id = association.handle

        @classmethod
        def get(cls, handle, **_):
            return [cls.kept[handle]] if handle in cls.kept else []

        @classmethod
        def remove(cls, handles):
            for handle in handles:
                del cls.kept[handle]

    class Storage:
        association = Nonces

    class Strategy(BaseStrategy):
        kept, asked = {}, {}

        def get_setting(self, name):
            return {"SOCIAL_AUTH_OIDC_OIDC_ENDPOINT": WORLD["issuer"], "SOCIAL_AUTH_OIDC_KEY": told["id"],
                    "SOCIAL_AUTH_OIDC_SECRET": told["secret"]}[name]

        def request_data(self, merge=True):
            return self.asked

        def build_absolute_uri(self, path=None):
            return told["redirect"]

        def session_get(self, name, default=None):
            return self.kept.get(name, default)

        def session_set(self, name, value):
            self.kept[name] = value

        def session_pop(self, name):
            return self.kept.pop(name, None)

        def redirect(self, url):
            return url

    class Backend(OpenIdConnectAuth):
        name = "oidc"

        def do_auth(self, access_token, *arguments, **more):
            return self.user_data(access_token), more["response"]

    strategy = Strategy(Storage)
    backend = Backend(strategy, redirect_uri=told["redirect"])
    back = landed(backend.start(), told["redirect"])
    strategy.asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))
    backend = Backend(strategy, redirect_uri=told["redirect"])
    backend.data = strategy.asked
    user, response = backend.auth_complete()
    check("social-auth-core: discovery, code, nonce, client_secret_basic, ID token, userinfo", user["sub"] == backend.id_token["sub"], user)


def flask():
    """Flask-pyoidc"""
    import flask
    from flask_pyoidc import OIDCAuthentication
    from flask_pyoidc.provider_configuration import ClientMetadata, ProviderConfiguration
    told = WORLD["clients"]["flask"]
    host = urllib.parse.urlsplit(told["redirect"]).netloc
    app = flask.Flask(__name__)
    app.config.update(OIDC_REDIRECT_URI=told["redirect"], SECRET_KEY=os.urandom(16), PREFERRED_URL_SCHEME="http", SERVER_NAME=host)
    auth = OIDCAuthentication({"sekisho": ProviderConfiguration(
        issuer=WORLD["issuer"], client_metadata=ClientMetadata(told["id"], told["secret"], post_logout_redirect_uris=[f"http://{host}/out"]),
        auth_request_params={"scope": ["openid"], "acr_values": "aal3"})}, app)

    @app.route("/")
    @auth.oidc_auth("sekisho")
    def inside():
        return flask.jsonify(dict(flask.session["id_token"]))

    @app.route("/out")
    @auth.oidc_logout
    def out():
        return "out"
    visitor = app.test_client()
    away = visitor.get("/", base_url=f"http://{host}")
    back = landed(away.headers["Location"], told["redirect"])
    done = visitor.get(back, base_url=f"http://{host}")
    claims = visitor.get("/", base_url=f"http://{host}").json
    check("Flask-pyoidc: discovery, code, nonce, ID token, userinfo; the citizen is in", done.status_code == 302 and claims["acr"] == "aal3", (done.text, claims))
    ended = visitor.get("/out", base_url=f"http://{host}").headers["Location"]
    back = landed(ended, f"http://{host}/out")
    check("Flask-pyoidc: its logout ends at its registered address, with state", "state=" in back, back)


def httpx():
    """httpx-oauth"""
    from httpx_oauth.clients.openid import OpenID
    told = WORLD["clients"]["oauthlib"]

    party = OpenID(told["id"], told["secret"], WORLD["issuer"] + "/.well-known/openid-configuration", base_scopes=["openid"])

    async def flow():
        verifier = "v" * 64
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        url = await party.get_authorization_url(told["redirect"], state="s", code_challenge=challenge, code_challenge_method="S256")
        back = landed(url, told["redirect"])
        code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))["code"]
        tokens = await party.get_access_token(code, told["redirect"], code_verifier=verifier)
        return tokens, await party.get_profile(tokens["access_token"])
    tokens, profile = asyncio.run(flow())
    check("httpx-oauth: code with PKCE, userinfo", profile["sub"] and not tokens.is_expired(), profile)


carry_out(requests_oauthlib, simple, social, flask, httpx)
