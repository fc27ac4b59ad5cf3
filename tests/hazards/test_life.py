#!/usr/bin/python3
"""The library that tells what is done with events: alive.c and real programs beside strace, call by call; and the
hazards of the other library that this one's further symbols could have a part in."""

import json
import os
import re
import subprocess

os.environ["SHIM"] = "build/libpeodump-life.so"
import test_hazards
from test_hazards import ENVIRONMENT, PROGRAMS, ROOT, SHIM, Skip, main, test
import harness
import same
from witness import need

ALIVE = PROGRAMS / "alive"
PLAIN = ROOT / "build/libpeodump.so"
SYSCALLS = "perf_event_open,ioctl,mmap,fcntl,prctl,dup,dup2,dup3,close"

same.keep("help_names_every_setting_and_the_program_runs_on")


def run(command, shim=SHIM, settings="", wrapper=[]):
	"""Run a command; its output, and what the library wrote."""
	out = "dump"
	variables = {"LD_PRELOAD": str(shim), "PEODUMP": f"out={out}{settings}"} if shim else {}
	traced = wrapper[:1] == ["strace"]	# which is not to be looked at itself
	insert = [f"-E{name}={value}" for name, value in variables.items()] if traced else []
	done = subprocess.run([*wrapper, *insert, *map(str, command)], text=True, errors="replace", capture_output=True,
		timeout=120, env=ENVIRONMENT | ({} if traced else variables))
	dump = open(out, errors="surrogateescape").read() if shim and os.path.exists(out) else ""
	return done, dump


def acts_of(dump):
	return [record for record in map(json.loads, dump.splitlines()) if "act" in record]


# --- beside strace ---

def traced(folder, command):
	"""What strace and we saw of one run, by thread."""
	need("strace", command[0])
	done, dump = run(command, settings=":format=json", wrapper=["strace", "-f", "-ff", "-s", "5000", "-e", "signal=none",
		"-e", f"trace={SYSCALLS}", "-o", "trace"])
	theirs = {int(path.suffix[1:]): path.read_text(errors="replace").splitlines() for path in sorted(folder.glob("trace.*"))}
	return done, theirs, acts_of(dump)


LINE = re.compile(r"(\w+)\((.*)\) += (-?\d+|0x[0-9a-f]+)(?: ([A-Z0-9]+) \(.*\)| \(.*\))?$")


def place_of_fd(name):
	return 4 if name == "mmap" else 0


def own_acts(lines, opened):
	"""
	The acts on events of a thread in strace's words. Ours are left out: each act of the program's stands behind our
	question for its event's id, which is an ioctl like any other, and so does every open.
	"""
	asked, skip = set(), None
	for line in lines:
		match = LINE.match(line)
		if not match:
			continue
		name, text, result, error = match.groups()
		parts = text.split(", ")
		if name == "perf_event_open":
			asked, skip = set(), result
			opened.update({result} - {"-1"})
			continue
		if name == "prctl":
			if "PR_TASK_PERF_EVENTS" in text:
				yield name, text, result, error
			continue
		fd = parts[place_of_fd(name)]
		question = name == "ioctl" and parts[1] == "PERF_EVENT_IOC_ID"
		if fd not in opened or (question and error in ("ENOTTY", "EBADF")):
			continue
		if question and fd == skip:
			skip = None
		elif question and fd not in asked:
			asked.add(fd)
		elif fd in asked:
			asked = set()
			if not error and (name.startswith("dup") or "F_DUPFD" in text):
				opened.add(result)
			if not error and name == "close":
				opened.discard(fd)
			yield name, text, result, error


def c_string(text):
	"""A string as strace quotes it."""
	special = {"\n": "\\n", "\t": "\\t", "\"": "\\\"", "\\": "\\\\"}
	return '"' + "".join(special.get(char, char) for char in text) + '"'


def number(value):
	"""A number of JSON, which is text where a double could not hold it."""
	return int(value, 16) if isinstance(value, str) else value


def address(value):
	value = number(value)
	return "NULL" if not value else hex(value)


