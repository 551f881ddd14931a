"""What screens.py drives: browsers of people with cards (chromium), what is looked at on each page (looking), the world, and the walks."""
