"""The controllers: each does one kind of work for the main screen, which owns them and tells them what happened."""
