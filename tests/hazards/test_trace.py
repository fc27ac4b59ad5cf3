#!/usr/bin/env python3
"""peodump run --trace: that every call of any program is seen, and nothing else is changed by it.

What a program called is counted by the kernel's own tracing (kernel.py), which sees calls that no
library can.
"""

import collections
import contextlib
import difflib
import json
import os
import pathlib
import pty
import re
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests/clients"), str(ROOT / "tests/cli")]
from harness import Skip, main, test
from kernel import Kernel
from tool import BUILD, COUNTING, ENVIRONMENT, TOOL, contains, peodump, same

SOURCE = ROOT / "tests/hazards/tracee.c"
GO = """
package main

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"unsafe"
)

func call() {
	var attr [128]byte
	attr[0], attr[4], attr[8], attr[40] = 1, 128, 9, 0x20
	fd, _, errno := syscall.Syscall6(298, uintptr(unsafe.Pointer(&attr)), 0, ^uintptr(0), ^uintptr(0), 8, 0)
	if errno != 0 {
		fmt.Println(errno)
		os.Exit(1)
	}
	syscall.Close(int(fd))
}

func main() {
	var all sync.WaitGroup
	for i := 0; i < 40; i++ {
		all.Add(1)
		go func() {
			for j := 0; j < 25; j++ {
				call()
			}
			all.Done()
		}()
	}
	all.Wait()
	if len(os.Args) == 1 {
		if err := exec.Command(os.Args[0], "child").Run(); err != nil {
			os.Exit(2)
		}
	}
}
"""


def build(*command, name="tracee"):
	"""tracee.c, or another source at the end of the command; a compiler that links nothing is a skip."""
	if not shutil.which(command[0]):
		raise Skip(f"there is no {command[0]}")
	pathlib.Path("empty.c").write_text("int main(void) { return 0; }\n")
	if subprocess.run([*command, "empty.c", "-o", "empty"], capture_output=True).returncode:
		raise Skip(f"{' '.join(command)} cannot link a program")
	triplet = subprocess.run(["cc", "-print-multiarch"], capture_output=True, text=True).stdout.strip()
	headers = ["-idirafter", "/usr/include", "-idirafter", f"/usr/include/{triplet}"]
	subprocess.run([*command, "-O2", "-D_GNU_SOURCE", "-pthread", *headers, SOURCE, "-o", name], check=True)
	return f"./{name}"


def static():
	return build("cc", "-static")


def dumps_of(*command, options=("--trace",), status=0, **how):
	"""The dumps of a command as JSON, and its run."""
	pathlib.Path("dumps").unlink(missing_ok=True)
	run = peodump("-o", "dumps", "-f", "json", *options, "--", *command, **how)
	assert run.status == status, f"{run.status}: {run.err}"
	return [json.loads(line) for line in pathlib.Path("dumps").read_text().splitlines()], run


@contextlib.contextmanager
def running(*command, **how):
	"""A process; where the test fails, it is not left."""
	with subprocess.Popen(*command, **how) as run:
		try:
			yield run
		except BaseException:
			run.kill()
			raise


def all_are_seen(*command, least=1, **how):
	"""Each thread's calls are as many in the dumps as the kernel saw."""
	with Kernel(without="peodump") as kernel:
		dumps, run = dumps_of(*command, **how)
		seen = kernel.calls()
	dumped = collections.Counter(dump["caller_tid"] for dump in dumps)
	assert dumped == seen, f"{dumped.total()} dumped, {seen.total()} seen: {dumped - seen} {seen - dumped}"
	assert seen.total() >= least, f"only {seen.total()} calls were made"
	return dumps, run


def numbered(dumps):
	"""Each process counts its calls from 1, and again once it has executed another program."""
	times = collections.Counter((dump["caller_pid"], dump["call"]) for dump in dumps)
	for (pid, number), often in times.items():
		assert number == 1 or often <= times[pid, number - 1], f"process {pid} has a call {number} too many"


# --- every call of any program ---

@test
def a_static_programs_threads_forks_and_vforked_children_are_all_seen(folder):
	dumps, _ = all_are_seen(static(), "threads", "forks", "vfork", "bare", least=677)
	numbered(dumps)


@test
def a_program_that_a_second_thread_executes_is_followed(folder):
	dumps, _ = all_are_seen(static(), "exec", least=52)
	numbered(dumps)
	same(len({dump["caller_pid"] for dump in dumps}), 1)


