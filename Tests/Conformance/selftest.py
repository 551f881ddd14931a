"""Shows that modules can fail: a small provider passes them, and with one thing broken the right condition fails. No binaries needed."""

import os
import socket
import ssl
import sys
import tempfile
import threading
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
warnings.filterwarnings("ignore")
import ciphers  # noqa: E402
import clients as C  # noqa: E402
import conditions  # noqa: E402
import modules  # noqa: E402,F401
import signing  # noqa: E402
import suite  # noqa: E402
import tiny_more  # noqa: E402
from listener import Listener  # noqa: E402
from op import OP  # noqa: E402
from tiny_op import TinyOP  # noqa: E402
from visits import Citizen  # noqa: E402
from world import free_port  # noqa: E402

CORE = {"client_registration": "static_client", "clients": "core-{}", "response_mode": "default"}
POST = {**CORE, "response_mode": "form_post"}
FAPI = {"fapi_profile": "plain_fapi", "client_auth_type": "private_key_jwt", "sender_constrain": "dpop", "clients": "fapi-{}"}
SIGNED = {**FAPI, "fapi_request_method": "signed_non_repudiation", "fapi_response_mode": "jarm", "clients": "signed-{}"}
DYNAMIC = {"client_registration": "dynamic_client", "response_mode": "default", "clients": ""}
CIBA = {"client_auth_type": "private_key_jwt", "ciba_mode": "poll", "clients": "fapi-{}"}
F = "fapi2-security-profile-final-"
L = "oidcc-rp-initiated-"
B = "fapi-ciba-id1-"

