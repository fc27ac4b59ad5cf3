#!/usr/bin/env python3
"""Each example under the shim: what its one line of the manual promises is in its dump, and strace agrees on every field."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/clients"))
import harness
import witness

EXAMPLES = ROOT / "build/examples"


def dumped(folder, name):
	"""The example's calls; the same run under strace agrees with each."""
	run = witness.run([str(EXAMPLES / name)], folder)
	harness.check(witness.compare(run))
	assert run.calls, f"{name} made no call: {run.stderr}"
	return run


def has(call, **members):
	for member, value in members.items():
		shown = call["attr"].get(member, call.get(member))
		assert shown == value, f"{member} is {shown}, not {value}"


@harness.test
def counting_opens_one_event_that_is_enabled_later(folder):
	run = dumped(folder, "counting")
	has(run.calls[0], type="PERF_TYPE_SOFTWARE", config="PERF_COUNT_SW_PAGE_FAULTS", disabled=1, pid=0, cpu=-1)
	assert run.status == 0 and len(run.calls) == 1


@harness.test
def sampling_opens_the_same_event_on_every_cpu(folder):
	calls = dumped(folder, "sampling").calls
	online = pathlib.Path("/sys/devices/system/cpu/online").read_text()
	cpus = [cpu for part in online.split(",") for first, _, last in [part.strip().partition("-")]
	        for cpu in range(int(first), int(last or first) + 1)]
	assert [call["cpu"] for call in calls] == cpus, f"CPUs {online} and calls {calls}"
	for call in calls:
		has(call, type="PERF_TYPE_SOFTWARE", freq=1, pid=-1)
		assert call["attr"]["sample_freq"] > 0 and "sample_period" not in call["attr"]
		assert call["attr"] == calls[0]["attr"]


@harness.test
def tracepoint_opens_execve_and_is_woken_each_time(folder):
	if not any(pathlib.Path(path, "events/syscalls").is_dir() for path in
	           ("/sys/kernel/tracing", "/sys/kernel/debug/tracing")):
		raise harness.Skip("tracefs is not mounted, or has no events of system calls")
	has(dumped(folder, "tracepoint").calls[0], type="PERF_TYPE_TRACEPOINT", sample_period=1, wakeup_events=1,
	    pid=-1, cpu=0, tracepoint="syscalls:sys_enter_execve")


@harness.test
def breakpoint_watches_an_address(folder):
	call = dumped(folder, "breakpoint").calls[0]
	has(call, type="PERF_TYPE_BREAKPOINT", bp_type="HW_BREAKPOINT_W")
	assert "bp_addr" in call["attr"] and "config1" not in call["attr"], "the breakpoint's arm is not the live one"


@harness.test
def uprobe_names_the_file_it_probes(folder):
	if not pathlib.Path("/sys/bus/event_source/devices/uprobe").exists():
		raise harness.Skip("this machine has no uprobe PMU")
	call = dumped(folder, "uprobe").calls[0]
	has(call, pmu="uprobe", probe=str((EXAMPLES / "uprobe").resolve()))
	assert call["attr"]["probe_offset"] and "config2" not in call["attr"]


@harness.test
def group_shows_which_call_opened_the_leader(folder):
	leader, *siblings = dumped(folder, "group").calls
	assert len(siblings) == 2 and leader["group_fd"] == -1
	for sibling in siblings:
		has(sibling, group_fd=leader["fd"], leader=leader["call"])


@harness.test
def cache_is_an_expression_of_three_names(folder):
	has(dumped(folder, "cache").calls[0], type="PERF_TYPE_HW_CACHE",
	    config="PERF_COUNT_HW_CACHE_L1D | PERF_COUNT_HW_CACHE_OP_READ << 8 | PERF_COUNT_HW_CACHE_RESULT_MISS << 16")


@harness.test
def raw_is_a_number(folder):
	call = dumped(folder, "raw").calls[0]
	has(call, type="PERF_TYPE_RAW")
	assert isinstance(call["attr"]["config"], int)


@harness.test
def extended_names_the_pmu_in_the_high_half(folder):
	config = dumped(folder, "extended").calls[0]["attr"]["config"]
	assert "ULL << PERF_PMU_TYPE_SHIFT | PERF_COUNT_HW_" in config, config


@harness.test
def refused_says_why(folder):
	has(dumped(folder, "refused").calls[0], fd=-1, errno="EINVAL", pid=-1, cpu=-1)


if __name__ == "__main__":
	harness.main()
