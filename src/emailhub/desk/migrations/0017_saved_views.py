import django.db.models.deletion
import emailhub.accounts.tenancy
from django.db import migrations, models

from emailhub.accounts.tenancy import wall


class Migration(migrations.Migration):
    """Lists with their filters under a name."""

    dependencies = [
        ('accounts', '0008_second_factor_demanded'),
        ('desk', '0016_regroupings'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=50, verbose_name='name')),
                ('query', models.CharField(max_length=500)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('advisor', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.advisor')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('team', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
            ],
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(fields=('company', 'id'), name='desk_savedview_company_id'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=emailhub.accounts.tenancy.SameCompany('advisor', name='desk_savedview_advisor_company'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=emailhub.accounts.tenancy.SameCompany('team', name='desk_savedview_team_company'),
        ),
        wall('desk_savedview'),
    ]
