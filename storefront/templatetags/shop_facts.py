"""What search engines are told about the shop as a whole."""

from django import template
from django.utils.safestring import SafeString

from cms.structured_data import script
from storefront import structured_data
from storefront.context_processors import Shop

register = template.Library()


@register.simple_tag
def about_the_shop(shop: Shop) -> SafeString:
    """Tell who the shop is, how it is searched, and on which terms it sells."""
    return script(structured_data.home(shop))
