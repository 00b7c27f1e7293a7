from django.db import migrations, models
from django.db.models.deletion import CASCADE

from emailhub.accounts.tenancy import SameCompany, wall


class Migration(migrations.Migration):
    """What was known when a delivery was decided on, for dry runs of rules; the newest mail of a team."""

    dependencies = [("intake", "0005_rule_of_a_delivery")]
    operations = [
        migrations.CreateModel(
            name="Consideration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("company", models.ForeignKey(db_index=False, on_delete=CASCADE, related_name="+", to="accounts.company")),
                ("received", models.ForeignKey(db_constraint=False, db_index=False, on_delete=CASCADE, related_name="+", to="intake.receivedmessage")),
                ("facts", models.JSONField()),
                ("letter", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["company", "at"], name="intake_consideration_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="intake_consideration_company_id"),
                    SameCompany("received", name="intake_consideration_received_company"),
                    models.UniqueConstraint(fields=("company", "received"), name="intake_consideration_once"),
                ],
            },
        ),
        wall("intake_consideration"),
        migrations.AddIndex(
            model_name="receivedmessage",
            index=models.Index(fields=["company", "team", "-received_at"], name="intake_newest"),
        ),
    ]
