"""Runs real programs under the shim and holds each of their calls against what others say of it."""

import copy
import dataclasses
import json
import os
import pathlib
import sys

import harness
import witness
from uapi import ROOT, pmu_type

TRACING = [pathlib.Path("/sys/kernel/tracing"), pathlib.Path("/sys/kernel/debug/tracing")]
LIBC = next(iter(sorted(pathlib.Path("/lib").glob("*/libc.so.6"))), "/lib/libc.so.6")
TORTURE = ["/usr/bin/python3", ROOT / "tests/clients/torture.py"]
seen = []  # every dumped call of every client, for the schema


def client(folder, command, least=1, bare=True):
	"""Run a command, hold its calls against strace and, where it is perf -vv or -o, against perf."""
	command = [str(part) for part in command]
	run = witness.run(command, folder)
	seen.extend(run.calls)
	(folder / "stdout").write_text(run.stdout)
	assert len(run.calls) >= least, f"only {len(run.calls)} calls, exit {run.status}: {run.stderr}"
	complaints = list(witness.compare(run))
	if "-vv" in command:
		complaints += witness.compare_perf(run)
	if "-o" in command:
		complaints += witness.compare_header(run, folder / command[command.index("-o") + 1])
	if bare:
		complaints += witness.same_without_the_shim(run, command, folder / "bare")
	harness.check(complaints)
	return run.calls


def tracing():
	if not any((path / "events/sched").is_dir() for path in TRACING):
		if os.geteuid() or os.system("mount -t tracefs none /sys/kernel/tracing 2>/dev/null"):
			raise harness.Skip("tracefs is not mounted, and may not be")


def pmu(name):
	if pmu_type(name) is None:
		raise harness.Skip(f"this machine has no {name} PMU")


def shown(calls, key):
	return {call[key] for call in calls if key in call}


@harness.test
def perf_stat_counts_a_pmu_of_this_machine_on_every_cpu(folder):
	pmu("msr")
	calls = client(folder, ["perf", "stat", "-vv", "-a", "-e", "task-clock,msr/tsc/",
		"sleep", "0.1"], 2)
	assert "msr" in shown(calls, "pmu"), "the PMU is not named"


@harness.test
def perf_stat_opens_groups(folder):
	calls = client(folder, ["perf", "stat", "-vv", "-e", "{task-clock,faults,cs},{cs,faults}",
		"true"], 5)
	assert any(call["group_fd"] >= 0 for call in calls), "no call has a leader"


@harness.test
def perf_stat_asks_for_hardware_and_cache_events(folder):
	calls = client(folder, ["perf", "stat", "-vv", "-d", "-d", "-d", "true"], 10)
	assert "PERF_TYPE_HW_CACHE" in {call["attr"]["type"] for call in calls}, "no cache event"


@harness.test
def perf_stat_watches_an_address(folder):
	client(folder, ["perf", "stat", "-vv", "-e", "mem:0x1000:rw", "true"])


@harness.test
def perf_stat_counts_for_a_cgroup(folder):
	calls = client(folder, ["perf", "stat", "-vv", "-a", "-e", "task-clock", "--for-each-cgroup", "/",
		"sleep", "0.1"])
	assert "PERF_FLAG_PID_CGROUP" in calls[-1]["flags"], "no call for a cgroup"
	assert shown(calls, "cgroup"), "the cgroup is not named"


@harness.test
def perf_record_samples_the_cpu_clock(folder):
	client(folder, ["perf", "record", "-vv", "-e", "cpu-clock", "-o", "data", "true"])


@harness.test
def perf_record_dumps_stacks_by_another_clock(folder):
	calls = client(folder, ["perf", "record", "-vv", "-e", "cpu-clock", "--call-graph", "dwarf",
		"--clockid=mono", "-o", "data", "true"])
	assert any(call["attr"].get("clockid") == "CLOCK_MONOTONIC" for call in calls), "no clockid"


@harness.test
def perf_record_watches_an_address(folder):
	client(folder, ["perf", "record", "-vv", "-e", "mem:0x1000:rw", "-o", "data", "true"])


@harness.test
def perf_record_sets_nearly_every_bit(folder):
	client(folder, ["perf", "record", "-vv", "-a", "--all-cgroups", "--switch-events", "--namespaces",
		"-d", "-W", "--phys-data", "-k", "mono", "-o", "data", "sleep", "0.1"], 10)


@harness.test
def perf_opens_a_tracepoint(folder):
	tracing()
	calls = client(folder, ["perf", "record", "-vv", "-e", "sched:sched_switch", "-o", "data",
		"true"])
	assert "sched:sched_switch" in shown(calls, "tracepoint"), "the tracepoint is not named"


@harness.test
def perf_list_probes_with_size_zero(folder):
	calls = client(folder, ["perf", "list"], 20)
	assert 0 in {call["attr"]["size"] for call in calls}, "no call of size 0"


@harness.test
def perf_opens_hundreds_of_events_in_milliseconds(folder):
	client(folder, ["perf", "bench", "internals", "evlist-open-close", "-i", "2", "-n", "50"],
		100, False)


