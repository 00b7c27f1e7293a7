from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether the domain of From vouches for a delivery, and what that stands on."""

    dependencies = [("intake", "0008_received_figures")]
    operations = [
        migrations.AddField(
            model_name="receivedmessage",
            name="authentication",
            field=models.CharField(blank=True, db_default="", max_length=1000),
        ),
        migrations.AddField(
            model_name="receivedmessage",
            name="by_trusted_forwarder",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="receivedmessage",
            name="policy",
            field=models.CharField(blank=True, db_default="", max_length=10),
        ),
        migrations.AddField(
            model_name="receivedmessage",
            name="verdict",
            field=models.CharField(
                choices=[
                    ("pass", "Sender verified"),
                    ("none", "Sender not checked"),
                    ("fail", "Sender not verified"),
                ],
                db_default="none",
                default="none",
                max_length=5,
            ),
        ),
    ]
