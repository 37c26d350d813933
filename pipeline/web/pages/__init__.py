"""One module a page: a function that reads what it shows, and the view that answers the request."""
