from django.db import migrations

TRIGGERS = """
CREATE FUNCTION notify_access() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  payload jsonb;
BEGIN
  IF TG_TABLE_NAME = 'accounts_membership' THEN
    payload := jsonb_build_object('advisor', COALESCE(NEW.advisor_id, OLD.advisor_id));
  ELSIF TG_TABLE_NAME = 'accounts_advisor' THEN
    payload := jsonb_build_object('advisor', OLD.id);
  ELSIF TG_TABLE_NAME = 'accounts_user' THEN
    payload := jsonb_build_object('user', OLD.id);
  ELSE
    payload := jsonb_build_object('session', md5(OLD.session_key));
  END IF;
  PERFORM pg_notify('emailhub_live', (payload || '{"kind": "access"}')::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER notify_access AFTER INSERT OR UPDATE OR DELETE ON accounts_membership
  FOR EACH ROW EXECUTE FUNCTION notify_access();
CREATE TRIGGER notify_access AFTER UPDATE OF role, is_active OR DELETE ON accounts_advisor
  FOR EACH ROW EXECUTE FUNCTION notify_access();
CREATE TRIGGER notify_access AFTER UPDATE OF password, is_active OR DELETE ON accounts_user
  FOR EACH ROW EXECUTE FUNCTION notify_access();
CREATE TRIGGER notify_access AFTER DELETE ON django_session
  FOR EACH ROW EXECUTE FUNCTION notify_access();
"""
UNDO = """
DROP TRIGGER notify_access ON accounts_membership;
DROP TRIGGER notify_access ON accounts_advisor;
DROP TRIGGER notify_access ON accounts_user;
DROP TRIGGER notify_access ON django_session;
DROP FUNCTION notify_access();
"""


class Migration(migrations.Migration):
    """Whoever changes what somebody may see, by whatever path, closes that person's open streams.

    The payload names ids and a digest of the session's key; the web process compares and ends the stream.
    """

    dependencies = [("accounts", "0002_walls_and_entrance"), ("sessions", "0001_initial")]
    operations = [migrations.RunSQL(TRIGGERS, UNDO)]
