import django.db.models.deletion
from django.db import migrations, models

from emailhub.accounts.tenancy import SameCompany, wall


class Migration(migrations.Migration):
    """A company's own address on its way to a team, the probes of its forward, and by whose account mail leaves."""

    dependencies = [("hub", "0009_held_mail"), ("delivery", "0007_connections")]
    operations = [
        migrations.CreateModel(
            name="OwnAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=254)),
                ("provider", models.CharField(blank=True, choices=[("google", "Gmail / Google Workspace"), ("microsoft", "Microsoft 365 / Exchange"), ("other", "Other")], max_length=10)),
                ("sending", models.CharField(blank=True, choices=[("", "Undecided"), ("smtp", "Smtp"), ("dns", "Dns")], default="", max_length=4)),
                ("forwards_since", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("company", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.company")),
                ("team", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="own_addresses", to="accounts.team")),
            ],
            options={
                "indexes": [models.Index(fields=["company", "team", "-id"], name="hub_ownaddress_newest")],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="hub_ownaddress_company_id"),
                    SameCompany("team", name="hub_ownaddress_team_company"),
                    models.UniqueConstraint(fields=("company", "address"), name="hub_ownaddress_once"),
                ],
            },
        ),
        wall("hub_ownaddress"),
        migrations.CreateModel(
            name="Probe",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=254)),
                ("token", models.CharField(max_length=32)),
                ("sent_at", models.DateTimeField()),
                ("came_at", models.DateTimeField(null=True)),
                ("came_to", models.CharField(blank=True, max_length=254)),
                ("came_from", models.CharField(blank=True, max_length=254)),
                ("found", models.CharField(blank=True, choices=[("", "Nothing"), ("intact", "Intact"), ("from_changed", "From Changed"), ("by_group", "By Group"), ("attached", "Attached"), ("other_team", "Other Team")], default="", max_length=12)),
                ("company", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.company")),
                ("outgoing", models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="delivery.outgoingmessage")),
                ("team", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="probes", to="accounts.team")),
            ],
            options={
                "indexes": [models.Index(fields=["company", "team", "-id"], name="hub_probe_newest")],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="hub_probe_company_id"),
                    SameCompany("team", name="hub_probe_team_company"),
                    SameCompany("outgoing", name="hub_probe_outgoing_company"),
                    models.UniqueConstraint(fields=("company", "token"), name="hub_probe_token"),
                ],
            },
        ),
        wall("hub_probe"),
        migrations.AddField(
            model_name="hubaddress",
            name="connection",
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="delivery.connection"),
        ),
        migrations.AddConstraint(
            model_name="hubaddress", constraint=SameCompany("connection", name="hub_hubaddress_connection_company")
        ),
    ]
