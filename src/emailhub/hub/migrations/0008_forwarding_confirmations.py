import django.db.models.deletion
import emailhub.accounts.tenancy
from django.db import migrations, models

from emailhub.accounts.tenancy import wall


class Migration(migrations.Migration):
    """What other providers ask before they forward mail to a team."""

    dependencies = [("hub", "0007_blocked_senders")]
    operations = [
        migrations.CreateModel(
            name='ForwardingConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=40)),
                ('address', models.CharField(blank=True, max_length=320)),
                ('code', models.CharField(blank=True, max_length=40)),
                ('link', models.CharField(blank=True, max_length=2000)),
                ('received_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('team', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='confirmations', to='accounts.team')),
            ],
            options={
                'indexes': [models.Index(fields=['company', 'team', '-id'], name='hub_confirmation_newest')],
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='hub_forwardingconfirmation_company_id'), emailhub.accounts.tenancy.SameCompany('team', name='hub_forwardingconfirmation_team_company')],
            },
        ),
        wall("hub_forwardingconfirmation"),
    ]
