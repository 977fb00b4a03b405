"""What buyers' banks take back: mirrored from Stripe, and followed by what the shop does then."""

from checkout.disputes.mirroring import disputed, is_disputed, mirror

__all__ = ["disputed", "is_disputed", "mirror"]
