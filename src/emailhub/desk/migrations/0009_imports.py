import django.contrib.postgres.fields
import django.db.models.deletion
import emailhub.accounts.tenancy
from django.db import migrations, models

from emailhub.accounts.tenancy import wall

DUE = """
CREATE FUNCTION due_imports() RETURNS TABLE (id bigint, company_id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  due record;
BEGIN
  FOR due IN
    SELECT i.id, i.company_id FROM desk_contactimport i
    WHERE i.state IN ('reading', 'running', 'undoing') AND i.due_at <= clock_timestamp()
    ORDER BY i.due_at, i.id LIMIT 20
  LOOP
    -- The lock belongs to the caller's session: it is free again the moment that the session ends.
    IF pg_try_advisory_lock(30, (due.id % 2147483647)::integer) THEN
      PERFORM 1 FROM desk_contactimport i
        WHERE i.id = due.id AND i.state IN ('reading', 'running', 'undoing') AND i.due_at <= clock_timestamp();
      IF FOUND THEN
        id := due.id; company_id := due.company_id;
        RETURN NEXT;
        EXIT;
      END IF;
      PERFORM pg_advisory_unlock(30, (due.id % 2147483647)::integer);
    END IF;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION due_imports() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """Imports of contacts: the rows of a file are the work of the workers.

    due_imports() leaves a session's advisory lock (30, id) on the import that it returns. The caller
    releases it with pg_advisory_unlock when a batch of its rows is stored.
    """

    dependencies = [('desk', '0008_kinds_of_activity')]
    operations = [
        migrations.CreateModel(
            name='ContactImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filename', models.CharField(max_length=255)),
                ('content_key', models.CharField(blank=True, max_length=64)),
                ('encoding', models.CharField(max_length=20)),
                ('delimiter', models.CharField(max_length=1)),
                ('has_header', models.BooleanField(default=True)),
                ('header', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('mapping', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(blank=True, max_length=20), default=list, size=None)),
                ('policy', models.CharField(choices=[('skip', 'Leave them as they are'), ('fill', 'Add what they lack'), ('overwrite', 'Replace what the file says differently')], default='skip', max_length=10)),
                ('state', models.CharField(choices=[('draft', 'Not started'), ('reading', 'Reading the file'), ('running', 'Importing'), ('done', 'Imported'), ('undoing', 'Being undone'), ('undone', 'Undone'), ('stopped', 'Stopped by an error')], default='draft', max_length=10)),
                ('total', models.PositiveIntegerField(default=0)),
                ('created', models.PositiveIntegerField(default=0)),
                ('updated', models.PositiveIntegerField(default=0)),
                ('skipped', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('undone', models.PositiveIntegerField(default=0)),
                ('kept', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField()),
                ('stopped_in', models.CharField(blank=True, choices=[('draft', 'Not started'), ('reading', 'Reading the file'), ('running', 'Importing'), ('done', 'Imported'), ('undoing', 'Being undone'), ('undone', 'Undone'), ('stopped', 'Stopped by an error')], max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('last_error', models.TextField(blank=True)),
                ('by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.advisor')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('segment', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='desk.segment')),
            ],
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('cells', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('created', 'New contact'), ('updated', 'Completed'), ('skipped', 'Already there'), ('failed', 'Not imported'), ('undone', 'Undone'), ('kept', 'Not undone')], default='waiting', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=30)),
                ('detail', models.TextField(blank=True)),
                ('changes', models.JSONField(blank=True, default=dict)),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('contact', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='import_rows', to='desk.contact')),
                ('contact_import', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='desk.contactimport')),
            ],
        ),
        migrations.AddIndex(
            model_name='contactimport',
            index=models.Index(fields=['company', '-id'], name='desk_contactimport_newest'),
        ),
        migrations.AddIndex(
            model_name='contactimport',
            index=models.Index(condition=models.Q(('state__in', ['reading', 'running', 'undoing'])), fields=['due_at', 'id'], name='desk_contactimport_due'),
        ),
        migrations.AddConstraint(
            model_name='contactimport',
            constraint=models.UniqueConstraint(fields=('company', 'id'), name='desk_contactimport_company_id'),
        ),
        migrations.AddConstraint(
            model_name='contactimport',
            constraint=emailhub.accounts.tenancy.SameCompany('segment', name='desk_contactimport_segment_company'),
        ),
        migrations.AddConstraint(
            model_name='contactimport',
            constraint=emailhub.accounts.tenancy.SameCompany('by', name='desk_contactimport_by_company'),
        ),
        migrations.AddIndex(
            model_name='importrow',
            index=models.Index(fields=['company', 'contact_import', 'state', 'number'], name='desk_importrow_state'),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=models.UniqueConstraint(fields=('company', 'id'), name='desk_importrow_company_id'),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=emailhub.accounts.tenancy.SameCompany('contact_import', name='desk_importrow_contact_import_company'),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=emailhub.accounts.tenancy.SameCompany('contact', name='desk_importrow_contact_company'),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=models.UniqueConstraint(fields=('company', 'contact_import', 'number'), name='desk_importrow_number'),
        ),
        wall('desk_contactimport'),
        wall('desk_importrow'),
        migrations.RunSQL(DUE, "DROP FUNCTION due_imports()"),
    ]
