from django.db import migrations, models
from django.db.models.deletion import CASCADE

from emailhub.accounts.tenancy import SameCompany, wall


class Migration(migrations.Migration):
    """What the limits of automatic replies are counted by, and the breaker's memory."""

    dependencies = [("intake", "0006_considerations"), ("desk", "0005_search_frequent_words")]
    operations = [
        migrations.AddField(
            model_name="receivedmessage",
            name="is_automatic",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="receivedmessage",
            index=models.Index(
                condition=models.Q(("is_automatic", True)),
                fields=["company", "team", "sender_address", "received_at"],
                name="intake_automatic",
            ),
        ),
        migrations.CreateModel(
            name="SentReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("company", models.ForeignKey(db_index=False, on_delete=CASCADE, related_name="+", to="accounts.company")),
                ("team", models.ForeignKey(db_constraint=False, db_index=False, on_delete=CASCADE, related_name="+", to="accounts.team")),
                ("ticket", models.ForeignKey(db_constraint=False, db_index=False, on_delete=CASCADE, related_name="+", to="desk.ticket")),
                ("kind", models.CharField(max_length=20)),
                ("address", models.CharField(max_length=320)),
                ("to_stranger", models.BooleanField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "sent replies",
                "indexes": [
                    models.Index(fields=["company", "team", "address", "at"], name="intake_reply_to_sender"),
                    models.Index(
                        condition=models.Q(("to_stranger", True)),
                        fields=["company", "team", "at"],
                        name="intake_reply_to_strangers",
                    ),
                    models.Index(fields=["company", "ticket", "at"], name="intake_reply_on_ticket"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="intake_sentreply_company_id"),
                    SameCompany("team", name="intake_sentreply_team_company"),
                    SameCompany("ticket", name="intake_sentreply_ticket_company"),
                ],
            },
        ),
        wall("intake_sentreply"),
        migrations.CreateModel(
            name="SilencedSender",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("company", models.ForeignKey(db_index=False, on_delete=CASCADE, related_name="+", to="accounts.company")),
                ("team", models.ForeignKey(db_constraint=False, db_index=False, on_delete=CASCADE, related_name="+", to="accounts.team")),
                ("address", models.CharField(max_length=320)),
                ("until", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="intake_silencedsender_company_id"),
                    SameCompany("team", name="intake_silencedsender_team_company"),
                    models.UniqueConstraint(fields=("company", "team", "address"), name="intake_silenced_once"),
                ],
            },
        ),
        wall("intake_silencedsender"),
    ]
