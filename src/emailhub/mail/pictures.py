"""What a picture is, by its bytes: what its sender says about it is not trusted."""

from __future__ import annotations


def raster_type(head: bytes) -> str:
    """The content type of a picture made of pixels, from its first 16 bytes, or an empty string."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return ""
