#!/usr/bin/python3
"""peodump diff: what is paired with what, what counts as a difference, and how it is told."""

import json
import os
import pathlib
import random
import resource
import shutil
import subprocess
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent))
from tool import LIBRARY, ROOT, TOOL, Skip, check, contains, main, peodump, same, test

CLOCK, DUMMY, FAULTS, SWITCHES = (f"PERF_COUNT_SW_{name}"
	for name in ("CPU_CLOCK", "DUMMY", "PAGE_FAULTS", "CONTEXT_SWITCHES"))
REFUSED = "-1; /* ENOENT: No such file or directory */"
HEAD = "--- a: perf, Linux 6.1.0 x86_64, {} call{}\n+++ b: perf, Linux 6.1.0 x86_64, {} call{}\n\n"


def call(number, config=CLOCK, cpu=0, fd=None, group=None, leader=None, type="PERF_TYPE_SOFTWARE", pid="-1",
	size="PERF_ATTR_SIZE_VER7", flags="PERF_FLAG_FD_CLOEXEC", kernel="6.1.0", arch="x86_64", process=100,
	thread=None, result=None, tail="", **members):
	"""One block of a dump; members are those of the attr, fd is 100 and the call's number if not told."""
	lines = [f".type = {type.replace(' /*', ', /*') if '/*' in type else type + ','}", f".size = {size},",
		f".config = {config.replace(' /*', ', /*') if '/*' in config else config + ','}"]
	lines += [f".{name} = {value}," for name, value in members.items()]
	comment = f" /* opened by call {leader} */" if leader else ""
	group = -1 if group is None else group
	fd = 100 + number if fd is None else fd
	return (f"/* perf_event_open {number}: perf[{process}] thread {thread or process}, "
		+ f"Linux {kernel} {arch} */\n" + "{\n\tstruct perf_event_attr attr = {\n" + "".join(f"\t\t{line}\n" for line in lines) + tail
		+ f"\t}};\n\tpid_t pid = {pid};\n\tint cpu = {cpu};\n\tint group_fd = {group};{comment}\n"
		+ f"\tunsigned long flags = {flags};\n\tint fd = {result or f'{fd};'}\n}}\n")


def diff(a, b, *options, files=("a", "b"), **how):
	"""Compare two texts; their names are a and b."""
	for name, text in zip("ab", (a, b)):
		pathlib.Path(name).write_text(text)
	return peodump("diff", *options, *files, **how)


def silent(a, b, *options):
	same(diff(a, b, *options), (0, "", ""))


def tells(a, b, wanted, *options):
	"""Exactly these lines come below the head, and the status is 1."""
	run = diff(a, b, *options)
	same(run.out.partition("\n\n")[2], wanted)
	same((run.status, run.err), (1, ""))


def pairs(a, b, *options):
	"""The objects of --json."""
	return [json.loads(line) for line in diff(a, b, "--json", *options).out.splitlines()]


@test
def a_dump_and_itself_are_the_same_and_nothing_is_said(folder):
	dump = call(1) + call(2, DUMMY, cpu=1)
	silent(dump, dump)
	silent(dump, dump, "--json")
	silent(dump, dump, "--brief")


@test
def pids_fds_and_call_numbers_are_no_difference(folder):
	def dump(at):
		return (call(at, FAULTS, fd=at + 3, pid=at * 7, process=at) +
			call(at + 1, SWITCHES, fd=at + 4, pid=at * 7, process=at, group=at + 3, leader=at))
	silent(dump(1), dump(30))


@test
def what_pairs_have_in_common_is_said_once_and_with_its_release(folder):
	def dump(size):
		return call(1, CLOCK, size=size) + call(2, DUMMY, size=size)
	run = diff(dump("PERF_ATTR_SIZE_VER7"), dump("PERF_ATTR_SIZE_VER8"))
	same(run.out, HEAD.format(2, "s", 2, "s") + "cpu-clock: call 1 -> 1\ndummy: call 2 -> 2\n"
		"    size PERF_ATTR_SIZE_VER7 -> PERF_ATTR_SIZE_VER8 (Linux 6.3)\n")
	same(run.status, 1)


