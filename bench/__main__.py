"""Prints one table of everything that is measured: `make bench`, or `make bench ARGS="rating pdf"` for a part."""

import importlib
import sys
from pathlib import Path

measured = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
unknown = set(sys.argv[1:]) - set(measured)
if unknown:
    sys.exit(f"Nothing called {', '.join(sorted(unknown))} is measured; there is: {', '.join(measured)}")

for name in sys.argv[1:] or measured:
    module = importlib.import_module(f"bench.bench_{name}")
    print((module.__doc__ or name).splitlines()[0], flush=True)
    for what, milliseconds in module.run():
        print(f"  {what:<50} {milliseconds:10.2f} ms", flush=True)
