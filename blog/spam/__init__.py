"""What tells a robot's comment from a reader's: layers, the cheap ones first."""
