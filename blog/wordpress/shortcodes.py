"""Turn WordPress's shortcodes, such as `[gallery ids="1,2"]`, into HTML or name them.

Text is read once from left to right; what only looks like a shortcode (`[sic]`, `[1]`) stays text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape, unescape

from blog.wordpress.items import Attachment
from blog.wordpress.notes import Notes

_TAG = re.compile(
    r"\[(?P<open>\[?)(?P<end>/?)(?P<name>[a-zA-Z][\w-]{0,60})"
    r"(?P<attributes>(?:\s[^\[\]]{0,4000})?)(?P<closed>/?)\](?P<close>\]?)"
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[\w-]{1,80})\s{0,5}=\s{0,5}"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'\]]+))"
)
_MEDIA = ("src", "mp4", "m4v", "webm", "ogv", "mp3", "m4a", "ogg", "wav", "flac", "url")
_VIDEO_SITES = {
    "youtube": "https://www.youtube.com/watch?v=",
    "vimeo": "https://vimeo.com/",
}


@dataclass(slots=True)
class _Frame:
    """A shortcode that has begun, and what has come since."""

    name: str
    attributes: str
    raw: str
    parts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Shortcodes:
    """Expands the shortcodes of one post.

    :ivar attachments: the files of the site by their numbers.
    :ivar own: the numbers of the pictures that were uploaded to this post.
    """

    attachments: Mapping[int, Attachment]
    own: tuple[int, ...]
    notes: Notes

    def expand(self, text: str) -> str:
        """Return the text with shortcodes as HTML."""
        if "[" not in text:
            return text
        closed = {found["name"].lower() for found in _TAG.finditer(text) if found["end"]}
        frames = [_Frame("", "", "")]
        position = 0
        for found in _TAG.finditer(text):
            frames[-1].parts.append(text[position : found.start()])
            position = found.end()
            self._take(found, frames, closed)
        frames[-1].parts.append(text[position:])
        while len(frames) > 1:
            # Begun and never ended: it stands alone.
            frame = frames.pop()
            frames[-1].parts += [self._html(frame, ""), *frame.parts]
        return "".join(frames[0].parts)

    def _take(self, found: re.Match[str], frames: list[_Frame], closed: set[str]) -> None:
        name, raw = found["name"].lower(), found[0]
        if found["open"] and found["close"]:
            frames[-1].parts.append(raw[1:-1])  # [[so]] is how [so] is written.
        elif found["end"]:
            self._end(name, raw, frames)
        elif not self._is_shortcode(name, found["attributes"], closed):
            frames[-1].parts.append(raw)
        elif name in closed and not found["closed"]:
            frames.append(_Frame(name, found["attributes"], raw))
        else:
            frames[-1].parts.append(self._html(_Frame(name, found["attributes"], raw), ""))

    def _end(self, name: str, raw: str, frames: list[_Frame]) -> None:
        if not any(frame.name == name for frame in frames[-10:]):
            self.notes.add("shortcode", raw)
            return
        while frames[-1].name != name:
            frame = frames.pop()
            frames[-1].parts += [self._html(frame, ""), *frame.parts]
        frame = frames.pop()
        frames[-1].parts.append(self._html(frame, "".join(frame.parts)))

    @staticmethod
    def _is_shortcode(name: str, attributes: str, closed: set[str]) -> bool:
        return name in _KNOWN or name in closed or bool(_ATTRIBUTE.search(attributes))

    def _html(self, frame: _Frame, inside: str) -> str:
        given = {
            found["name"].lower(): unescape(
                found["double"] or found["single"] or found["bare"] or ""
            )
            for found in _ATTRIBUTE.finditer(frame.attributes)
        }
        write = _KNOWN.get(frame.name)
        if write is None:
            self.notes.add("shortcode", frame.raw)
            return inside
        return write(self, frame, given, inside)

    def _caption(self, _frame: _Frame, given: Mapping[str, str], inside: str) -> str:
        end = _end_of_picture(inside)
        caption = given.get("caption") or inside[end:].strip()
        return f"<figure>{inside[:end]}<figcaption>{caption}</figcaption></figure>"

    def _gallery(self, frame: _Frame, given: Mapping[str, str], inside: str) -> str:
        if "ids" in given or "include" in given:
            listed = given.get("ids") or given.get("include", "")
            numbers = [int(each) for each in re.findall(r"\d{1,18}", listed)]
        else:
            numbers = list(self.own)
        if not numbers:
            self.notes.add("gallery without pictures", frame.raw)
        return "\n\n".join([*map(self._picture, numbers), inside])

    def _picture(self, number: int) -> str:
        known = self.attachments.get(number)
        if known is None:
            self.notes.add("picture that the export does not hold", f"attachment {number}")
            return ""
        image = f'<img src="{escape(known.url)}" alt="{escape(known.alt)}" data-id="{number}">'
        return f"<figure>{image}<figcaption>{escape(known.caption)}</figcaption></figure>"

    def _media(self, frame: _Frame, given: Mapping[str, str], inside: str) -> str:
        addresses = [given[name] for name in _MEDIA if given.get(name)]
        if not addresses:
            addresses = [word for word in frame.attributes.split() if word.startswith("http")]
        if not addresses and inside.strip().startswith("http"):
            return self._embed(frame, given, inside)
        if not addresses:
            self.notes.add("shortcode", frame.raw)
            return inside
        for further in addresses[1:]:
            self.notes.add("further file of a video or recording", further)
        return f'<video src="{escape(addresses[0])}"></video>{inside}'

    def _embed(self, frame: _Frame, given: Mapping[str, str], inside: str) -> str:
        address = inside.strip() or given.get("src") or given.get("url") or ""
        if not address:
            self.notes.add("shortcode", frame.raw)
            return ""
        return f'\n\n<figure class="wp-block-embed">{address}</figure>\n\n'

    def _video_site(self, frame: _Frame, given: Mapping[str, str], inside: str) -> str:
        words = [word for word in frame.attributes.split() if "=" not in word or "://" in word]
        named = given.get("id") or inside.strip() or next(iter(words), "")
        if named and "://" not in named:
            named = _VIDEO_SITES[frame.name] + named
        return self._embed(frame, {}, named)


def _end_of_picture(inside: str) -> int:
    """Where the picture of a caption ends, with the link around it."""
    for mark in ("</a>", ">"):
        end = inside.find(mark, inside.find("<img") if "<img" in inside else len(inside))
        if end >= 0 and (mark == ">" or inside.lstrip().startswith("<a")):
            return end + len(mark)
    return 0


_Writer = Callable[[Shortcodes, _Frame, Mapping[str, str], str], str]
_KNOWN: dict[str, _Writer] = {
    "caption": Shortcodes._caption,
    "wp_caption": Shortcodes._caption,
    "gallery": Shortcodes._gallery,
    "embed": Shortcodes._embed,
    "video": Shortcodes._media,
    "audio": Shortcodes._media,
    "youtube": Shortcodes._video_site,
    "vimeo": Shortcodes._video_site,
}
