"""How rows get into the big world's tables: by COPY, with triggers silenced and indexes made at the end."""

import numpy as np
import pyarrow as pa
import pyarrow.csv

DAY_US = 86_400_000_000
BIG = ("pipeline_activity", "pipeline_activitycontact")
TABLES = (
    *(
        "pipeline_team",
        "pipeline_rep",
        "pipeline_account",
        "pipeline_contact",
        "pipeline_stage",
        "pipeline_deal",
    ),
    *("pipeline_stagechange", "pipeline_organisation", *BIG),
)


def bare(cursor) -> list[str]:
    """Silence the triggers, drop the big tables' keys and second indexes; returns how to make the indexes again."""
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])",
        [list(BIG)],
    )
    for table, name in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique",
        [list(BIG)],
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in indexes]


def copy(cursor, table: str, columns: dict) -> None:
    """COPY arrays into a table; masked or None entries become NULL."""
    arrow = pa.table(
        {
            name: values if isinstance(values, pa.Array) else pa.array(values)
            for name, values in columns.items()
        }
    )
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(arrow, sink, pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed"))
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)", pa.BufferReader(sink.getvalue()))


def record(prefix: str, ids: np.ndarray) -> dict:
    return {
        "id": ids,
        "source": np.full(len(ids), "bench"),
        "external_id": np.char.add(prefix, ids.astype(str)),
    }


def spread(rng, parents: int, children: int, sigma: float) -> np.ndarray:
    """Skewed first child of each parent, every parent having at least one."""
    weight = rng.lognormal(0, sigma, parents)
    counts = np.floor(weight / weight.sum() * (children - parents)).astype(np.int64) + 1
    counts[: children - counts.sum()] += 1
    return np.concatenate([[0], np.cumsum(counts)])


def stamps(us: np.ndarray, known: np.ndarray | None = None) -> pa.Array:
    return pa.array(us, pa.timestamp("us", tz="UTC"), mask=None if known is None else ~known).cast(
        pa.string()
    )
