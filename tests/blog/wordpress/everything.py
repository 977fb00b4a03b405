"""A WordPress site with one of everything, as its export would tell of it."""

from pathlib import Path

from PIL import Image

from tests.blog.wordpress.exports import OLD, OldComment, OldPost

UPLOADS = f"{OLD}/wp-content/uploads"


def write_uploads(folder: Path) -> Path:
    """Write the files of the old site's uploads folder that were copied, and return it."""
    for name, colour in (("wash", "teal"), ("hat", "orange"), ("comb", "grey"), ("hero", "navy")):
        path = folder / "2024" / "03" / f"{name}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (80, 60), colour).save(path)
    (folder / "2024" / "03" / "broken.jpg").write_bytes(b"no picture at all")
    return folder


def _picture(number: int, name: str, alt: str, *, caption: str = "", parent: int = 0) -> OldPost:
    return OldPost(
        number,
        content="",
        title=name.title(),
        slug=name,
        kind="attachment",
        status="inherit",
        excerpt=caption,
        parent=parent,
        attachment_url=f"{UPLOADS}/2024/03/{name}.jpg",
        meta={"_wp_attachment_image_alt": alt},
    )


BLOCKS = f"""
<!-- wp:paragraph --><p>Plain words with <strong>bold</strong>, <em>soft</em>, \
<a href="{OLD}/2024/03/classic/">our classic post</a>, <a href="https://other.example/page">elsewhere</a> \
and <mark>marked</mark> ones. 😀 Ünïcödé 漢字.</p><!-- /wp:paragraph -->
<!-- wp:heading --><h2 class="wp-block-heading">Second level heading</h2><!-- /wp:heading -->
<!-- wp:heading {{"level":5}} --><h5>Fifth level heading</h5><!-- /wp:heading -->
<!-- wp:list {{"ordered":true}} --><ol><!-- wp:list-item --><li>Ordered item\
<!-- wp:list --><ul><!-- wp:list-item --><li>Nested item</li><!-- /wp:list-item --></ul><!-- /wp:list -->\
</li><!-- /wp:list-item --></ol><!-- /wp:list -->
<!-- wp:image {{"id":101,"sizeSlug":"medium"}} --><figure class="wp-block-image"><img \
src="{UPLOADS}/2024/03/wash-300x200.jpg" alt="A bottle of wash" class="wp-image-101"/>\
<figcaption>Caption of the wash</figcaption></figure><!-- /wp:image -->
<!-- wp:gallery --><figure class="wp-block-gallery"><!-- wp:image {{"id":102}} -->\
<figure class="wp-block-image"><img src="{UPLOADS}/2024/03/hat.jpg" alt="" class="wp-image-102"/>\
</figure><!-- /wp:image --><!-- wp:image {{"id":103}} --><figure class="wp-block-image">\
<a href="https://combs.example/"><img src="{UPLOADS}/2024/03/comb.jpg" alt="Comb"/></a>\
<figcaption>Comb caption</figcaption></figure><!-- /wp:image --><figcaption>Gallery caption</figcaption>\
</figure><!-- /wp:gallery -->
<!-- wp:quote --><blockquote class="wp-block-quote"><p>Quoted sentence.</p><cite>Quoted person</cite>\
</blockquote><!-- /wp:quote -->
<!-- wp:pullquote --><figure class="wp-block-pullquote"><blockquote><p>Pulled sentence.</p></blockquote>\
</figure><!-- /wp:pullquote -->
<!-- wp:table --><figure class="wp-block-table"><table><thead><tr><th>Day</th><th>Habit</th></tr></thead>\
<tbody><tr><td>One</td><td>Lukewarm rinse</td></tr></tbody></table><figcaption>Table caption</figcaption>\
</figure><!-- /wp:table -->
<!-- wp:separator --><hr class="wp-block-separator"/><!-- /wp:separator -->
<!-- wp:spacer {{"height":"40px"}} --><div style="height:40px"></div><!-- /wp:spacer -->
<!-- wp:code --><pre class="wp-block-code"><code>code line
  indented [gallery ids="1"]</code></pre><!-- /wp:code -->
<!-- wp:verse --><pre class="wp-block-verse">verse one
verse two</pre><!-- /wp:verse -->
<!-- wp:html --><div data-x="1"><p>Own HTML words.</p><script>alert("never")</script></div><!-- /wp:html -->
<!-- wp:embed {{"url":"https://www.youtube.com/watch?v=abc"}} --><figure class="wp-block-embed"><div \
class="wp-block-embed__wrapper">
https://www.youtube.com/watch?v=abc
</div><figcaption>Embed caption</figcaption></figure><!-- /wp:embed -->
<!-- wp:video {{"id":7}} --><figure class="wp-block-video"><video controls \
src="{UPLOADS}/2024/03/film.mp4" poster="{UPLOADS}/2024/03/still.jpg"></video>\
<figcaption>Video caption</figcaption></figure><!-- /wp:video -->
<!-- wp:audio --><figure class="wp-block-audio"><audio controls src="{UPLOADS}/2024/03/talk.mp3"></audio>\
</figure><!-- /wp:audio -->
<!-- wp:file {{"id":8}} --><div class="wp-block-file"><a href="{UPLOADS}/2024/03/leaflet.pdf">Leaflet file\
</a><a href="{UPLOADS}/2024/03/leaflet.pdf" class="wp-block-file__button" download>Download button</a></div>\
<!-- /wp:file -->
<!-- wp:buttons --><div class="wp-block-buttons"><!-- wp:button --><div class="wp-block-button">\
<a class="wp-block-button__link" href="/book/">Book button</a></div><!-- /wp:button --></div><!-- /wp:buttons -->
<!-- wp:columns --><div class="wp-block-columns"><!-- wp:column --><div class="wp-block-column">\
<!-- wp:paragraph --><p>Left column.</p><!-- /wp:paragraph --></div><!-- /wp:column --><!-- wp:column -->\
<div class="wp-block-column"><!-- wp:paragraph --><p>Right column.</p><!-- /wp:paragraph --></div>\
<!-- /wp:column --></div><!-- /wp:columns -->
<!-- wp:group --><div class="wp-block-group"><!-- wp:media-text {{"mediaId":102}} --><div \
class="wp-block-media-text"><figure><img src="{UPLOADS}/2024/03/hat.jpg" alt="Hat beside" \
class="wp-image-102"/></figure><div><!-- wp:paragraph --><p>Words beside media.</p><!-- /wp:paragraph -->\
</div></div><!-- /wp:media-text --></div><!-- /wp:group -->
<!-- wp:cover {{"url":"{UPLOADS}/2024/03/hero.jpg","id":104}} --><div class="wp-block-cover"><div \
class="wp-block-cover__inner-container"><!-- wp:paragraph --><p>Words on a cover.</p><!-- /wp:paragraph -->\
</div></div><!-- /wp:cover -->
<!-- wp:details --><details class="wp-block-details"><summary>Folded question</summary>\
<!-- wp:paragraph --><p>Folded answer.</p><!-- /wp:paragraph --></details><!-- /wp:details -->
<!-- wp:block {{"ref":90}} /-->
<!-- wp:latest-posts {{"postsToShow":5}} /-->
<!-- wp:shortcode -->[contact-form-7 id="12" title="Contact form"]<!-- /wp:shortcode -->
<!-- wp:acme/hint {{"tone":"calm"}} --><div class="acme">Words of an unknown block.</div><!-- /wp:acme/hint -->
"""