def words(names, zero="0"):
	return "|".join(names) or zero


def ioctl_argument(act):
	request, argument = act["request"], act.get("argument")
	if request == "PERF_EVENT_IOC_PERIOD":
		return f"[{act['number']}]" if "number" in act else address(argument)
	if request == "PERF_EVENT_IOC_SET_FILTER":
		return c_string(act["text"]) if "text" in act else address(argument)
	if request == "PERF_EVENT_IOC_ID":
		return f"[{act['id']}]" if "id" in act else address(argument)
	if request == "PERF_EVENT_IOC_SET_OUTPUT":
		return str(argument - (1 << 32) if argument >= 1 << 31 else argument)
	if request in ("PERF_EVENT_IOC_ENABLE", "PERF_EVENT_IOC_DISABLE", "PERF_EVENT_IOC_RESET"):
		return words(argument)
	return str(argument)


def expected(act):
	"""The arguments of an act as strace has them; those it shows otherwise are None."""
	name, fd = act["act"], str(act.get("fd"))
	if name == "mmap":
		return ", ".join([address(act["addr"]), str(act["length"]), words(act["prot"], "PROT_NONE"), words(act["flags"]),
			fd, hex(act["offset"]) if act["offset"] else "0"])
	if name == "prctl":
		return act["option"]
	if name == "fcntl":
		if not isinstance(act["command"], str):
			return None
		argument = act.get("argument")
		if act["command"] == "F_SETFL":
			argument = "|".join(["O_RDONLY", *argument]).replace("O_ASYNC", "FASYNC")
		elif act["command"] == "F_SETFD":
			argument = words(argument)
		elif act["command"] == "F_SETSIG":
			return None
		return ", ".join([fd, act["command"], *([] if argument is None else [str(argument)])])
	if name in ("dup2", "dup3"):
		return ", ".join([fd, str(act["new_fd"])] + ([words(act["flags"])] if name == "dup3" else []))
	if name != "ioctl":
		return fd
	if not isinstance(act["request"], str) or act["request"] in ("PERF_EVENT_IOC_MODIFY_ATTRIBUTES",
			"PERF_EVENT_IOC_QUERY_BPF"):
		return None
	return ", ".join([fd, act["request"], ioctl_argument(act)])


def complaints(theirs, ours):
	"""Say all on which strace and we do not agree."""
	opened = set()
	for tid, lines in theirs.items():
		their = list(own_acts(lines, opened))
		our = [act for act in ours if act["caller_tid"] == tid]
		if len(their) != len(our):
			yield f"thread {tid}: strace saw {len(their)} acts, we {len(our)}"
		for (name, text, result, error), act in zip(their, our):
			arguments = expected(act)
			if name != act["act"] or (arguments is not None and text != arguments):
				yield f"strace: {name}({text})\n    we: {act['act']}({arguments})"
			if error != act.get("errno"):
				yield f"{name}({text}): {error} for strace, {act.get('errno')} for us"
			if name == "mmap" and not error and int(result, 16) != number(act["result"]):
				yield f"{name}({text}): {result} for strace, {act['result']} for us"


def beside_strace(folder, *command, least, wanted=()):
	command = list(map(str, command))
	done, theirs, ours = traced(folder, command)
	harness.check(complaints(theirs, ours))
	assert len(ours) >= least, f"only {len(ours)} acts: {done.stderr}"
	seen = {act["act"] for act in ours} | {act.get("request") for act in ours}
	assert not set(wanted) - seen, f"no {set(wanted) - seen}"
	return ours


def cannot_open():
	"""Skip where the machine gives no events."""
	if run([ALIVE, "ioctls"], shim=None)[0].returncode == test_hazards.CANNOT:
		raise Skip("the kernel opens no software event for us")


@test
def every_act_of_alive_is_told_as_strace_saw_it(folder):
	cannot_open()
	for step in ("ioctls", "attr", "rings", "fds"):
		for path in folder.glob("*"):
			path.unlink()
		beside_strace(folder, ALIVE, step, least=4)


