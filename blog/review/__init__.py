"""Clinical review: who read an article, what they said, and what may therefore be published."""