@test
def calls_are_counted_on_when_the_thread_that_made_them_has_ended(folder):
	dumps, _ = all_are_seen(static(), "short", "short")
	same([dump["call"] for dump in dumps], list(range(1, 51)))


@test
def a_process_is_killed_or_another_program_while_its_threads_calls_are_made_again(folder):
	for _ in range(3):
		dumps, _ = dumps_of(static(), *["storm"] * 5, "often", options=("--trace", "--rehearse"), timeout=30)
		same(len([dump for dump in dumps if dump["attr"]["type"] == "PERF_TYPE_SOFTWARE"]), 25)
	dumps_of("timeout", "-s", "KILL", "0.2", static(), *["storm"] * 500, options=("--trace", "--rehearse"), status=-9,
		timeout=30)


@test
def a_dump_where_the_program_writes_too_comes_before_what_it_writes_next(folder):
	for options in ((), ("-o", "/dev/stderr")):
		run = peodump("--trace", "-f", "json", *options, "--", static(), "tells")
		same([line[0] for line in run.err.splitlines()], ["{", "c"] * 25)


@test
def the_events_of_a_process_whose_first_thread_has_ended_are_known(folder):
	if tuple(map(int, re.findall(r"\d+", os.uname().release)[:2])) < (6, 9):
		raise Skip("before Linux 6.9 nobody can ask for the files of a thread")
	dumps, _ = all_are_seen(static(), "headless", least=2)
	same([dump.get("leader") for dump in dumps], [None, 1])


@test
def an_inline_system_call_is_seen(folder):
	(dump,), _ = all_are_seen(static(), "inline")
	same(dump["arch"], os.uname().machine)


@test
def an_int_0x80_of_a_64_bit_program_is_seen_as_what_it_is(folder):
	if os.uname().machine != "x86_64":
		raise Skip("int 0x80 is x86's")
	(dump,), _ = all_are_seen(static(), "int80")
	same((dump["arch"], dump["attr"]["config"], dump["cpu"]), ("i386", "PERF_COUNT_SW_DUMMY", -1))


@test
def an_i386_programs_calls_are_seen(folder):
	dumps, _ = all_are_seen(build("cc", "-m32", "-static"), "threads", "int80", "vfork", least=150)
	same({dump["arch"] for dump in dumps}, {"i386"})


@test
def a_dynamic_i386_programs_calls_are_seen_without_a_library_for_it(folder):
	_, run = all_are_seen(build("cc", "-m32"), "threads", least=125, options=())
	contains(run.err, "is built for another architecture than the library: tracing it")


@test
def a_static_musl_programs_calls_are_seen(folder):
	all_are_seen(build("musl-gcc", "-static"), "threads", "forks", "vfork", least=652)


@test
def a_go_programs_goroutines_are_seen(folder):
	if not shutil.which("go"):
		raise Skip("go is not installed")
	pathlib.Path("program.go").write_text(GO)
	subprocess.run(["go", "build", "-o", "program", "program.go"], check=True,
		env=ENVIRONMENT | {"GOCACHE": str(folder / "cache"), "GO111MODULE": "off", "CGO_ENABLED": "0"})
	_, run = all_are_seen("./program", least=2000, options=())
	contains(run.err, "./program is statically linked: tracing it")


@test
def a_dynamic_go_program_is_traced_unasked(folder):
	if not shutil.which("go"):
		raise Skip("go is not installed")
	pathlib.Path("program.go").write_text(GO.replace('import (', 'import "C"\n\nimport ('))
	subprocess.run(["go", "build", "-o", "program", "program.go"], check=True,
		env=ENVIRONMENT | {"GOCACHE": str(folder / "cache"), "GO111MODULE": "off", "CGO_ENABLED": "1"})
	_, run = all_are_seen("./program", least=2000, options=())
	contains(run.err, "./program is a Go program: tracing it")


@test
def what_goes_by_a_preload_is_seen(folder):
	programs = BUILD / "tests/hazards"
	all_are_seen(programs / "apart", programs / "lib_apart.so", "deepbind", "space", "handle", "version", "pointer", least=6)


@test
def a_program_with_address_sanitizer_is_seen(folder):
	all_are_seen(build("gcc", "-fsanitize=address"), "threads", "forks", "exec", least=600,
		environment={"ASAN_OPTIONS": "detect_leaks=0"})


