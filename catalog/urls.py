"""Fixed addresses of the catalogue; its pages have those of the page tree."""

from django.urls import path

from catalog import views

app_name = "catalog"
urlpatterns = [
    path("shop/compare/", views.compare, name="compare"),
]
