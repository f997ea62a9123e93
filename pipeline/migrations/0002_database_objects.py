from django.db import migrations

from pipeline.triggers import TEAM_SPAN, trigger_sql


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0001_initial")]

    operations = [migrations.RunSQL([TEAM_SPAN, *trigger_sql()])]
