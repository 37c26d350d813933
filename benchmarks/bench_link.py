"""How long linking two years takes as they grow, beside all-pairs TF-IDF cosine and rapidfuzz.

    python -m benchmarks.bench_link [--sizes 2000 20000 100000] [--peers-up-to 20000]

The years are made from the labelled requirements (corpus/gold/links): each pair is taken again and
again, most of the words that the two share renamed alike, half of the numbers changed, some words
left out and some put in; so there are as many different duties as a year of that size would hold,
and the true link of each is known. Every measurement runs in a process of its own, with the number
of threads left as it is; memory is that process's peak.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from pipeline.lexicon import load_lexicon
from pipeline.link import link_pair, load_labelled_pairs, load_link_model
from pipeline.link.project import labelled_pairs_directory
from pipeline.records import Requirement, stable_id

_NOISE = (
    "locally", "this year", "in each place", "with partners", "as agreed", "in full", "promptly",
    "across the area", "for all patients", "from the autumn",
)  # fmt: skip
_SYLLABLES = ("bar", "den", "fol", "gri", "hol", "kes", "lor", "mar", "ned", "pol", "ras", "tun")
_ENDINGS = ("ton", "ham", "ford", "wick", "dale", "stead", "mouth", "bridge")
_WORD = re.compile(r"[A-Za-z]{5,}")
_RENAMED = 0.6  # the share of the words of both ends that another copy has otherwise
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LEFT_OUT = 0.08
_PUT_IN = 0.3
_PER_DOCUMENT = 250
_KEPT = 0.7  # the share of the earlier year's duties that the later year has, too


def make_years(
    size: int, seed: int = 1
) -> tuple[list[Requirement], list[Requirement], set[tuple[str, str]]]:
    """Two years of `size` requirements each, and the pairs of ids that are one duty."""
    rng = random.Random(seed)
    pairs = load_labelled_pairs(labelled_pairs_directory())
    linked = [
        (by_id[link.from_id], by_id[link.to_id])
        for pair in pairs
        for by_id in ({r.id: r for r in (*pair.before, *pair.after)},)
        for link in pair.links
    ]
    ends = {end for pair in pairs for link in pair.links for end in (link.from_id, link.to_id)}
    dropped = [r for pair in pairs for r in pair.before if r.id not in ends]
    new = [r for pair in pairs for r in pair.after if r.id not in ends]
    before: list[Requirement] = []
    after: list[Requirement] = []
    truth: set[tuple[str, str]] = set()
    for n in range(size):
        if rng.random() < _KEPT:
            a, b = linked[n % len(linked)]
            renamed = _rename(a.quote, b.quote, rng)
            truth.add((stable_id("bench", "before", n), stable_id("bench", "after", n)))
        else:
            a, b = rng.choice(dropped), rng.choice(new)
            renamed = _rename(a.quote, a.quote, rng) | _rename(b.quote, b.quote, rng)
        before.append(_variant(a, "before", n, renamed, rng))
        after.append(_variant(b, "after", n, renamed, rng))
    rng.shuffle(after)
    return before, [replace(r, ordinal=n) for n, r in enumerate(after)], truth


def _rename(a: str, b: str, rng: random.Random) -> dict[str, str]:
    """Other words for some of those that two duties share, so that another pair of them is another
    duty.
    """
    words = [{w.lower() for w in _WORD.findall(text)} for text in (a, b)]
    shared = sorted(words[0] & words[1]) or sorted(words[0])
    chosen = rng.sample(shared, min(len(shared), max(2, round(_RENAMED * len(shared)))))
    return {word: _invent(rng) for word in chosen}


def _invent(rng: random.Random) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(2)) + rng.choice(_ENDINGS)


def _variant(
    r: Requirement, side: str, n: int, renamed: dict[str, str], rng: random.Random
) -> Requirement:
    """The requirement with words renamed, other numbers, some words gone and some put in."""
    quote = _WORD.sub(lambda m: renamed.get(m.group().lower(), m.group()), r.quote)
    words = [w for w in quote.split() if len(w) < 4 or rng.random() >= _LEFT_OUT]
    if rng.random() < _PUT_IN:
        words.insert(rng.randrange(len(words) + 1), rng.choice(_NOISE))
    quote = _NUMBER.sub(
        lambda m: m.group() if rng.random() < 0.5 else str(rng.randrange(2, 99)), " ".join(words)
    )
    id_ = stable_id("bench", side, n)
    return replace(
        r,
        id=id_,
        document_id=f"{side}-{n // _PER_DOCUMENT}",
        passage_id=id_,
        ordinal=n,
        quote=quote,
        end=len(quote),
        statement=quote,
        quantities=tuple(replace(q, measure=None) for q in r.quantities if q.text in quote),
    )


# --------------------------------------------------------------------------------- what is measured


Scored = dict[tuple[str, str], float]  # how alike the two of each pair are that a method would link
_ROWS = 500


def run_mustdo(before: Sequence[Requirement], after: Sequence[Requirement]) -> Scored:
    """What `mustdo build` does for two years, with relations and evidence."""
    found = link_pair(before, after, lexicon=load_lexicon(), model=load_link_model())
    return {(link.from_id, link.to_id): link.score for link in found.links}


def run_tfidf(before: Sequence[Requirement], after: Sequence[Requirement]) -> Scored:
    """All pairs: TF-IDF cosine of words and pairs of words, the best of each."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32)
    rows = vectorizer.fit_transform([r.quote for r in (*before, *after)])
    across = rows[len(before) :].T.tocsc()
    found: Scored = {}
    for start in range(0, len(before), _ROWS):
        similar = (rows[start : min(start + _ROWS, len(before))] @ across).toarray()
        for offset, column in enumerate(similar.argmax(axis=1).tolist()):
            found[before[start + offset].id, after[column].id] = float(similar[offset, column])
    return found


