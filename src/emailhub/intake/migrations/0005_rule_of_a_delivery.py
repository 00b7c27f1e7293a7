import django.db.models.deletion
from django.db import migrations, models

from emailhub.accounts.tenancy import SameCompany


class Migration(migrations.Migration):
    """Which inbound rule decided on a delivery: rules' hits are counted by it."""

    dependencies = [("intake", "0004_fate_of_held_mail"), ("hub", "0005_inbound_rules")]
    operations = [
        migrations.AddField(
            model_name="receivedmessage",
            name="rule",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="hub.inboundrule",
            ),
        ),
        migrations.AddConstraint(
            model_name="receivedmessage",
            constraint=SameCompany("rule", name="intake_receivedmessage_rule_company"),
        ),
        migrations.AddIndex(
            model_name="receivedmessage",
            index=models.Index(
                condition=models.Q(("rule__isnull", False)),
                fields=["company", "rule", "-received_at"],
                name="intake_rule",
            ),
        ),
    ]
