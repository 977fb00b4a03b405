"""Moving an article through its Wagtail workflow along with its review."""

from wagtail.models import TaskState

from accounts.models import User
from blog.models import ArticlePage
from blog.models.reviews import ClinicalReviewTask


def is_clinical(task: object) -> bool:
    """Whether a task of a workflow waits for a professional's answer."""
    return isinstance(task, ClinicalReviewTask)


def start(page: ArticlePage, by: User) -> None:
    """Hold the article still for the reviewer, where its workflow has a clinical review."""
    state = page.current_workflow_state
    if state is None:
        workflow = page.get_workflow()
        if workflow and ClinicalReviewTask.is_part_of(workflow):
            workflow.start(page, by)
    elif state.status == state.STATUS_NEEDS_CHANGES:
        state.resume(by)


def end_task(page: ArticlePage, by: User | None, *, is_approved: bool) -> None:
    task_state = page.current_workflow_task_state
    if task_state is None or not is_clinical(task_state.task.specific):
        return
    if task_state.status == TaskState.STATUS_IN_PROGRESS:
        end = task_state.approve if is_approved else task_state.reject
        end(user=by)
