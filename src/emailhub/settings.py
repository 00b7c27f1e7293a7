"""Django's settings. What an operator may change is in configuration.py."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from emailhub import configuration
from emailhub.configuration import read, read_number, read_switch

PACKAGE = Path(__file__).resolve().parent

DEBUG = read_switch("EMAILHUB_DEBUG")
DATA_ROOT = configuration.data_root()
SECRET_KEY = configuration.secret_key()
SECRET_KEY_FALLBACKS = configuration.old_secret_keys()
URL = read("EMAILHUB_URL") or f"http://localhost:{read('EMAILHUB_PORT')}"
SECURE = URL.startswith("https://")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", URL.split("://")[-1].split("/")[0].rsplit(":", 1)[0]]
CSRF_TRUSTED_ORIGINS = [URL]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "emailhub.accounts",
    "emailhub.hub",
    "emailhub.delivery",
    "emailhub.desk",
    "emailhub.intake",
    "emailhub.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "emailhub.web.middleware.UseMiddleware",
    "emailhub.web.middleware.LanguageMiddleware",
    "emailhub.web.middleware.FirstRunMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "emailhub.web.middleware.CompanyMiddleware",
]
ROOT_URLCONF = "emailhub.urls"
WSGI_APPLICATION = "emailhub.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "emailhub.web.context.page",
            ],
        },
    }
]

_databases = configuration.databases()
DATABASES = {
    "default": {**_databases.default, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True},
    "owner": _databases.owner,  # migrations and operators' commands only
}
DATABASE_ROLE = configuration.database_role()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Counts of attempts are in it: with Django's 300 rows anybody could push them out.
        "OPTIONS": {"MAX_ENTRIES": 200_000, "CULL_FREQUENCY": 20},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "emailhub.web.sign_in.Door"
ACCOUNT_FORMS = {
    "reset_password": "emailhub.web.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "emailhub.web.sign_in_forms.NewPasswordForm",
    "user_token": "emailhub.web.sign_in_forms.OneUseTokenForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # or anybody could have mail sent to anybody
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the database ends all sessions; this one goes on, with a new key
ACCOUNT_CHANGE_EMAIL = True  # the new address takes the old one's place once it is confirmed
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
ACCOUNT_EMAIL_CONFIRMATION_ANONYMOUS_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "/profile/#security"
ACCOUNT_EMAIL_NOTIFICATIONS = True  # the owner of an account hears of every change to how one gets in
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {"login_failed": "40/15m/ip,10/15m/key", "reset_password": "20/15m/ip,5/15m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 0  # uvicorn has put the client's address into REMOTE_ADDR already
MFA_ADAPTER = "emailhub.web.second_factor.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = (
    True  # an address here comes from an invitation or an operator, never from a form
)
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "EmailHub"
SOCIALACCOUNT_ADAPTER = "emailhub.web.single_sign_on.SingleSignOn"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"APPS": configuration.sign_in_providers(), "OAUTH_PKCE_ENABLED": True}
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
PASSWORD_RESET_TIMEOUT = 3600  # seconds; who has the mailbox for longer than that asks again

SESSION_ENGINE = "emailhub.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "emailhub_session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "emailhub_csrf"
CSRF_FAILURE_VIEW = "emailhub.web.failures.csrf"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGES = [("es", "Español"), ("en", "English")]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_NAME = "emailhub_language"

STATIC_URL = "/static/"
S3_BUCKET = read("EMAILHUB_S3_BUCKET")
STORAGES = {
    "default": configuration.files_storage(),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

MAIL_DOMAIN = read("EMAILHUB_MAIL_DOMAIN").lower()
MAX_MESSAGE_SIZE = read_number("EMAILHUB_MAX_MESSAGE_SIZE")
MAX_ATTACHMENTS_SIZE = read_number("EMAILHUB_MAX_ATTACHMENTS_SIZE")
MAX_LINKED_FILE_SIZE = read_number("EMAILHUB_MAX_LINKED_FILE_SIZE")
LINKED_FILE_DAYS = read_number("EMAILHUB_LINKED_FILE_DAYS")
UNDO_SECONDS = read_number("EMAILHUB_UNDO_SECONDS")
JUNK_HEADER = read("EMAILHUB_JUNK_HEADER")
NAME_SERVERS = configuration.name_servers()
TRUSTED_PEERS = configuration.trusted_peers()
AUTHSERV_ID = read("EMAILHUB_AUTHSERV_ID").lower()
TRUSTED_SEALERS = configuration.read_words("EMAILHUB_TRUSTED_SEALERS")
EGRESS_ALLOWED = configuration.read_words("EMAILHUB_ALLOWED_PRIVATE_HOSTS")
GRAPH_CLIENT_ID = read("EMAILHUB_GRAPH_CLIENT_ID")
GRAPH_CLIENT_SECRET = read("EMAILHUB_GRAPH_CLIENT_SECRET")
GRAPH_URL = read("EMAILHUB_GRAPH_URL").rstrip("/")
GRAPH_LOGIN_URL = read("EMAILHUB_GRAPH_LOGIN_URL").rstrip("/")
EMAIL_BACKEND = "emailhub.delivery.backend.OutboxBackend"
DEFAULT_FROM_EMAIL = f"EmailHub <emailhub@{MAIL_DOMAIN}>"

METRICS_TOKEN = read("EMAILHUB_METRICS_TOKEN")

LOGGING_CONFIG = None  # cli.logs sets up structlog
