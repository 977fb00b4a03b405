"""The composition root's own rows: the home page, plain pages, site settings, job runs, roles."""

from storefront.models.jobs import JobRun
from storefront.models.pages import (
    CategoryLink,
    ConcernLink,
    ContentPage,
    HomePage,
    HomePagePackage,
    HomePageProduct,
)
from storefront.models.readers import MissingAddress, UnansweredTerm, ViewLogMark
from storefront.models.roles import KeptRole
from storefront.models.searching import SearchWord, Synonym, VocabularyMark
from storefront.models.site_settings import SiteSettings

__all__ = [
    "CategoryLink",
    "ConcernLink",
    "ContentPage",
    "HomePage",
    "HomePagePackage",
    "HomePageProduct",
    "JobRun",
    "KeptRole",
    "MissingAddress",
    "SearchWord",
    "SiteSettings",
    "Synonym",
    "UnansweredTerm",
    "ViewLogMark",
    "VocabularyMark",
]
