"""Checks one notebook in a GitHub workflow; everything it does is in `grader.automation`."""

import sys

from grader.automation.action import main

sys.exit(main())
