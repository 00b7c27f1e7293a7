import django.db.models.deletion
import emailhub.accounts.tenancy
from django.db import migrations, models

from emailhub.accounts.tenancy import wall


class Migration(migrations.Migration):
    """What was done to many tickets at once, while it can be undone."""

    dependencies = [
        ('accounts', '0008_second_factor_demanded'),
        ('desk', '0014_tags'),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(max_length=10)),
                ('detail', models.JSONField(default=dict)),
                ('before', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('advisor', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.advisor')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
            ],
        ),
        migrations.AddConstraint(
            model_name='bulkact',
            constraint=models.UniqueConstraint(fields=('company', 'id'), name='desk_bulkact_company_id'),
        ),
        migrations.AddConstraint(
            model_name='bulkact',
            constraint=emailhub.accounts.tenancy.SameCompany('advisor', name='desk_bulkact_advisor_company'),
        ),
        wall('desk_bulkact'),
    ]