# (what is broken, module, variant, words of the condition that must fail)
BROKEN = [
    ("another at_hash", "oidcc-server", CORE, "at_hash is right"),
    ("another nonce", "oidcc-server", CORE, "nonce is the request's"),
    ("another issuer in ID tokens", "oidcc-server", CORE, "iss is the issuer, byte for byte"),
    ("another audience", "oidcc-server", CORE, "aud is the client"),
    ("an ID token that has expired", "oidcc-server", CORE, "exp is ahead"),
    ("an ID token with a bad signature", "oidcc-server", CORE, "signature is the provider's"),
    ("an unsigned ID token", "oidcc-server", CORE, "the ID token's algorithm"),
    ("no kid", "oidcc-server", CORE, "names its key"),
    ("no sub", "oidcc-server", CORE, "sub is 1 to 255"),
    ("a null claim", "oidcc-server", CORE, "no claim is null"),
    ("no iss in answers", "oidcc-server", CORE, "RFC 9207"),
    ("another state comes back", "oidcc-server", CORE, "state comes back"),
    ("answers may be cached", "oidcc-server", CORE, "no-store"),
    ("another token_type", "oidcc-server", CORE, "token_type is Bearer"),
    ("expires_in is a text", "oidcc-server", CORE, "expires_in"),
    ("userinfo of somebody else", "oidcc-userinfo-get", CORE, "sub is the ID token's"),
    ("no auth_time", "oidcc-max-age-10000", CORE, "auth_time is there"),
    ("prompt=none logs in", "oidcc-prompt-none-not-logged-in", CORE, "there is no code"),
    ("no iss in answers", "oidcc-prompt-none-not-logged-in", CORE, "in errors too"),
    ("redirect addresses by their beginning", "oidcc-ensure-registered-redirect-uri", CORE, "was not sent to the client"),
    ("any redirect_uri will do", "oidcc-ensure-registered-redirect-uri", CORE, "was not sent to the client"),
    ("codes work again and again", "oidcc-codereuse", CORE, "the error is invalid_grant"),
    ("a second use ends nothing", "oidcc-codereuse", CORE, "first use's access token"),
    ("invalid_request for a used code", "oidcc-codereuse", CORE, "the error is invalid_grant"),
    ("the verifier is not compared", "oidcc-ensure-request-with-valid-pkce-succeeds", CORE, "the error is invalid_grant"),
    ("refresh tokens serve any client", "oidcc-refresh-token", CORE, "the error is invalid_grant"),
    ("form_post by redirect", "oidcc-server", POST, "by a form that is posted"),
    ("form_post by redirect", "oidcc-prompt-none-not-logged-in", POST, "by a form that is posted"),
    ("the issuer has a slash more", "oidcc-discovery-endpoint-verification", CORE, "byte for byte"),
    ("the key set shows a private key", "oidcc-discovery-endpoint-verification", CORE, "private or symmetric"),
    ("unsigned ID tokens are offered", "oidcc-discovery-endpoint-verification", CORE, "none is not offered"),
    ("a language that there is not", "oidcc-discovery-endpoint-verification", CORE, "BCP 47"),
    ("the key set shows a private key", "oidcc-discovery-endpoint-verification", DYNAMIC, "private or symmetric"),
    ("any logout address will do", L + "logout-bad-post-logout-redirect-uri", CORE, "anywhere else"),
    ("any logout address will do", L + "logout-query-added-to-post-logout-redirect-uri", CORE, "was not sent to the client"),
    ("any hint will do", L + "logout-modified-id-token-hint", CORE, "was not sent to the client"),
    ("any hint will do", L + "logout-bad-id-token-hint", CORE, "was not sent to the client"),
    ("another state comes back", L + "logout", CORE, "state comes back"),
    ("the session goes on", L + "logout", CORE, "the session has ended"),
    ("logout tokens have a nonce", "oidcc-backchannel-rp-initiated-logout", CORE, "there is no nonce"),
    ("logout tokens have another event", "oidcc-backchannel-rp-initiated-logout", CORE, "events has the logout event"),
    ("logout tokens are for somebody else", "oidcc-backchannel-rp-initiated-logout", CORE, "aud is the client"),
    ("logout tokens look like ID tokens", "oidcc-backchannel-rp-initiated-logout", CORE, "typ is logout+jwt"),
    ("logout tokens have a bad signature", "oidcc-backchannel-rp-initiated-logout", CORE, "signature is the provider's"),
    ("RS256 is good enough", F + "ensure-signed-client-assertion-with-RS256-fails", FAPI, "answered 400 or 401"),
    ("aud of assertions is not looked at", F + "par-test-array-as-audience-fails", FAPI, "there is no request_uri"),
    ("aud of assertions is not looked at", F + "par-test-token-endpoint-url-as-audience-fails", FAPI, "there is no request_uri"),
    ("aud of assertions is not looked at", F + "par-test-par-endpoint-url-as-audience-fails", FAPI, "there is no request_uri"),
    ("aud of assertions is not looked at", F + "ensure-client-assertion-with-wrong-aud-fails", FAPI, "the error is invalid_client"),
    ("sub of assertions is not looked at", F + "ensure-client-assertion-with-no-sub-fails", FAPI, "the error is invalid_client"),
    ("exp of assertions is not looked at", F + "ensure-client-assertion-with-exp-is-5-minutes-in-past-fails", FAPI, "the error is invalid_client"),
    ("nbf of assertions is not looked at", F + "par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails", FAPI, "there is no request_uri"),
    ("PKCE is not asked for", F + "par-ensure-pkce-required", FAPI, "there is no request_uri"),
    ("PKCE is not asked for", F + "par-plain-pkce-rejected", FAPI, "there is no request_uri"),
    ("the verifier is not compared", F + "incorrect-pkce-code-verifier-rejected", FAPI, "the error is invalid_grant"),
    ("the verifier is not compared", F + "ensure-pkce-code-verifier-required", FAPI, "the error is invalid_request or"),
    ("pushing is not asked for", F + "ensure-unsigned-authorization-request-without-using-par-fails", FAPI, "there is no code"),
    ("request_uri may be pushed", F + "par-authorization-request-containing-request_uri-form-param", FAPI, "there is no request_uri"),
    ("request_uri works again and again", F + "par-attempt-reuse-request_uri", FAPI, "there is no code"),
    ("request_uri serves any client", F + "par-attempt-to-use-request_uri-for-different-client", FAPI, "there is no code"),
    ("a missing redirect_uri is filled in", F + "ensure-redirect-uri-in-authorization-request", FAPI, "was not sent to the client"),
    ("a missing redirect_uri is filled in", F + "ensure-request-object-without-redirect-uri-fails", FAPI, "was not sent to the client"),
    ("codes serve any client", F + "ensure-authorization-code-is-bound-to-client", FAPI, "the error is invalid_grant"),
    ("codes work again and again", F + "attempt-reuse-authorization-code-after-one-second", FAPI, "the error is invalid_grant"),
    ("tokens need no proof", F + "ensure-holder-of-key-required", FAPI, "the error is"),
    ("dpop_jkt is not compared", F + "ensure-mismatched-dpop-jkt-fails", FAPI, "there is no request_uri"),
    ("dpop_jkt is not compared", F + "ensure-token-endpoint-fails-with-mismatched-dpop-jkt", FAPI, "the error is"),
    ("dpop_jkt is not compared", F + "ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt", FAPI, "the error is"),
    ("bound tokens need no proof", F + "dpop-negative-tests", FAPI, "no typ"),
    ("any key will do", F + "dpop-negative-tests", FAPI, "another key"),
    ("proofs may show private keys", F + "dpop-negative-tests", FAPI, "a private key in jwk"),
    *[(f"{name} of proofs is not looked at", F + "dpop-negative-tests", FAPI, words) for name, words in (
        ("typ", "another typ"), ("htm", "another htm"), ("htu", "another htu"), ("iat", "iat an hour ago"), ("ath", "another ath"), ("jti", "same jti again"))],
    ("a short access token", F + "check-dpop-proof-nbf-exp", FAPI, "128 bits"),
    ("the state outside counts", F + "ensure-different-state-inside-and-outside-request-object", FAPI, "state comes back"),
    ("the state outside counts", F + "state-only-outside-request-object-not-used", FAPI, "state comes back"),
    ("JARM is for another client", F + "happy-flow", SIGNED, "aud in the response"),
    ("JARM has a bad signature", F + "happy-flow", SIGNED, "response's signature"),
    ("the code stands beside JARM", F + "happy-flow", SIGNED, "nothing is beside"),
    ("unsigned requests are taken", F + "ensure-unsigned-request-at-par-endpoint-fails", SIGNED, "there is no request_uri"),
    ("unsigned request objects are taken", F + "ensure-request-object-signature-algorithm-is-not-none", SIGNED, "there is no request_uri"),
    ("RS256 is good enough", F + "ensure-signed-request-object-with-RS256-fails", SIGNED, "there is no request_uri"),
    ("any client's key will do", F + "ensure-matching-key-in-authorization-request", SIGNED, "there is no request_uri"),
    ("signatures are not looked at", F + "ensure-request-object-with-invalid-signature-fails", SIGNED, "there is no request_uri"),
    ("aud of request objects is not looked at", F + "ensure-request-object-with-bad-aud-fails", SIGNED, "there is no request_uri"),
    *[(f"{claim} of request objects is not looked at", F + name, SIGNED, "there is no request_uri") for claim, name in (
        ("exp", "ensure-request-object-without-exp-fails"), ("nbf", "ensure-request-object-without-nbf-fails"), ("exp", "ensure-expired-request-object-fails"),
        ("exp", "ensure-request-object-with-exp-over-60-fails"), ("nbf", "ensure-request-object-with-nbf-over-60-fails"),
        ("request_uri", "par-authorization-request-containing-request_uri"))],
    ("fragments may be registered", "oidcc-redirect-uri-regfrag", DYNAMIC, "answered 400"),
    ("the sector document is not read", "oidcc-registration-sector-bad", DYNAMIC, "nothing was registered"),
    ("logins may begin at plain http", "oidcc-3rd_party-init-login-nohttps", DYNAMIC, "answered 400"),
    ("registration forgets an address", "oidcc-idtoken-rs256", DYNAMIC, "redirect_uris comes back"),
    ("redirect addresses by their beginning", "oidcc-redirect-uri-query-added", DYNAMIC, "was not sent to the client"),
    ("any redirect_uri will do", "oidcc-redirect-uri-query-mismatch", DYNAMIC, "was not sent to the client"),
    *[(f"{claim} of signed requests is not looked at", B + name, CIBA, "there is no auth_req_id") for claim, name in (
        ("aud", "ensure-request-object-missing-aud-fails"), ("aud", "ensure-request-object-bad-aud-fails"), ("iss", "ensure-request-object-missing-iss-fails"),
        ("iss", "ensure-request-object-bad-iss-fails"), ("exp", "ensure-request-object-missing-exp-fails"), ("exp", "ensure-request-object-expired-exp-fails"),
        ("exp", "ensure-request-object-exp-is-70-minutes-in-future-fails"), ("iat", "ensure-request-object-missing-iat-fails"),
        ("nbf", "ensure-request-object-missing-nbf-fails"), ("nbf", "ensure-request-object-nbf-is-10-minutes-in-future-fails"),
        ("nbf", "ensure-request-object-nbf-is-70-minutes-in-past-fails"), ("jti", "ensure-request-object-missing-jti-fails"))],
    ("unsigned request objects are taken", B + "ensure-request-object-signature-algorithm-is-none-fails", CIBA, "there is no auth_req_id"),
    ("signatures are not looked at", B + "ensure-request-object-signature-algorithm-is-bad-fails", CIBA, "there is no auth_req_id"),
    ("RS256 is good enough", B + "ensure-request-object-signature-algorithm-is-RS256-fails", CIBA, "there is no auth_req_id"),
    ("any client's key will do", B + "ensure-request-object-signed-by-other-client-fails", CIBA, "there is no auth_req_id"),
    ("two hints are as good as one", B + "ensure-authorization-request-with-multiple-hints-fails", CIBA, "there is no auth_req_id"),
    ("unsigned requests are taken", B + "ensure-unsigned-backchannel-authorization-request-fails", CIBA, "there is no auth_req_id"),
    ("RS256 is good enough", B + "ensure-client-assertion-signature-algorithm-in-backchannel-authorization-request-is-RS256-fails", CIBA, "there is no auth_req_id"),
]


