import uuid

import django.db.models.constraints
import django.db.models.deletion
import emailhub.accounts.tenancy
from django.db import migrations, models

from emailhub.accounts.tenancy import wall


class Migration(migrations.Migration):
    """What a team does with the mails that meet some conditions."""

    dependencies = [("hub", "0004_opening_hours")]
    operations = [
        migrations.AddField(
            model_name='identity',
            name='rules_version',
            field=models.UUIDField(default=uuid.uuid4),
        ),
        migrations.CreateModel(
            name='InboundRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('enabled', models.BooleanField(default=True)),
                ('match_all', models.BooleanField(default=True)),
                ('conditions', models.JSONField(default=list)),
                ('action', models.CharField(choices=[('ignore', 'Ignore'), ('route_to_team', 'Route to team'), ('route_to_advisor', 'Route to advisor'), ('create_new', 'Create a new ticket')], max_length=20)),
                ('even_if_open', models.BooleanField(default=False)),
                ('also_replies', models.BooleanField(default=False)),
                ('position', models.PositiveIntegerField(default=0)),
                ('broken_since', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('team', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='inbound_rules', to='accounts.team')),
                ('to_advisor', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.advisor')),
                ('to_team', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='hub_inboundrule_company_id'), emailhub.accounts.tenancy.SameCompany('team', name='hub_inboundrule_team_company'), emailhub.accounts.tenancy.SameCompany('to_team', name='hub_inboundrule_to_team_company'), emailhub.accounts.tenancy.SameCompany('to_advisor', name='hub_inboundrule_to_advisor_company'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('company', 'team', 'position'), name='hub_inboundrule_place'), models.CheckConstraint(condition=models.Q(('to_team__isnull', True), ('action', 'route_to_team'), _connector='OR'), name='hub_inboundrule_team_of_route'), models.CheckConstraint(condition=models.Q(('to_advisor__isnull', True), ('action', 'route_to_advisor'), _connector='OR'), name='hub_inboundrule_advisor_of_route')],
            },
        ),
        wall("hub_inboundrule"),
    ]
