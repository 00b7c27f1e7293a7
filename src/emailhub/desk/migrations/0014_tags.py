import django.db.models.deletion
import django.db.models.functions.text
import emailhub.accounts.tenancy
from django.db import migrations, models

from emailhub.accounts.tenancy import wall


class Migration(migrations.Migration):
    """Tags: labels for tickets."""

    dependencies = [
        ('accounts', '0008_second_factor_demanded'),
        ('desk', '0013_notifications'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=50, verbose_name='name')),
                ('tone', models.CharField(choices=[('grey', 'Grey'), ('accent', 'Blue'), ('ok', 'Green'), ('warn', 'Orange'), ('danger', 'Red'), ('note', 'Yellow')], default='grey', max_length=10)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
            ],
        ),
        migrations.CreateModel(
            name='TicketTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('tag', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='ticket_tags', to='desk.tag')),
                ('ticket', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='ticket_tags', to='desk.ticket')),
            ],
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.UniqueConstraint(fields=('company', 'id'), name='desk_tag_company_id'),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.UniqueConstraint(models.F('company'), django.db.models.functions.text.Lower('name'), name='desk_tag_name_any_case'),
        ),
        migrations.AddIndex(
            model_name='tickettag',
            index=models.Index(fields=['company', 'tag', 'ticket'], name='desk_tickettag_of'),
        ),
        migrations.AddConstraint(
            model_name='tickettag',
            constraint=models.UniqueConstraint(fields=('company', 'id'), name='desk_tickettag_company_id'),
        ),
        migrations.AddConstraint(
            model_name='tickettag',
            constraint=emailhub.accounts.tenancy.SameCompany('ticket', name='desk_tickettag_ticket_company'),
        ),
        migrations.AddConstraint(
            model_name='tickettag',
            constraint=emailhub.accounts.tenancy.SameCompany('tag', name='desk_tickettag_tag_company'),
        ),
        migrations.AddConstraint(
            model_name='tickettag',
            constraint=models.UniqueConstraint(fields=('company', 'ticket', 'tag'), name='desk_tickettag_once'),
        ),
        wall('desk_tag'),
        wall('desk_tickettag'),
    ]
