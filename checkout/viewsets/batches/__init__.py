"""The screens of batches that are called back."""