CLASSIC = f"""First classic line
second classic line

[caption id="attachment_102" align="alignleft" width="300"]<a href="{UPLOADS}/2024/03/hat.jpg"><img \
src="{UPLOADS}/2024/03/hat.jpg" alt="Classic hat" width="300" /></a> Classic caption[/caption]

<!--more-->[gallery ids="101,103"]

<!--nextpage-->

[embed]https://vimeo.com/123[/embed]

[video mp4="{UPLOADS}/2024/03/short.mp4" webm="{UPLOADS}/2024/03/short.webm"][/video]

[su_note colour="red"]Inside a <b>strange</b> shortcode[/su_note] and [sic] and [[gallery]] stay.

https://www.youtube.com/watch?v=bare

<table><tr><td colspan="2">{"A cell far too long for a cell. " * 10}</td></tr></table>
<blockquote>{"A quotation that is far too long. " * 25}</blockquote>
<dl><dt>Term</dt><dd>Meaning of it</dd></dl>
<img src="{UPLOADS}/2024/03/missing.jpg" alt="A missing picture" />
<img src="{UPLOADS}/2024/03/broken.jpg" alt="A broken picture" />
<img src="https://s.w.org/images/core/emoji/smile.png" alt="🙂" class="emoji" />
<a href="/?p=1">By its number</a> <a href="{UPLOADS}/2024/03/list.xlsx">A sheet</a>
"""