@test
def perf_record_of_every_cpu_is_told_as_strace_saw_it(folder):
	beside_strace(folder, "perf", "record", "-q", "-o", "data", "-e", "{cpu-clock,faults}", "-a", "sleep", "0.1", least=20,
		wanted=["mmap", "PERF_EVENT_IOC_SET_OUTPUT", "PERF_EVENT_IOC_ENABLE", "PERF_EVENT_IOC_ID", "close"])


@test
def perf_stat_is_told_as_strace_saw_it(folder):
	beside_strace(folder, "perf", "stat", "-a", "-I", "50", "-e", "cpu-clock", "sleep", "0.2", least=3,
		wanted=["PERF_EVENT_IOC_ENABLE", "close"])


@test
def a_filter_of_perf_record_is_told_as_strace_saw_it(folder):
	tracing()
	beside_strace(folder, "perf", "record", "-q", "-o", "data", "-e", "sched:sched_switch", "--filter",
		"prev_pid != 0 && prev_comm ~ \"*a*\"", "-a", "sleep", "0.1", least=20, wanted=["PERF_EVENT_IOC_SET_FILTER"])


@test
def bpftrace_is_told_as_strace_saw_it(folder):
	ours = beside_strace(folder, "bpftrace", "-e", "profile:hz:99 { @ = count(); } interval:ms:300 { exit(); }", least=3,
		wanted=["PERF_EVENT_IOC_SET_BPF", "PERF_EVENT_IOC_ENABLE"])
	assert any(act.get("argument", 0) > 0 for act in ours if act.get("request") == "PERF_EVENT_IOC_SET_BPF")


def tracing():
	if not os.path.isdir("/sys/kernel/tracing/events/sched"):
		raise Skip("tracefs is not mounted")


# --- the program sees what it would have seen ---

@test
def alive_gets_the_same_answers_as_without_us(folder):
	cannot_open()
	bare, _ = run([ALIVE], shim=None)
	ours, dump = run([ALIVE])
	assert "CHANGED" not in bare.stdout and "NOT" not in bare.stdout, bare.stdout
	assert ours.stdout == bare.stdout and ours.returncode == bare.returncode == 0, ours.stdout
	assert len(re.findall("perf_event \\d", dump)) > 60