# What a sound provider is skipped for, in which variant, and a word of the reason: the small one has no implicit flow either.
SKIPPED = {("oidcc-discovery-endpoint-verification", "dynamic_client"): "token id_token"}


class SmallWorld:
    """A world without cards, around the small provider."""

    cards = False

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="conformance-selftest-")
        outside = free_port()
        self.listener = Listener(free_port())
        self.clients = {}
        for number in (1, 2):
            callback = f"http://127.0.0.1:{outside}/core-{number}/callback"
            core = C.Client(f"core-{number}", [callback], "client_secret_basic", secret=signing.unique(32))
            core.after_logout, core.backchannel = callback + "/after-logout", self.listener.base + "/backchannel-logout"
            self.clients[f"core-{number}"] = core
            for kind in ("fapi", "signed"):
                client = C.Client(f"{kind}-{number}", [f"http://127.0.0.1:{outside}/{kind}-{number}/callback"], "private_key_jwt",
                                  key=signing.Key("PS256" if number == 1 else "ES256"), id_token="PS256", audience="issuer")
                client.signs = kind == "signed"
                self.clients[client.id] = client
        self.tiny = TinyOP(free_port(), self.clients.values())
        tiny_more.add(self.tiny)
        self.issuer = self.tiny.issuer
        self.op = OP(self.issuer)

        self.outside = outside

    def callback(self, name):
        return f"http://127.0.0.1:{self.outside}/{name}/callback"

    def registration_token(self):
        return None

    def name_of_citizen(self):
        return "tiny-citizen"

    def citizen(self, card="hanako"):
        return Citizen(self, card)


