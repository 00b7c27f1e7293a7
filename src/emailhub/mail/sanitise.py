"""Received and written HTML made safe: an allow-list of elements, attributes, addresses and styles.

The frame in which a mail is shown runs nothing and fetches nothing from elsewhere (its own policy sees to
it); this module makes sure that there is nothing to run or fetch. Either must be enough alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

import nh3
from lxml import etree

from emailhub.mail.dom import depth, parse_html
from emailhub.mail.styles import clean_style, inline_styles

_TAGS = """
    a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col
    colgroup dd del dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins
    kbd li main mark nav ol p pre q s samp section small span strike strong sub sup table tbody td tfoot
    th thead tr tt u ul var wbr
"""
# Their content is not text of the mail, or would be read differently outside of them.
_DROPPED_WITH_CONTENT = """
    applet audio canvas embed frameset iframe math noembed noframes noscript object plaintext script
    select style svg template textarea title video xml xmp
"""
_ATTRIBUTES = {
    "*": {"style", "dir", "lang", "title", "align", "valign", "bgcolor", "width", "height"},
    "a": {"href"},
    "p": {"class"},
    "div": {"class"},
    "img": {"src", "alt", "border", "hspace", "vspace"},
    "font": {"color", "face", "size"},
    "table": {"border", "cellpadding", "cellspacing", "rules", "frame"},
    "td": {"colspan", "rowspan", "nowrap"},
    "th": {"colspan", "rowspan", "nowrap", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start", "type", "reversed"},
    "ul": {"type"},
    "li": {"class", "type", "value"},
    "hr": {"size", "color", "noshade"},
    "br": {"clear"},
}
_FREE_TEXT = {"title", "alt"}
_PLAIN_VALUE = re.compile(r"[\w #%.,+'\"-]{0,200}", re.ASCII)
_LINK = re.compile(r"(?:https?://[^/\s]|mailto:|tel:)", re.IGNORECASE)
_REMOTE = re.compile(r"(?:https?:)?//[^/\s]", re.IGNORECASE)
_CID = re.compile(r"cid:(.+)", re.IGNORECASE | re.DOTALL)
_RASTER = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+", re.IGNORECASE)
_MAX_RASTER = 200_000
# Browsers drop these inside an address and strip them around it.
_NOT_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\ufeff\u200b-\u200f\u202a-\u202e\u2066-\u2069]")

MAX_HTML = 2_000_000
MAX_NESTING = 500
_MAX_REFERENCES = 100_000  # "&" in a mail: nh3 takes time by their square, 40 seconds for two million
_SHORT = 100_000
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_VOID = "area base br col embed hr img input link meta param source track wbr"
_CLOSED_BY_THE_NEXT = "p li dt dd tr td th tbody thead tfoot html head body option"
_NOT_NESTING = frozenset([*_VOID.split(), *_CLOSED_BY_THE_NEXT.split()])


class TooComplexError(ValueError):
    """The HTML is longer than MAX_HTML or deeper than MAX_NESTING: show the text of the mail instead."""


@dataclass(frozen=True, slots=True)
class Sanitised:
    """HTML that is safe to show in the frame, and how many remote images it lacks."""

    html: str
    blocked_images: int = 0


ImageUrl = Callable[[str], str | None]


def sanitise(
    html: str, *, cid: Mapping[str, str] | None = None, image_url: ImageUrl | None = None
) -> Sanitised:
    """Return received HTML made safe to show.

    `cid` gives the URL of each inline part by its Content-ID (without angle brackets), or by the address that
    stands in the HTML for parts named by Content-Location. `image_url` gives our own URL for a remote image,
    or None; without it remote images are left out and counted. Raises TooComplexError.
    """
    filter_ = _Received({key.casefold(): url for key, url in (cid or {}).items()}, image_url)
    return Sanitised(_clean(html, filter_, link_rel="noopener noreferrer nofollow"), filter_.blocked)


def sanitise_outgoing(html: str, *, images: Mapping[str, str] | None = None) -> str:
    """Return HTML that an advisor wrote (mail, signature, automatic reply) made safe to send and to store.

    `images` gives the `cid:` address that replaces an image's address (blob:, our own URL, an older cid:);
    all other images are left out. Without it those that are `cid:` already stay. Raises TooComplexError.
    """
    return _clean(html, _Written(images), link_rel=None)


def _clean(html: str, filter_: _Filter, *, link_rel: str | None) -> str:
    if is_too_complex(html):
        raise TooComplexError
    return nh3.clean(
        inline_styles(_well_nested(html)),
        tags=set(_TAGS.split()),
        clean_content_tags=set(_DROPPED_WITH_CONTENT.split()),
        attributes=_ATTRIBUTES,
        attribute_filter=filter_,
        link_rel=link_rel,
        set_tag_attribute_values={"a": {"target": "_blank"}} if link_rel else None,
        # Asked before the filter, which is stricter.
        url_schemes={"http", "https", "mailto", "tel", "cid", "data", "blob"},
        # Asked after it, and it lets through none of the mail's relative addresses: these it wrote itself.
        url_relative=lambda url: url if url in filter_.written else None,
    )


def _well_nested(html: str) -> str:
    """Return long HTML as a tree of known depth writes it. Raises TooComplexError.

    nh3 takes time by length times depth, and what `is_too_complex` counts can be deceived: 80,000 times
    <div title="</div>"> took it 45 seconds.
    """
    if len(html) <= _SHORT:
        return html
    body = parse_html(html)
    if body is None or depth(body) > MAX_NESTING:
        raise TooComplexError
    return etree.tostring(body, encoding="unicode", method="html")


def is_too_complex(html: str) -> bool:
    """Return whether HTML is too long or too deeply nested for browsers and tree builders to cope with."""
    if len(html) > MAX_HTML or html.count("&") > _MAX_REFERENCES:
        return True
    open_tags: Counter[str] = Counter()
    depth = 0
    for slash, tag in _TAG.findall(html):
        name = tag.lower()
        if name in _NOT_NESTING:
            continue
        if not slash:
            open_tags[name] += 1
            depth += 1
        elif open_tags[name]:
            open_tags[name] -= 1
            depth -= 1
        if depth > MAX_NESTING:
            return True
    return False


def bare_address(value: str) -> str:
    """Return an attribute's address as a browser would go to it."""
    return _NOT_IN_ADDRESS.sub("", value)


