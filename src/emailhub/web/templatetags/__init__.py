"""What templates of pages can say in one word."""