@test
def probes_that_one_side_adds_do_not_shift_the_rest(folder):
	event = dict(sample_freq=4000, freq=1, sample_type="PERF_SAMPLE_IP | PERF_SAMPLE_TIME", inherit=1, mmap=1)
	old = call(1, exclude_kernel=1, fd=3) + call(2, fd=3, **event)
	new = (call(1, comm_exec=1, fd=3) + call(2, exclude_kernel=1, fd=3) + call(3, cgroup=1, fd=3)
		+ call(4, fd=3, **event | {"build_id": 1}))
	tells(old, new, """cpu-clock: call 2 -> 4
    build_id 0 -> 1
    new needs Linux 5.12: build_id

+ cpu-clock, probe: call 1
    size PERF_ATTR_SIZE_VER7, comm_exec 1, pid -1 (any process), cpu 0, flags PERF_FLAG_FD_CLOEXEC

+ cpu-clock, probe: call 3
    size PERF_ATTR_SIZE_VER7, cgroup 1, pid -1 (any process), cpu 0, flags PERF_FLAG_FD_CLOEXEC
""")


@test
def a_probe_is_not_taken_for_the_event_that_another_side_keeps_open(folder):
	probe = call(1, exclude_kernel=1, fd=3) + call(2, DUMMY, fd=3)
	event = call(1, sample_freq=99, freq=1, sample_type="PERF_SAMPLE_IP", inherit=1, mmap=1, comm=1)
	event += call(2, DUMMY)
	same([(pair.get("only"), pair["event"]) for pair in pairs(probe, event)],
		[("old", "cpu-clock"), ("new", "cpu-clock")])


@test
def the_cpu_of_a_probe_is_wherever_its_caller_ran(folder):
	silent(call(1, cpu=0, fd=3) + call(2, DUMMY, fd=3), call(1, cpu=5, fd=3) + call(2, DUMMY, fd=3))


@test
def a_pmu_is_known_by_its_name_and_not_by_its_number(folder):
	silent(call(1, "0x80000", type="10 /* ibs_op */"), call(1, "0x80000", type="12 /* ibs_op */"))
	same([pair.get("only") for pair in pairs(call(1, "0", type="10 /* ibs_op */"),
		call(1, "0", type="10 /* ibs_fetch */"))], ["old", "new"])


@test
def an_extended_event_is_known_by_its_pmu(folder):
	def dump(number, event="PERF_COUNT_HW_CPU_CYCLES"):
		config = f"{number}ULL << PERF_PMU_TYPE_SHIFT | {event} /* cpu_atom */"
		return call(1, config, type="PERF_TYPE_HARDWARE")
	silent(dump(8), dump(10))
	same(len(pairs(dump(8), dump(8, "PERF_COUNT_HW_INSTRUCTIONS"))), 2)


@test
def a_tracepoint_is_known_by_its_name_and_not_by_its_id(folder):
	def dump(number, name):
		return call(1, f"{number} /* {name} */", type="PERF_TYPE_TRACEPOINT")
	silent(dump(678, "sched:sched_switch"), dump(345, "sched:sched_switch"))
	same([pair["event"] for pair in pairs(dump(678, "sched:sched_switch"), dump(678, "sched:sched_wakeup"))],
		["sched:sched_switch", "sched:sched_wakeup"])


@test
def a_probed_path_is_compared_and_its_address_is_not(folder):
	def dump(address, path):
		return call(1, "0", type="9 /* uprobe */", tail=f'\t\t.uprobe_path = {address}, /* "{path}" */\n')
	silent(dump("0x1000", "/bin/true"), dump("0x2000", "/bin/true"))
	contains(diff(dump("0x1000", "/bin/true"), dump("0x1000", "/bin/false")).out, "/bin/true", "/bin/false")


@test
def an_alias_pairs_events_that_two_machines_number_otherwise(folder):
	def dump(event):
		return call(1, f"{event} /* cpu/event={event}/ mem-loads */", type="PERF_TYPE_RAW /* cpu */")
	tells(dump("0xcd"), dump("0xd0"), "cpu/mem-loads/: call 1 -> 1\n"
		"    config 0xcd (cpu/event=0xcd/ mem-loads) -> 0xd0 (cpu/event=0xd0/ mem-loads)\n")


@test
def an_event_on_many_cpus_is_one_and_the_cpus_are_a_member(folder):
	def dump(cpus):
		return "".join(call(1 + n * cpus + cpu, config, cpu=cpu)
			for n, config in enumerate((CLOCK, DUMMY)) for cpu in range(cpus))
	tells(dump(4), dump(128), "cpu-clock: call 1 -> 1\ndummy: call 5 -> 129\n    cpu 0-3 -> 0-127\n")
	silent(dump(4), dump(128), "--ignore", "size,cpu")


