"""The one door of the web process: live events and slow bytes here, pages by Django in threads."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "emailhub.settings")

from emailhub.web.shell import Shell  # noqa: E402
from emailhub.wsgi import application as pages  # noqa: E402

application = Shell(pages)
