"""Fixed addresses of the guide; its pages have those of the page tree."""

from django.urls import re_path

from blog import twins

urlpatterns = [
    re_path(r"^((?:[\w-]+/)*[\w-]+)\.md$", twins.article_markdown, name="article_markdown"),
]
