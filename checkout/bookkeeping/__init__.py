"""What accountants ask for: VAT by document, and Stripe's books beside ours."""