@test
def threads_are_folded(folder):
	def dump(threads):
		return "".join(call(1 + at, pid=2000 + at) for at in range(threads))
	silent(dump(3), dump(40))


@test
def a_process_is_told_from_the_caller_and_from_any(folder):
	tells(call(1, pid=0), call(1), "cpu-clock: call 1 -> 1\n"
		"    pid 0 (the calling thread) -> -1 (any process)\n")
	tells(call(1, cpu=-1), call(1, cpu=2), "cpu-clock: call 1 -> 1\n    cpu -1 (any CPU) -> 2\n")


@test
def cgroups_are_known_by_their_path(folder):
	def dump(fd, path):
		return call(1, pid=f"{fd}; /* cgroup {path} *///", flags="PERF_FLAG_PID_CGROUP")
	silent(dump(3, "/a"), dump(4, "/a"))
	tells(dump(3, "/a"), dump(3, "/b"), "cpu-clock: call 1 -> 1\n    pid 3 (cgroup /a) -> 3 (cgroup /b)\n")


@test
def siblings_are_paired_by_their_leader(folder):
	def group(at, leader, **sibling):
		return call(at, leader, fd=at) + call(at + 1, FAULTS, fd=at + 1, group=at, leader=at, **sibling)
	old = group(3, CLOCK) + group(5, SWITCHES)
	silent(old, group(3, SWITCHES) + group(5, CLOCK))
	tells(old, group(3, SWITCHES) + group(5, CLOCK, inherit=1),
		"page-faults, in the group of cpu-clock: call 4 -> 6\n    inherit 0 -> 1\n")


@test
def an_event_that_has_left_its_group_is_still_the_same_event(folder):
	tells(call(1, fd=3) + call(2, FAULTS, group=3, leader=1), call(1, fd=3) + call(2, FAULTS),
		"page-faults, in the group of cpu-clock: call 2 -> 2\n"
		"    group_fd 3 (cpu-clock) -> -1 (its own leader)\n")


@test
def of_a_mask_the_bits_that_went_and_came_are_shown(folder):
	def dump(names):
		mask = " | ".join(f"PERF_SAMPLE_{name}" for name in names)
		return call(1, size="PERF_ATTR_SIZE_VER5", sample_type=mask)
	tells(dump(["IP", "TIME", "ADDR"]), dump(["IP", "TIME", "CGROUP", "WEIGHT_STRUCT"]),
		"cpu-clock: call 1 -> 1\n    sample_type - PERF_SAMPLE_ADDR + PERF_SAMPLE_CGROUP (Linux 5.7)"
		" + PERF_SAMPLE_WEIGHT_STRUCT (Linux 5.12)\n"
		"    new needs Linux 5.12: PERF_SAMPLE_WEIGHT_STRUCT\n")
	contains(diff(dump(["IP"]), dump(["TIME"])).out, "sample_type PERF_SAMPLE_IP -> PERF_SAMPLE_TIME")


@test
def a_release_is_told_where_the_older_caller_cannot_have_known(folder):
	new = call(1, size="PERF_ATTR_SIZE_VER9", defer_callchain=1, config4=5, exclude_guest=1)
	tells(call(1, size="PERF_ATTR_SIZE_VER5"), new, """cpu-clock: call 1 -> 1
    size PERF_ATTR_SIZE_VER5 -> PERF_ATTR_SIZE_VER9 (Linux 6.19)
    exclude_guest 0 -> 1
    defer_callchain 0 -> 1 (Linux 6.19)
    config4 0 -> 5 (Linux 6.19)
    new needs Linux 6.19: defer_callchain, config4
""")


@test
def the_arms_of_a_union_are_named(folder):
	tells(call(1, sample_period=4000), call(1, freq=1, sample_freq=4000), "cpu-clock: call 1 -> 1\n"
		"    sample_period 4000 (events per sample) -> sample_freq 4000 (Hz)\n    freq 0 -> 1\n")


@test
def a_refusal_is_a_difference_and_the_cpus_behind_it_are_none(folder):
	opened = "".join(call(1 + cpu, cpu=cpu) for cpu in range(8))
	tells(opened, call(1, result=REFUSED), "cpu-clock: call 1 -> 1\n"
		"    fd 101 -> -1 (ENOENT: No such file or directory)\n")


