"""Addresses of comments; the comments themselves stand on the pages of their articles."""

from django.urls import path

from blog.comments.views import mail_links, reports, writing

app_name = "comments"
urlpatterns = [
    path("comments/<int:article_id>/", writing.write, name="write"),
    path("comments/<int:article_id>/private/", writing.ask_in_private, name="private"),
    path("comments/<int:article_id>/thanks/", writing.thanks, name="thanks"),
    path("comments/<int:article_id>/mine/", writing.mine, name="mine"),
    path("comments/find/<int:comment_id>/", writing.find, name="find"),
    path("comments/report/<int:comment_id>/", reports.report, name="report"),
    path("comments/decide/<str:token>/", mail_links.decide, name="decide"),
    path("comments/replies/<str:token>/", mail_links.replies, name="replies"),
]
