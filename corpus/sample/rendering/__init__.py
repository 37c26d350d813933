"""Renders the sample corpus: one marked-up source to PDF, Word, web page or plain text."""