@test
def a_stand_in_is_as_refused_as_what_it_stands_for(folder):
	stand_in = call(1).replace("fd = 101;",
		"fd = 101; /* stand-in; the kernel said ENOENT: No such file or directory */")
	contains(diff(call(1), stand_in).out, "-> 101 (stand-in for ENOENT: No such file or directory)")
	silent(call(1, result=REFUSED), stand_in)


@test
def of_retries_the_one_that_was_opened_is_paired_with_the_one_that_was(folder):
	refused = "-1; /* EINVAL: Invalid argument */"
	old = (call(1, precise_ip=3, result=refused) + call(2, precise_ip=2, result=refused)
		+ call(3, precise_ip=1))
	changed, *rest = pairs(old, call(1, precise_ip=3))
	same((changed["old_call"], list(changed["differ"])), (3, ["precise_ip"]))
	same([(pair["only"], pair["old_call"]) for pair in rest], [("old", 1), ("old", 2)])


@test
def equal_calls_are_counted(folder):
	def dump(times):
		return "".join(call(at, fd=at) for at in range(1, 1 + times))
	silent(dump(3), dump(3))
	(extra,) = pairs(dump(2), dump(5))
	same((extra["only"], extra["times"]), ("new", 3))
	contains(diff(dump(5), dump(2)).out, "- cpu-clock: call 1, 3 times\n")


@test
def of_equal_calls_the_one_that_changed_is_found(folder):
	tells(call(1) + call(2), call(1) + call(2, inherit=1), "cpu-clock: call 1 -> 2\n    inherit 0 -> 1\n")


@test
def what_only_one_has_is_marked_as_diff_does(folder):
	tells(call(1) + call(2, DUMMY), call(1) + call(2, FAULTS, type="PERF_TYPE_SOFTWARE", result=REFUSED),
		"""- dummy: call 2
    size PERF_ATTR_SIZE_VER7, pid -1 (any process), cpu 0, flags PERF_FLAG_FD_CLOEXEC

+ page-faults: call 2
    size PERF_ATTR_SIZE_VER7, pid -1 (any process), cpu 0, flags PERF_FLAG_FD_CLOEXEC,
    fd -1 (ENOENT: No such file or directory)
""")


@test
def no_bit_is_overlooked(folder):
	contains(diff(call(1), call(1, read_format="0x4000000000")).out, "read_format 0 -> 0x4000000000")
	contains(diff(call(1), call(1, flags="PERF_FLAG_FD_CLOEXEC | 0x100")).out, "flags + 0x100")
	contains(diff(call(1), call(1, __reserved_1="0x8000")).out, "__reserved_1 0 -> 0x")
	longer = call(1, size=152, tail="\t\t/* bytes 144..151: 00 00 00 00 2a 00 00 00 */\n")
	contains(diff(call(1), longer).out, "size PERF_ATTR_SIZE_VER7 -> 152",
		"tail 0 -> bytes from 144: 00 00 00 00 2a")
	hidden = call(1).replace("attr = {\n", "attr = { /* 16 bytes of 0x1000 were read */\n")
	contains(diff(call(1), hidden).out, "attr all of it -> 16 bytes that could be read")
	wrote = call(1).replace("VER7,", "VER7, /* the kernel wrote 112 here: the size it knows */")
	contains(diff(call(1), wrote).out, "(the kernel wrote 112)")


@test
def every_single_member_counts(folder):
	rows = (ROOT / "tables/attr.def").read_text().splitlines()
	names = [row.split("(")[1].split(",")[0] for row in rows if row.startswith(("WORD", "FLAG", "BITS"))]
	other_arms = ("sample_freq", "wakeup_watermark", "kprobe_func", "uprobe_path", "kprobe_addr",
		"probe_offset", "config1", "config2")
	base = dict(size="PERF_ATTR_SIZE_VER9", type="PERF_TYPE_BREAKPOINT", freq=0)
	unseen = []
	for name in names:
		if name in ("size", "config", "type", *other_arms):
			continue
		run = diff(call(1, "0", **base), call(1, "0", **base | {name: 1}))
		if run.status != 1 or f" {name} " not in run.out:
			unseen.append(f"{name}: {run}")
	check(unseen)


@test
def dumps_of_two_byte_orders_are_compared_by_meaning(folder):
	members = dict(inherit=1, precise_ip=2, sample_freq=99, freq=1, wakeup_events=3)
	silent(call(1, **members), call(1, arch="s390x", kernel="6.9.0", **members))