@test
def the_sessions_of_perf_daemon_are_seen(folder):
	if not shutil.which("perf"):
		raise Skip("perf is not installed")
	pathlib.Path("config").write_text(f"[daemon]\nbase={folder}/base\n\n"
		"[session-clock]\nrun = -e cpu-clock -a sleep 1\n")
	pathlib.Path("base").mkdir()
	with Kernel(without="peodump") as kernel:
		with running([TOOL, "-o", "dumps", "-f", "json", "--trace", "--", "perf", "daemon", "start", "-f",
				"--config", "config"], env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as daemon:
			time.sleep(2)
			subprocess.run(["perf", "daemon", "stop", "--config", "config"], check=True, capture_output=True)
			daemon.wait(30)
		seen = kernel.calls()
	dumped = collections.Counter(json.loads(line)["caller_tid"] for line in pathlib.Path("dumps").open())
	assert dumped == seen and seen.total() >= 4, (dumped, seen)


# --- the same as the library's ---

def alike(text):
	"""A dump without what differs from run to run: pids, and addresses."""
	return re.sub(r"\[\d+\] thread \d+|of process \d+|0x[5-7][0-9a-f]{11}|pid_t pid = [1-9]\d*;|, id \d+|F_SETOWN, \d+", "_", text)


def same_both_ways(*command, options=(), but=None, **how):
	"""On one CPU, since perf tries what the kernel knows on the one it runs on; lines that match `but` may differ."""
	for way in ("preload", "trace"):
		peodump(f"--{way}", "-o", way, *options, "--", "taskset", "-c", "0", *command, **how)
	preloaded, traced = (alike(re.sub(but or "^$", "", pathlib.Path(way).read_text(), flags=re.M))
		for way in ("preload", "trace"))
	assert preloaded.count("/* perf_event_open"), "no call was made"
	if preloaded != traced:
		lines = difflib.unified_diff(preloaded.splitlines(), traced.splitlines(), "preload", "trace", n=0, lineterm="")
		raise AssertionError("\n".join(list(lines)[:30]))


@test
def both_ways_tell_the_same_of_a_program(folder):
	same_both_ways(build("cc"), "often", "refused")


@test
def both_ways_tell_the_same_of_a_group_that_was_inherited(folder):
	same_both_ways(build("cc"), "heir")


@test
def both_ways_tell_the_same_of_each_kind_of_event(folder):
	for example in ("counting", "sampling", "group", "tracepoint", "breakpoint", "uprobe", "extended"):
		same_both_ways(BUILD / "examples" / example)


@test
def both_ways_tell_the_same_of_perf(folder):
	if not shutil.which("perf"):
		raise Skip("perf is not installed")
	for command in (["stat", "true"], ["stat", "-e", "{task-clock,faults},cycles", "true"],
			["stat", "-a", "-e", "msr/tsc/", "true"], ["record", "-q", "-o", "/dev/null", "-g", "true"],
			["record", "-q", "-o", "/dev/null", "-e", "cpu-clock", "--call-graph", "dwarf", "true"],
			["stat", "-a", "-e", "task-clock", "--for-each-cgroup", "/", "true"], ["list"], ["stat", "-ddd", "true"],
			["record", "-q", "-o", "/dev/null", "-e", "cycles:ppp", "-b", "-a", "true"], ["kmem", "record", "-o", "/dev/null", "true"],
			["record", "-q", "-o", "/dev/null", "-e", "cpu-clock", "--intr-regs=ax", "--all-cgroups", "-k", "monotonic", "true"],
			["trace", "-o", "/dev/null", "true"], ["stat", "-e", "mem:0x1000:rw", "true"], ["test", "2"]):
		same_both_ways("perf", *command)


@test
def both_ways_tell_the_same_to_who_may_not(folder):
	if not shutil.which("perf"):
		raise Skip("perf is not installed")
	folder.chmod(0o777)
	wrapper = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
	same_both_ways("perf", "stat", "-a", "-e", "cpu-clock", "true", wrapper=wrapper)
	same_both_ways("perf", "stat", "-e", "cpu-clock:k,cycles", "true", wrapper=wrapper)


@test
def both_ways_tell_the_same_of_bpftrace(folder):
	if os.geteuid() or not shutil.which("bpftrace"):
		raise Skip("bpftrace is not installed, or we are not root")
	same_both_ways("bpftrace", "-e", "profile:hz:99 { @ = count(); } interval:ms:200 { exit(); }")


@test
def both_ways_tell_the_same_of_a_group_of_many(folder):
	if not shutil.which("stress-ng"):
		raise Skip("stress-ng is not installed")
	same_both_ways("stress-ng", "--perf", "--cpu", "1", "--cpu-ops", "1", "--quiet")


@test
def both_ways_tell_the_same_of_an_interpreter(folder):
	same_both_ways("python3", "-c", "import ctypes; libc = ctypes.CDLL(None)\n"
		"for group in -1, 2, 99: libc.syscall(298, ctypes.create_string_buffer(b'\\1\\0\\0\\0\\x70\\0\\0\\0\\x09', 112), 0, -1, group, 8)")


@test
def both_ways_tell_the_same_of_the_life_of_events(folder):
	if not shutil.which("perf"):
		raise Skip("perf is not installed")
	for command in (["stat", "true"], ["record", "-q", "-o", "/dev/null", "-a", "true"],
			["record", "-q", "-o", "/dev/null", "-e", "sched:sched_switch", "--filter", "prev_pid != 0", "-a", "true"]):
		same_both_ways("perf", *command, options=("--life",))
	assert pathlib.Path("trace").read_text().count("PERF_EVENT_IOC_SET_FILTER") >= 1


@test
def both_ways_tell_the_same_of_each_thing_that_can_be_done_with_an_event(folder):
	of_files, raw_close, by_timer = r"ioctl\(fd\[1\], 0x541b", r"close\(fd\[8\]\)", r"ioctl\(fd\[9\]"
	same_both_ways(BUILD / "tests/hazards/alive", options=("--life",), but=f"^({of_files}|{raw_close}|{by_timer}).*\n")
	acts = re.findall(r"^(\w+)\(", pathlib.Path("trace").read_text(), re.M)
	assert {"ioctl", "fcntl", "dup", "dup2", "dup3", "close", "prctl"} <= set(acts), set(acts)


def numbers(*compiler):
	"""The numbers of system calls as a compiler's headers have them."""
	if not shutil.which(compiler[0]):
		return {}
	headers = [] if compiler[0] != "cc" else ["-I", "/usr/include/" + subprocess.run(["cc", "-print-multiarch"],
		capture_output=True, text=True).stdout.strip()]
	names = subprocess.run([*compiler, *headers, "-dM", "-E", "-"], input="#include <asm/unistd.h>\n", text=True,
		capture_output=True, check=True).stdout
	program = "#include <asm/unistd.h>\n" + "".join(f"@{name} {name}\n"
		for name in re.findall(r"#define (__NR_\w+)", names))
	expanded = subprocess.run([*compiler, *headers, "-E", "-P", "-"], input=program.replace("@__NR_", "@"), text=True,
		capture_output=True, check=True).stdout
	return {name: eval(value) for name, value in re.findall(r"@ ?(\w+) ([\w() +]+)", expanded)}


@test
def the_numbers_of_the_system_calls_are_those_of_the_headers(folder):
	headers = {"x86_64": numbers("cc"), "i386": numbers("cc", "-m32"), "x32": numbers("cc", "-mx32"),
		"aarch64": numbers("aarch64-linux-gnu-gcc"), "riscv64": numbers("riscv64-linux-gnu-gcc")}
	rows = re.findall(r"^SYSCALL\((\w+), +(\w+), +(\w+)\)", (ROOT / "tables/syscalls.def").read_text(), re.M)
	checked = 0
	for arch, function, number in rows:
		if not headers[arch]:
			continue
		names = {"mmap": ("mmap2" if arch == "i386" else "mmap",), "fcntl": ("fcntl", "fcntl64")}.get(function, (function,))
		assert int(number, 0) in [headers[arch].get(name) for name in names], (arch, function, number)
		checked += 1
	assert checked >= 25, checked


@test
def both_ways_rehearse_alike(folder):
	if not shutil.which("perf"):
		raise Skip("perf is not installed")
	same_both_ways("perf", "record", "-q", "-o", "/dev/null", "-e", "cpu/mem-loads,ldlat=30/P", "-d", "true",
		options=("--rehearse",), environment={"SYSFS_PATH": str(ROOT / "examples/machines/intel")})
	same_both_ways(build("cc"), "refused", options=("--probe", "--needs"))


@test
def a_stand_in_of_a_static_program_is_its_own_descriptor(folder):
	dumps, run = dumps_of(static(), "refused", options=("--rehearse",))
	same(dumps[0]["stand_in"], True)
	contains(run.out, f"hardware: {dumps[0]['fd']} 0", "size 1: -1 7, then ", "pointer: -1 14")


@test
def an_i386_programs_stand_in_too(folder):
	dumps, run = dumps_of(build("cc", "-m32", "-static"), "refused", options=("--rehearse",))
	same(dumps[0]["stand_in"], True)
	contains(run.out, f"hardware: {dumps[0]['fd']} 0")


@test
def a_file_for_each_process_when_out_has_the_pid(folder):
	peodump("--trace", "-o", "%p.peo", "--", static(), "often", "forks")
	files = list(folder.glob("*.peo"))
	same(sorted(file.read_text().count("/* perf_event_open") for file in files), [25, 125, 125, 125, 125])
	for file in files:
		contains(file.read_text(), f"tracee[{file.stem}] ")


@test
def dumps_that_cannot_be_written_are_counted(folder):
	run = peodump("--trace", "-o", "/dev/full", "--", static(), "often")
	same((run.status, run.out), (0, ""))
	assert re.fullmatch(r"peodump: 25 dumps of process \d+ were lost: No space left on device\n", run.err), run.err


@test
def settings_are_said_as_by_the_library(folder):
	same(*(peodump(way, "--", "true", environment={"PEODUMP": "help=1"}).err for way in ("--trace", "--preload")))
	traced, preloaded = (peodump(way, "--", COUNTING, environment={"PEODUMP": "nonsense=1"}).err
		for way in ("--trace", "--preload"))
	same(f"/* {traced.splitlines()[0]} */", preloaded.splitlines()[0])


# --- nothing else changes ---

@test
def what_a_program_says_and_how_it_ends_are_its_own(folder):
	program = static()
	bare = subprocess.run([program, "refused", "timer", "stops", "untraced"], capture_output=True, text=True)
	_, run = all_are_seen(program, "refused", "timer", "stops", "untraced", least=505)
	same((run.status, run.out), (bare.returncode, bare.stdout))
	for status in (0, 3, 255):
		same(peodump("--trace", "--", "sh", "-c", f"exit {status}").status, status)


@test
def a_signal_that_ends_the_command_ends_the_tracer(folder):
	for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV):
		same(peodump("--trace", "--", "sh", "-c", f"kill -{number.value} $$").status, -number)


