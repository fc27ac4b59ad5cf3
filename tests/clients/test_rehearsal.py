"""Runs perf on machines that are not there, and holds every stand-in against what strace saw."""

import json
import os
import pathlib
import re
import subprocess

import harness
import witness
from uapi import PMUS, ROOT

MACHINES = ROOT / "examples/machines"
VENDORS = {"GenuineIntel": "intel", "AuthenticAMD": "amd"}
DUMMY = {"type": 1, "config": 9}
ONLY_HARDWARE = ("freq", "precise_ip", "branch_sample_type", "config1", "config2", "exclude_user",
	"exclude_kernel", "exclude_hv", "exclude_idle", "exclude_host", "exclude_guest")
KEPT = ("size", "read_format", "disabled", "inherit", "enable_on_exec", "mmap", "comm", "task",
	"sample_id_all", "wakeup_events")


def rehearse(folder, machine, *command, rehearsing=1):
	"""Run perf on that machine; return its exit status, what it said, and its calls."""
	witness.need("perf", "strace")
	if list(PMUS.glob("cpu*")):
		raise harness.Skip("this machine has a PMU: nothing is missing that could be rehearsed")
	out = folder / "calls.json"
	done = subprocess.run(["strace", "-f", "-ff", "--seccomp-bpf", "-v", "-X", "verbose",
		"-e", "signal=none", "-e", "trace=perf_event_open", "-o", folder / "strace",
		"-E", f"LD_PRELOAD={witness.SHIM}", "-E", f"SYSFS_PATH={MACHINES / machine}",
		"-E", f"PEODUMP=rehearse={rehearsing}:format=json:out={out}", *command],
		cwd=folder, text=True, errors="replace", capture_output=True, timeout=120)
	assert out.exists(), f"no call was dumped: {done.stderr}"
	calls = [json.loads(line) for line in out.read_text().splitlines()]
	harness.check(compare(folder, calls))
	return done.returncode, done.stdout + done.stderr, calls


def to_its_end(folder, machine, *command):
	"""The calls of a perf that must end well, with every refusal of hardware rehearsed."""
	status, said, calls = rehearse(folder, machine, *command)
	assert status == 0, f"{' '.join(command)} ended with {status}: {said}"
	harness.check(f"refused: {call}" for call in calls if call.get("errno") and call["fd"] < 0)
	assert any(call.get("stand_in") for call in calls), "nothing was missing"
	return calls


def compare(folder, calls):
	"""Every call as strace saw it, and behind a refusal that was rehearsed the dummy."""
	for path in folder.glob("strace.*"):
		tid = int(path.suffix[1:])
		traced = iter([call for call in witness.parse_strace(path.read_text(errors="replace"), tid)
			if not witness.asks(call.pointer, call.arguments)])
		for call in (call for call in calls if call["caller_tid"] == tid):
			true = dict(call, fd=-1) if call.get("stand_in") else call
			yield from witness.compare_call(next(traced), true)
			if call.get("stand_in"):
				yield from compare_dummy(next(traced), call)
		yield from (f"not dumped: {left.text}" for left in traced)


def compare_dummy(dummy, call):
	hexed = bytes.fromhex(call["attr_hex"])
	asked, _ = witness.decode(hexed, witness.size_of(hexed))
	expected = {**{name: 0 for name in ONLY_HARDWARE}, **{name: asked.get(name, 0) for name in KEPT}}
	for name, value in {**expected, **DUMMY}.items():
		if dummy.members.get(name, 0) != value:
			yield f"the dummy has {name} {dummy.members.get(name)}, not {value}: {dummy.text}"
	for name in ("pid", "cpu", "group_fd", "flags"):
		if dummy.arguments[name] != witness.number(name, call[name]):
			yield f"the dummy has {name} {dummy.arguments[name]}: {call}"
	if dummy.result != call["fd"]:
		yield f"the program was given {call['fd']}: {dummy.text}"


def own_machine():
	"""The tree of the vendor whose processor this is: perf mem asks the processor, no file."""
	text = pathlib.Path("/proc/cpuinfo").read_text()
	vendor = (re.findall(r"^vendor_id\s*: (.*)$", text, re.M) or ["of no vendor"])[0]
	if vendor not in VENDORS:
		raise harness.Skip(f"there is no tree for a processor {vendor}")
	return VENDORS[vendor]


def of_memory(calls):
	"""What the calls that sample memory accesses ask for, in the PMU's words."""
	calls = [call for call in calls if "PERF_SAMPLE_DATA_SRC" in call["attr"]["sample_type"]]
	assert all(call["stand_in"] for call in calls), calls
	return {call.get("alias") or call["pmu"] for call in calls}


def both_vendors(test):
	"""The test, once for each tree."""
	for machine in sorted(VENDORS.values()):
		def on_machine(folder, machine=machine):
			test(folder, machine)
		on_machine.__name__ = f"{test.__name__}_on_{machine}"
		harness.test(on_machine)


@harness.test
def perf_mem_record_chooses_the_events_of_this_processors_vendor(folder):
	machine = own_machine()
	calls = to_its_end(folder, machine, "perf", "mem", "record", "-o", "data", "true")
	assert of_memory(calls) >= {"intel": {"mem-loads", "mem-stores"}, "amd": {"ibs_op"}}[machine]


