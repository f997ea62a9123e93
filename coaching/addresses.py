"""One address in the spelling each library wants: Django's database and cache, Celery's broker."""

from urllib.parse import parse_qs, urlencode, urlsplit


def one_host(database: dict) -> dict:
    """Settings where a socket directory given as ``?host=`` stands in HOST, as everything else reads it."""
    options = dict(database.get("OPTIONS", {}))
    host = options.pop("host", None) or database.get("HOST", "")
    return {**database, "HOST": host, "OPTIONS": options}


def broker_url(redis_url: str) -> str:
    """Celery's spelling: a unix socket is ``redis+socket://``, its database ``virtual_host``."""
    address = urlsplit(redis_url)
    if address.scheme != "unix":
        return redis_url
    database = parse_qs(address.query).get("db", ["0"])[0]
    return f"redis+socket://{address.path}?{urlencode({'virtual_host': database})}"
