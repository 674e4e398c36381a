"""Pages about purchases: answers to questions, and the review of suggested links."""
