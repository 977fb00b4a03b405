"""Where who works here shows a second factor, and the gate that asks for it."""
