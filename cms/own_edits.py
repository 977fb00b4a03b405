"""Edits that write what their form asks, and leave every other column as it is by now."""

from wagtail.actions.edit import EditAction


class OwnEdit(EditAction):
    """For models without revisions that code writes as well: a count, a price, what is promised.

    Wagtail reads the row, checks the form, then saves every column as it was read; what was
    counted meanwhile would be lost.
    """

    def _save_instance(self) -> None:
        if self.form is not None:
            self._take_over_the_rest()
        super()._save_instance()

    def _take_over_the_rest(self) -> None:
        """Read what the form does not ask anew; the row stays locked until all is saved."""
        rows = type(self.instance)._base_manager.select_for_update(no_key=True)
        stored = rows.get(pk=self.instance.pk)
        for field in stored._meta.concrete_fields:
            if field.name not in self.form.fields:
                setattr(self.instance, field.attname, getattr(stored, field.attname))
