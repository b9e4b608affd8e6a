"""`python -m snowdome`."""

from snowdome.cli.main import main

main()
