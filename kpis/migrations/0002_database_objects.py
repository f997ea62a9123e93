from django.db import migrations

from kpis.triggers import trigger_sql

# Half-full pages leave room for the next version of a row beside it: snapshots are rewritten in place.
FILLFACTOR = "ALTER TABLE kpis_snapshot SET (fillfactor = 50)"


class Migration(migrations.Migration):
    dependencies = [("kpis", "0001_initial"), ("pipeline", "0002_database_objects")]

    operations = [migrations.RunSQL([FILLFACTOR, *trigger_sql()])]
