"""Fixed addresses of the guide; its pages have those of the page tree."""

from django.urls import path, re_path

from blog import twins
from blog.views import feeds, newsletter, newsletter_links, reviews

app_name = "blog"

urlpatterns = [
    re_path(r"^((?:[\w-]+/)*[\w-]+)\.md$", twins.article_markdown, name="article_markdown"),
    path("review/thanks/", reviews.thanks, name="review_thanks"),
    path("review/<str:token>/", reviews.review, name="review"),
    path("feeds/guide.<slug:kind>", feeds.guide, name="guide_feed"),
    path("feeds/topics/<slug:slug>.<slug:kind>", feeds.topic, name="topic_feed"),
    path("feeds/people/<slug:slug>.<slug:kind>", feeds.person, name="person_feed"),
    path("newsletter/", newsletter.sign_up, name="newsletter"),
    path("newsletter/look-in-your-inbox/", newsletter.asked, name="newsletter_asked"),
    path("newsletter/issues/", newsletter.archive, name="newsletter_archive"),
    path("newsletter/issues/<slug:slug>/", newsletter.issue, name="newsletter_issue"),
    path("newsletter/confirm/<str:token>/", newsletter_links.confirm, name="newsletter_confirm"),
    path(
        "newsletter/unsubscribe/<str:token>/",
        newsletter_links.unsubscribe,
        name="newsletter_unsubscribe",
    ),
    path(
        "newsletter/preferences/<str:token>/",
        newsletter_links.preferences,
        name="newsletter_preferences",
    ),
]
