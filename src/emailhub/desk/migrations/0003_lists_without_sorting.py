from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes in the order of each list, so that a page of it is a short walk at any number of tickets."""

    dependencies = [
        ("accounts", "0003_access_events"),
        ("desk", "0002_walls_and_search"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="ticket",
            name="desk_ticket_team",
        ),
        migrations.RemoveIndex(
            model_name="ticket",
            name="desk_ticket_mine",
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["company", "team", "status", "-last_activity_at", "-id"],
                include=("assignee",),
                name="desk_ticket_team",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["company", "-last_activity_at", "-id"], name="desk_ticket_all"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status__in", ["open", "waiting"])),
                fields=["company", "assignee", "-last_activity_at", "-id"],
                name="desk_ticket_mine",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("needs_reply_since__isnull", False)),
                fields=["company", "-last_activity_at", "-id"],
                name="desk_ticket_unanswered",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("needs_reply_since__isnull", False)),
                fields=["company", "needs_reply_since", "id"],
                name="desk_ticket_longest",
            ),
        ),
    ]
