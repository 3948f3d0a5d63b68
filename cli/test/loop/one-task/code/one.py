"""Fails in the way that HOW says."""

import os
import sys
import time

how = os.environ["HOW"]
if how == "loud":
    for _ in range(50):
        sys.stdout.write(("x" * 99 + "\n") * 10486)
    sys.stdout.flush()
    sys.exit("has said enough")
if how == "hangs":
    time.sleep(600)
if how == "raises":
    raise ValueError("no such table")
sys.exit(1)
