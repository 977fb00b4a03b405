"""What the guide answers apart from its pages."""