@test
def a_shuffled_dump_is_the_same(folder):
	random.seed(3)
	events = [(config, cpu, members) for config in (CLOCK, DUMMY, FAULTS) for cpu in range(4)
		for members in ({}, {"inherit": 1}, {"sample_freq": 99, "freq": 1})]
	orders = [random.sample(events, len(events)) for _ in range(2)]
	silent(*("".join(call(at + 1, config, cpu=cpu, **members)
		for at, (config, cpu, members) in enumerate(order)) for order in orders))


@test
def both_directions_tell_the_same(folder):
	random.seed(4)

	def dump():
		return "".join(call(at + 1, random.choice((CLOCK, DUMMY)), cpu=random.randrange(2),
			**{random.choice(("inherit", "mmap", "comm", "task")): 1})
			for at in range(random.randrange(1, 12)))

	def outline(found):
		return sorted((pair.get("only") or "", len(pair.get("differ", ())), pair["times"]) for pair in found)

	def turned(found):
		other = {"old": "new", "new": "old", "": ""}
		return sorted((other[only], *rest) for only, *rest in found)
	for _ in range(30):
		a, b = dump(), dump()
		forth, back = outline(pairs(a, b)), outline(pairs(b, a))
		same(*(sum(times for only, _, times in found if not only) for found in (forth, back)))
		same([row for row in turned(back) if row[0]], [row for row in forth if row[0]])


@test
def brief_says_only_that_they_differ(folder):
	same(diff(call(1), call(1, inherit=1), "-q"), (1, "Files a and b differ\n", ""))


@test
def json_is_one_object_a_pair(folder):
	changed, extra = pairs(call(1, size="PERF_ATTR_SIZE_VER7"),
		call(4, size="PERF_ATTR_SIZE_VER8", pid=0) + call(5, DUMMY))
	same(changed["differ"], {
		"size": {"old": "PERF_ATTR_SIZE_VER7", "new": "PERF_ATTR_SIZE_VER8", "new_since": "6.3"},
		"pid": {"old": -1, "old_note": "any process", "new": 0, "new_note": "the calling thread"}})
	same([changed[key] for key in ("event", "old_call", "new_call", "old_line", "new_line", "times")],
		["cpu-clock", 1, 4, 1, 1, 1])
	same((extra["only"], extra["event"], extra["members"]["config"]), ("new", "dummy", DUMMY))


@test
def all_lists_what_is_the_same_too(folder):
	run = diff(call(1) + call(2, DUMMY), call(1) + call(2, DUMMY, inherit=1), "--all")
	contains(run.out, "\ncpu-clock: call 1 -> 1\n    type PERF_TYPE_SOFTWARE\n", "\n    inherit 0\n",
		"\n-   inherit 0\n+   inherit 1\n    pinned 0\n")
	same(run.status, 1)
	same(len(pairs(call(1) + call(2, DUMMY), call(1) + call(2, DUMMY, inherit=1), "--all")), 2)


@test
def all_lists_every_pair_of_dumps_that_are_the_same(folder):
	dump = call(1) + call(2, DUMMY)
	run = diff(dump, dump, "--all")
	same((run.status, run.err), (0, ""))
	contains(run.out, "\ncpu-clock: call 1 -> 1\n    type PERF_TYPE_SOFTWARE\n", "\ndummy: call 2 -> 2\n")
	same([pair["differ"] for pair in pairs(dump, dump, "--all")], [{}, {}])
	silent(dump, dump, "--all", "--brief")


@test
def what_is_ignored_must_be_a_member(folder):
	for names, unknown in (("foo", "foo"), ("cpu,foo", "foo"), ("cpu,", ""), ("", "")):
		run = diff(call(1), call(1), "--ignore", names)
		same((names, run.status, run.out), (names, 2, ""))
		contains(run.err, f"there is no member '{unknown}'")
	silent(call(1), call(1, inherit=1, cpu=2), "--ignore", "inherit,cpu,attr,tail,fd,group_fd,pid,flags")


@test
def an_ignored_arm_of_a_union_does_not_hide_the_other(folder):
	frequency, period = call(1, freq=1, sample_freq=99), call(1, sample_period=4000)
	contains(diff(frequency, period, "--ignore", "freq,sample_freq").out, "sample_period 4000")
	silent(frequency, period, "--ignore", "freq,sample_freq,sample_period")