def older_flows():
    """Every definition of the older suite is mapped to modules that exist, or says why there is none. Returns the faults."""
    import json
    with open(os.path.join(suite.FOLDER, "older_flows.json"), encoding="utf-8") as f:
        mapped = json.load(f)
    skipped = {name for plan in suite.plans() for name in plan.skips}
    faults = [f"{flow} is covered by no module and says no reason" for flow, how in mapped.items() if not how.get("modules") and not how.get("reason")]
    faults += [f"{flow}: there is no module {name}" for flow, how in mapped.items() for name in how.get("modules", [])
               if name not in suite.MODULES and name not in skipped]
    folder = os.path.join(os.environ.get("SEKISHO_VECTORS", os.path.join(suite.FOLDER, "..", "..", "..", "shared", "vectors")), "oidc-op-flows")
    if not os.path.isdir(folder):
        print(f"note  {folder} is not there: {len(mapped)} flow definitions were not compared with it")
        return faults
    there = {name[:-5] for name in os.listdir(folder) if name.endswith(".json")}
    return faults + [f"{flow} is in the vectors or in older_flows.json only" for flow in sorted(there ^ mapped.keys())]


def plan_faults():
    """Every module that a plan names is implemented or skipped by name; every module that is implemented stands in a plan."""
    named, faults = set(), []
    for plan in suite.plans():
        for name, _, _ in plan.runs():
            named.add(name)
            if name not in suite.MODULES and name not in plan.skips:
                faults.append(f"{plan.key}: {name} is not implemented")
        faults += [f"{plan.key} skips {name}, which it does not name" for name in plan.skips if name not in {n for n, _, _ in plan.runs()}]
    return faults + [f"{name} stands in no plan" for name in suite.MODULES if name not in named]


