from django.db import migrations, models


class Migration(migrations.Migration):
    """From which back-ups the data come, also after the outbox has been released. Outside the walls."""

    dependencies = [("delivery", "0005_outgoing_figures")]
    operations = [
        migrations.CreateModel(
            name="Restoration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("taken_at", models.DateTimeField()),
                ("restored_at", models.DateTimeField()),
            ],
        ),
    ]