@test
def a_signal_to_the_tracer_is_the_commands(folder):
	script = "trap 'echo heard; exit 9' TERM; echo ready; while :; do sleep 0.05; done"
	with running([TOOL, "--trace", "--", "sh", "-c", script], env=ENVIRONMENT, stdout=subprocess.PIPE,
			text=True) as run:
		same(run.stdout.readline(), "ready\n")
		run.send_signal(signal.SIGTERM)
		same((run.stdout.readline(), run.wait(10)), ("heard\n", 9))


@test
def children_that_are_killed_in_the_middle_of_a_call_leave_nothing_behind(folder):
	dumps, _ = dumps_of(static(), "killed", options=())
	made = {(dump["caller_pid"], dump["call"]) for dump in dumps}
	assert len(made) == len(dumps) > 20, (len(made), len(dumps))


@test
def a_daemon_that_outlives_the_command_is_followed_to_its_end(folder):
	for _ in range(20):
		dumps, run = dumps_of("sh", "-c", f"{static()} often & exit 5", status=5)
		same(len(dumps), 25)


@test
def the_command_has_its_own_environment_and_no_library(folder):
	bare = subprocess.run(["env"], capture_output=True, text=True, env=ENVIRONMENT).stdout
	same(peodump("--trace", "--fields", "set", "--", "env").out, bare)


