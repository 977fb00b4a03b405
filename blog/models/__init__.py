"""What the clinic teaches."""

from blog.models.articles import ArticlePage, ArticleQuerySet, ArticleRelatedPage
from blog.models.imported import ImportedPicture, ImportedPost
from blog.models.likeness import ArticleLikeness
from blog.models.listing import ArticleIndexPage
from blog.models.newsletter import (
    ConsentKind,
    MailTrouble,
    NewsletterConsent,
    Subscriber,
    SubscriberStatus,
    TroubleKind,
)
from blog.models.newsletter_issues import (
    DeliveryStatus,
    IssueArticle,
    IssueDelivery,
    IssueStatus,
    NewsletterIssue,
    SendingPace,
)
from blog.models.people import Person
from blog.models.readership import ArticleViews
from blog.models.reviewed import ReviewedPage
from blog.models.reviews import (
    Approval,
    ApprovalKind,
    ClinicalReviewTask,
    ReviewRequest,
    ReviewStatus,
)
from blog.models.topics import ArticleTag, Topic

__all__ = [
    "Approval",
    "ApprovalKind",
    "ArticleIndexPage",
    "ArticleLikeness",
    "ArticlePage",
    "ArticleQuerySet",
    "ArticleRelatedPage",
    "ArticleTag",
    "ArticleViews",
    "ClinicalReviewTask",
    "ConsentKind",
    "DeliveryStatus",
    "ImportedPicture",
    "ImportedPost",
    "IssueArticle",
    "IssueDelivery",
    "IssueStatus",
    "MailTrouble",
    "NewsletterConsent",
    "NewsletterIssue",
    "Person",
    "ReviewRequest",
    "ReviewStatus",
    "ReviewedPage",
    "SendingPace",
    "Subscriber",
    "SubscriberStatus",
    "Topic",
    "TroubleKind",
]