HOSTILE = """<p onclick="alert(1)">Click <a href="javascript:alert(2)">here</a>
<img src="x" onerror="alert(3)"><svg onload="alert(4)"><script>alert(5)</script></svg>
<iframe srcdoc="<script>alert(6)</script>"></iframe><object data="data:text/html,<script>alert(7)</script>">
</object><style>@import 'https://evil.example/x.css';</style><a href=" &#106;avascript:alert(8)">tab</a>
<b title="--><script>alert(9)</script>">tail</b></p><math><mtext><table><mglyph><style><img src=x onerror=alert(10)>
</style></mglyph></table></mtext></math><form action="https://evil.example/"><input name="p">Form words</form>"""

THREAD = [
    OldComment(1, text="A first comment 😀"),
    OldComment(2, text="A reply", parent=1, author="Ben", email="ben@example.com"),
    OldComment(3, text="A reply to the reply", parent=2),
    OldComment(4, text="Still waiting", approved="0"),
    OldComment(5, text="Buy pills", approved="spam"),
    OldComment(6, text="Thrown away", approved="trash"),
    OldComment(7, text="A pingback", kind="pingback", author="Some site", email=""),
    OldComment(8, text="Answer to nobody", parent=77),
    OldComment(9, text="No address", email=""),
    OldComment(10, text="<script>alert(1)</script> <b>bold</b> &amp; so"),
    OldComment(11, text="At no time", date="0000-00-00 00:00:00"),
]

SITE = [
    _picture(101, "wash", "Alt of the wash"),
    _picture(102, "hat", "Alt of the hat", caption="Hat caption"),
    _picture(103, "comb", ""),
    _picture(104, "hero", "Alt of the hero"),
    OldPost(90, "<!-- wp:paragraph --><p>Reused words.</p><!-- /wp:paragraph -->", kind="wp_block"),
    OldPost(
        1,
        BLOCKS,
        title="Every &amp; block",
        slug="every-block",
        excerpt="An excerpt of its own.",
        terms=[
            ("category", "aftercare", "Aftercare"),
            ("category", "uncategorized", "Uncategorized"),
            ("post_tag", "sun", "Sun"),
            ("post_format", "post-format-aside", "Aside"),
        ],
        meta={"_thumbnail_id": "104", "_edit_lock": "1", "_yoast_wpseo_metadesc": "Found by this.",
              "mood": "calm"},
        comments=THREAD,
    ),
    OldPost(2, CLASSIC, title="Classic 😀", slug="classic", creator="ben"),
    OldPost(3, HOSTILE, title="<script>alert(0)</script>Hostile", slug="hostile"),
    OldPost(4, "<p>Secret words.</p>", title="Private", slug="private", status="private"),
    OldPost(
        5, "<p>Later words.</p>", title="Planned", slug="planned", status="future",
        date="2199-01-01 10:00:00", date_gmt="2199-01-01 09:00:00",
    ),
    OldPost(6, "<p>Draft words.</p>", title="Draft", slug="", status="draft",
            date_gmt="0000-00-00 00:00:00", link=f"{OLD}/?p=6"),
    OldPost(7, "<p>Thrown words.</p>", title="Thrown", slug="thrown__trashed", status="trash"),
    OldPost(8, "<p>Locked words.</p>", title="Locked", slug="locked", password="abc"),
    OldPost(9, "<p>Wrong dates.</p>", title="Wrong dates", slug="wrong",
            date="2024-13-45 99:00:00", date_gmt="0000-00-00 00:00:00"),
    OldPost(10, "<p>Same slug.</p>", title="Same", slug="every-block", status="pending"),
    OldPost(11, "<p>Page words.</p>", title="About us", slug="about-us", kind="page",
            link=f"{OLD}/about-us/"),
    OldPost(12, "<p>Page below.</p>", title="Team", slug="team", kind="page", parent=11,
            link=f"{OLD}/about-us/team/"),
    OldPost(13, "", title="Menu", kind="nav_menu_item"),
    OldPost(14, "", title="", slug="%e6%bc%a2%e5%ad%97", creator="ghost"),
]  # fmt: skip