@test
def the_command_finds_a_closed_stream_closed(folder):
	for closed in ("0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"):
		for way in ("--preload", "--trace"):
			subprocess.run(["sh", "-c", f"{TOOL} {way} -o dumps -- sh -c 'ls -l /proc/$$/fd > listed; mv listed ./{way}' {closed}"])
		bare, traced = ([line.split("/fd")[0].split()[8:] for line in pathlib.Path(way).read_text().splitlines()]
			for way in ("--preload", "--trace"))
		same(traced, bare)


@test
def the_command_ignores_and_blocks_the_signals_that_it_would(folder):
	show = ["grep", "-E", "Sig(Blk|Ign|Cgt)", "/proc/self/status"]
	bare = subprocess.run(show, capture_output=True, text=True, env=ENVIRONMENT).stdout
	same(peodump("--trace", "--", *show).out, bare)


@test
def a_command_that_dies_with_its_tracer_is_not_left_running(folder):
	with running([TOOL, "--trace", "--", static(), "sleep"], env=ENVIRONMENT) as run:
		time.sleep(0.3)
		(child,) = pathlib.Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
		run.kill()
		run.wait()
	for _ in range(50):
		if not pathlib.Path(f"/proc/{child}").exists() or "Z (zombie)" in status_of(child):
			return
		time.sleep(0.1)
	raise AssertionError("the command runs on")


