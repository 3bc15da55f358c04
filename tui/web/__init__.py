"""The same application in a browser: a small server, and a process of the terminal interface for each tab."""
