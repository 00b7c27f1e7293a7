import django.db.models.deletion
from django.db import migrations, models

import emailhub.accounts.tenancy
from emailhub.accounts.tenancy import wall


class Migration(migrations.Migration):
    """Which contact was merged into which."""

    dependencies = [('desk', '0009_imports')]
    operations = [
        migrations.CreateModel(
            name='ContactMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('merged_id', models.BigIntegerField()),
                ('merged_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.advisor')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('contact', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='merges', to='desk.contact')),
            ],
        ),
        migrations.AddIndex(
            model_name='contactmerge',
            index=models.Index(fields=['company', 'merged_id'], name='desk_contactmerge_gone'),
        ),
        migrations.AddConstraint(
            model_name='contactmerge',
            constraint=models.UniqueConstraint(fields=('company', 'id'), name='desk_contactmerge_company_id'),
        ),
        migrations.AddConstraint(
            model_name='contactmerge',
            constraint=emailhub.accounts.tenancy.SameCompany('contact', name='desk_contactmerge_contact_company'),
        ),
        migrations.AddConstraint(
            model_name='contactmerge',
            constraint=emailhub.accounts.tenancy.SameCompany('by', name='desk_contactmerge_by_company'),
        ),
        wall('desk_contactmerge'),
    ]