def wait_until(holds, seconds=10):
	end = time.time() + seconds
	while not holds():
		assert time.time() < end, "it never happened"
		time.sleep(0.01)


def status_of(pid):
	try:
		return pathlib.Path(f"/proc/{pid}/status").read_text()
	except OSError:
		return ""


@test
def a_key_that_stops_the_job_stops_it_and_it_goes_on_in_the_foreground(folder):
	program = static()
	pid, terminal = pty.fork()
	if not pid:
		os.environ["PS1"] = "> "
		os.execvp("bash", ["bash", "--norc", "-i"])
	said = b""

	def expect(words, seconds=10):
		nonlocal said
		end = time.time() + seconds
		while words not in said:
			os.set_blocking(terminal, False)
			try:
				said += os.read(terminal, 4096)
			except BlockingIOError:
				time.sleep(0.02)
			assert time.time() < end, said
		said = said[said.index(words) + len(words):]

	os.write(terminal, f"{TOOL} --trace -o dumps -- {program} often ticks often\n".encode())
	time.sleep(0.7)
	os.write(terminal, b"\x1a")
	expect(b"Stopped")
	before = (folder / "dumps").read_text().count("/* perf_event_open")
	time.sleep(0.3)
	same((folder / "dumps").read_text().count("/* perf_event_open"), before)
	os.write(terminal, b"fg\n")
	expect(b"ticked", 30)
	os.write(terminal, b"exit\n")
	os.waitpid(pid, 0)
	assert (folder / "dumps").read_text().count("/* perf_event_open") > before


# --- what runs already ---

def ticking():
	program = static()
	run = subprocess.Popen([program, "ticks"], stdout=subprocess.PIPE, text=True)
	time.sleep(0.3)
	return run


@contextlib.contextmanager
def attached(run, wrapper=()):
	"""A tracer of a process; where the test fails, neither is left."""
	with running([*wrapper, TOOL, "-o", "dumps", "-f", "json", "-p", str(run.pid)], env=ENVIRONMENT) as tracer:
		try:
			wait_until(lambda: f"TracerPid:\t{tracer.pid}\n" in status_of(run.pid))
			yield tracer
		except BaseException:
			run.kill()
			raise


def let_go(tracer):
	tracer.send_signal(signal.SIGINT)
	same(tracer.wait(10), 0)


@test
def a_process_that_runs_is_attached_to_with_its_threads_and_children_and_left_alone(folder):
	with ticking() as run:
		with attached(run) as tracer:
			time.sleep(1)
			let_go(tracer)
		same((run.poll(), re.search(r"TracerPid:\t(\d+)", status_of(run.pid))[1]), (None, "0"))
		same((run.stdout.read(), run.wait(30)), ("ticked\n", 0))
	dumps = [json.loads(line) for line in pathlib.Path("dumps").open()]
	threads = {dump["caller_tid"] for dump in dumps if dump["caller_pid"] == run.pid}
	assert len(threads) == 2 and len(dumps) > 200, (threads, len(dumps))
	assert any(dump["caller_pid"] != run.pid for dump in dumps), "no child was followed"


@test
def who_is_attached_in_the_background_of_a_script_leaves_by_sigint_too(folder):
	with ticking() as run:
		with attached(run, wrapper=["sh", "-c", 'trap "" INT; exec "$@"', "sh"]) as tracer:
			let_go(tracer)
		same(run.poll(), None)
		run.kill()


@test
def a_process_that_ends_ends_what_is_attached_to_it(folder):
	with ticking() as run:
		attached = peodump("-o", "dumps", "-p", str(run.pid))
		same((attached.status, attached.err, run.wait()), (0, "", 0))


