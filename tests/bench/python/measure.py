"""`measure.py SERVICE [SECTION …]`: how the module compares with what else people would write."""

import platform
import statistics
import subprocess
import sys
import zlib
from collections.abc import Callable
from importlib.metadata import distribution, version
from pathlib import Path

from rounds import interleaved, show
from service import serving
from walks import RATINGS, Walks

RECORDS = 20_000
ROUNDS = 9
MEGABYTES = 10
OURS = "zendesk_csat"
PEERS = ("zendesk-csat", "requests", "msgspec", "aiohttp", "httpx", "zenpy", "polars")

RATING_REACHES = {"requests + msgspec": 0.25, "aiohttp + msgspec": 0.6, "zenpy": 1 / 30}

IMPORT = "import time; begun = time.perf_counter(); import {0}; print(time.perf_counter() - begun)"

KEEP = """
import gc, re, sys
from pathlib import Path
from walks import RATINGS, RATINGS_DECODER, Walks

def resident():
    gc.collect()
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024

walks = Walks(sys.argv[1], packed=True)
ways = {
    "zendesk_csat": lambda: walks.client.satisfaction_ratings.list().collect(),
    "msgspec": lambda: [
        rating for page in walks.bodies(RATINGS, RATINGS_DECODER.decode) for rating in page.satisfaction_ratings
    ],
}
# What is made once is made before.
way = ways[sys.argv[2]]
way()
before = resident()
kept = [way() for _ in range(5)]
print((resident() - before) / sum(map(len, kept)))
walks.close()
"""


def listings(program: str) -> None:
    for packed in (True, False):
        with serving(program, RECORDS, packed=packed) as base_url:
            walks = Walks(base_url, packed=packed)
            form = "gzip" if packed else "plain"
            ratings = interleaved(walks.ratings(), ROUNDS)
            raw = interleaved({"http.client, not read": lambda: walks.raw_bytes(RATINGS, RECORDS // 100)}, ROUNDS)
            ratings.turns.update(raw.turns)
            show(f"{RECORDS:,} ratings, 100 a page, {form}: four fields of each", ratings, OURS, RATING_REACHES)
            responses = interleaved(walks.responses(), ROUNDS)
            show(f"{RECORDS:,} survey responses, 50 a page, {form}: the CSAT answer of each", responses, OURS, {})
            frames = interleaved(walks.rating_frames(), ROUNDS)
            show(f"{RECORDS:,} ratings, {form}: into a frame of Polars", frames, OURS, {})
            walks.close()


def shows(program: str) -> None:
    with serving(program, 100, packed=True) as base_url:
        walks = Walks(base_url, packed=True)
        show("200 shows at a time, by asyncio", interleaved(walks.shows(200), ROUNDS), OURS, {})
        walks.close()


def imports(_: str) -> None:
    print(f"\n{'import':<22} {'ms':>9} {'ours ÷ it':>10}")
    modules = (OURS, "msgspec", "requests", "httpx", "zenpy")
    taken: dict[str, list[float]] = {module: [] for module in modules}
    for turn in range(ROUNDS * 2 + 1):
        for module in modules:
            seconds = float(said("-I", "-c", IMPORT.format(module)))
            if turn:
                taken[module].append(seconds)
    for module in modules:
        ratio = statistics.median(a / b for a, b in zip(taken[OURS], taken[module], strict=True))
        reach = f"1.500 {'reached' if ratio <= 1.5 else 'MISSED'}" if module == "msgspec" else ""
        print(f"{module:<22} {statistics.median(taken[module]) * 1e3:>9.1f} {ratio:>10.3f}  {reach}")


def memory(program: str) -> None:
    print(f"\n{'kept of a rating':<22} {'bytes':>9} {'ours ÷ it':>10}")
    with serving(program, RECORDS, packed=True) as base_url:
        kept = {way: float(said("-c", KEEP, base_url, way)) for way in (OURS, "msgspec")}
    for way, size in kept.items():
        ratio = kept[OURS] / size
        reach = f"1.000 {'reached' if ratio <= 1 else 'MISSED'}" if way == "msgspec" else ""
        print(f"{way:<22} {size:>9.0f} {ratio:>10.3f}  {reach}")


def said(*arguments: str) -> str:
    folder = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def size(_: str) -> None:
    """What the wheel holds, packed as a wheel packs it."""
    files = distribution("zendesk-csat").files or []
    packed = sum(len(zlib.compress(file.read_binary(), 6)) for file in files)
    print(f"\nwheel: {packed / 1e6:.1f} MB, to be under {MEGABYTES}")
    if packed > MEGABYTES * 1e6:
        raise SystemExit("the wheel is too large")


SECTIONS: dict[str, Callable[[str], None]] = {
    "listings": listings,
    "shows": shows,
    "imports": imports,
    "memory": memory,
    "size": size,
}


def main() -> None:
    program, *chosen = sys.argv[1:]
    versions = ", ".join(f"{peer} {version(peer)}" for peer in PEERS)
    print(f"CPython {platform.python_version()}; {versions}")
    print(f"{ROUNDS} interleaved rounds; medians, and medians of each round's ratio")
    for name in chosen or SECTIONS:
        SECTIONS[name](program)


if __name__ == "__main__":
    main()
