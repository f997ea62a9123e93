#!/usr/bin/env python
"""Django's command line; starts PostgreSQL and Redis of our own for commands that need them."""

import os
import sys

# Commands that read no table and send no task: they must work where no server can start (image builds).
WITHOUT_SERVERS = {
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "startapp",
    "version",
}


def needs_servers(arguments: list[str]) -> bool:
    return bool(
        arguments
        and arguments[0] not in WITHOUT_SERVERS
        and not arguments[0].startswith("-")
        and not {"-h", "--help", "--version"} & set(arguments)
    )


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coaching.settings")
    from django.core.management import execute_from_command_line

    if needs_servers(sys.argv[1:]):
        from django.conf import settings

        from coaching import embedded

        try:
            embedded.hold(settings.VAR_DIR, settings.EMBEDDED)
        except embedded.ServersUnavailable as reason:
            sys.exit(f"{reason}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
