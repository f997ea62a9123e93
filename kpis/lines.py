"""The connection of the bulk reading: PostgreSQL's binary COPY as Arrow, beside Django's connection."""

import atexit
from urllib.parse import quote, urlencode

import pyarrow as pa
from django.db import connection


class Line:
    """One connection for a process, opened when first asked for and again when the address has changed."""

    def __init__(self) -> None:
        self.address, self.held = "", None

    def fetch(self, statement: str) -> pa.Table:
        """Rows of a statement; the connection kept may have died with the server since, then through a new one."""
        from adbc_driver_postgresql.dbapi import Error

        is_new = self.held is None
        try:
            return self._fetched(statement)
        except Error:
            self.close()
            if is_new:
                raise
        return self._fetched(statement)

    def close(self) -> None:
        """Close what is held, whatever state it is in; asked again, it opens anew."""
        line, self.held = self.held, None
        if line is not None:
            line.close()

    def _fetched(self, statement: str) -> pa.Table:
        with self._open().cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetch_arrow_table()

    def _open(self):
        from adbc_driver_postgresql import dbapi

        if self.address != (address := _address()):
            self.close()
        if self.held is None:
            self.held, self.address = dbapi.connect(address, autocommit=True), address
        return self.held


def _address() -> str:
    settings = connection.settings_dict
    where = {
        name.lower(): str(settings[name]) for name in ("HOST", "PORT", "USER", "PASSWORD") if settings[name]
    }
    return f"postgresql:///{quote(settings['NAME'])}?{urlencode(where)}"


_line = Line()
fetch = _line.fetch
hang_up = _line.close
# Closed before the interpreter goes: the driver's own finaliser runs too late and complains.
atexit.register(hang_up)
