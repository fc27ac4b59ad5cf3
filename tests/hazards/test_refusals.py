#!/usr/bin/env python3
"""Calls refused for a known reason, each made by one of refusals*.c: whether the dump names that one."""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/clients"))
from harness import Skip, check, main, test

SHIM = ROOT / "build/libpeodump.so"
PROGRAMS = ROOT / "build/tests/hazards"
PARANOID = pathlib.Path("/proc/sys/kernel/perf_event_paranoid")
BY_ITSELF = ["arguments", "members", "events", "breakpoints", "groups", "tasks", "cgroups", "limits"]
IN_THE_WORLD = ["paths", "sizes", "breakpoints", "cgroups", "filters", "namespaces", "limits", "targets", "tracepoints"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "PEODUMP")}

Refusal = collections.namedtuple("Refusal", "steps number cause why call")


def need_root():
	if os.geteuid():
		raise Skip("only root can become nobody and set the paranoid level")


def refusals(*steps, by="refusals", settings=""):
	"""Run steps of the program; the refused calls, each with its true cause and what the dump says."""
	out = pathlib.Path("dump.json")
	out.unlink(missing_ok=True)
	out.touch()
	out.chmod(0o666)
	pathlib.Path(".").chmod(0o777)
	done = subprocess.run([PROGRAMS / by, *steps], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120,
		env=ENVIRONMENT | {"LD_PRELOAD": str(SHIM), "PEODUMP": f"out={out.resolve()}:format=json{settings}"})
	assert done.returncode == 0, f"{steps}: status {done.returncode}\n{done.stderr}"
	causes = [line.split() for line in done.stdout.splitlines()]
	calls = [json.loads(line) for line in out.read_text().splitlines()]
	assert len(causes) == len(calls), f"{steps}: {len(causes)} calls, {len(calls)} dumps\n{done.stderr}"
	return [Refusal(" ".join((by, *steps)), int(number), cause, call.get("why", {"certain": False, "checks": []}), call)
		for (number, cause, *_), call in zip(causes, calls) if cause != "accepted"]


def at_each_level():
	"""As nobody, at every paranoid level that a kernel tells apart."""
	before = PARANOID.read_text()
	try:
		for level in ("-1", "0", "1", "2", "3", "4"):
			PARANOID.write_text(level)
			yield from refusals("nobody", "paranoid")
			yield from refusals("nobody", "pairs", by="refusals_order")
			yield from refusals("nobody", "breakpoints", "targets", "tracepoints", by="refusals_world")
	finally:
		PARANOID.write_text(before)


def all_refusals():
	yield from refusals(*BY_ITSELF, "probes")
	yield from refusals("seccomp")
	yield from refusals("nobody", "seccomp")
	yield from at_each_level()
	yield from refusals("nobody", *BY_ITSELF)
	yield from refusals("pairs", by="refusals_order")
	for user in ((), ("nobody",)):
		yield from refusals(*user, "seen", "orphans", "dead", by="refusals_group")
		for step in IN_THE_WORLD:
			yield from refusals(*user, step, by="refusals_world")


def ids(refusal):
	return [check["id"] for check in refusal.why["checks"]]


def tell(refusal, wrong):
	return (f"{wrong}: {refusal.steps} call {refusal.number}: {refusal.cause}, not {ids(refusal)}\n"
		f"\t{refusal.call.get('errno')} {refusal.call.get('facts')}")


def share_told(found):
	"""Of the refusals, how many are told by the single answer. None may be told wrongly, or have its cause not listed."""
	single = [refusal for refusal in found if refusal.why["certain"]]
	right = sum(ids(refusal) == [refusal.cause] for refusal in single)
	check(tell(refusal, "wrong") for refusal in single if ids(refusal) != [refusal.cause])
	check(tell(refusal, "not listed") for refusal in found if refusal.cause not in ids(refusal))
	print(f"{len(found)} refused calls, {100 * right / len(found):.1f} % with the single answer, and it is the right one")
	return right / len(found)


@test
def the_true_cause_of_a_refusal_is_named(folder):
	need_root()
	found = list(all_refusals())
	assert len(found) >= 5000, f"only {len(found)} calls were refused"
	assert share_told(found) >= 0.95


@test
def of_a_leader_that_was_opened_out_of_sight_nothing_is_claimed(folder):
	need_root()
	found = refusals("unseen", by="refusals_group") + refusals("nobody", "unseen", by="refusals_group")
	assert len(found) >= 2000, f"only {len(found)} calls were refused"
	share_told(found)


def explained(dump):
	"""The checks that `peodump explain` says refuse each call of the dump."""
	text = subprocess.run([ROOT / "build/peodump", "explain", dump], stdout=subprocess.PIPE, text=True, timeout=120).stdout
	for part in re.split(r"\n(?=\S)", text.rstrip("\n")):
		refusing = re.split(r"\n  \S", part.partition("  refuses it\n")[2])[0]
		yield re.findall(r"^    ([A-Z]\S+)", refusing, re.MULTILINE)


@test
def of_random_calls_none_that_the_kernel_took_is_said_to_be_refused(folder):
	"""And of those that it refused none has no reason."""
	done = subprocess.run([PROGRAMS / "refusals_random", "20130", "600"], timeout=60,
		env=ENVIRONMENT | {"LD_PRELOAD": str(SHIM), "PEODUMP": f"out={folder}/dump"})
	assert done.returncode == 0
	shown = subprocess.run([ROOT / "build/peodump", "show", "--as", "json", folder / "dump"],
		stdout=subprocess.PIPE, text=True, check=True, timeout=60).stdout
	calls = [json.loads(line) for line in shown.splitlines()]
	taken = [(call, refusing) for call, refusing in zip(calls, explained(folder / "dump"), strict=True) if "errno" not in call]
	assert len(calls) == 600 and len(taken) > 30, f"{len(calls)} calls, {len(taken)} taken"
	check(f"call {call['call']} was taken, not refused by {refusing}\n{call}" for call, refusing in taken if refusing)
	check(f"call {call['call']} has no reason: {call}" for call in calls if "errno" in call and not call.get("why", {}).get("checks"))


@test
def a_refusal_keeps_its_reasons_when_it_is_read_back(folder):
	"""The facts in the C form give the tool the answer that the library gave."""
	for form in ("c", "json"):
		done = subprocess.run([PROGRAMS / "refusals", "members", "groups"], stdout=subprocess.PIPE, timeout=60,
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
	done = subprocess.run([PROGRAMS / "refusals", *steps], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60,
		env=ENVIRONMENT | {"LD_PRELOAD": str(SHIM), "PEODUMP": "safe=1:format=json"})
	return [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]


if __name__ == "__main__":
	main()
