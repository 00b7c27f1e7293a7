from django.db import migrations, models


class Migration(migrations.Migration):
    """The rail asks on every page whether there is mail in quarantine: of few rows, never of all."""

    dependencies = [
        ("accounts", "0003_access_events"),
        ("desk", "0003_lists_without_sorting"),
        ("intake", "0002_walls_and_work"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="receivedmessage",
            index=models.Index(
                condition=models.Q(("state", "quarantined")),
                fields=["company", "id"],
                name="intake_quarantined",
            ),
        ),
    ]
