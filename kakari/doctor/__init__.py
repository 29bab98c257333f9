"""``kakari doctor``: looks at everything around Kakari, and says of each what is to be done."""
