"""Dynamic registration (OpenID Connect Dynamic Client Registration 1.0, RFC 7591, RFC 7592): the Dynamic plan's clients."""

import conditions as X
import signing
from clients import Client
from op import Answer


def metadata(t, key, **changes):
    name = signing.unique(8)
    wanted = {
        "client_name": "Conformance " + name, "redirect_uris": [t.world.callback("dynamic-" + name)], "response_types": ["code"],
        "grant_types": ["authorization_code"], "token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [key.jwk()]},
        "contacts": ["certification@example.com"], "id_token_signed_response_alg": "RS256", "subject_type": "pairwise",
    }
    wanted.update(changes)
    return {name: value for name, value in wanted.items() if value is not None}


def post(t, wanted):
    """The registration request, with the initial access token that the registrar handed out."""
    token = t.world.registration_token()
    headers = {"Authorization": "Bearer " + token} if token else {}
    return Answer(t.op.http.post(t.op.metadata["registration_endpoint"], json=wanted, headers=headers, timeout=60))


def register(t, key=None, told=None, **changes):
    """A registered client. `told` receives the answer's body."""
    if "registration_endpoint" not in t.op.metadata:
        t.skip("the metadata have no registration_endpoint: this deployment takes no registrations")
    key = key or signing.Key("RS256", signing.unique(8))
    wanted = metadata(t, key, **changes)
    answer = post(t, wanted)
    t.need("the registration is answered 201", answer.status == 201, str(answer))
    t.check("the answer is JSON and not to be kept", answer.type == "application/json" and "no-store" in answer.headers.get("Cache-Control", ""))
    body = answer.json
    t.need("there is a client_id", isinstance(body.get("client_id"), str) and body["client_id"], sorted(body))
    for name, value in wanted.items():
        if name in ("redirect_uris", "token_endpoint_auth_method", "jwks_uri", "id_token_signed_response_alg", "response_types"):
            t.check(f"{name} comes back as asked", body.get(name) == value, body.get(name))
    if "client_secret" in body:
        t.check("client_secret_expires_at comes with a secret", "client_secret_expires_at" in body)
    t.check("registration_access_token and registration_client_uri come together",
            ("registration_access_token" in body) == ("registration_client_uri" in body))
    client = Client(body["client_id"], wanted["redirect_uris"], wanted["token_endpoint_auth_method"], key=key, secret=body.get("client_secret"),
                    id_token=wanted["id_token_signed_response_alg"], scope="openid offline_access")
    client.registered = body
    if told is not None:
        told.update(body)
    t.ended.append(lambda: unregister(t, body))
    return client


def unregister(t, body):
    """As the suite does at the end of each module (RFC 7592 §2.3)."""
    if "registration_client_uri" in body:
        answer = t.op.http.delete(body["registration_client_uri"], headers={"Authorization": "Bearer " + body["registration_access_token"]}, timeout=30)
        t.warn("the client is removed again (RFC 7592 §2.3)", answer.status_code == 204, answer.status_code)


def refused(t, errors, **changes):
    if "registration_endpoint" not in t.op.metadata:
        t.skip("the metadata have no registration_endpoint: this deployment takes no registrations")
    answer = post(t, metadata(t, signing.Key("RS256", signing.unique(8)), **changes))
    t.check("the registration is answered 400", answer.status == 400, str(answer))
    t.check("the error is JSON", answer.type == "application/json", answer.type)
    t.check(f"the error is {' or '.join(errors)}", answer.error in errors, str(answer))
    t.note(f"{answer.status} {answer.error}{X.named(answer.json.get('error_description'))}")
    if "client_id" in answer.json:
        t.check("nothing was registered", False)
        unregister(t, answer.json)
