#!/usr/bin/python3
"""Capture, generate, compile, run: the program that a dump becomes makes the same calls again."""

import json
import os
import pathlib
import re
import subprocess
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent))
from tool import BUILD, ENVIRONMENT, LIBRARY, ROOT, Skip, check, contains, main, peodump, same, test
from header import header
from uapi import RELEASES, release
import witness

EXAMPLES = ("breakpoint", "cache", "counting", "extended", "group", "raw", "refused", "sampling",
	"tracepoint", "uprobe")
OLDEST = (4, 19)
HERE = None	# rings need more of the header than its attr
VIEWS = ROOT / "tests/cli/golden/views.peo"
POINTERS = ("uprobe_path", "kprobe_func")
UNION = slice(2 * 56, 2 * 64)	# where attr_hex has the pointer to a string


def compiled(source, folder, at=OLDEST, compiler="gcc"):
	"""Compile a program with the header of a release, or of this machine, without a warning."""
	witness.need(compiler)
	if at:
		(folder / "linux").mkdir(exist_ok=True)
		(folder / "linux/perf_event.h").write_text(header(at))
	(folder / "program.c").write_text(source)
	built = subprocess.run([compiler, "-Wall", "-Wextra", "-Werror", *(["-I", folder] if at else []),
		"-o", folder / "program", folder / "program.c"], capture_output=True, text=True)
	same((at, compiler, built.stderr[:3000]), (at, compiler, ""))
	return folder / "program"


def captured(command, folder, name):
	dump = folder / name
	done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True,
		timeout=120, env=ENVIRONMENT | {"LD_PRELOAD": str(LIBRARY), "PEODUMP": f"out={dump}"})
	assert dump.exists(), f"{command} made no call: {done.stderr}"
	return dump


def calls_of(dump):
	run = peodump("show", "--as", "json", dump)
	same((run.status, run.err), (0, ""))
	return [json.loads(line) for line in run.out.splitlines()]


def role(call):
	"""Whom a call watches, whatever the number."""
	if "PERF_FLAG_PID_CGROUP" in call["flags"]:
		return call.get("cgroup", call["pid"])
	if call["pid"] in (call["caller_pid"], call["caller_tid"]):
		return "by its number"
	return "another" if call["pid"] > 0 else call["pid"]


def meaning(call, places):
	"""All of a call that a program must repeat: not who made it, nor the fds and where its strings are."""
	attr = call.get("attr_hex", "")
	if call["attr"].keys() & set(POINTERS) and call["attr"].get("type") not in range(6):
		attr = attr[:UNION.start] + "pointer" + attr[UNION.stop:]
	leader = call.get("leader")
	return {"attr": attr, "probe": call.get("probe"), "cut": "attr_addr" in call, "pid": role(call), "cpu": call["cpu"],
		"flags": call["flags"], "leader": leader and places[json.dumps(leader), call["caller_pid"]],
		"alone": call["group_fd"] == -1, "errno": call.get("errno"), "opened": call["fd"] >= 0,
		"size_after": call.get("attr_size_after"), "tracepoint": call.get("tracepoint"), "pmu": call.get("pmu")}


def meanings(calls):
	places = {(json.dumps(call["call"]), call["caller_pid"]): place for place, call in enumerate(calls)}
	return [meaning(call, places) for call in calls]


def program_of(dump):
	run = peodump("show", "--as", "program", dump)
	same((run.status, run.err), (0, ""))
	return run.out


def keystone(folder, command, least=1, same_calls=None):
	"""capture, then generate, is the identity."""
	witness.need(str(command[0]))
	dump = captured(command, folder, "dump.peo")
	program = compiled(program_of(dump), folder)
	before, after = calls_of(dump), calls_of(captured([program], folder, "again.peo"))
	assert len(before) >= least, f"only {len(before)} calls"
	same(len(after), len(before))
	check(f"call {call['call']}, {key}: {left[key]!r}, again {right[key]!r}"
		for call, left, right in zip(before, meanings(before), meanings(after))
		for key in left if left[key] != right[key])


def tracing():
	if not pathlib.Path("/sys/kernel/tracing/events/sched").is_dir() and (os.geteuid()
			or os.system("mount -t tracefs none /sys/kernel/tracing 2>/dev/null")):
		raise Skip("tracefs is not mounted, and may not be")


