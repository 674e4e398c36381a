"""What sentences say that their own figures come to."""
