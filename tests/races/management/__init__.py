"""Commands that the races start as processes of their own."""
