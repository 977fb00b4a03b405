"""`{% kept %}`: a part of a page that is rendered again only after something it shows changed."""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString

from freshness.keeping import keep

register = template.Library()


class KeptNode(template.Node):
    """Renders what it holds where the same was not rendered before."""

    def __init__(
        self, nodes: NodeList, name: str, source: FilterExpression, varying: list[FilterExpression]
    ) -> None:
        self.nodelist = nodes
        self._name = name
        self._source = source
        self._varying = varying

    def render(self, context: template.Context) -> SafeString:
        """Return the part, rendered now or earlier."""
        source: Any = self._source.resolve(context, ignore_failures=True)
        varying = [each.resolve(context, ignore_failures=True) for each in self._varying]
        rendered: SafeString = keep(
            ("template", self._name, *varying),
            lambda: self.nodelist.render(context),
            since=getattr(source, "as_of", None),
        )
        return rendered


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """Keep a part of a page: `{% kept "header" shop here %} … {% endkept %}`.

    First a name that no other part has. Then the thing whose facts the part shows, which knows
    since when it holds (`as_of`); a draft does not, and its parts are rendered each time. Then
    whatever else the part depends on: numbers or texts. It sets no variable for what follows.
    """
    words = token.split_contents()[1:]
    if len(words) < 2 or words[0][0] not in "\"'":
        raise template.TemplateSyntaxError("kept needs a name in quotes and the thing it shows.")
    source, *varying = (parser.compile_filter(word) for word in words[1:])
    nodes = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodes, words[0][1:-1], source, varying)
