"""The Markdown twin of each public article, at the article's address with `.md` for its last slash.

Who reads with a machine gets the words and facts of the page without what surrounds them.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from wagtail.models import Page

from blog.markdown import document, surroundings
from blog.models import ArticlePage
from cms.models import CustomImage
from cms.pictures import picture
from cms.structured_data import absolute
from freshness.answers import public_page


@public_page()
@require_safe
def article_markdown(request: HttpRequest, path: str) -> HttpResponse:
    """Answer with an article that everybody may read, as Markdown."""
    page = _article_at(request, path)
    if page is None:
        raise Http404
    text = document(page, surroundings(page, _picture_address), further={})
    answer = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    # Search engines list the page, not its twin.
    answer["X-Robots-Tag"] = "noindex"
    answer["Link"] = f'<{page.full_url}>; rel="canonical"'
    return answer


def _article_at(request: HttpRequest, path: str) -> ArticlePage | None:
    route = Page.route_for_request(request, f"{path}/")
    if route is None or not isinstance(route[0], ArticlePage):
        return None
    page = route[0]
    return None if page.get_view_restrictions().exists() else page


def _picture_address(image: CustomImage) -> str:
    return absolute(picture(image).fallback.url)
