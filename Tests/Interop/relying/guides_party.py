"""The texts of `/developers` for requests-oauth2client and for Authlib in Flask, carried out as they stand there."""

import os
import re
import urllib.parse

import flask
from authlib.integrations.flask_client import OAuth, OAuthError

from common import WORLD, carry_out, check, citizen, landed


def requests_oauth2client():
    """requests-oauth2client, set up as its page says"""
    told = WORLD["clients"]["requests-oauth2client"]
    # The library asks for https, which the tests' server on this machine does not speak.
    named = {}
    exec(told["text"].replace("from_discovery_endpoint(", "from_discovery_endpoint(testing=True, url="), named)
    client, request = named["client"], named["request"]
    answer = request.validate_callback(landed(request.uri, told["redirect"]))
    tokens = client.authorization_code(answer, validate=True)
    check("requests-oauth2client, set up as its page says: an ID token that the library verifies", tokens.id_token.sub, tokens)
    check("requests-oauth2client, set up as its page says: reads that the PIN was used", tokens.id_token.claims["pin_used"] is True, tokens)
    stranger = citizen("visit", url=str(request.uri).replace(told["id"], "nobody"), expected=[told["redirect"]])
    check("requests-oauth2client: the same request under a name that nobody has is refused", stranger["status"] == 400, stranger["said"])


def authlib():
    """Authlib in Flask, set up as its page says"""
    told = WORLD["clients"]["authlib"]
    app = flask.Flask(__name__)
    app.secret_key = os.urandom(32)
    named = {"oauth": OAuth(app)}
    exec(told["text"], named)
    step_up = re.search("# A step-up: (.*)", told["text"])[1]
    app.add_url_rule("/login", "login", lambda: eval(step_up, {**named, "redirect_uri": told["redirect"]}))
    app.add_url_rule("/callback", "callback", lambda: dict(named["oauth"].sekisho.authorize_access_token()["userinfo"]))
    app.register_error_handler(OAuthError, lambda error: (error.error, 403))
    base = told["redirect"].removesuffix("/callback")
    visitor, stranger = app.test_client(), app.test_client()
    away = visitor.get("/login", base_url=base).headers["Location"]
    back = landed(away, told["redirect"])[len(base):]
    level = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(away).query))["acr_values"]
    claims = visitor.get(back, base_url=base).get_json()
    check("Authlib, set up as its page says: an ID token that the library verifies", claims.get("sub"), claims)
    check("Authlib, set up as its page says: the step-up's level and the PIN are told", claims.get("acr") == level and claims.get("pin_used") is True,
          (level, claims))
    refused = stranger.get(back, base_url=base)
    check("Authlib, set up as its page says: an answer to another browser's login is refused",
          refused.status_code == 403 and refused.text == "mismatching_state", refused.text)


carry_out(requests_oauth2client, authlib)
