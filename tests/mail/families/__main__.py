"""Write the families into tests/messages."""

from __future__ import annotations

from collections.abc import Iterator

from tests.mail.families import automatic, charsets, replies
from tests.mail.families.write import Made
from tests.mail.messages import FOLDER


def families() -> Iterator[Made]:
    """Every mail of every family."""
    yield from replies.made()
    yield from charsets.made()
    yield from automatic.made()


def main() -> None:
    for made in families():
        (FOLDER / f"{made.name}.eml").write_bytes(made.raw)


if __name__ == "__main__":
    main()
