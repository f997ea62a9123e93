from django.db import migrations

from kpis.triggers import trigger_sql

# Half-full pages leave room for the next version of a row beside it: snapshots are rewritten in place.
FILLFACTOR = "ALTER TABLE kpis_snapshot SET (fillfactor = 50)"
# Long pieces are packed already: compressing them would cost more than all the rest of writing a snapshot.
UNCOMPRESSED = "ALTER TABLE kpis_snapshot ALTER pieces SET STORAGE EXTERNAL"


class Migration(migrations.Migration):
    dependencies = [("kpis", "0001_initial"), ("pipeline", "0002_database_objects")]

    operations = [migrations.RunSQL([FILLFACTOR, UNCOMPRESSED, *trigger_sql()])]
