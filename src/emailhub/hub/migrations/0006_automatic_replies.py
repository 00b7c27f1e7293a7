import django.db.models.deletion
import emailhub.accounts.tenancy
from django.db import migrations, models

from emailhub.accounts.tenancy import wall


class Migration(migrations.Migration):
    """What a team answers by itself."""

    dependencies = [("hub", "0005_inbound_rules")]
    operations = [
        migrations.CreateModel(
            name='AutomaticReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('acknowledgement', 'Acknowledgement of a new ticket'), ('after_hours', 'After-hours reply')], max_length=20)),
                ('enabled', models.BooleanField(default=False)),
                ('texts', models.JSONField(default=dict)),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('team', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='automatic_replies', to='accounts.team')),
            ],
            options={
                'verbose_name_plural': 'automatic replies',
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='hub_automaticreply_company_id'), emailhub.accounts.tenancy.SameCompany('team', name='hub_automaticreply_team_company'), models.UniqueConstraint(fields=('company', 'team', 'kind'), name='hub_automaticreply_once')],
            },
        ),
        wall("hub_automaticreply"),
    ]
