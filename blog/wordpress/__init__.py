"""Bring a WordPress site's posts, pages, pictures and comments into the guide."""
