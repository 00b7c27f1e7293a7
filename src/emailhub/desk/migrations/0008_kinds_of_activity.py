from django.db import migrations, models


class Migration(migrations.Migration):
    """Three more kinds of entries: automatic replies, junk, and a sender who gets no more of them."""

    dependencies = [("desk", "0007_list_of_contacts")]

    operations = [
        migrations.AlterField(
            model_name="activity",
            name="kind",
            field=models.CharField(
                choices=[
                    ("received", "Email received"),
                    ("sent", "Email sent"),
                    ("note", "Internal note"),
                    ("created", "Ticket created"),
                    ("assigned", "Assigned"),
                    ("moved", "Moved to another team"),
                    ("waiting", "Waiting on customer"),
                    ("opened", "Opened"),
                    ("closed", "Closed"),
                    ("reopened", "Reopened"),
                    ("subject", "Subject changed"),
                    ("contact", "Contact changed"),
                    ("not_delivered", "Not delivered"),
                    ("automatic_reply", "Automatic reply sent"),
                    ("junk", "Marked as junk"),
                    ("silenced", "No more automatic replies to a sender"),
                ],
                max_length=20,
            ),
        ),
    ]
