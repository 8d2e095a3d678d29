"""From wrong answers to the known mistake that explains them."""
