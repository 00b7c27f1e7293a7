"""The one door of the web process: live events and slow bytes here, pages by Django in threads."""

from __future__ import annotations

from emailhub.wsgi import application as pages  # sets Django up, so it comes first

from emailhub.web.shell import Shell  # isort: skip

application = Shell(pages)
