"""`python -m pipeline` is `mustdo`."""

from pipeline.cli import main

main()
