"""The product's speed, part by part: ``python -m bench [PART ...] [--quick] [--json FILE]``.

Each part is a process of its own, as ``python -m bench.PART`` starts it, so that none finds what another has warmed up.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.measure import options

PARTS = ("discord", "slack", "answers", "board", "scheduler", "start", "growth")


def main() -> int:
    """Run the parts that are named, or all; 1 where one did not come to its end."""
    parser = options(__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all where none is named")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    found: list[object] = []
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for part in given.parts or PARTS:
            file = Path(folder) / f"{part}.json"
            command = [sys.executable, "-m", f"bench.{part}", "--json", str(file)]
            failed |= subprocess.run([*command, "--quick"] if given.quick else command, check=False).returncode != 0
            found += json.loads(file.read_text()) if file.exists() else []
    if given.json:
        given.json.write_text(json.dumps(found, indent=1))
    return failed


if __name__ == "__main__":
    sys.exit(main())
