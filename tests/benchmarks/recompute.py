"""make bench NAME=recompute: a full recompute through real Celery workers, as a ratio to a bare binary COPY of its columns.

Prints medians of paired runs and the peak memory of a worker. ARGS="--activities 1000000" for a smaller world,
--keep DIR to keep the world in DIR and find it there next time.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--activities", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", default="")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="touchline-bench-") as scratch:
        _start(Path(args.keep or scratch))
        _world(args.activities)
        worker = _worker(args.workers)
        try:
            _measure(args.runs, worker.pid)
        finally:
            worker.terminate()
            worker.wait(30)


def _start(var: Path) -> None:
    """Servers of its own, durable as in production, under the bench's directory."""
    import django

    var.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        VAR_DIR=str(var), DEBUG="0", LOG_LEVEL="ERROR", DJANGO_SETTINGS_MODULE="coaching.settings"
    )
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    from coaching import embedded

    embedded.hold(var, ["postgres", "redis"])
    django.setup()


def _world(activities: int) -> None:
    from django.core.management import call_command

    from kpis.runs import cancel, open_runs
    from pipeline.models import Activity
    from tests.benchmarks.big_world import Size, build, settle_and_tidy

    call_command("migrate", verbosity=0)
    for run in open_runs():  # of a bench that was stopped
        cancel(run)
    if not Activity.objects.exists():
        share = activities / Size.activities
        scale = {
            name: max(20, int(getattr(Size, name) * share))
            for name in ("reps", "accounts", "contacts", "deals")
        }
        say = lambda what: print(f"  {time.strftime('%X')} {what}", file=sys.stderr, flush=True)  # noqa: E731
        build(Size(activities=activities, teams=max(2, scale["reps"] // 10), **scale), say)
        settle_and_tidy(say)


def _worker(processes: int) -> subprocess.Popen:
    command = [sys.executable, "-m", "celery", "-A", "coaching", "worker", "-Q", "interactive,bulk"]
    log = open(Path(os.environ["VAR_DIR"]) / "worker.log", "wb")  # noqa: SIM115 -- the child's, for its whole life
    return subprocess.Popen(
        [*command, "-c", str(processes), "--without-gossip", "--without-mingle"],
        cwd=REPO,
        stdout=log,
        stderr=log,
    )


def _measure(runs: int, worker: int) -> None:
    from django.db import connection

    from kpis.models import Snapshot

    floors, fulls = [], []
    _full()  # the first run writes every snapshot and warms the caches; it is printed, not paired
    for number in range(runs):
        floors.append(_floor())
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE kpis_snapshot")
        fulls.append(_full())
        print(f"  run {number + 1}: COPY {floors[-1]:.2f} s, recompute {fulls[-1]:.2f} s", flush=True)
    ratio = statistics.median(full / floor for full, floor in zip(fulls, floors, strict=True))
    print(f"activities          {_count('pipeline_activity'):>12,}")
    print(f"snapshots written   {Snapshot.objects.count():>12,}")
    print(f"bare binary COPY    {statistics.median(floors):>12.2f} s")
    print(
        f"full recompute      {statistics.median(fulls):>12.2f} s, snapshots written from empty, through Celery"
    )
    print(f"ratio               {ratio:>12.2f}  (pairwise median; goal 4 now, 3 later)")
    print(f"peak of a worker    {_peak_mib(worker):>12.0f} MiB")


def _full() -> float:
    """From the click to the last item done, by the run's own clock."""
    from kpis.runs import start_run
    from kpis.tasks import send_hints

    started = time.perf_counter()
    run = start_run()
    send_hints(run.pk, run.waiting())
    while run.is_open:
        time.sleep(0.05)
        run.refresh_from_db()
    return time.perf_counter() - started


def _floor() -> float:
    """COPY … TO STDOUT (FORMAT binary) of the very columns a recompute reads, one table after the other, thrown away."""
    from django.db import connection

    from kpis.frames import Reps
    from kpis.reader import Reader

    class Nowhere:
        def write(self, data):
            pass

    reader = Reader(Reps(()))
    sources = {measure.of.name: measure.of for measure in reader.measures.values()}
    started = time.perf_counter()
    with connection.cursor() as cursor:
        for rows in sources.values():
            queryset = rows.countable() if rows.parent is None else rows.table().model.objects.all()
            columns = sorted(reader.own_columns(rows))
            sql, params = queryset.order_by().values_list(*columns).query.sql_with_params()
            statement = cursor.mogrify(sql, params)
            cursor.copy_expert(b"COPY (" + _bytes(statement) + b") TO STDOUT (FORMAT binary)", Nowhere())
    return time.perf_counter() - started


def _bytes(statement) -> bytes:
    return statement if isinstance(statement, bytes) else statement.encode()


def _count(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def _peak_mib(parent: int) -> float:
    """The largest VmHWM among the worker's processes."""
    peaks = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if int(fields["PPid"]) == parent or int(fields["Pid"]) == parent:
            peaks.append(int(fields.get("VmHWM", "0 kB").split()[0]) / 1024)
    return max(peaks)


if __name__ == "__main__":
    main()
