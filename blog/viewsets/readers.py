"""What readers send us, in one menu."""

from wagtail.admin.viewsets.model import ModelViewSetGroup

from blog.viewsets.comments import CommentViewSet
from blog.viewsets.private_questions import PrivateQuestionViewSet


class ReadersGroup(ModelViewSetGroup):
    """Comments first; below them what was asked in private."""

    menu_label = "Readers"
    menu_name = "readers"
    menu_icon = "comment"
    menu_order = 135
    items = (CommentViewSet, PrivateQuestionViewSet)
