#!/usr/bin/env python3
"""Calls refused for a known reason, each made by refusals.c: whether the dump names that one."""

import collections
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/clients"))
from harness import Skip, check, main, test

SHIM = ROOT / "build/libpeodump.so"
PROGRAM = ROOT / "build/tests/hazards/refusals"
PARANOID = pathlib.Path("/proc/sys/kernel/perf_event_paranoid")
BY_ITSELF = ["arguments", "members", "events", "breakpoints", "groups", "tasks", "cgroups", "limits"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "PEODUMP")}

Refusal = collections.namedtuple("Refusal", "steps number cause why call")


def need_root():
	if os.geteuid():
		raise Skip("only root can become nobody and set the paranoid level")


def refusals(*steps, settings=""):
	"""Run steps of the program; the refused calls, each with its true cause and what the dump says."""
	out = pathlib.Path("dump.json")
	out.unlink(missing_ok=True)
	out.touch()
	out.chmod(0o666)
	pathlib.Path(".").chmod(0o777)
	done = subprocess.run([PROGRAM, *steps], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120,
		env=ENVIRONMENT | {"LD_PRELOAD": str(SHIM), "PEODUMP": f"out={out.resolve()}:format=json{settings}"})
	assert done.returncode == 0, f"{steps}: status {done.returncode}\n{done.stderr}"
	causes = [line.split() for line in done.stdout.splitlines()]
	calls = [json.loads(line) for line in out.read_text().splitlines()]
	assert len(causes) == len(calls), f"{steps}: {len(causes)} calls, {len(calls)} dumps\n{done.stderr}"
	return [Refusal(" ".join(steps), int(number), cause, call.get("why", {"certain": False, "checks": []}), call)
		for (number, cause, *_), call in zip(causes, calls) if cause != "accepted"]


def at_each_level(*steps):
	"""The same as nobody, at every paranoid level that the kernel tells apart."""
	before = PARANOID.read_text()
	try:
		for level in ("-1", "0", "1", "2", "3"):
			PARANOID.write_text(level)
			yield from refusals(*steps)
	finally:
		PARANOID.write_text(before)


def all_refusals():
	yield from refusals(*BY_ITSELF, "probes")
	yield from refusals("seccomp")
	yield from refusals("nobody", "seccomp")
	yield from at_each_level("nobody", "paranoid")
	yield from refusals("nobody", *BY_ITSELF)


def ids(refusal):
	return [check["id"] for check in refusal.why["checks"]]


def tell(refusal, wrong):
	return (f"{wrong}: {refusal.steps} call {refusal.number}: {refusal.cause}, not {ids(refusal)}\n"
		f"\t{refusal.call.get('errno')} {refusal.call.get('facts')}")


@test
def the_true_cause_of_a_refusal_is_named(folder):
	need_root()
	found = list(all_refusals())
	single = [refusal for refusal in found if refusal.why["certain"]]
	right = [refusal for refusal in single if ids(refusal) == [refusal.cause]]
	listed = [refusal for refusal in found if refusal.cause in ids(refusal)]
	print(f"{len(found)} refused calls: the single answer in {100 * len(right) / len(found):.1f} %, "
		f"among the answers in {100 * len(listed) / len(found):.1f} %, "
		f"a wrong single answer in {100 * (len(single) - len(right)) / len(found):.1f} %")
	for refusal in found:
		if refusal.cause in ids(refusal) and refusal not in right:
			print(tell(refusal, "not alone"))
	assert len(found) >= 200, f"only {len(found)} calls were refused"
	check(tell(refusal, "wrong") for refusal in single if refusal not in right)
	check(tell(refusal, "not listed") for refusal in found if refusal not in listed)
	assert len(right) >= 0.95 * len(found)


@test
def a_refusal_keeps_its_reasons_when_it_is_read_back(folder):
	"""The facts in the C form give the tool the answer that the library gave."""
	for form in ("c", "json"):
		done = subprocess.run([PROGRAM, "members", "groups"], stdout=subprocess.PIPE, timeout=60,
			env=ENVIRONMENT | {"LD_PRELOAD": str(SHIM), "PEODUMP": f"out={folder}/dump.{form}:format={form}"})
		assert done.returncode == 0
	shown = subprocess.run([ROOT / "build/peodump", "show", "--as", "json", folder / "dump.c"],
		stdout=subprocess.PIPE, text=True, check=True, timeout=60).stdout
	first = [json.loads(line).get("why") for line in shown.splitlines()]
	second = [json.loads(line).get("why") for line in (folder / "dump.json").read_text().splitlines()]
	assert sum(why is not None for why in first) > 50, f"{len(first)} calls shown"
	check(f"call {at + 1}: {one} shown, {other} dumped"
		for at, (one, other) in enumerate(zip(first, second, strict=True)) if one != other)


@test
def in_safe_mode_no_facts_are_gathered(folder):
	calls = refusals_on_stderr("arguments")
	check(f"call {call['call']}: {call['facts']}" for call in calls if "facts" in call)
	assert calls


def refusals_on_stderr(*steps):
	done = subprocess.run([PROGRAM, *steps], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60,
		env=ENVIRONMENT | {"LD_PRELOAD": str(SHIM), "PEODUMP": "safe=1:format=json"})
	return [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]


if __name__ == "__main__":
	main()
