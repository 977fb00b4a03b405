"""How a page is built: pictures that say what they show, and what all pages share."""

from cms.models.downloads import Download, DownloadPart, DownloadStatus
from cms.models.images import CustomImage, CustomRendition
from cms.models.pages import BasePage
from cms.models.social_pictures import SocialPicture

__all__ = [
    "BasePage",
    "CustomImage",
    "CustomRendition",
    "Download",
    "DownloadPart",
    "DownloadStatus",
    "SocialPicture",
]
