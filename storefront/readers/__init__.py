"""What readers do with pages, counted on the server: no cookie, no address, no script."""
