import django.db.models.deletion
import emailhub.accounts.tenancy
from django.db import migrations, models

from emailhub.accounts.tenancy import wall


class Migration(migrations.Migration):
    """Whose mail a team holds as junk."""

    dependencies = [("hub", "0006_automatic_replies")]
    operations = [
        migrations.CreateModel(
            name='BlockedSender',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.CharField(max_length=320)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.advisor')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('team', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='blocked_senders', to='accounts.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='hub_blockedsender_company_id'), emailhub.accounts.tenancy.SameCompany('team', name='hub_blockedsender_team_company'), emailhub.accounts.tenancy.SameCompany('by', name='hub_blockedsender_by_company'), models.UniqueConstraint(fields=('company', 'team', 'value'), name='hub_blockedsender_once')],
            },
        ),
        wall("hub_blockedsender"),
    ]