@test
def colours_come_when_asked_for(folder):
	dumps = call(1), call(1, inherit=1)
	same("\033" in diff(*dumps).out, False)
	same("\033" in diff(*dumps, "--color=never").out, False)
	same("\033" in diff(*dumps, "--color").out, True)
	same(diff(*dumps, "--color=often").status, 2)


@test
def one_side_may_come_from_a_pipe(folder):
	same(diff(call(1), call(1), files=("-", "b"), input=call(1)).status, 0)
	same(diff(call(1), call(1), files=("a", "-"), input=call(1, inherit=1)).status, 1)
	run = diff("", "", files=("-", "-"))
	same((run.status, run.out), (2, ""))


@test
def words_between_the_calls_are_skipped(folder):
	silent("# started on\n" + call(1) + "\n 12  cs\n" + call(2, DUMMY),
		call(1) + call(2, DUMMY) + "[ perf record: ]\n")


@test
def what_is_no_dump_is_trouble(folder):
	(folder / "folder").mkdir()
	(folder / "binary").write_bytes(bytes(range(256)) * 64)
	(folder / "empty").write_text("")
	for name in ("missing", "folder", "binary", "empty"):
		for files in (("a", name), (name, "a")):
			run = diff(call(1), call(1), files=files)
			same((run.status, run.out), (2, ""))
			contains(run.err, f"peodump: {name}:")
			same(len(run.err.splitlines()), 1)


@test
def a_torn_dump_is_reported_and_what_is_left_is_compared(folder):
	torn = call(1) + call(2, inherit=1) + call(3, DUMMY)[:150]
	run = diff(torn, call(1) + call(2))
	same((run.status, run.out.partition("\n\n")[2]), (2, "cpu-clock: call 2 -> 1\n    inherit 1 -> 0\n"))
	contains(run.err, f"peodump: a:{(call(1) + call(2, inherit=1)).count(chr(10)) + 1}: ")
	same(diff(torn, torn).status, 2)


@test
def wrong_usage_is_trouble(folder):
	for arguments in ([], ["a"], ["a", "b", "c"], ["--nonsense", "a", "b"], ["-q", "--json", "a", "b"],
			["-", "-"]):
		run = peodump("diff", *arguments)
		same((arguments, run.status, run.out), (arguments, 2, ""))
		same((run.err.startswith("peodump diff: "), run.err.splitlines()[1:]),
			(True, ["Try 'peodump diff --help'."]))
	run = peodump("diff", "--help")
	same((run.status, run.err), (0, ""))
	contains(run.out, "--ignore", "--json", "--all", "--brief")


@test
def a_full_disk_is_trouble(folder):
	with open("/dev/full", "w") as full:
		run = diff(call(1), call(1, inherit=1), stdout=full)
	same(run.status, 2)
	contains(run.err, "No space left on device")


@test
def a_text_from_a_dump_cannot_play_with_the_terminal(folder):
	evil = "\\x1b[31m"
	run = diff(call(1), call(1, f"7 /* s:{evil} */", type="PERF_TYPE_TRACEPOINT"))
	same("\033" in run.out, False)
	contains(run.out, evil)


def perf(dump, *arguments):
	"""Dump a real perf."""
	if not shutil.which("perf"):
		raise Skip("there is no perf")
	subprocess.run(["perf", *arguments], capture_output=True, stdin=subprocess.DEVNULL,
		env=os.environ | {"LD_PRELOAD": str(LIBRARY), "PEODUMP": f"out={dump}"})
	if not dump.exists():
		raise Skip(f"perf {' '.join(arguments)} opens nothing here")
	return dump


COMMANDS = (
	("stat", "-d", "-d", "true"),
	("stat", "-a", "sleep", ".01"),
	("stat", "-e", "{task-clock,faults,cs},{cs,faults}", "true"),
	("record", "-e", "cpu-clock", "-g", "--call-graph", "dwarf", "-o", "/dev/null", "true"),
	("record", "-a", "--all-cgroups", "--switch-events", "-d", "-k", "mono", "-o", "/dev/null",
		"sleep", ".01"),
	("list",),
)


@test
def two_runs_of_the_same_perf_are_the_same(folder):
	for at, command in enumerate(COMMANDS):
		dumps = [perf(folder / f"{at}.{run}", *command) for run in range(2)]
		same(peodump("diff", *dumps), (0, "", ""))


