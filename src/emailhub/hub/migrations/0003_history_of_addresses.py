from django.db import migrations, models

# Nobody could rename a team before this.
NAMES_SO_FAR = """
UPDATE hub_hubaddress a SET team_name = t.name FROM accounts_team t WHERE t.id = a.team_id;
"""


class Migration(migrations.Migration):
    """What each address was made for, what last came to it, and whether it is proved for sending."""

    dependencies = [("hub", "0002_walls_and_route"), ("accounts", "0002_walls_and_entrance")]
    operations = [
        migrations.AddField(
            model_name="hubaddress",
            name="team_name",
            field=models.CharField(blank=True, default="", max_length=100),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="hubaddress",
            name="proved_for_sending_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="hubaddress",
            name="last_received_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(NAMES_SO_FAR, migrations.RunSQL.noop),
    ]
