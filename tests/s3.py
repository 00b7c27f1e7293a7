"""A store that speaks S3, moto's server on loopback, and a bucket in it that the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import boto3
import pytest
from django.conf import LazySettings
from moto.server import ThreadedMotoServer

from emailhub.configuration import files_storage
from tests.cli.installation import free_port

LOGIN = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "eu-west-1"}


@dataclass
class Service:
    """An S3 store that can be switched off."""

    endpoint: str
    server: ThreadedMotoServer

    def bucket(self, name: str) -> Any:
        return boto3.resource("s3", endpoint_url=self.endpoint, **LOGIN).Bucket(name)


@pytest.fixture
def service() -> Iterator[Service]:
    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield Service(f"http://{host}:{port}", server)
    server.stop()


@pytest.fixture
def bucket(service: Service, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Any:
    called = f"mails-{uuid4().hex}"  # moto's servers share their buckets
    for name, value in {
        "EMAILHUB_S3_BUCKET": called,
        "EMAILHUB_S3_ENDPOINT": service.endpoint,
        "EMAILHUB_S3_REGION": "eu-west-1",
        "EMAILHUB_S3_ACCESS_KEY": "key",
        "EMAILHUB_S3_SECRET_KEY": "secret",
    }.items():
        monkeypatch.setenv(name, value)
    made = service.bucket(called)
    made.create(CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    settings.S3_BUCKET = called
    settings.STORAGES = {**settings.STORAGES, "default": files_storage()}
    return made