def example(name):
	def run(folder):
		if name == "tracepoint":
			tracing()
		keystone(folder, [ROOT / "build/examples" / name])
	run.__name__ = f"the_{name}_example_is_made_again"
	return test(run)


for name in EXAMPLES:
	example(name)


@test
def no_example_is_forgotten(folder):
	same(sorted(path.stem for path in (ROOT / "examples").glob("*.c")), sorted(EXAMPLES))


@test
def what_perf_stat_asks_in_groups_is_asked_again(folder):
	keystone(folder, ["perf", "stat", "-d", "-e", "{task-clock,faults,cs},{cs,faults},cycles", "true"], 6)


@test
def what_perf_stat_asks_of_a_pmu_a_cgroup_and_every_cpu_is_asked_again(folder):
	keystone(folder, ["perf", "stat", "-a", "-e", "{task-clock,faults},msr/tsc/", "--for-each-cgroup", "/",
		"sleep", "0.05"], 4)


@test
def what_perf_record_asks_is_asked_again(folder):
	keystone(folder, ["perf", "record", "-a", "--all-cgroups", "--switch-events", "--namespaces", "-d", "-W",
		"--phys-data", "-k", "mono", "--call-graph", "dwarf", "-o", "data", "sleep", "0.05"], 10)


@test
def what_perf_record_asks_of_a_tracepoint_is_asked_again(folder):
	tracing()
	keystone(folder, ["perf", "record", "-e", "sched:sched_switch", "-o", "data", "true"], 2)


@test
def what_perf_asks_of_every_thread_of_a_user_is_asked_again(folder):
	keystone(folder, ["perf", "record", "-e", "cpu-clock", "-u", "0", "-o", "data", "sleep", "0.05"], 10)


@test
def what_forked_children_ask_is_asked_again(folder):
	keystone(folder, ["stress-ng", "--perf", "--cpu", "2", "-t", "1s"], 50)


@test
def every_odd_size_bit_and_pointer_is_asked_again(folder):
	keystone(folder, ["/usr/bin/python3", ROOT / "tests/clients/torture.py"], 800)


# --- with what was done to the events ---

def lived(command, folder, name):
	"""The dump of a command with the whole life of its events."""
	dump = folder / name
	dump.unlink(missing_ok=True)
	run = subprocess.run([BUILD / "peodump", "run", "--life", "-o", dump, "--", *map(str, command)], cwd=folder,
		capture_output=True, text=True, timeout=120, env=ENVIRONMENT)
	assert dump.exists(), f"{command}: {run.stderr}"
	return dump, run


def told(act, places):
	"""All of an act that a program must repeat: not who did it, nor fds, addresses and ids."""
	if "act" not in act:
		return {"opens": places[act["call"], act["caller_pid"]]}
	owner = act.get("opener_pid", act["caller_pid"])
	keys = ("act", "request", "command", "option", "prot", "flags", "length", "offset", "pages", "aux", "text", "number",
		"ids_len", "attr_hex", "errno")
	told = {key: act[key] for key in keys if key in act}
	told["event"] = places.get((act["opened_by"], owner))
	told["target"] = places.get((act.get("target"), act.get("target_pid", act["caller_pid"])))
	if act.get("request") != "PERF_EVENT_IOC_SET_OUTPUT" and act.get("command") != "F_SETOWN":
		told["argument"] = act.get("argument")
	return told


def story(dump):
	"""Calls and acts in their order, by what they mean."""
	records = calls_of(dump)
	calls = [record for record in records if "call" in record]
	places = {(call["call"], call["caller_pid"]): place for place, call in enumerate(calls)}
	return [told(record, places) for record in records], calls


def life_keystone(folder, command, least):
	"""capture, then generate, is the identity for acts too. Returns what the program said."""
	witness.need(str(command[0]))
	dump, _ = lived(command, folder, "dump.peo")
	program = compiled(program_of(dump), folder, HERE)
	again, run = lived([program], folder, "again.peo")
	same(run.returncode, 0)
	before, calls = story(dump)
	after, _ = story(again)
	assert len(before) - len(calls) >= least, f"only {len(before) - len(calls)} acts"
	check(f"{left}, again {right}" for left, right in zip(before, after) if left != right)
	same(len(after), len(before))
	return run.stdout


