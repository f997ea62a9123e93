"""manage.py send_digests: what beat does every hour, by hand; with --dry-run nothing is sent and the mails are shown."""

from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from coaching.digests.mail import address_of, is_due_to, mail_of
from coaching.digests.sending import WEEKDAYS, send_all, waiting
from coaching.models import Subscription
from kpis.periods import Calendar


class Command(BaseCommand):
    help = "Send the digests of a Monday or Friday to whoever asked for one and did not get it on that day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, help="as on this day (default: today)")
        parser.add_argument("--dry-run", action="store_true", help="show the mails as text, send nothing")

    def handle(self, *, day: date | None, dry_run: bool, **_options: object) -> None:
        on, now = day or Calendar.current().today(), timezone.now()
        kind = WEEKDAYS.get(on.weekday())
        if kind is None:
            raise CommandError(f"{on} is neither a Monday nor a Friday: nothing goes out on that day.")
        if dry_run:
            self._show(kind, on, now)
            return
        outcomes = send_all(kind, on, now)
        self.stdout.write(
            ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()) or "Nothing to send."
        )

    def _show(self, kind: str, on: date, now) -> None:
        rows = Subscription.objects.select_related("rep__account_user").in_bulk(list(waiting(kind, on)))
        for chosen in rows.values():
            if is_due_to(chosen.rep, kind) and address_of(chosen.rep):
                mail = mail_of(chosen, kind, on, now)
                self.stdout.write(f"To: {mail.to[0]}\nSubject: {mail.subject}\n\n{mail.body}\n")
        self.stdout.write(f"{len(rows)} to send.")
