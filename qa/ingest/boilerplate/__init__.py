"""Pages saved as text: which of their lines are the article, and which the site around it."""
