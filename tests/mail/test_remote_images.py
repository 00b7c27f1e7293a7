"""Which images of a mail lie elsewhere, and which of them nobody is meant to see."""

from __future__ import annotations

import time

import pytest

from emailhub.mail import remote_images, sanitise


def test_images_of_the_mail_itself_are_not_remote() -> None:
    found = remote_images('<img src="cid:x"><img src="data:image/png;base64,AA"><img src="x.png"><img alt=x>')
    assert found == remote_images("")


def test_addresses_are_read_as_a_browser_reads_them() -> None:
    html = (
        "<img src='https://a.example/1?x=1&amp;y=2'><IMG SRC=//b.example/2>"
        "<img data-src=//c.example src='//d.example/ 3\n'><img src='//e.example/4\u200b?x&copy=1'>"
    )
    assert remote_images(html).pictures == (
        "https://a.example/1?x=1&y=2",
        "https://b.example/2",
        "https://d.example/3",
        "https://e.example/4?x&copy=1",
    )


@pytest.mark.parametrize(
    "how",
    [
        'width="1" height="1"',
        "height=0 width='1px'",
        'style="width:1px; height: 1px"',
        'width=1 style="height:0"',
        'style="display: none"',
    ],
)
def test_what_nobody_can_see_is_a_tracking_pixel(how: str) -> None:
    assert remote_images(f'<img {how} src="//t.example/o">').pixels == ("https://t.example/o",)


@pytest.mark.parametrize(
    "how",
    ['width="100" height="1"', "width=10 height=10", "style='max-width:1px;max-height:1px'", "width=1%"],
)
def test_a_line_and_what_is_small_are_pictures(how: str) -> None:
    assert remote_images(f'<img src="//t.example/o" {how}>').pictures == ("https://t.example/o",)


def test_both_readers_of_a_mail_find_the_same_addresses() -> None:
    html = (
        "<img src='//a.example/ 1?x&copy=1&amp;reg=2&#x2f;'><img src=//b.example/&lt;2><img src='http:///x'>"
    )
    asked = list[str]()
    sanitise(html, image_url=lambda url: asked.append(url))
    assert remote_images(html).pictures == tuple(asked)
    assert len(asked) == 2


@pytest.mark.parametrize(
    "html", ["<img src=" + " " * 40_000 + "x>", "<img " * 100_000, "<img " + "src " * 40_000]
)
def test_a_mail_that_is_made_to_take_long_does_not(html: str) -> None:
    began = time.process_time()
    assert remote_images(html) == remote_images("")
    assert time.process_time() - began < 1
