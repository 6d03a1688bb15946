"""What there is to see: frozen values, no toolkit."""