@harness.test
def perf_c2c_record_runs_to_its_end(folder):
	calls = to_its_end(folder, own_machine(), "perf", "c2c", "record", "-o", "data", "true")
	assert of_memory(calls), "no call samples memory accesses"


@harness.test
def perf_record_samples_loads_above_a_latency_on_any_processor(folder):
	calls = to_its_end(folder, "intel", "perf", "record", "-e", "cpu/mem-loads,ldlat=30/P", "-d",
		"-o", "data", "true")
	loads = [call for call in calls if call.get("alias") == "mem-loads"]
	assert loads, "no call for mem-loads"
	assert loads[0]["attr"]["precise_ip"] == 3 and int(str(loads[0]["attr"]["config1"]), 0) >= 30


@harness.test
def perf_mem_records_intel_events_are_rehearsed_on_any_processor(folder):
	calls = to_its_end(folder, "intel", "perf", "record", "-W", "-d", "-e", "cpu/mem-loads,ldlat=30/P",
		"-e", "cpu/mem-stores/P", "-o", "data", "true")
	assert of_memory(calls) >= {"mem-loads", "mem-stores"}


@harness.test
def perf_mem_records_amd_events_are_rehearsed_on_any_processor(folder):
	calls = to_its_end(folder, "amd", "perf", "record", "-W", "-d", "-e", "ibs_op//", "-o", "data",
		"true")
	assert "ibs_op" in of_memory(calls)


@both_vendors
def perf_record_takes_branch_stacks(folder, machine):
	calls = to_its_end(folder, machine, "perf", "record", "-b", "-e", "cycles:pp", "-o", "data", "true")
	assert any(call["attr"].get("branch_sample_type") and call["attr"]["precise_ip"] == 2
		for call in calls), "no call for branches"


@both_vendors
def perf_stat_counts_every_cache(folder, machine):
	calls = to_its_end(folder, machine, "perf", "stat", "-d", "-d", "-d", "true")
	caches = [call for call in calls if call["attr"]["type"] == "PERF_TYPE_HW_CACHE"]
	assert len(caches) >= 8 and all(call["stand_in"] for call in caches)


@both_vendors
def perf_record_samples_a_group_by_its_leader(folder, machine):
	calls = to_its_end(folder, machine, "perf", "record", "-e", "{cycles,instructions}:S", "-o", "data",
		"true")
	siblings = [call for call in calls if call["group_fd"] >= 0]
	assert siblings, "no call joined a group"
	for call in siblings:
		assert "PERF_FORMAT_GROUP" in call["attr"]["read_format"]
		assert calls[call["leader"] - 1]["stand_in"] and calls[call["leader"] - 1]["fd"] == call["group_fd"]


@harness.test
def what_perf_recorded_can_be_read(folder):
	to_its_end(folder, "intel", "perf", "record", "-a", "-e", "cycles:ppp", "-o", "data", "sleep", "0.1")
	listed = subprocess.run(["perf", "evlist", "-v", "-i", "data"], text=True, capture_output=True)
	assert listed.returncode == 0 and "precise_ip: 3" in listed.stdout, listed
	records = subprocess.run(["perf", "script", "--show-mmap-events", "-i", "data"], text=True,
		capture_output=True)
	assert "PERF_RECORD_MMAP" in records.stdout, records.stderr


@harness.test
def without_rehearsal_perf_stops_at_the_first_missing_event(folder):
	status, _, calls = rehearse(folder, "intel", "perf", "record", "-e", "cpu/mem-loads,ldlat=30/P",
		"-o", "data", "true", rehearsing=0)
	assert status != 0 and calls[-1]["errno"] == "ENOENT" and calls[-1]["fd"] == -1


@harness.test
def what_no_machine_can_do_is_refused_in_a_rehearsal_too(folder):
	status, said, calls = rehearse(folder, "intel", "perf", "record", "-b", "-e", "cpu-clock", "-o",
		"data", "true")
	assert status != 0 and calls[-1].get("errno") == "EOPNOTSUPP" and calls[-1]["fd"] == -1, said


@harness.test
def every_line_of_a_rehearsal_fits_the_schema(folder):
	try:
		import jsonschema
	except ImportError:
		raise harness.Skip("python3-jsonschema is not installed") from None
	valid = jsonschema.Draft7Validator(json.loads((ROOT / "decoder/peodump.schema.json").read_text()))
	calls = to_its_end(folder, "amd", "perf", "stat", "-e", "cycles", "true")
	harness.check(f"{error.message} in {call}" for call in calls for error in valid.iter_errors(call))
	call = next(call for call in calls if call.get("stand_in"))
	assert not valid.is_valid(dict(call, stand_in=False)), "stand_in may be false"
	assert not valid.is_valid({key: call[key] for key in call if key != "errno"}), "no errno is needed"


@harness.test
def links_of_the_trees_lead_where_those_of_sysfs_do(folder):
	for machine in VENDORS.values():
		devices = MACHINES / machine / "devices"
		links = list((MACHINES / machine / "bus/event_source/devices").iterdir())
		assert links, f"{machine} has no PMU"
		for link in links:
			assert os.readlink(link) == f"../../../devices/{link.name}"
			assert (link / "type").read_text().strip().isdigit()
			assert (devices / link.name / "subsystem").resolve() == MACHINES / machine / "bus/event_source"


harness.main()
