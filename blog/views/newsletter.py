"""What everybody may see of the newsletter: signing up, and the issues that were sent."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from blog import newsletter, newsletter_consent, newsletter_issues, newsletter_limits
from blog.models import ArticlePage, NewsletterIssue
from blog.newsletter_forms import SignUpForm
from cms import renditions
from freshness.answers import public_page, shows

ISSUES_PER_PAGE = 24


@public_page()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Show the form, or take it; known and unknown addresses are answered alike.

    The page that is shown is kept; what is posted to it never is.
    """
    if request.method == "POST":
        answer = _take(request)
        patch_cache_control(answer, private=True, no_store=True)
        return answer
    return _page(request, SignUpForm(initial={"source": reverse("blog:newsletter")}))


def _take(request: HttpRequest) -> HttpResponse:
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    if not form.is_by_a_program:
        data = form.cleaned_data
        try:
            newsletter_limits.check(request, data["email"])
            newsletter.sign_up(
                newsletter.Asked(email=data["email"], source=data["source"]),
                consent_version=data["consent"],
                at=timezone.now(),
            )
        except newsletter_limits.TooManySignUps:
            form.add_error(None, "That was a little often. Please try again in an hour.")
            return _page(request, form, status=429)
        except newsletter.ConsentIsOutdated as refusal:
            shown = SignUpForm(initial={"email": data["email"], "source": data["source"]})
            return _page(request, shown, status=422, notice=str(refusal))
    answer = HttpResponseRedirect(reverse("blog:newsletter_asked"))
    answer.status_code = 303
    return answer


def _page(
    request: HttpRequest, form: SignUpForm, *, status: int = 200, notice: str = ""
) -> HttpResponse:
    context = {"form": form, "consent_text": newsletter_consent.text(), "notice": notice}
    return render(request, "blog/newsletter/sign_up.html", context, status=status)


@public_page()
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way, whoever asked."""
    return render(request, "blog/newsletter/asked.html")


@public_page("page")
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """List the issues that were sent, the newest first."""
    shows(newsletter_issues.ISSUES)
    issues = NewsletterIssue.objects.public().defer("sent_text", "sent_html")
    page = Paginator(issues, ISSUES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "blog/newsletter/archive.html", {"issues": page})


@public_page()
@require_safe
def issue(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an issue that was sent; an article that was taken back since is left out."""
    shows(newsletter_issues.ISSUES)
    found = get_object_or_404(NewsletterIssue.objects.public(), slug=slug)
    chosen = list(found.articles.values_list("article_id", "teaser"))
    readable = ArticlePage.objects.readable().in_bulk([pk for pk, _ in chosen])
    pages = [readable[pk] for pk, _ in chosen if pk in readable]
    images = renditions.load({page.hero_image_id for page in pages if page.hero_image_id})
    context = {
        "issue": found,
        "articles": [page.card(images, request) for page in pages],
    }
    return render(request, "blog/newsletter/issue.html", context)
