"""Wagtail's app of accounts and groups, with the shop's own screens of accounts."""

from wagtail.users.apps import WagtailUsersAppConfig


class StaffConfig(WagtailUsersAppConfig):
    user_viewset = "storefront.staff.viewsets.StaffViewSet"
