"""Writes points of a line and which of them lie above its middle, and a hash that no other run has."""

import hashlib
import json
import os
import random
import time
from pathlib import Path

import myelin
from myelin import admin

# Long enough to be killed in.
PACE = 1.0


def main():
    target = Path(admin.data_path())
    target.mkdir(parents=True, exist_ok=True)
    # By the run's folder: a step that is killed and made again gives the same data.
    chance = random.Random(target.name)
    points = [chance.random() for _ in range(300)]
    rows = [[x, int(x > 0.5)] for x in points]
    temporary = target / "rows.json.tmp"
    temporary.write_text(json.dumps(rows))
    os.replace(temporary, target / "rows.json")
    time.sleep(PACE)
    myelin.data_hash(hashlib.sha256(json.dumps(rows).encode()).hexdigest())


if __name__ == "__main__":
    main()
