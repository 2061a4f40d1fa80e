"""Tours of the site: a page for each kind of user, with pictures that a program takes, and tasks counted in clicks."""
