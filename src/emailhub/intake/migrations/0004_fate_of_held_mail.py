from django.db import migrations, models


class Migration(migrations.Migration):
    """Held and ignored mail: how it begins, and what became of it since."""

    dependencies = [("intake", "0003_quarantine_index")]
    operations = [
        migrations.AddField(
            model_name="receivedmessage",
            name="preview",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AddField(
            model_name="receivedmessage",
            name="discarded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="receivedmessage",
            name="purged_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="receivedmessage",
            index=models.Index(
                condition=models.Q(("outcome__in", ["held", "ignored"]), ("purged_at__isnull", True)),
                fields=["company", "team", "received_at"],
                name="intake_kept",
            ),
        ),
    ]