@test
def alive_of_32_bits_gets_the_same_answers_as_without_us(folder):
	cannot_open()
	library = ROOT / "build/i386/libpeodump-life.so"
	made = subprocess.run(["make", "-s", "-C", ROOT, "build/i386/libpeodump-life.so"], capture_output=True, text=True,
		env={name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")})
	if made.returncode:
		raise Skip("gcc makes no 32-bit library here")
	program = compile_alive(folder, "-m32", "-idirafter", "/usr/include/x86_64-linux-gnu")
	large = compile_alive(folder, "-m32", "-D_FILE_OFFSET_BITS=64", "-idirafter", "/usr/include/x86_64-linux-gnu")
	for built in (program, large):
		bare, _ = run([built], shim=None)
		ours, dump = run([built], shim=library)
		assert ours.stdout == bare.stdout and ours.returncode == 0, ours.stdout + ours.stderr
		assert ", i386 */" in dump and "16 pages of AUX data" in dump, dump
		os.unlink("dump")


@test
def alive_with_musl_gets_the_same_answers_as_without_us(folder):
	cannot_open()
	need("musl-gcc")
	program = compile_alive(folder, "-idirafter", "/usr/include", "-idirafter", "/usr/include/x86_64-linux-gnu", compiler="musl-gcc")
	bare, _ = run([program], shim=None)
	ours, dump = run([program])
	assert ours.stdout == bare.stdout and ours.returncode == 0, ours.stdout + ours.stderr
	assert len(re.findall("perf_event \\d", dump)) > 60


def compile_alive(folder, *flags, compiler="gcc"):
	program = folder / f"alive{len(list(folder.glob('alive*')))}"
	done = subprocess.run([compiler, "-std=gnu11", "-O2", "-D_GNU_SOURCE", "-pthread", *flags, "-o", program,
		ROOT / "tests/hazards/alive.c"], capture_output=True, text=True)
	if done.returncode:
		raise Skip(f"{compiler} {' '.join(flags[:1])} does not build here")
	return program


EARLY = r"""
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define SAY(call) (errno = 0, printf("%s %d %d\n", #call, (call) != -1, errno))

/* Called before any constructor of a library that was loaded earlier. */
__attribute__((constructor)) static void early(void)
{
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open("/proc/self/exe", O_RDONLY);
	int number;

	*page = 1;
	SAY((long)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 4096));
	SAY((long)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 1));
	SAY(ioctl(fd, FIONREAD, &number));
	SAY(ioctl(99, FIONREAD, &number));
	SAY(fcntl(fd, F_GETFD));
	SAY(fcntl(fd, F_DUPFD_CLOEXEC, 70));
	SAY(prctl(PR_GET_DUMPABLE));
	SAY(dup(fd));
	SAY(dup2(fd, 80));
	SAY(dup2(80, 80));
	SAY(dup2(81, 81));
	SAY(dup3(fd, 82, O_CLOEXEC));
	SAY(close(fd));
	SAY(close(fd));
	fflush(stdout);
}
"""


@test
def a_constructor_that_runs_before_ours_gets_the_same_answers(folder):
	(folder / "early.c").write_text(EARLY)
	(folder / "nothing.c").write_text("int main(void) { return 0; }\n")
	for flags, library in (([], SHIM), (["-m32", "-idirafter", "/usr/include/x86_64-linux-gnu"],
			ROOT / "build/i386/libpeodump-life.so")):
		built = [subprocess.run(["gcc", "-w", *flags, *more], capture_output=True, text=True) for more in (
			["-shared", "-fPIC", "-o", "early.so", "early.c"], ["-o", "nothing", "nothing.c"])]
		if any(done.returncode for done in built) or not library.exists():
			continue
		bare, ours = (subprocess.run(["./nothing"], capture_output=True, text=True, env=ENVIRONMENT | {"LD_PRELOAD": preload})
			for preload in ("./early.so", f"{library}:./early.so"))
		assert ours.returncode == bare.returncode == 0 and bare.stdout.count("\n") == 14, ours.stderr
		assert ours.stdout == bare.stdout, f"{bare.stdout}\n{ours.stdout}"


@test
def what_is_done_to_other_fds_costs_a_few_instructions_more(folder):
	need("valgrind")
	def instructions(function, times, shim):
		run([ALIVE, function, str(times)], shim=shim, wrapper=["valgrind", "--tool=callgrind", "--callgrind-out-file=counts"])
		return int(re.search(r"^summary: (\d+)", (folder / "counts").read_text(), re.M)[1])
	def each(function, shim):
		return (instructions(function, 11000, shim) - instructions(function, 1000, shim)) / 10000
	for function, most in (("close", 8), ("dup", 8), ("mmap", 8), ("ioctl", 26), ("fcntl", 26)):
		bare, plain, ours = (each(function, shim) for shim in (None, PLAIN, SHIM))
		assert abs(plain - bare) < 0.1 and 0 < ours - bare <= most, f"{function}: {bare} bare, {plain} with the other, {ours}"


@test
def an_event_that_is_inherited_is_known_by_its_opener(folder):
	cannot_open()
	_, dump = run([ALIVE, "tasks"])
	opener = re.search(r"alive\[(\d+)\]", dump).group(1)
	told = re.findall(r"of process (\d+): alive\[(\d+)\]", dump)
	assert {who for who, _ in told} == {opener} and len({pid for _, pid in told}) == 2, dump
	assert re.search(r"ioctl\(fd\[1\], PERF_EVENT_IOC_RESET, 0\); /\* perf_event 1: alive\[%s\] thread (?!%s,)" % (opener, opener), dump)


@test
def what_a_vforked_child_closes_its_parent_still_has(folder):
	cannot_open()
	_, dump = run([ALIVE, "tasks"])
	assert re.findall(r"(\w+)\(fd\[1\][^;]*;[^:]*: alive\[(\d+)\]", dump)[-2:] == [
		(act, re.search(r"alive\[(\d+)\]", dump).group(1)) for act in ("ioctl", "close")], dump


@test
def a_file_with_an_events_number_is_none(folder):
	cannot_open()
	_, dump = run([ALIVE, "reuse"])
	assert "perf_event_open 1" in dump and "perf_event 1" not in dump, dump


@test
def a_handler_on_a_small_stack_can_act(folder):
	cannot_open()
	_, dump = run([ALIVE, "signal"])
	assert dump.count("PERF_EVENT_IOC_REFRESH") >= 11, dump


# --- settings ---

@test
def with_life_0_nothing_is_told(folder):
	cannot_open()
	_, dump = run([ALIVE, "ioctls"], settings=":life=0")
	assert "perf_event_open 1" in dump and "perf_event 1" not in dump, dump


@test
def with_safe_nothing_is_told(folder):
	cannot_open()
	done, _ = run([ALIVE, "ioctls"], settings=":safe=1")
	assert "perf_event_open 1" in done.stderr and "perf_event 1" not in done.stderr, done.stderr


@test
def the_other_library_says_which_one_it_takes(folder):
	cannot_open()
	done, dump = run([ALIVE, "ioctls"], shim=PLAIN, settings=":life=1")
	assert done.stderr.count("libpeodump-life.so") == 1, done.stderr
	assert "perf_event_open 1" in dump and "perf_event 1" not in dump, dump


@test
def the_launcher_loads_the_library(folder):
	cannot_open()
	done = subprocess.run([ROOT / "build/peodump", "run", "--life", "-o", "dump", "--", ALIVE, "ioctls"], capture_output=True, text=True)
	assert done.returncode == 0, done.stderr
	assert "PERF_EVENT_IOC_ENABLE" in open("dump").read()


# --- what is told ---

INCLUDES = ["fcntl.h", "linux/hw_breakpoint.h", "linux/perf_event.h", "stddef.h", "sys/ioctl.h", "sys/mman.h", "sys/prctl.h",
	"sys/types.h", "time.h", "unistd.h"]


@test
def a_log_with_acts_compiles_in_a_function_body(folder):
	cannot_open()
	run([ALIVE], settings=":fields=set")
	(folder / "log.c").write_text("#define _GNU_SOURCE\n" + "".join(f"#include <{name}>\n" for name in INCLUDES)
		+ "void f(int fd[], void *ring[])\n{\n#include \"dump\"\n}\n")
	done = subprocess.run(["gcc", "-std=gnu11", "-O0", "-Wall", "-Wno-unused-variable", "-Wno-missing-braces", "-Werror", "-c", "log.c"], capture_output=True, text=True)
	assert done.returncode == 0, done.stderr


@test
def a_log_with_acts_is_shown_as_it_was_written(folder):
	cannot_open()
	_, dump = run([ALIVE])
	shown = subprocess.run([ROOT / "build/peodump", "show", "dump"], capture_output=True, text=True)
	assert shown.returncode == 0 and shown.stdout == dump, shown.stderr


@test
def the_objects_of_acts_fit_the_schema_and_are_those_of_show(folder):
	try:
		import jsonschema
	except ImportError:
		raise Skip("python3-jsonschema is not installed") from None
	cannot_open()
	schema = json.loads((ROOT / "decoder/peodump.schema.json").read_text())
	valid = jsonschema.Draft7Validator(schema)
	run([ALIVE])
	shown = subprocess.run([ROOT / "build/peodump", "show", "--json", "dump"], capture_output=True, text=True).stdout
	records = [json.loads(line) for line in shown.splitlines()]
	assert sum("act" in record for record in records) > 60
	harness.check(f"{error.message}: {record}" for record in records for error in valid.iter_errors(record))
	os.unlink("dump")
	_, dump = run([ALIVE, "fds"], settings=":format=json")
	harness.check(f"{error.message}: {line}" for line in dump.splitlines() for error in valid.iter_errors(json.loads(line)))


if __name__ == "__main__":
	main()