def cipher_faults():
    """A server that takes the cipher suites of BCP 195 passes, one that takes others too or alone does not."""
    works, others = "TLS 1.2 works with a cipher suite of BCP 195", "TLS 1.2 with any other cipher suite is refused"
    faults = []
    for offered, wanted in ((":".join(ciphers.GOOD), []), ("ALL:!aNULL", [others]), ("ECDHE+AES:!AESGCM", [works, others])):
        log = conditions.Log()
        looked = ciphers.checked(log, [tls_server(offered), "http://127.0.0.1:1/token"])
        seen = [entry[0] for entry in log.failures]
        if looked != 1 or seen != wanted:
            faults.append(f"a server of {offered}: {looked} looked at, saw {seen}")
    return faults


def tls_server(offered):
    """Shakes hands by TLS with these cipher suites and does nothing else. Its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "pair.pem")
        with open(path, "w", encoding="utf-8") as f:
            f.write("".join(signing.listener_pair()))
        context.load_cert_chain(path)
    context.set_ciphers(offered + ":@SECLEVEL=0")
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            plain, _ = server.accept()
            try:
                context.wrap_socket(plain, server_side=True).close()
            except OSError:
                plain.close()

    threading.Thread(target=serve, daemon=True).start()
    return f"https://127.0.0.1:{server.getsockname()[1]}/token"


def main():
    world, failures = SmallWorld(), older_flows() + plan_faults() + cipher_faults()
    sound = {}
    for _, name, variant, _ in BROKEN:
        key = (name, variant["clients"], variant.get("response_mode"))
        if key not in sound:
            sound[key] = suite.run(world, "selftest", name, variant, "", {})
            reason = SKIPPED.get((name, variant.get("client_registration")))
            if sound[key].outcome != ("SKIP" if reason else "PASS") or (reason or "") not in sound[key].reason:
                failures.append(f"the sound provider does not pass {name}: {sound[key].reason}")
    for defect, name, variant, words in BROKEN:
        world.tiny.defects = {defect}
        world.op = OP(world.issuer)
        result = suite.run(world, "selftest", name, variant, "", {})
        world.tiny.defects = set()
        world.op = OP(world.issuer)
        seen = [entry[0] for entry in result.log.failures]
        if result.outcome == "FAIL" and any(words in condition for condition in seen):
            print(f"ok    {name} notices: {defect}", flush=True)
        else:
            failures.append(f"{name} with «{defect}»: {result.outcome}, expected a failure of «{words}», saw {seen or result.reason}")
    for failure in failures:
        print("FAIL  " + failure)
    print(f"conformance-selftest: {max(0, len(BROKEN) + len(sound) + 3 - len(failures))} passed, {len(failures)} failed", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
