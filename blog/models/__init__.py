"""What the clinic teaches."""

from blog.models.articles import ArticlePage, ArticleQuerySet, ArticleRelatedPage
from blog.models.comment_settings import CommentSettings
from blog.models.comments import (
    Comment,
    CommentReport,
    CommentStatus,
    ReplySubscription,
    ReportReason,
)
from blog.models.imported import ImportedComment, ImportedPicture, ImportedPost
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
from blog.models.private_questions import PrivateQuestion, PrivateQuestionStatus
from blog.models.readership import ArticleViews
from blog.models.reviewed import ReviewedPage
from blog.models.reviews import (
    Approval,
    ApprovalKind,
    ClinicalReviewTask,
    ReviewRequest,
    ReviewStatus,
)
from blog.models.spam import NetworkSalt, PostingCount, SpamWord
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
    "Comment",
    "CommentReport",
    "CommentSettings",
    "CommentStatus",
    "ConsentKind",
    "DeliveryStatus",
    "ImportedComment",
    "ImportedPicture",
    "ImportedPost",
    "IssueArticle",
    "IssueDelivery",
    "IssueStatus",
    "MailTrouble",
    "NetworkSalt",
    "NewsletterConsent",
    "NewsletterIssue",
    "Person",
    "PostingCount",
    "PrivateQuestion",
    "PrivateQuestionStatus",
    "ReplySubscription",
    "ReportReason",
    "ReviewRequest",
    "ReviewStatus",
    "ReviewedPage",
    "SendingPace",
    "SpamWord",
    "Subscriber",
    "SubscriberStatus",
    "Topic",
    "TroubleKind",
]
