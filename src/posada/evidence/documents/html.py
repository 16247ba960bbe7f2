"""HTML as text: paragraphs as lines of their own, without menus, scripts and styles."""

from __future__ import annotations

import re
from html.parser import HTMLParser

HIDDEN = frozenset(["script", "style", "noscript", "template", "svg", "nav", "footer", "aside", "form", "iframe",
    "button", "select", "head"])
BLOCKS = frozenset(
    ["p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article",
        "header", "main", "blockquote", "figure", "figcaption", "dd", "dt", "hr", "pre"]
)


class TextParser(HTMLParser):
    """Collects the text that a reader sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.title: list[str] = []
        self._hidden = 0
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where blocks begin and what is hidden."""
        if tag == "title":
            self._in_title = True
        elif tag in HIDDEN:
            self._hidden += 1
        elif tag in BLOCKS:
            self.parts.append("\n\n")
        elif tag in ("td", "th"):
            self.parts.append(" | ")

    def handle_endtag(self, tag: str) -> None:
        """Note where blocks end."""
        if tag == "title":
            self._in_title = False
        elif tag == "head":
            self._hidden = 0
        elif tag in HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        """Keep what is shown."""
        if self._in_title:
            self.title.append(data)
        elif not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def text_of_html(page: str) -> tuple[str, str | None]:
    """The text and the title of a page."""
    parser = TextParser()
    parser.feed(page)
    parser.close()
    lines = [re.sub(r" +", " ", line).strip(" |") for line in "".join(parser.parts).split("\n")]
    text = "\n\n".join(line for line in lines if line)
    title = re.sub(r"\s+", " ", "".join(parser.title)).strip()
    return text, title[:200] or None
