import django.db.models.deletion
from django.db import migrations, models

from emailhub.accounts.tenancy import SameCompany


class Migration(migrations.Migration):
    """The company's own mail server, and the mail that showed that it takes ours."""

    dependencies = [("hub", "0010_own_addresses")]
    operations = [
        migrations.AddField(
            model_name="ownaddress",
            name="connection",
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="delivery.connection"),
        ),
        migrations.AddField(
            model_name="ownaddress",
            name="test",
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="delivery.outgoingmessage"),
        ),
        migrations.AddConstraint(
            model_name="ownaddress", constraint=SameCompany("connection", name="hub_ownaddress_connection_company")
        ),
        migrations.AddConstraint(
            model_name="ownaddress", constraint=SameCompany("test", name="hub_ownaddress_test_company")
        ),
    ]
