"""`python -m lowres` is the command line."""

from lowres.cli import main

main()
