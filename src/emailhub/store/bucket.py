"""A bucket of a store that speaks S3, by django-storages: an object is kept when the store says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, BinaryIO, cast

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages

from .place import Found

_NOT_THERE = ("404", "NoSuchKey", "NotFound")


class BucketAwayError(OSError):
    """The object store cannot be reached, or refuses us. Trying again may well work."""


class Bucket:
    """The bucket of settings.STORAGES."""

    def __init__(self) -> None:
        self._storage: Any = storages["default"]

    def put(self, name: str, content: bytes) -> None:
        with _reaching():
            if not self._storage.exists(name):
                self._storage.save(name, ContentFile(content))

    def put_file(self, name: str, file: BinaryIO) -> None:
        with _reaching():
            if not self._storage.exists(name):
                self._storage.save(name, File(file))

    def open(self, name: str) -> BinaryIO:
        with _reaching():
            return cast(BinaryIO, self._storage.open(name, "rb").file)  # fetched here, errors and all

    def move(self, name: str, to: str) -> None:
        bucket = self._storage.bucket
        with _reaching():
            bucket.Object(to).copy_from(CopySource={"Bucket": bucket.name, "Key": name})
            bucket.Object(name).delete()

    def remove(self, name: str) -> None:
        with _reaching():
            self._storage.delete(name)

    def files(self, under: str = "") -> Iterator[Found]:
        prefix = f"{under.rstrip('/')}/" if under else ""
        with _reaching():
            for found in self._storage.bucket.objects.filter(Prefix=prefix):
                yield Found(found.key, found.last_modified)

    def remove_leftovers(self, before: datetime) -> int:
        """None: an object appears when it is whole."""
        return 0


@contextmanager
def _reaching() -> Iterator[None]:
    """Errors of the store as those of a disk, which everybody knows how to wait for."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _NOT_THERE:
            raise FileNotFoundError(str(error)) from error
        raise BucketAwayError(str(error)) from error
    except (BotoCoreError, Boto3Error) as error:
        raise BucketAwayError(str(error)) from error