@harness.test
def perf_opens_one_event_for_each_thread_of_a_user(folder):
	client(folder, ["perf", "record", "-vv", "-e", "cpu-clock", "-u", "0", "-o", "data",
		"sleep", "0.1"], bare=False)


@harness.test
def bpftrace_profiles(folder):
	client(folder, ["bpftrace", "-e", "profile:hz:99 { @ = count(); } interval:ms:100 { exit(); }"],
		bare=False)


@harness.test
def bpftrace_opens_a_uprobe(folder):
	pmu("uprobe")
	script = f"uprobe:{LIBC}:puts {{ }} interval:ms:100 {{ exit(); }}"
	calls = client(folder, ["bpftrace", "-e", script])
	paths = [probe for probe in shown(calls, "probe") if str(LIBC) in probe]
	assert paths, f"the probed path {LIBC} is not named"


@harness.test
def stress_ng_calls_from_forked_children(folder):
	client(folder, ["stress-ng", "--perf", "--cpu", "2", "-t", "1s"], 50, False)


@harness.test
def powertop_calls_with_size_64(folder):
	client(folder, ["powertop", "--time=1", "--csv=report"], bare=False)


@harness.test
def bcc_calls_from_python(folder):
	client(folder, ["profile-bpfcc", "-F", "99", "1"], bare=False)


@harness.test
def python_calls_with_every_odd_size_bit_and_pointer(folder):
	calls = client(folder, TORTURE, 800)
	program = (folder / "stdout").read_text().splitlines()
	assert len(program) == len(calls), f"{len(program)} calls made, {len(calls)} dumped"
	harness.check(complaint for line, call in zip(program, calls) for complaint in told(line, call))


def told(line, call):
	"""What the calling program says of its call against what we say."""
	name, fd, _, kept, size, bytes_ = line.split()
	data = bytes.fromhex(bytes_.strip("-"))
	before = int.from_bytes(data[4:8], sys.byteorder) if len(data) >= 8 else 0
	want = data[:min(max(before, 64), 4096)]
	if kept != "True":
		yield f"{name}: the program's own attr has changed"
	if call["fd"] != int(fd):
		yield f"{name}: fd {fd}, we {call}"
	if call.get("attr_hex", "") != want.hex():
		yield f"{name}: attr_hex is not the attr {want.hex()}: {call}"
	if call.get("attr_size_after", before) != int(size) and len(data) >= 8:
		yield f"{name}: the size afterwards is {size}, we {call}"
	if ("attr_addr" in call) != (not data):
		yield f"{name}: {len(data)} bytes could be read, we {call}"


@harness.test
def the_witness_notices_whatever_is_changed(folder):
	run = witness.run(["perf", "stat", "-e", "{cpu-clock,faults}", "true"], folder)
	harness.check(witness.compare(run))
	call = run.calls[0]
	for key in ("caller_tid", "call", "kernel", "arch", "pid", "cpu", "group_fd", "fd"):
		complain_about(run, {**call, key: 77}, key)
	complain_about(run, {**call, "flags": []}, "flags")
	for key in ("errno", "attr_size_after", "lost"):
		complain_about(run, {**call, key: 7}, key)
	for member in call["attr"]:
		fewer = {name: value for name, value in call["attr"].items() if name != member}
		complain_about(run, {**call, "attr": fewer}, f"no {member}")
		complain_about(run, {**call, "attr": {**call["attr"], member: 77}}, f"{member} = 77")
	data = bytearray.fromhex(call["attr_hex"])
	for at in range(len(data)):
		changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]
		complain_about(run, {**call, "attr_hex": changed.hex()}, f"byte {at} of attr_hex")


def complain_about(run, call, what):
	changed = dataclasses.replace(run, calls=[call] + run.calls[1:])
	assert any(witness.compare(changed)), f"nobody notices {what}"


@harness.test
def every_line_fits_the_schema(folder):
	try:
		import jsonschema
	except ImportError:
		raise harness.Skip("python3-jsonschema is not installed") from None
	schema = json.loads((ROOT / "decoder/peodump.schema.json").read_text())
	jsonschema.Draft7Validator.check_schema(schema)
	valid = jsonschema.Draft7Validator(schema)
	assert seen, "no client ran"
	harness.check(f"{error.message} in {call}" for call in seen for error in valid.iter_errors(call))
	for spoilt in spoil(seen[0]):
		assert not valid.is_valid(spoilt), f"the schema takes {spoilt}"


def spoil(call):
	"""Calls that the schema must refuse."""
	for key in ("call", "pid", "cpu", "group_fd", "flags", "fd"):
		spoilt = copy.deepcopy(call)
		del spoilt[key]
		yield spoilt
	yield call | {"flags": 8}
	yield call | {"attr_hex": "xyz"}
	yield call | {"unheard_of": 1}
	yield call | {"attr": call["attr"] | {"size": None}}
	yield call | {"attr": call["attr"] | {"NoMember": 1}}


harness.main()