@test
def what_perf_record_does_on_every_cpu_is_done_again_and_samples(folder):
	said = life_keystone(folder, ["perf", "record", "-e", "cpu-clock", "-a", "-o", "data", "sleep", "0.05"], 20)
	samples = sum(map(int, re.findall(r": (\d+) samples", said)))
	assert samples > 0 or os.geteuid(), said


@test
def what_perf_record_does_with_groups_and_filters_is_done_again(folder):
	tracing()
	life_keystone(folder, ["perf", "record", "-e", "sched:sched_switch", "--filter", "prev_comm ~ \"*a\\\\*\" || prev_pid != 0",
		"-a", "-o", "data", "sleep", "0.05"], 20)
	contains(program_of(folder / "dump.peo"), '"SET_FILTER", ioctl(fd[')


@test
def what_perf_stat_does_on_every_cpu_is_done_again_and_counts(folder):
	said = life_keystone(folder, ["perf", "stat", "-a", "-I", "20", "-e", "{cpu-clock,faults}", "sleep", "0.05"], 4)
	assert re.search(r"call \d+: [1-9]", said), said


@test
def what_the_sampling_example_does_is_done_again(folder):
	said = life_keystone(folder, [ROOT / "build/examples/sampling"], 2)
	contains(said, "samples")


@test
def what_the_tracepoint_and_group_examples_do_is_done_again(folder):
	tracing()
	life_keystone(folder, [ROOT / "build/examples/tracepoint"], 0)
	life_keystone(folder, [ROOT / "build/examples/group"], 0)


@test
def rings_attrs_and_fds_are_treated_again_as_they_were(folder):
	for step in ("rings", "attr"):
		life_keystone(folder, [ROOT / "build/tests/hazards/alive", step], 4)


@test
def what_a_program_cannot_do_is_said_in_it(folder):
	dump, _ = lived([ROOT / "build/tests/hazards/alive"], folder, "dump.peo")
	program = program_of(dump)
	contains(program, "/* Call 1: ioctl(fd[1], 0x24ff, 7): the dump does not say what it takes. */",
		"signal(SIGIO, SIG_IGN); /* or a handler of your own */", "copy[1] = dup(fd[6])", "close(copy[")
	for compiler in ("gcc", "clang"):
		same(subprocess.run([compiled(program, folder, HERE, compiler)], capture_output=True).returncode, 0)


@test
def a_bpf_program_is_left_to_the_reader(folder):
	witness.need("bpftrace")
	dump, run = lived(["bpftrace", "-e", "profile:hz:99 { @ = count(); } interval:ms:300 { exit(); }"], folder, "dump.peo")
	if "PERF_EVENT_IOC_SET_BPF" not in dump.read_text():
		raise Skip(f"bpftrace cannot run here: {run.stderr.strip()[:80]}")
	contains(program_of(dump), "PERF_EVENT_IOC_SET_BPF, ", ": load a BPF program, and pass its fd. */")
	same(subprocess.run([compiled(program_of(dump), folder, HERE)], capture_output=True).returncode, 0)


def act(event, fd, words, more=""):
	return f"{words} /* perf_event {event}: perf[2145] thread 2145, fd {fd}{more} */\n"


@test
def what_is_done_on_every_cpu_by_turns_is_one_loop(folder):
	acts = "".join(act(1 + cpu, 3 + cpu, f"ring[{1 + cpu}] = mmap(NULL, 12288, PROT_READ, MAP_SHARED, fd[{1 + cpu}], 0);",
		", 1 + 2 pages, at 0x1000") + act(1 + cpu, 3 + cpu, f"ioctl(fd[{1 + cpu}], PERF_EVENT_IOC_ENABLE, 0);")
		for cpu in range(64))
	(folder / "dump.peo").write_text("".join(on_cpus(64, 5)) + acts)
	program = program_of(folder / "dump.peo")
	contains(program, "\tfor (int i = 0; i < 64; i++) {\n\t\tring_map(1 + i, (1 + 2) * page, PROT_READ, MAP_SHARED, 0);\n"
		"\t\tcheck(1 + i, \"ENABLE\", ioctl(fd[1 + i], PERF_EVENT_IOC_ENABLE, 0));\n\t}\n")
	compiled(program, folder, HERE)


