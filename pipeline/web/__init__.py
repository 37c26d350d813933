"""The database in a browser: a Datasette plugin with pages of our own, and the server that brings
it up.
"""
