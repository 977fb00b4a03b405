"""The screens of goods that come in and of the batches they are."""
