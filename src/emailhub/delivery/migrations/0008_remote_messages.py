import django.db.models.deletion
from django.db import migrations, models

from emailhub.accounts.tenancy import SameCompany, wall


class Migration(migrations.Migration):
    """What messages are called in mailboxes at other servers, so that each is taken in and sent once."""

    dependencies = [("accounts", "0008_second_factor_demanded"), ("delivery", "0007_connections")]
    operations = [
        migrations.CreateModel(
            name="RemoteMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("remote_id", models.CharField(max_length=500)),
                ("message_id", models.CharField(blank=True, max_length=998)),
                ("conversation_id", models.CharField(blank=True, max_length=500)),
                ("state", models.CharField(choices=[("taken", "Taken"), ("settled", "Settled"), ("draft", "Draft"), ("ready", "Ready")], max_length=10)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("company", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.company")),
                ("connection", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="delivery.connection")),
                ("outgoing", models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="delivery.outgoingmessage")),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("state", "taken")), fields=["company", "connection"], name="delivery_remote_taken")],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="delivery_remotemessage_company_id"),
                    SameCompany("connection", name="delivery_remotemessage_connection_company"),
                    SameCompany("outgoing", name="delivery_remotemessage_outgoing_company"),
                    models.UniqueConstraint(fields=("company", "connection", "remote_id"), name="delivery_remote_message_once"),
                ],
            },
        ),
        wall("delivery_remotemessage"),
    ]
