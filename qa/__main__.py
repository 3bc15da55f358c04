"""`python -m qa`: the command line without the screens."""

from qa.cli import main

if __name__ == "__main__":
    main()
