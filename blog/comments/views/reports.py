"""Reporting a public comment."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from blog.comments import reporting, threads
from blog.comments.forms import ReportForm
from blog.comments.views.answers import SeeOther, own_page
from blog.comments.views.writing import readable
from blog.models import Comment
from blog.spam import networks, rates


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show the form, take a complaint, or thank for one."""
    reportable = Comment.objects.reportable().select_related("article")
    comment = get_object_or_404(reportable, pk=comment_id)
    readable(comment.article_id)
    if request.method != "POST":
        return _page(request, comment, ReportForm(), is_sent=request.GET.get("sent") == "1")
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _page(request, comment, form, status=422)
    at = timezone.now()
    try:
        reporting.report(
            comment_id=comment.pk,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            origin=networks.origin_of(request, at=at),
            at=at,
        )
    except rates.TooMany as refusal:
        form.add_error(None, str(refusal))
        return _page(request, comment, form, status=429)
    except reporting.NotPublic as refusal:
        form.add_error(None, str(refusal))
        return _page(request, comment, form, status=422)
    return SeeOther(reverse("comments:report", args=[comment.pk]) + "?sent=1")


def _page(
    request: HttpRequest,
    comment: Comment,
    form: ReportForm,
    *,
    is_sent: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "comment": comment,
        "article": comment.article,
        "paragraphs": threads.paragraphs(comment.text),
        "form": form,
        "is_sent": is_sent,
    }
    return render(request, "blog/comments/report.html", context, status=status)
