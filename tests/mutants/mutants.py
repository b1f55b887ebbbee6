#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Changes the sources at one point at a time and sees whether the tests notice (README.md).

usage: tests/mutants/mutants.py [--part N] [--seed S] [--jobs N] [--only TEXT] [--check] [--tree DIR]

Ends with 0 if every mutant did what its list says: killed by its test, or surviving for the
reason given. Ends with 1 otherwise: one survived without a reason, one that is said to be
equivalent was killed, an entry no longer fits the sources, a mutant does not compile, or a test
fails without any.
"""

import argparse
import concurrent.futures
import os
import random
import shutil
import signal
import sys
import tempfile
import threading

import mutantlist
import workshop

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))


class Runner:
    def __init__(self, tree, mutants, jobs):
        self.tree, self.mutants, self.jobs = tree, mutants, jobs
        self.processes = workshop.Processes()
        self.lock = threading.Lock()
        self.sound = {}  # test -> what is wrong with it without any mutant, or None
        self.guard = {}  # test -> seconds after which a mutant hangs in it
        self.counts = dict.fromkeys(("killed", "survived", "expected", "revived", "broken"), 0)
        self.reasons = []

    def run(self):
        """True if every mutant did what its list says."""
        self.where = tempfile.mkdtemp(prefix="murphy-mutants-")
        # A compiler that is killed leaves its temporary files: let them go with the rest.
        os.environ["TMPDIR"] = os.path.join(self.where, "tmp")
        os.mkdir(os.environ["TMPDIR"])
        pool = concurrent.futures.ThreadPoolExecutor(self.jobs)
        try:
            self.prepare()
            list(pool.map(self.one_guarded, self.mutants))
        finally:
            self.processes.stop()
            pool.shutdown(cancel_futures=True)
            shutil.rmtree(self.where, ignore_errors=True)
        return self.summary()

    def prepare(self):
        tests = {words for m in self.mutants for words in m.tests}
        targets = sorted({t for words in tests for t in workshop.targets_of(words)})
        build = os.path.join(self.tree, os.environ.get("MURPHY_BUILD") or "build")
        pristine = os.path.join(self.where, "pristine")
        workshop.copy_tree(self.tree, build, pristine, any("test_sim" in t for t in targets))
        status, out = self.processes.run(["make", "-s", f"-j{self.jobs}", *targets], pristine,
                                         workshop.environment(), workshop.BUILD_GUARD)
        if status != 0:
            sys.exit(f"mutants: the tree does not build without any mutant:\n{out[-1500:]}")
        self.idle = [workshop.Workshop(os.path.join(self.where, str(n)), pristine, self.processes)
                     for n in range(self.jobs)]

    def one_guarded(self, mutant):
        with self.lock:
            shop = self.idle.pop()
        try:
            self.one(shop, mutant)
        except InterruptedError:
            pass
        finally:
            with self.lock:
                self.idle.append(shop)

    def unsound(self, shop, words):
        """Why the test says nothing: it fails on the unchanged sources. Asked once a test."""
        if words not in self.sound:
            passed, said = shop.test(words, workshop.GUARD)
            # Many times what it takes without a mutant, on this machine as busy as it is.
            self.guard[words] = min(workshop.GUARD, 10 + 5 * shop.took)
            self.sound[words] = None if passed else said
        return self.sound[words]

    def one(self, shop, mutant):
        with open(os.path.join(shop.pristine, mutant.file), encoding="utf-8") as stream:
            what = f"{mutant.file}:{mutant.line_in(stream.read())}"
        killer = None
        try:
            for words in mutant.tests:
                wrong = self.unsound(shop, words)
                if wrong:
                    return self.tell("broken", mutant, what, f"'{words}' fails without it: {wrong}")
            shop.change(mutant)
            for words in mutant.tests:
                passed, said = shop.test(words, self.guard[words])
                if not passed:
                    killer = f"{words.split(' ', 1)[1]}: {said}"
                    break
        except workshop.BuildFailed as e:
            return self.tell("broken", mutant, what, f"it does not build: {e}")
        finally:
            shop.put_back(mutant)
        if mutant.survives:
            return self.tell("revived" if killer else "expected", mutant, what, killer or mutant.survives)
        return self.tell("killed" if killer else "survived", mutant, what, killer or "; ".join(mutant.tests))

    def tell(self, outcome, mutant, what, text):
        words = {"killed": "killed    ", "survived": "SURVIVED  ", "expected": "survives  ",
                 "revived": "KILLED, though said to survive  ", "broken": "BROKEN    "}
        with self.lock:
            self.counts[outcome] += 1
            print(f"{words[outcome]}{mutant.place:<20} {what:<28} {text}", flush=True)
            if outcome in ("survived", "revived", "broken"):
                print("    - " + mutant.old.replace("\n", "\n      ") + "\n    + "
                      + mutant.new.replace("\n", "\n      "), flush=True)

    def summary(self):
        c = self.counts
        print(f"mutants: {sum(c.values())} of {len(self.mutants)} run: {c['killed']} killed, "
              f"{c['expected']} survive for the reason given, {c['survived']} SURVIVED, "
              f"{c['revived']} killed though said to survive, {c['broken']} broken", flush=True)
        return sum(c.values()) == len(self.mutants) == c["killed"] + c["expected"]


def chosen(mutants, part, seed, only):
    """A part-th of them, at least one, by seed."""
    mutants = [m for m in mutants if only in f"{m.place} {m.file} {m.tests}"]
    if part > 1:
        mutants = random.Random(seed).sample(mutants, -(-len(mutants) // part))
    return mutants


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0])
    parser.add_argument("--part", type=int, default=1, metavar="N", help="only an Nth of them, by seed")
    parser.add_argument("--seed", type=int, default=None, help="which part (default: another each time)")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--only", default="", metavar="TEXT", help="only entries with TEXT in list, file or test")
    parser.add_argument("--check", action="store_true", help="only: does every entry fit the sources?")
    parser.add_argument("--tree", default=TOP, metavar="DIR", help="the sources; the lists are in its tests/mutants")
    args = parser.parse_args()
    if args.part < 1 or args.jobs < 1:
        parser.error("--part and --jobs must be 1 or more")
    seed = random.randrange(1 << 31) if args.seed is None else args.seed

    try:
        mutants = mutantlist.read_all(os.path.join(args.tree, "tests", "mutants"))
    except mutantlist.ListError as e:
        print(e)
        return 1
    wrong = mutantlist.stale(mutants, args.tree)
    for text in wrong:
        print(f"STALE     {text}")
    if wrong or args.check:
        print(f"mutants: {len(mutants)} in the lists, {len(wrong)} stale")
        return 1 if wrong else 0
    mutants = chosen(mutants, args.part, seed, args.only)
    if not mutants:
        parser.error(f"no mutant has {args.only!r} in its list, file or test")
    if args.part > 1:
        print(f"mutants: seed {seed}", flush=True)

    def leave(*_):
        raise KeyboardInterrupt
    signal.signal(signal.SIGTERM, leave)
    try:
        return 0 if Runner(args.tree, mutants, min(args.jobs, len(mutants))).run() else 1
    except KeyboardInterrupt:
        print("mutants: interrupted", flush=True)
        return 130


if __name__ == "__main__":
    sys.exit(main())
