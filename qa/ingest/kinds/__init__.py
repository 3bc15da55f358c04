"""The kinds of files beside text, Markdown, web pages and dumps: documents, messages, books, archives and feeds."""
