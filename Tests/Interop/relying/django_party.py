"""Django: mozilla-django-oidc and django-allauth as applications use them, requests through Django's own client."""

import os
import urllib.parse

import django
from django.conf import settings

from common import WORLD, carry_out, check, landed

METADATA = WORLD["metadata"]
MOZILLA, ALLAUTH = WORLD["clients"]["mozilla"], WORLD["clients"]["allauth"]

settings.configure(
    SECRET_KEY=os.urandom(32).hex(), ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, USE_TZ=True, SITE_ID=1, DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.sites",
                    "django.contrib.messages", "mozilla_django_oidc", "allauth", "allauth.account", "allauth.socialaccount",
                    "allauth.socialaccount.providers.openid_connect"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
                "django.contrib.messages.middleware.MessageMiddleware", "allauth.account.middleware.AccountMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {"context_processors": [
        "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages"]}}],
    AUTHENTICATION_BACKENDS=[__name__ + ".Citizens", "allauth.account.auth_backends.AuthenticationBackend"],
    LOGIN_REDIRECT_URL="/in", LOGIN_REDIRECT_URL_FAILURE="/failed", LOGOUT_REDIRECT_URL="/out",
    OIDC_RP_CLIENT_ID=MOZILLA["id"], OIDC_RP_CLIENT_SECRET=MOZILLA["secret"], OIDC_RP_SIGN_ALGO="ES256", OIDC_RP_SCOPES="openid",
    OIDC_OP_AUTHORIZATION_ENDPOINT=METADATA["authorization_endpoint"], OIDC_OP_TOKEN_ENDPOINT=METADATA["token_endpoint"],
    OIDC_OP_USER_ENDPOINT=METADATA["userinfo_endpoint"], OIDC_OP_JWKS_ENDPOINT=METADATA["jwks_uri"], OIDC_USE_PKCE=True,
    OIDC_TOKEN_USE_BASIC_AUTH=True, OIDC_STORE_ID_TOKEN=True, OIDC_AUTH_REQUEST_EXTRA_PARAMS={"acr_values": "aal3"},
    SOCIALACCOUNT_AUTO_SIGNUP=True, SOCIALACCOUNT_LOGIN_ON_GET=True, ACCOUNT_EMAIL_VERIFICATION="none", SOCIALACCOUNT_EMAIL_REQUIRED=False,
    ACCOUNT_SIGNUP_FIELDS=["username"],
    SOCIALACCOUNT_PROVIDERS={"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [{
        "provider_id": "sekisho", "name": "Sekisho", "client_id": ALLAUTH["id"], "secret": ALLAUTH["secret"],
        "settings": {"server_url": WORLD["issuer"], "token_auth_method": "client_secret_basic"}}]}})

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import include, path  # noqa: E402
from mozilla_django_oidc.auth import OIDCAuthenticationBackend  # noqa: E402

class Citizens(OIDCAuthenticationBackend):
    """A citizen is known by `sub`; the platform tells no mail address."""

    def verify_claims(self, claims):
        return "sub" in claims

    def filter_users_by_claims(self, claims):
        return self.UserModel.objects.filter(username=claims["sub"])

    def create_user(self, claims):
        return self.UserModel.objects.create_user(claims["sub"])


say = lambda request: HttpResponse(request.user.get_username())
urlpatterns = [path("oidc/", include("mozilla_django_oidc.urls")), path("accounts/", include("allauth.urls")), path("in", say), path("out", say),
               path("failed", say)]


def browser(told):
    return Client(headers={"host": urllib.parse.urlsplit(told["redirect"]).netloc})


def login(told, begin):
    """Django's own client is the browser at the application; the citizen's browser does what comes between."""
    visitor = browser(told)
    away = visitor.get(begin)
    back = landed(away["Location"], told["redirect"])
    return visitor, away["Location"], visitor.get(back[back.index("/", 8):])


def mozilla():
    """mozilla-django-oidc"""
    visitor, asked, done = login(MOZILLA, "/oidc/authenticate/")
    name = visitor.get("/in").content.decode()
    check("mozilla-django-oidc: code, PKCE, nonce, client_secret_basic, ES256: the citizen is in", done.status_code == 302 and done["Location"] == "/in"
          and len(name) > 20 and "code_challenge_method=S256" in asked, (done.status_code, done.headers))
    _, _, again = login(MOZILLA, "/oidc/authenticate/")
    check("mozilla-django-oidc: the same citizen is the same user", get_user_model().objects.filter(username=name).count() == 1 and again["Location"] == "/in")
    stranger = browser(MOZILLA)
    away = stranger.get("/oidc/authenticate/")["Location"]
    back = landed(away + "&prompt=none", MOZILLA["redirect"], fresh=True)
    refused = stranger.get(back[back.index("/", 8):])
    check("mozilla-django-oidc: login_required ends on its page for failures", "error=login_required" in back and refused["Location"] == "/failed", back)


def allauth():
    """django-allauth"""
    visitor, asked, done = login(ALLAUTH, "/accounts/oidc/sekisho/login/")
    name = visitor.get("/in").content.decode()
    check("django-allauth: discovery, code, PKCE, userinfo: the citizen is in", done.status_code == 302 and done["Location"] == "/in" and name
          and "code_challenge=" in asked, (done.status_code, done.headers, done.content[:400]))
    from allauth.socialaccount.models import SocialAccount
    known = SocialAccount.objects.get()
    check("django-allauth: it knows the citizen by sub, and keeps what the ID token said", known.uid == known.extra_data["id_token"]["sub"]
          and known.extra_data["id_token"]["pin_used"] is True, known.extra_data)


call_command("migrate", verbosity=0)
carry_out(mozilla, allauth)
