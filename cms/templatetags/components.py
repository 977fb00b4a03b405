"""Tags that templates of every app may use."""

from django import template

register = template.Library()
