"""Files that take too long to wait for: asked for by somebody, made by the worker, theirs alone."""
