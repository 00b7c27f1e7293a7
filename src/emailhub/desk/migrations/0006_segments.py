import django.db.models.deletion
import django.db.models.functions.text
import emailhub.accounts.tenancy
from django.db import migrations, models

from emailhub.accounts.tenancy import wall


class Migration(migrations.Migration):
    """Segments: labels for contacts."""

    dependencies = [
        ('accounts', '0004_managers_read_all_event'),
        ('desk', '0005_search_frequent_words'),
    ]

    operations = [
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
            ],
        ),
        migrations.CreateModel(
            name='SegmentMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('contact', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='segment_members', to='desk.contact')),
                ('segment', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='members', to='desk.segment')),
            ],
        ),
        migrations.AddField(
            model_name='contact',
            name='segments',
            field=models.ManyToManyField(related_name='contacts', through='desk.SegmentMember', to='desk.segment'),
        ),
        migrations.AddConstraint(
            model_name='segment',
            constraint=models.UniqueConstraint(fields=('company', 'id'), name='desk_segment_company_id'),
        ),
        migrations.AddConstraint(
            model_name='segment',
            constraint=models.UniqueConstraint(models.F('company'), django.db.models.functions.text.Lower('name'), name='desk_segment_name_any_case'),
        ),
        migrations.AddIndex(
            model_name='segmentmember',
            index=models.Index(fields=['company', 'segment', 'contact'], name='desk_segmentmember_of'),
        ),
        migrations.AddConstraint(
            model_name='segmentmember',
            constraint=models.UniqueConstraint(fields=('company', 'id'), name='desk_segmentmember_company_id'),
        ),
        migrations.AddConstraint(
            model_name='segmentmember',
            constraint=emailhub.accounts.tenancy.SameCompany('contact', name='desk_segmentmember_contact_company'),
        ),
        migrations.AddConstraint(
            model_name='segmentmember',
            constraint=emailhub.accounts.tenancy.SameCompany('segment', name='desk_segmentmember_segment_company'),
        ),
        migrations.AddConstraint(
            model_name='segmentmember',
            constraint=models.UniqueConstraint(fields=('company', 'contact', 'segment'), name='desk_segmentmember_once'),
        ),
        wall('desk_segment'),
        wall('desk_segmentmember'),
    ]