@test
def a_process_that_starts_threads_all_the_time_is_attached_to(folder):
	with subprocess.Popen([static(), "starts"]) as run:
		for _ in range(8):
			with attached(run) as tracer:
				time.sleep(0.02)
				let_go(tracer)
		same(run.wait(10), 0)


@test
def a_stopped_process_is_attached_to_and_what_its_own_filter_refuses_is_seen(folder):
	with subprocess.Popen([static(), "sandboxed"], stdout=subprocess.PIPE, text=True) as run:
		wait_until(lambda: "T (stopped)" in status_of(run.pid))
		with attached(run) as tracer:
			time.sleep(0.1)
			contains(status_of(run.pid), "(tracing stop)")
			run.send_signal(signal.SIGCONT)
			same((run.stdout.read(), run.wait(10), tracer.wait(10)), ("sandboxed: -1 26\n", 0, 0))
	(dump,) = [json.loads(line) for line in pathlib.Path("dumps").open()]
	same(dump["errno"], "ETXTBSY")


@test
def who_waits_is_disturbed_once_by_being_attached_to_and_never_by_being_let_go(folder):
	with subprocess.Popen([static(), "waits"], stdout=subprocess.PIPE, text=True) as run:
		for _ in range(5):
			with attached(run) as tracer:
				time.sleep(0.1)
				let_go(tracer)
		disturbed = int(re.search(r"disturbed (\d+)", run.stdout.read())[1])
	assert 1 <= disturbed <= 5, disturbed


# --- one sentence each ---

def refused(*arguments, **how):
	run = peodump(*arguments, **how)
	same((run.status, run.err.count("\n")), (125, 1))
	return run.err


@test
def a_process_that_is_traced_already_is_refused_by_name_of_its_tracer(folder):
	if not shutil.which("strace"):
		raise Skip("strace is not installed")
	with running(["strace", "-o", "/dev/null", static(), "sleep"]) as tracer:
		time.sleep(0.5)
		(child,) = pathlib.Path(f"/proc/{tracer.pid}/task/{tracer.pid}/children").read_text().split()
		contains(refused("-p", child), f"cannot trace process {child}: process {tracer.pid} traces it already")
		os.kill(int(child), signal.SIGKILL)


@test
def a_process_of_another_user_and_one_that_is_not_there_are_refused(folder):
	if os.geteuid():
		raise Skip("only root can be somebody else")
	folder.chmod(0o755)
	nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
	contains(refused("-p", str(os.getpid()), wrapper=nobody), "ptrace is not permitted here")
	contains(refused("-p", "4194304"), "No such process")


@test
def what_runs_no_program_is_refused(folder):
	with subprocess.Popen(["true"]) as ended:
		time.sleep(0.2)
		contains(refused("-p", str(ended.pid)), "it runs no program: it has ended, or is the kernel's")
	(kernels, *_) = [pid for pid in os.listdir("/proc") if pid.isdecimal() and "Kthread:\t1" in status_of(pid)] or ["2"]
	contains(refused("-p", kernels), "it runs no program: it has ended, or is the kernel's")
	run = subprocess.run(["sh", "-c", f"exec {TOOL} -p $$"], env=ENVIRONMENT, capture_output=True, text=True)
	same(run.returncode, 125)
	contains(run.stderr, "it is the one that would trace")


REFUSING = """
	#include <errno.h>
	#include <linux/filter.h>
	#include <linux/seccomp.h>
	#include <stddef.h>
	#include <sys/prctl.h>
	#include <sys/syscall.h>
	#include <unistd.h>

	int main(int argc, char **argv) {
		struct sock_filter steps[] = {
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_%s, 0, 3),
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
			BPF_JUMP(BPF_JMP | %s | BPF_K, %#x, 0, 1),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | %s),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		};
		struct sock_fprog filter = {sizeof steps / sizeof *steps, steps};

		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
		execv(argv[1], argv + 1);
		return argc;
	}
"""
SET_SECCOMP, SEIZE, GET_SYSCALL_INFO = 22, 0x4206, 0x420e


@test
def a_script_that_names_no_interpreter_gets_all_of_its_arguments(folder):
	(folder / "script").write_text("echo $#\n")
	(folder / "script").chmod(0o755)
	for count in (1, 30000):
		same(peodump("--trace", "-o", "dumps", "--", "./script", *["argument"] * count).out, f"{count}\n")


