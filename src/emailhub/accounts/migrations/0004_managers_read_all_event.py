from django.db import migrations

TRIGGER = """
CREATE FUNCTION notify_company_access() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('emailhub_live', jsonb_build_object('kind', 'access', 'company', NEW.id)::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER notify_company_access AFTER UPDATE OF managers_read_all ON accounts_company
  FOR EACH ROW WHEN (OLD.managers_read_all <> NEW.managers_read_all)
  EXECUTE FUNCTION notify_company_access();
"""
UNDO = "DROP TRIGGER notify_company_access ON accounts_company; DROP FUNCTION notify_company_access();"


class Migration(migrations.Migration):
    """Whether managers read all teams decides what their streams may hear: changing it closes them."""

    dependencies = [("accounts", "0003_access_events")]
    operations = [migrations.RunSQL(TRIGGER, UNDO)]
