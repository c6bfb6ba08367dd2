"""What attacks the built jar, and the archive."""
