"""The screens of counting the shelf."""