class _Filter:
    """Called by nh3 for every allowed attribute; returns its value, or None to drop it."""

    def __init__(self) -> None:
        self.written: set[str] = set()

    def __call__(self, tag: str, attribute: str, value: str) -> str | None:
        if attribute == "style":
            return clean_style(value) or None
        if attribute == "href":
            return _link(value)
        if attribute == "class":
            # All that Outlook's stylesheet says and everyone sees: no gap between its paragraphs (frame.py).
            return "MsoNormal" if "MsoNormal" in value.split() else None
        if attribute == "src":
            url = self.image(bare_address(value))
            if url:
                self.written.add(url)
            return url
        if attribute in _FREE_TEXT or _PLAIN_VALUE.fullmatch(value):
            return value
        return None

    def image(self, source: str) -> str | None:
        raise NotImplementedError


class _Received(_Filter):
    def __init__(self, cid: Mapping[str, str], image_url: ImageUrl | None) -> None:
        super().__init__()
        self._cid = cid
        self._image_url = image_url
        self.blocked = 0

    def image(self, source: str) -> str | None:
        if part := self._part(source):
            return part
        if _RASTER.fullmatch(source):
            return source if len(source) <= _MAX_RASTER else None
        if not _REMOTE.match(source):
            return None
        if self._image_url is None:
            self.blocked += 1
            return None
        return self._image_url("https:" + source if source.startswith("//") else source)

    def _part(self, source: str) -> str | None:
        """RFC 2392: the address is the Content-ID, percent-encoded. Some clients leave the brackets in."""
        if match := _CID.fullmatch(source):
            key = match.group(1)
            return self._cid.get(_content_id(key)) or self._cid.get(_content_id(unquote(key)))
        return self._cid.get(source.casefold())


def _content_id(text: str) -> str:
    return text.strip("<> ").casefold()


class _Written(_Filter):
    def __init__(self, images: Mapping[str, str] | None) -> None:
        super().__init__()
        self._images = images

    def image(self, source: str) -> str | None:
        if self._images is None:
            return source if _CID.fullmatch(source) else None
        return source if source in self._images.values() else self._images.get(source)


def _link(value: str) -> str | None:
    address = bare_address(value)
    return address if _LINK.match(address) else None
