"""Fixed addresses of the guide; its pages have those of the page tree."""

from django.urls import path, re_path

from blog import twins
from blog.views import reviews

app_name = "blog"

urlpatterns = [
    re_path(r"^((?:[\w-]+/)*[\w-]+)\.md$", twins.article_markdown, name="article_markdown"),
    path("review/thanks/", reviews.thanks, name="review_thanks"),
    path("review/<str:token>/", reviews.review, name="review"),
]
