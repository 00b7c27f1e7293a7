"""`python -m emailhub` is the command `emailhub`."""

from emailhub.cli import main

raise SystemExit(main())