def run_rapidfuzz(before: Sequence[Requirement], after: Sequence[Requirement]) -> Scored:
    """All pairs: rapidfuzz's token_set_ratio on two threads, the best of each."""
    from rapidfuzz import fuzz, process

    later = [r.quote for r in after]
    found: Scored = {}
    for start in range(0, len(before), _ROWS):
        queries = [r.quote for r in before[start : start + _ROWS]]
        scores = process.cdist(
            queries, later, scorer=fuzz.token_set_ratio, dtype=np.uint8, workers=2
        )
        for offset, column in enumerate(scores.argmax(axis=1).tolist()):
            found[before[start + offset].id, after[column].id] = float(scores[offset, column])
    return found


_RUNS: dict[str, Callable[[Sequence[Requirement], Sequence[Requirement]], Scored]] = {
    "mustdo": run_mustdo,
    "all-pairs TF-IDF": run_tfidf,
    "all-pairs rapidfuzz": run_rapidfuzz,
}


def measure(name: str, size: int) -> dict[str, float]:
    """Seconds, peak memory in MB, and F1 of one run in this process.

    F1 is that of the threshold which is best for the method on these very pairs, mustdo's own for
    mustdo.
    """
    before, after, truth = make_years(size)
    started = time.perf_counter()
    found = _RUNS[name](before, after)
    seconds = time.perf_counter() - started
    if name == "mustdo":
        f1 = 2 * len(found.keys() & truth) / (len(found) + len(truth))
    else:
        f1 = _best_f1(found, truth)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "peak_mb": peak, "f1": f1}


def _best_f1(found: Scored, truth: set[tuple[str, str]]) -> float:
    best, right = 0.0, 0
    for n, pair in enumerate(sorted(found, key=lambda pair: -found[pair]), start=1):
        right += pair in truth
        best = max(best, 2 * right / (n + len(truth)))
    return best


def main() -> None:
    """Measure every method at every size it can manage, and print a table in Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[2000, 20000, 100000])
    parser.add_argument("--tfidf-up-to", type=int, default=20000)
    parser.add_argument("--rapidfuzz-up-to", type=int, default=2000)
    parser.add_argument("--one", nargs=2, metavar=("NAME", "SIZE"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(measure(args.one[0], int(args.one[1]))))
        return
    most = {"all-pairs TF-IDF": args.tfidf_up_to, "all-pairs rapidfuzz": args.rapidfuzz_up_to}
    print("| a year | what | seconds | times the last | peak MB | F1 |")
    print("|---|---|---|---|---|---|")
    last: dict[str, float] = {}
    for size in args.sizes:
        for name in _RUNS:
            if size > most.get(name, size):
                continue
            command = [sys.executable, "-m", "benchmarks.bench_link", "--one", name, str(size)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            got = json.loads(done.stdout)
            grown = f"{got['seconds'] / last[name]:.1f}" if name in last else ""
            last[name] = got["seconds"]
            print(
                f"| {size:,} | {name} | {got['seconds']:.1f} | {grown} | {got['peak_mb']:.0f} |"
                f" {got['f1']:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
