import django.db.models.deletion
from django.db import migrations, models

import emailhub.accounts.tenancy
from emailhub.accounts.tenancy import wall


class Migration(migrations.Migration):
    """Texts that advisors answer with often."""

    dependencies = [('desk', '0019_due_notification_mails')]
    operations = [
        migrations.CreateModel(
            name='SavedReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('html', models.TextField()),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('owner', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='saved_replies', to='accounts.advisor')),
                ('team', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='saved_replies', to='accounts.team')),
            ],
            options={'verbose_name_plural': 'saved replies'},
        ),
        migrations.AddConstraint(
            model_name='savedreply',
            constraint=models.UniqueConstraint(fields=('company', 'id'), name='desk_savedreply_company_id'),
        ),
        migrations.AddConstraint(
            model_name='savedreply',
            constraint=emailhub.accounts.tenancy.SameCompany('team', name='desk_savedreply_team_company'),
        ),
        migrations.AddConstraint(
            model_name='savedreply',
            constraint=emailhub.accounts.tenancy.SameCompany('owner', name='desk_savedreply_owner_company'),
        ),
        migrations.AddConstraint(
            model_name='savedreply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('owner__isnull', True), ('team__isnull', False)), models.Q(('owner__isnull', False), ('team__isnull', True)), _connector='OR'), name='desk_savedreply_one_holder'),
        ),
        wall('desk_savedreply'),
    ]