@test
def another_frequency_of_perf_is_all_that_is_told(folder):
	dumps = [perf(folder / rate, "record", "-e", "cpu-clock", "-F", rate, "-o", "/dev/null", "true")
		for rate in ("99", "999")]
	run = peodump("diff", *dumps)
	same(run.status, 1)
	same(run.out.splitlines()[4:], ["    sample_freq 99 (Hz) -> 999 (Hz)"])


@test
def events_that_are_added_to_a_perf_group_leave_the_others_alone(folder):
	old = perf(folder / "old", "stat", "-e", "{task-clock,faults}", "true")
	new = perf(folder / "new", "stat", "-e", "minor-faults,{task-clock,cs,faults}", "true")
	run = peodump("diff", "--json", old, new)
	same([(pair.get("only"), pair["event"]) for pair in map(json.loads, run.out.splitlines())],
		[("new", "minor-faults"), ("new", "context-switches")])


def many(name, calls, period):
	"""As many calls on 64 CPUs, in the long form that is the shim's default."""
	rest = dict.fromkeys("""disabled inherit pinned exclusive exclude_user exclude_kernel exclude_hv
		exclude_idle mmap comm enable_on_exec task watermark precise_ip mmap_data
		sample_id_all exclude_host exclude_guest mmap2 wakeup_events bp_type config1 config2
		branch_sample_type sample_regs_user sample_max_stack aux_sample_size sig_data""".split(), 0)
	text = call(123454321, "0x7777", cpu=8888, fd=99999, type="PERF_TYPE_RAW", sample_period=period, **rest)
	with open(name, "w") as file:
		for at in range(calls):
			file.write(text.replace("123454321", str(at + 1)).replace("0x7777", hex(4096 + at // 64))
				.replace("8888", str(at % 64)).replace("99999", str(at + 3)))


@test
def the_side_that_needs_a_later_kernel_says_which_and_what_for(folder):
	old, new = call(1), call(1, sigtrap=1, remove_on_exec=1, result=REFUSED)
	line = "needs Linux 5.13: remove_on_exec, sigtrap\n"
	contains(diff(old, new).out, "    new " + line)
	contains(diff(new, old).out, "    old " + line)
	(pair,) = pairs(old, new)
	same((pair["old_needs"], pair["new_needs"]),
		("needs Linux 3.14: PERF_FLAG_FD_CLOEXEC", "needs Linux 5.13: remove_on_exec, sigtrap"))


@test
def what_both_sides_need_explains_nothing(folder):
	old, new = (call(1, sigtrap=1, remove_on_exec=1, sample_period=period) for period in (1, 2))
	same(diff(old, new).out.count("needs"), 0)
	same("old_needs" in pairs(old, new)[0], False)
	silent(call(1), call(1, build_id=1), "--ignore", "build_id")


MEASURE = """import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(status, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def cost(*files):
	"""The exit status, the seconds of CPU, and the peak memory in MB."""
	done = subprocess.run([sys.executable, "-c", MEASURE, TOOL, "diff", *files], capture_output=True,
		text=True)
	status, seconds, megabytes = done.stdout.split()
	return int(status), float(seconds), float(megabytes)


@test
def a_hundred_thousand_calls_on_either_side_take_seconds_and_little_memory(folder):
	for name, period in (("a", 1000), ("b", 1001)):
		many(name, 100_000, period)
	for files, status in ((("a", "a"), 0), (("a", "b"), 1)):
		found, seconds, megabytes = cost(*files)
		size = sum(pathlib.Path(file).stat().st_size for file in files) >> 20
		print(f"{size} MB of dumps: {seconds:.1f} s, {megabytes:.0f} MB", file=sys.stderr)
		same(found, status)
		check([f"{seconds} s"] * (seconds > 20) + [f"{megabytes} MB"] * (megabytes > 64))


@test
def memory_does_not_grow_with_the_length_of_a_dump(folder):
	peaks = []
	for calls in (2_000, 40_000):
		text = "".join(call(at + 1, cpu=at % 64, fd=at % 500 + 3) for at in range(2_000)) * (calls // 2_000)
		pathlib.Path("a").write_text(text)
		peaks.append(cost("a", "a")[2])
	check([f"{peaks} MB"] * (peaks[1] > peaks[0] + 1))


if __name__ == "__main__":
	main()
