"""Small files for the demo's mails, made on the spot: photos as PNG, papers as PDF."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Sequence
from functools import cache

from emailhub.mail import Attachment

WIDTH, HEIGHT = 320, 210
Colour = tuple[int, int, int]


@cache
def photo(filename: str, scene: str) -> Attachment:
    """A picture of a few shapes: "field", "leak", "part" or "screen"."""
    canvas = _Canvas(seed=filename)
    _SCENES[scene](canvas)
    return Attachment(filename, "image/png", canvas.png())


@cache
def paper(filename: str, *lines: str) -> Attachment:
    """A PDF of one page; the first line is its title."""
    return Attachment(filename, "application/pdf", _pdf(lines))


class _Canvas:
    """Rows of RGB, with a little grain so that it looks like a photo."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)  # noqa: S311 (grain of a picture)
        self.rows = [bytearray(3 * WIDTH) for _ in range(HEIGHT)]

    def sky(self, top: Colour, bottom: Colour, until: int = HEIGHT) -> None:
        for y in range(until):
            part = y / max(until - 1, 1)
            colour = bytes(round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True))
            self.rows[y][:] = colour * WIDTH

    def box(self, x: int, y: int, width: int, height: int, colour: Colour) -> None:
        left, right = (min(max(edge, 0), WIDTH) for edge in (x, x + width))
        for row in self.rows[max(y, 0) : y + height]:
            row[3 * left : 3 * right] = bytes(colour) * (right - left)

    def disc(self, x: int, y: int, radius: int, colour: Colour) -> None:
        for dy in range(-radius, radius + 1):
            half = int((radius * radius - dy * dy) ** 0.5)
            self.box(x - half, y + dy, 2 * half, 1, colour)

    def slope(self, x: int, y: int, width: int, height: int, lean: float, colour: Colour) -> None:
        for step in range(height):
            self.box(round(x + step * lean), y + step, width, 1, colour)

    def grain(self, amount: int) -> None:
        """Dots of another brightness, few enough that the file stays small."""
        for _ in range(amount):
            x, row = self.chance.randrange(WIDTH), self.chance.choice(self.rows)
            change = self.chance.choice((-14, -8, 8, 14))
            for place in range(3 * x, 3 * x + 3):
                row[place] = min(max(row[place] + change, 0), 255)

    def png(self) -> bytes:
        raw = b"".join(b"\0" + row for row in self.rows)
        header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
        chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _field(canvas: _Canvas) -> None:
    """A harvester in front of stubble and hills."""
    canvas.sky((148, 190, 224), (232, 236, 222), 96)
    for y, colour in ((78, (128, 148, 104)), (92, (204, 178, 96))):
        canvas.box(0, y, WIDTH, HEIGHT - y, colour)
    for x in range(-120, WIDTH, 26):
        canvas.slope(x, 96, 5, HEIGHT - 96, (x - 160) / 150, (182, 154, 74))
    canvas.box(96, 74, 124, 52, (52, 92, 148))
    canvas.box(104, 48, 42, 34, (40, 58, 66))
    canvas.box(150, 58, 62, 18, (66, 110, 168))
    canvas.slope(60, 118, 60, 12, -0.9, (196, 84, 52))
    canvas.disc(120, 132, 22, (34, 34, 36))
    canvas.disc(120, 132, 9, (206, 206, 202))
    canvas.disc(204, 138, 14, (34, 34, 36))
    canvas.disc(204, 138, 5, (206, 206, 202))
    canvas.grain(700)


def _leak(canvas: _Canvas) -> None:
    """Oil that runs down from a hose."""
    canvas.sky((92, 98, 100), (54, 58, 60))
    canvas.box(0, 118, WIDTH, 26, (72, 104, 140))
    canvas.box(36, 30, 92, 84, (122, 128, 130))
    canvas.box(44, 38, 76, 68, (104, 110, 112))
    for x, y in ((50, 44), (112, 44), (50, 98), (112, 98)):
        canvas.disc(x, y, 5, (158, 162, 164))
    canvas.slope(120, 66, 150, 16, 1.6, (24, 24, 26))
    canvas.disc(136, 74, 14, (186, 150, 66))
    for x, height in ((134, 96), (146, 70), (158, 112)):
        canvas.box(x, 84, 5, height, (58, 38, 16))
    canvas.disc(146, 192, 30, (40, 26, 12))
    canvas.grain(900)


def _part(canvas: _Canvas) -> None:
    """A part on the bench with its plate."""
    canvas.sky((188, 164, 132), (152, 126, 96))
    for y in range(20, HEIGHT, 44):
        canvas.box(0, y, WIDTH, 2, (132, 106, 78))
    canvas.disc(128, 108, 74, (98, 104, 108))
    canvas.disc(128, 108, 56, (134, 140, 144))
    canvas.disc(128, 108, 22, (58, 60, 62))
    for x, y in ((128, 46), (128, 170), (66, 108), (190, 108)):
        canvas.disc(x, y, 7, (48, 50, 52))
    canvas.box(216, 62, 84, 50, (220, 222, 218))
    for y, width in ((72, 60), (82, 68), (92, 40)):
        canvas.box(224, y, width, 4, (60, 64, 66))
    canvas.grain(800)


def _screen(canvas: _Canvas) -> None:
    """A display in the cab with a warning."""
    canvas.sky((44, 48, 52), (26, 28, 30))
    canvas.box(40, 26, 240, 150, (14, 16, 18))
    canvas.box(50, 36, 220, 130, (28, 72, 96))
    canvas.box(50, 36, 220, 22, (208, 150, 34))
    canvas.slope(92, 76, 4, 44, 0.6, (232, 210, 90))
    canvas.slope(92, 76, 4, 44, -0.6, (232, 210, 90))
    canvas.box(66, 118, 54, 4, (232, 210, 90))
    for y, width in ((78, 110), (92, 90), (106, 116), (134, 180), (148, 132)):
        canvas.box(136 if y < 120 else 66, y, width, 5, (220, 228, 232))
    canvas.grain(500)


_SCENES = {"field": _field, "leak": _leak, "part": _part, "screen": _screen}


def _pdf(lines: Sequence[str]) -> bytes:
    title, *rest = lines
    drawn = [f"BT /F1 18 Tf 60 770 Td ({_text(title)}) Tj ET"]
    drawn += [f"BT /F1 11 Tf 60 {730 - 18 * n} Td ({_text(line)}) Tj ET" for n, line in enumerate(rest)]
    page = "\n".join(drawn).encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    return _assemble(objects)


def _text(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _assemble(objects: Sequence[bytes]) -> bytes:
    """The objects one after another, and the table that says where each begins (ISO 32000-1 7.5)."""
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(content))
    )