@test
def the_keystone_notices_whatever_is_changed(folder):
	call = calls_of(VIEWS)[6]
	places = {(json.dumps(number), call["caller_pid"]): number for number in range(1, 9)}
	for change in ({"cpu": 7}, {"pid": 0}, {"pid": call["caller_pid"]}, {"flags": []}, {"leader": 6}, {"fd": -1},
			{"errno": "EINVAL"}, {"attr_size_after": 1}, {"group_fd": -1}, {"probe": "x"}, {"pmu": "x"},
			{"attr_hex": call["attr_hex"].replace("0", "1", 1)}):
		assert meaning(call | change, places) != meaning(call, places), change


@test
def programs_compile_with_every_header_and_compiler(folder):
	source = program_of(VIEWS)
	for compiler in ("gcc", "clang"):
		for at in [at for at in RELEASES if at >= OLDEST]:
			compiled(source, folder, at, compiler)
	built = subprocess.run(["gcc", "-Wall", "-Wextra", "-Werror", "-O2", "-fsyntax-only", folder / "program.c"],
		capture_output=True, text=True)
	same(built.stderr, "")


@test
def what_old_headers_lack_has_the_same_bytes_with_new_ones(folder):
	dumps = []
	for at in (OLDEST, RELEASES[-1]):
		program = compiled(program_of(VIEWS), folder, at)
		calls = calls_of(captured([program], folder, f"{at}.peo"))
		dumps.append([call["attr_hex"] for call in calls if call.get("pmu") != "uprobe"])
	same(dumps[0], dumps[1])


@test
def an_attr_opened_on_every_cpu_is_a_loop_that_joins_leaders(folder):
	contains(program_of(VIEWS), "for (int cpu = 0; cpu < 2; cpu++) {",
		"fd[7 + cpu] = event_open(7 + cpu, &event, task[0], cpu, fd[5 + cpu],")


def on_cpus(count, *numbers):
	"""The calls of the golden dump with these numbers, made anew in turn for each CPU: a leader and its siblings."""
	blocks = [peodump("show", "--call", str(number), "--fields", "set", VIEWS).out for number in numbers]
	for at in range(count * len(blocks)):
		cpu, which = divmod(at, len(blocks))
		leader = at - which
		text = re.sub(r"open \d+:", f"open {at + 1}:", blocks[which])
		text = re.sub(r"int cpu = \d+;", f"int cpu = {cpu};", text)
		text = re.sub(r"int fd = \d+;", f"int fd = {at + 3};", text)
		yield re.sub(r"group_fd = \d+; /\* opened by call \d+",
			f"group_fd = {leader + 3}; /* opened by call {leader + 1}", text)


@test
def events_opened_by_turns_on_every_cpu_are_one_loop_with_a_body_for_each(folder):
	(folder / "dump.peo").write_text("".join(on_cpus(128, 5, 7)))
	program = program_of(folder / "dump.peo")
	contains(program, "\tfor (int cpu = 0; cpu < 128; cpu++) {\n\t\t/* Calls 1, 3 to 255: task-clock */\n\t\t{\n",
		"fd[1 + 2 * cpu] = event_open(1 + 2 * cpu, &event, task[0], cpu, -1,",
		"fd[2 + 2 * cpu] = event_open(2 + 2 * cpu, &event, task[0], cpu, fd[1 + 2 * cpu],")
	same(program.count(" = event_open("), 2)
	compiled(program, folder)


def attrs_on_cpus(dump):
	return [(call["cpu"], call["attr_hex"]) for call in calls_of(dump)]


@test
def a_turn_that_is_left_early_is_a_loop_and_what_is_left(folder):
	calls = list(on_cpus(3, 5, 7, 4))
	for count, opens in ((3, 3), (4, 4), (5, 5), (6, 3), (7, 4), (8, 5), (9, 3)):
		(folder / "dump.peo").write_text("".join(calls[:count]))
		program = program_of(folder / "dump.peo")
		same((count, program.count(" = event_open(")), (count, opens))
		again = captured([compiled(program, folder)], folder, f"{count}.peo")
		same((count, attrs_on_cpus(again)), (count, attrs_on_cpus(folder / "dump.peo")))