@test
def words_that_nobody_reads_end_neither_the_tracer_nor_the_command(folder):
	reader, writer = os.pipe()
	os.close(reader)
	with open(writer, "w") as stderr:
		run = peodump("--trace", "--", "sh", "-c", f"{static()} often; sleep 0.1; exit 5", stderr=stderr)
	same(run.status, 5)
	run = peodump("--trace", "-o", "dumps", "--", "sh", "-c", f"ulimit -f 4; {static()} often; exit 5",
		wrapper=["sh", "-c", 'ulimit -f 8; exec "$@" 2>said', "sh"])
	same(run.status, 5)


@test
def a_command_that_is_terminated_before_it_starts_has_been_terminated(folder):
	for tenth in range(30):
		with running([TOOL, "--trace", "-o", "dumps", "--", "sleep", "10"], env=ENVIRONMENT) as run:
			time.sleep(tenth / 10000)
			run.send_signal(signal.SIGTERM)
			same(run.wait(10), -signal.SIGTERM)


def refusing(call, error, comparison="BPF_JGE", first=0):
	"""A program that runs another one, with a kernel that refuses that system call, or some of it by its first argument."""
	pathlib.Path("refusing.c").write_text(REFUSING % (call, comparison, first, error))
	subprocess.run(["cc", "-o", "refusing", "refusing.c"], check=True)
	return ["./refusing"]


def without(call, first, error):
	"""The tool's words there."""
	words = refused("--trace", "--", "touch", "made", wrapper=refusing(call, error, "BPF_JEQ", first))
	assert not pathlib.Path("made").exists(), "the command ran"
	return words


@test
def without_seccomp_nothing_is_run(folder):
	contains(without("prctl", SET_SECCOMP, "EINVAL"),
		"cannot trace touch: no seccomp filter is permitted here: Invalid argument")


@test
def without_ptrace_nothing_is_run(folder):
	contains(without("ptrace", SEIZE, "EPERM"), "cannot trace touch: ptrace is not permitted here")


@test
def a_kernel_that_cannot_tell_of_system_calls_is_named(folder):
	contains(without("ptrace", GET_SYSCALL_INFO, "EIO"), "cannot trace: this kernel is older than 5.3")


@test
def attrs_are_read_where_process_vm_readv_is_forbidden(folder):
	wrapper = refusing("process_vm_readv", "EPERM")
	options = "--trace", "--fields", "set"
	dumps, _ = dumps_of(static(), "often", "refused", options=options, wrapper=wrapper)
	wanted, _ = dumps_of(static(), "often", "refused", options=options)
	same([dump["attr"] for dump in dumps], [dump["attr"] for dump in wanted])


@test
def a_command_under_another_tracer_is_not_run(folder):
	if not shutil.which("strace"):
		raise Skip("strace is not installed")
	words = refused("--trace", "--", "touch", "made", wrapper=["strace", "-f", "-o", "/dev/null"])
	assert re.search(r"cannot trace touch: process \d+ traces it already", words), words
	assert not pathlib.Path("made").exists(), "the command ran"


@test
def a_command_that_gains_privileges_is_not_traced_without_them(folder):
	if os.geteuid():
		raise Skip("only root can make a setuid program")
	shutil.copy("/bin/true", "gains")
	os.chmod("gains", 0o4755)
	folder.chmod(0o755)
	nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
	contains(refused("--trace", "--", "./gains", wrapper=nobody), "cannot trace ./gains: it gains privileges")


@test
def a_program_that_would_gain_privileges_further_down_is_named_and_runs_without_them(folder):
	if os.geteuid():
		raise Skip("only root can make a setuid program")
	shutil.copy("/usr/bin/id", "gains")
	os.chmod("gains", 0o4755)
	folder.chmod(0o755)
	nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
	run = peodump("--trace", "--", "sh", "-c", "./gains -u; exit 6", wrapper=nobody)
	same(run, (6, "65534\n", f"peodump: {folder}/gains runs without the privileges that it gains untraced\n"))


@test
def what_cannot_be_run_is_said_as_without_tracing(folder):
	for command, status in (("nosuch", 127), ("/etc/passwd", 126)):
		same(peodump("--trace", "--", command), peodump("--preload", "--", command))
		same(peodump("--trace", "--", command).status, status)


if __name__ == "__main__":
	main()
