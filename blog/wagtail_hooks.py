"""Registers the guide's screens."""

from wagtail import hooks

from blog.viewsets import GuideGroup, person_chooser
from blog.viewsets.people import PersonChooserViewSet


@hooks.register("register_admin_viewset")
def register_guide() -> GuideGroup:
    return GuideGroup()


@hooks.register("register_admin_viewset")
def register_person_chooser() -> PersonChooserViewSet:
    return person_chooser
