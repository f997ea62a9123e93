"""All settings, from the environment or a .env file; with none set, everything runs on this machine."""

from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

from coaching import embedded
from coaching.addresses import broker_url, one_host
from coaching.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)

DEBUG = env.bool("DEBUG", False)
VAR_DIR = Path(env.str("VAR_DIR", "") or BASE_DIR / "var").absolute()
DATABASE_URL = env.str("DATABASE_URL", "")
REDIS_URL = env.str("REDIS_URL", "") or embedded.redis_url(VAR_DIR)
EMBEDDED = tuple(
    server
    for server, variable in (("postgres", "DATABASE_URL"), ("redis", "REDIS_URL"))
    if not env.str(variable, "")
)

SECRET_KEY = env.str("SECRET_KEY", "")
if not SECRET_KEY:
    # One's own machine gets a secret of its own; a configured installation must bring one.
    if not (DEBUG or EMBEDDED):
        raise ImproperlyConfigured("Set SECRET_KEY: a long random text, the same for web and workers.")
    SECRET_KEY = embedded.kept_secret(VAR_DIR)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "coaching.apps.CoachingConfig",
    "kpis.apps.KpisConfig",
    "pipeline.apps.PipelineConfig",
    "pipeline.apps.RecordsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "simple_history",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "csp",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "coaching.logs.RequestLog",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "coaching.zone.OrganisationZone",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "coaching.fairness.looks.Looks",
]

ROOT_URLCONF = "coaching.urls"
WSGI_APPLICATION = "coaching.wsgi.application"
ASGI_APPLICATION = "coaching.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Storage ---------------------------------------------------------------------------------------------------

DATABASES = {
    "default": one_host(env.dj_db_url("DATABASE_URL")) if DATABASE_URL else embedded.database(VAR_DIR)
}
DATABASES["default"].update({"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "coaching.cache.RedisOrLocalCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "touchline",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}
# Not cached: a sign-out while Redis is away must not come back to life with it.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 3600  # seconds

# People ----------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "coaching.accounts.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = None
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Touchline"

# Languages and time ----------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("it", _("Italian")), ("es", _("Spanish"))]
FORMAT_MODULE_PATH = "coaching.formats"
LOCALE_PATHS = [BASE_DIR / "coaching" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files the browser loads -----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "coaching.assets.PackageAssets",
]
PACKAGE_ASSETS = {
    "plotly.min.js": ("plotly", "package_data/plotly.min.js"),
    "htmx.min.js": ("django_htmx", "static/django_htmx/htmx-2.min.js"),
}
PLAIN_STATIC = DEBUG or env.bool("PLAIN_STATIC", False)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PLAIN_STATIC
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_USE_FINDERS = PLAIN_STATIC
MEDIA_ROOT = VAR_DIR / "media"

# What a browser may do with our pages ----------------------------------------------------------------------

PLOTLY_STYLES = [
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",  # the empty element plotly fills by script
    "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='",  # MapLibre's in plotly.min.js; tested
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, *PLOTLY_STYLES],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# https is the proxy's work; the demo speaks plain http on loopback and must keep its cookies.
HTTPS = env.bool("HTTPS", not (DEBUG or EMBEDDED))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 3600) if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.int("TRUSTED_PROXY_COUNT", 0) else None

# Work in the background ------------------------------------------------------------------------------------

CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# No socket_timeout in here: after a short pause of Redis the worker would live on, deaf.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "queue_order_strategy": "priority",  # what somebody waits for before bulk work, in the order of -Q
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_TASK_QUEUES: dict[str, dict] = {"interactive": {}, "bulk": {}}
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "run" / "beat")
CELERY_BEAT_SCHEDULE = {
    "recompute what is marked": {"task": "kpis.tasks.drain", "schedule": 2, "options": {"expires": 2}},
    "send again what a dead worker held": {
        "task": "kpis.tasks.sweep",
        "schedule": 15,
        "options": {"expires": 15},
    },
    # Every ten minutes and once per local day: somewhere it is always just past midnight.
    "roll the windows": {"task": "kpis.tasks.roll", "schedule": 600, "options": {"expires": 600}},
    "plan standing appointments ahead": {
        "task": "coaching.tasks.keep_sessions",
        "schedule": 600,
        "options": {"expires": 600},
    },
    # Once a Monday and once a Friday, whoever asked for it; in between there is nothing to do.
    "send digests": {
        "task": "coaching.tasks.send_digests",
        "schedule": crontab(minute=0),
        "options": {"expires": 3000},
    },
    "weigh very many deals": {
        "task": "coaching.tasks.rank_deals",
        "schedule": 300,
        "options": {"expires": 300, "queue": "bulk"},
    },
    "forget old notices": {
        "task": "coaching.tasks.forget_notices",
        "schedule": crontab(hour=2, minute=50),
        "options": {"expires": 3600},
    },
    "forget what was said long ago": {
        "task": "kpis.tasks.forget",
        "schedule": crontab(hour=2, minute=40),
        "options": {"expires": 3600},
    },
}

# The API ---------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "PAGE_SIZE": 100,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Touchline",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

# Mail and logs ---------------------------------------------------------------------------------------------

MAIL = env.dj_email_url("EMAIL_URL", "console:")
if "EMAIL_BACKEND" not in MAIL:
    raise ImproperlyConfigured(
        "EMAIL_URL begins with smtp:, smtps:, submission: or console:, as in .env.example."
    )
vars().update(MAIL)
# A server that never answers must not hold a worker for ever.
EMAIL_TIMEOUT = MAIL.get("EMAIL_TIMEOUT") or 30
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Touchline <touchline@localhost>")
SITE_URL = env.str("SITE_URL", "") or "http://127.0.0.1:8000"  # what addresses in mails begin with

LOGGING_CONFIG = "coaching.logs.configure"
LOGGING = logging_settings(env.str("LOG_LEVEL", "WARNING" if EMBEDDED else "INFO"), readable=DEBUG)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_USER_ID_FIELD = ""
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
