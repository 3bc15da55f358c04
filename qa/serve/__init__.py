"""The archive over HTTP: for programs, and for people with a browser."""
