"""Another system's files, and the mapping that makes our records of them."""

from pipeline.intake.importing import import_records
from pipeline.intake.mapping import parse

SALES = """\
No;Seller;Boss;Customer;State;Opened;Closed;Value
1;Ada;Maya;Brenta;won;01/02/2025;15/02/2025;1.250,50
2;Ben;Maya;Ostia;lost;03/02/2025;04/02/2025;
3;Ada;Maya;Brenta;open;05/02/2025;;900,00
4;Ada;Maya;;test;05/02/2025;;1,00
"""
REGIONS = "Boss;Region\nMaya;North\n"
MAPPING = """
source = "old_crm"
zone = "Europe/Rome"

[organisation]
currency = "CHF"
time_zone = "Europe/Rome"

[[teams]]
from = "sales"
distinct = true
where = { column = "State", is_not = "test", reason = "trial row" }
columns.id = "Boss"
columns.name = { join = "regions", on = "Boss", column = "Region" }

[[reps]]
from = "sales"
distinct = true
columns.id = "Seller"
columns.name = "Seller"
columns.team = "Boss"

[[accounts]]
from = "sales.csv"
distinct = true
columns.id = "Customer"
columns.name = "Customer"

[[stages]]
rows = [
  { id = "open", name = "Open", position = 1, milestone = "qualified" },
  { id = "won", name = "Won", position = 2, milestone = "won" },
  { id = "lost", name = "Lost", position = 3, milestone = "lost" },
]

[[deals]]
from = "sales"
where = [{ column = "State", is_not = "test", reason = "trial row" }]
columns.id = "No"
columns.name = { template = "{Customer} no. {No}" }
columns.account = "Customer"
columns.owner = "Seller"
columns.amount = "Value"
columns.currency = { constant = "CHF" }
columns.created_at = "Opened"
columns.closed_at = { column = "Closed", when = { column = "State", is = ["won", "lost"] } }
columns.lost_reason = { first_of = [{ column = "Reason", optional = true }, { constant = "not said" }], \
when = { column = "State", is = "lost" } }

[[stage_changes]]
from = "sales"
where = { column = "State", is_not = "test", reason = "trial row" }
columns.deal = "No"
columns.stage = { constant = "open" }
columns.at = "Opened"

[[stage_changes]]
from = "sales"
where = { column = "Closed", filled = true, reason = "still open" }
columns.deal = "No"
columns.stage = { column = "State", values = { won = "won", lost = "lost" } }
columns.at = "Closed"
columns.seq = { constant = 1 }
"""


def run(folder, mapping=MAPPING, **options):
    return import_records([folder], parse(mapping, "old"), **options)
