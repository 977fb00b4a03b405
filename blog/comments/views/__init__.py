"""The pages of comments: writing one, reporting one, and the links in mails."""
