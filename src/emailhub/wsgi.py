"""Django's WSGI application, for the shell in asgi.py or a server of the operator's choice."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "emailhub.settings")
application = get_wsgi_application()
