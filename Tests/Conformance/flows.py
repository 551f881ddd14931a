"""The authorization code flow as Basic OP and its relatives run it, with the conditions that hold of every such flow."""

import time

import conditions as X
import signing


class Login:
    """What one completed flow gave: the answer, the tokens, the claims."""

    def __init__(self, parameters):
        self.parameters = parameters
        self.landing = self.code = self.answer = self.body = self.claims = self.userinfo = None

    @property
    def access_token(self):
        return self.body["access_token"]


def parameters(t, client, **changes):
    """An authorization request; a value of None leaves the parameter out."""
    asked = {"client_id": client.id, "redirect_uri": client.redirect_uri, "response_type": "code", "scope": "openid",
             "state": signing.unique(8), "nonce": signing.unique(8)}
    if t.variant.get("response_mode", "default") != "default":
        asked["response_mode"] = t.variant["response_mode"]
    asked.update(changes)
    return {name: value for name, value in asked.items() if value is not None}


def authorize(t, citizen, client, asked, **how):
    return citizen.visit(t.op.authorize(asked), client.redirect_uris, **how)


def mode(t, asked):
    return asked.get("response_mode", "query")


def redeem(t, client, code, redirect_uri=None, verifier=None, assertion=None, **changes):
    """The token request for a code."""
    form, headers = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri or client.redirect_uri}, {}
    if verifier:
        form["code_verifier"] = verifier
    client.authenticate(t.op, form, headers, assertion)
    form.update(changes)
    form = {name: value for name, value in form.items() if value is not None}
    return t.op.post(t.op.metadata["token_endpoint"], form, headers)


def finish(t, client, login, verifier=None, **expected):
    """From the answer at the client's door to checked tokens and userinfo."""
    asked = login.parameters
    login.code = X.authorization_answer(t.log, login.landing, t.op.issuer, asked.get("state"), mode(t, asked))
    login.answer = redeem(t, client, login.code, asked["redirect_uri"], verifier)
    login.body = X.token_answer(t.log, login.answer)
    login.claims = X.id_token(
        t.log, t.op, login.body.get("id_token"), client.id, nonce=asked.get("nonce"), algorithms=[client.id_token],
        access_token=login.body["access_token"], code=login.code, state=asked.get("state"), **expected)
    login.userinfo = X.userinfo(t.log, t.op, t.op.userinfo(login.access_token), login.claims["sub"])
    return login


def complete(t, client=None, citizen=None, verifier=None, expected=None, **changes):
    """A whole login: request, card where needed, code, tokens, userinfo; every answer checked."""
    client = client or t.client()
    citizen = citizen or t.citizen()
    login = Login(parameters(t, client, **changes))
    login.client, login.citizen = client, citizen
    login.landing = authorize(t, citizen, client, login.parameters)
    return finish(t, client, login, verifier, **(expected or {}))


def pkce():
    verifier = signing.unique(48)
    return verifier, {"code_challenge": signing.digest(verifier), "code_challenge_method": "S256"}


def refresh(t, client, token, scope=None, assertion=None):
    form, headers = {"grant_type": "refresh_token", "refresh_token": token}, {}
    if scope:
        form["scope"] = scope
    client.authenticate(t.op, form, headers, assertion)
    return t.op.post(t.op.metadata["token_endpoint"], form, headers)


def refreshed_id_token(t, login, body, client, algorithms):
    """OpenID Connect Core §12.2: an ID token in a refresh answer speaks of the same login."""
    if "id_token" not in body:
        return
    claims = X.id_token(t.log, t.op, body["id_token"], client.id, nonce=None if "nonce" not in signing.read(body["id_token"])[1]
                        else login.parameters.get("nonce"), algorithms=algorithms, access_token=body["access_token"])
    for name in ("iss", "sub", "aud", "auth_time", "azp"):
        t.check(f"{name} of the refreshed ID token is the first one's", claims.get(name) == login.claims.get(name), claims.get(name))
    t.check("iat of the refreshed ID token is its own", claims["iat"] >= login.claims["iat"])


def pause(seconds):
    time.sleep(seconds)
