import django.db.models.deletion
from django.db import migrations, models

from emailhub.accounts.tenancy import SameCompany


class Migration(migrations.Migration):
    """Which text message a delivery became."""

    dependencies = [("desk", "0012_chat"), ("intake", "0009_verdict")]
    operations = [
        migrations.AddField(
            model_name="receivedmessage",
            name="filed_chat",
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="deliveries", to="desk.chatmessage"),
        ),
        migrations.AddConstraint(
            model_name="receivedmessage",
            constraint=SameCompany("filed_chat", name="intake_receivedmessage_filed_chat_company"),
        ),
    ]
