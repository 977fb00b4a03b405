"""Where staff find the claims check in the admin."""

from django.urls import path

from claims.views.draft_check import DraftCheckView, NewDraftCheckView
from claims.views.report import ClaimsReportView
from claims.views.review import ReviewView

app_name = "claims"
urlpatterns = [
    path("report/", ClaimsReportView.as_view(), name="report"),
    path("review/<str:subject>/", ReviewView.as_view(), name="review"),
    path("draft/<int:page_id>/", DraftCheckView.as_view(), name="draft"),
    path(
        "draft/<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>/",
        NewDraftCheckView.as_view(),
        name="new_draft",
    ),
]
