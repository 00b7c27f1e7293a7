from django.db import migrations

TRIGGERS = """
CREATE FUNCTION notify_end_of_session() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_notify(
    'emailhub_live', jsonb_build_object('kind', 'access', 'session', OLD.session_key)::text
  );
  RETURN NULL;
END
$$;
CREATE TRIGGER notify_end AFTER DELETE ON accounts_session
  FOR EACH ROW EXECUTE FUNCTION notify_end_of_session();

CREATE FUNCTION end_sessions_of_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM accounts_session WHERE user_id = CASE TG_TABLE_NAME
    WHEN 'accounts_user' THEN (to_jsonb(NEW) ->> 'id')::bigint
    ELSE (to_jsonb(NEW) ->> 'user_id')::bigint
  END;
  RETURN NULL;
END
$$;
CREATE TRIGGER end_sessions AFTER UPDATE OF password, is_active ON accounts_user
  FOR EACH ROW WHEN (OLD.password <> NEW.password OR OLD.is_active <> NEW.is_active)
  EXECUTE FUNCTION end_sessions_of_user();
CREATE TRIGGER end_sessions AFTER UPDATE OF role, is_active ON accounts_advisor
  FOR EACH ROW WHEN (OLD.role <> NEW.role OR OLD.is_active <> NEW.is_active)
  EXECUTE FUNCTION end_sessions_of_user();
DROP TRIGGER notify_access ON django_session;
DELETE FROM django_session;
"""
UNDO = """
CREATE TRIGGER notify_access AFTER DELETE ON django_session
  FOR EACH ROW EXECUTE FUNCTION notify_access();
DROP TRIGGER end_sessions ON accounts_advisor;
DROP TRIGGER end_sessions ON accounts_user;
DROP FUNCTION end_sessions_of_user();
DROP TRIGGER notify_end ON accounts_session;
DROP FUNCTION notify_end_of_session();
"""


class Migration(migrations.Migration):
    """A session ends with what it was opened with: the password, the account, the role.

    Whoever changes one of them, by whatever path, ends the user's sessions in the same commit, and an end
    closes the streams of the pages that are open in it. Django's own table of sessions is no longer used; the
    keys that it holds in clear are removed.
    """

    dependencies = [("accounts", "0005_sessions"), ("sessions", "0001_initial")]
    operations = [migrations.RunSQL(TRIGGERS, UNDO)]