@test
def what_perf_stat_asks_by_turns_on_every_cpu_is_asked_again_in_a_loop(folder):
	keystone(folder, ["perf", "stat", "-a", "-e", "{task-clock,faults},cs", "sleep", "0.05"], 6)
	contains(program_of(folder / "dump.peo"), "fd[", " * cpu] = event_open(")


@test
def a_call_that_fails_is_named_with_its_reason(folder):
	dump = captured([ROOT / "build/examples/refused"], folder, "dump.peo")
	run = subprocess.run([compiled(program_of(dump), folder)], capture_output=True, text=True)
	same((run.returncode, run.stderr), (0, "call 1: Invalid argument, as in the dump\n"))


@test
def a_call_that_fails_only_now_is_the_exit_status(folder):
	dump = captured([ROOT / "build/examples/counting"], folder, "dump.peo")
	for old, new, said in (("size = PERF_ATTR_SIZE_VER7", "size = 1", "call 1: Argument list too long\n"),
			("int fd = 3;", "int fd = -1; /* EINVAL: Invalid argument */", "")):
		text = dump.read_text()
		if " int fd = -1" in text.replace("\t", " "):
			raise Skip("the kernel refuses the example")
		(folder / "edited.peo").write_text(re.sub(r"\.size = \w+", "." + new, text) if said else re.sub(
			r"int fd = \d+;", new, text))
		run = subprocess.run([compiled(program_of(folder / "edited.peo"), folder)], capture_output=True, text=True)
		same((run.returncode, run.stderr), (bool(said), said))


@test
def some_of_the_calls_are_numbered_as_in_the_dump(folder):
	run = peodump("show", "--as", "program", "--failed", VIEWS)
	contains(run.out, "/* Some of the calls of perf_event_open that perf[2145] made", "fd[15] = event_open(15, ",
		"static int fd[16];", "\t/* Call 3: cycles:ppp, which failed with ENOENT */\n")
	compiled(run.out, folder)
	same("Some of" in program_of(VIEWS), False)


def running(program):
	"""The processes of a program, by their number."""
	for process in pathlib.Path("/proc").glob("[0-9]*"):
		try:
			if (process / "exe").readlink() == program:
				yield int(process.name)
		except OSError:
			continue


@test
def the_processes_that_stand_in_for_others_end_with_the_program(folder):
	source = program_of(VIEWS)
	assert "	return failed;\n}" in source, "the program has no end"
	program = compiled(source.replace("	return failed;\n}", "	pause();\n	return 0;\n}"), folder)
	run = subprocess.Popen([program], stderr=subprocess.DEVNULL)
	wait_until(lambda: len(list(running(program))) == 2)
	run.kill()
	run.wait()
	wait_until(lambda: not list(running(program)))


def wait_until(true, seconds=10):
	end = time.monotonic() + seconds
	while not true():
		assert time.monotonic() < end, "it did not come about"
		time.sleep(0.01)


@test
def no_dump_makes_a_program_that_does_not_compile(folder):
	names = ["*/ int x = ; /*", '"; x = 1; "', "\\", "??/", "\\x0a#error", "%s%n", "a | " * 60, "'", "// \\\\"]
	for name in names:
		shown = "".join(f"\\{c}" if c in '\\"' else c for c in name).replace("*/", "*\\/").replace("/*", "/\\*")
		text = VIEWS.read_text().replace("sched:sched_switch", "sched:" + shown).replace("msr", shown[:100])
		text = text.replace("cpu_core", shown[:100]).replace("/sys/fs/cgroup", shown).replace("/tmp/", shown)
		text = text.replace(": perf[", f": {shown[:15].rstrip(chr(92))}[")
		run = peodump("show", "--as", "program", input=text)
		# fifteen calls, of which two loops make four
		same((name, run.err, run.out.count(" = event_open(")), (name, "", 13))
		compiled(run.out, folder)


main()
