#!/usr/bin/python3
"""Runs victim.c through the hazards of preloading, bare and with the shim, and compares the two.

With TORTURE=1 in the environment (`make torture`) each takes its full size. The Makefile builds victim.c, and each lib_*.c as a shared object, into build/tests/hazards/ with
`cc -std=gnu11 -O2 -D_GNU_SOURCE -pthread`, and `-shared -fPIC`. The victims for musl, i386 and ASan
are built here.
"""

import collections
import errno
import fcntl
import json
import os
import pathlib
import pty
import re
import shutil
import signal
import stat
import subprocess
import sys
import termios
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/clients"))
from harness import Skip, main, test
from kernel import Kernel

SHIM = ROOT / os.environ.get("SHIM", "build/libpeodump.so")
PROGRAMS = ROOT / "build/tests/hazards"
VICTIM = PROGRAMS / "victim"
CANNOT = 77
NOBODY = 65534
UNKNOWN_TYPE = 0x7fffffff
KINDS_OF_CALL = 5	# in the victim's call_every_way()
SIZES = 38	# and the calls of its steps
POINTERS = 15
SIZE_NAMES = {size: f"PERF_ATTR_SIZE_VER{version}"
	for version, size in enumerate((64, 72, 80, 96, 104, 112, 120, 128, 136, 144))}
ENVIRONMENT = {name: value for name, value in os.environ.items()
	if name not in ("LD_AUDIT", "LD_PRELOAD", "PEODUMP", "ASAN_OPTIONS", "MAKEFLAGS")}
TORTURE = "TORTURE" in os.environ

Run = collections.namedtuple("Run", "status out err files dumps")


# --- running ---

def times(bounded, full):
	"""How often: as a part of all the tests, and as torture."""
	return full if TORTURE else bounded


def environment(preload, settings, **more):
	"""The environment of a run; without libraries to preload there are no settings either."""
	if preload:
		more.update(PEODUMP=settings)
	for name, audits in (("LD_AUDIT", True), ("LD_PRELOAD", False)):
		libraries = [path for path in map(str, preload) if path.endswith("-audit.so") == audits]
		if libraries:
			more[name] = ":".join(libraries)
	return ENVIRONMENT | more


def run(*steps, preload=(SHIM,), settings="", program=VICTIM, wrapper=(), folder=".", more=(),
		**how):
	"""Run the victim in a folder; what it wrote there comes back as files."""
	pipe = subprocess.PIPE
	how = dict(stdout=pipe, stderr=pipe, stdin=subprocess.DEVNULL) | how
	done = subprocess.run([*wrapper, program, *steps], cwd=folder, timeout=600, text=True,
		env=environment(preload, settings, **dict(more)), **how)
	if done.returncode == CANNOT:
		raise Skip("the victim cannot do this here")
	files = filter(pathlib.Path.is_file, pathlib.Path(folder).iterdir())
	return Run(done.returncode, done.stdout or "", done.stderr or "",
		{path.name: path.read_bytes() for path in files}, [])


def same(*steps, out=None, to="file", also=(), shim=SHIM, shim_first=True, settings="", warnings=0,
		**how):
	"""Run bare and preloaded, in two folders; fail where they differ; return the second run."""
	for folder in ("bare", "preloaded"):
		pathlib.Path(folder).mkdir()
	out = out or pathlib.Path("dumps").resolve()
	preload = (shim, *also) if shim_first else (*also, shim)
	where = f"out={out}:" if to == "file" else ""
	bare = run(*steps, preload=also, folder="bare", **how)
	ours = run(*steps, preload=preload, folder="preloaded",
		settings=f"{where}format=json{settings}", **how)
	dumps = lines_of(out)
	if to == "stderr":
		lines = ours.err.splitlines(keepends=True)
		dumps = [line for line in lines if line.startswith("{")]
		own_words = "".join(line for line in lines if not line.startswith("{"))
		ours = ours._replace(err=own_words)
	if warnings is not None and ours.err.count("\n") - bare.err.count("\n") != warnings:
		raise AssertionError(f"expected {warnings} warnings on stderr, not: {ours.err}")
	seen = [run._replace(err="" if warnings != 0 else run.err, files=run.files | {"calls": ""})
		for run in (bare, ours)]
	for fact, one, other in zip(Run._fields, *seen):
		if one != other:
			raise AssertionError(f"{fact}: {one!r:.2000} bare, {other!r:.2000} with us")
	return ours._replace(dumps=[json.loads(line) for line in dumps])


def lines_of(path):
	path = pathlib.Path(path)
	return path.read_text().splitlines(keepends=True) if path.is_file() else []


def check_warning(run, what, count):
	"""One line says what is wrong with the output, and one, at the end, how much was lost."""
	warning, loss = run.err.splitlines()
	assert what in warning, run.err
	assert re.search(rf"\b{count} dumps? ", loss), run.err


def lost(run):
	return sum(dump.get("lost", 0) for dump in run.dumps)


def must(*steps, dumps, **how):
	"""Nothing the program sees changes, and this many of its calls are dumped."""
	ours = same(*steps, **how)
	if len(ours.dumps) != dumps:
		raise AssertionError(f"{len(ours.dumps)} dumps, not {dumps}\n{ours.err}")
	return ours


def said(*command):
	return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def need(program):
	path = shutil.which(program)
	if not path:
		raise Skip(f"there is no {program}")
	return path


def need_library(name):
	"""Where the dynamic linker finds a library; the name itself, unless it is a skip."""
	if subprocess.run([VICTIM], env=ENVIRONMENT | {"LD_PRELOAD": name}, capture_output=True).stderr:
		raise Skip(f"there is no {name}")
	return name


def need_root(to="drop privileges"):
	if os.geteuid():
		raise Skip(f"only root can {to}")


def compile_victim(name, *command):
	"""Build the victim in another way; a compiler that can link nothing is a skip."""
	empty = pathlib.Path("empty.c")
	empty.write_text("int main(void) { return 0; }\n")
	if subprocess.run([*command, empty, "-o", "empty"], capture_output=True).returncode:
		raise Skip(f"{' '.join(map(str, command))} cannot link a program")
	triplet = said("cc", "-print-multiarch").strip()
	kernel_headers = ["-idirafter", "/usr/include", "-idirafter", f"/usr/include/{triplet}"]
	subprocess.run([*command, "-std=gnu11", "-O2", "-D_GNU_SOURCE", "-pthread", *kernel_headers,
		ROOT / "tests/hazards/victim.c", "-o", PROGRAMS / name], check=True)
	return PROGRAMS / name


def traced(*command, only="all", preload=(), **more):
	"""The system calls of a program, one a line, as strace sees them."""
	log = pathlib.Path("strace")
	variables = environment(preload, "out=dumps", **more).items() - ENVIRONMENT.items()
	subprocess.run([need("strace"), "-f", "-o", log, "-e", f"trace={only}",
		*(f"-E{name}={value}" for name, value in variables), *command],
		check=True, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
	return [re.sub(r"^\d+ +", "", line) for line in log.read_text().splitlines()]


# --- the entry ---

@test
def syscall_is_the_only_export_and_nothing_is_needed_at_load(folder):
	exported = said("nm", "-D", "--defined-only", SHIM).split()
	assert exported[1:] == ["T", "syscall"], exported
	wanted = said("nm", "-D", "--undefined-only", SHIM).split()
	assert set(wanted[::2]) == {"w"}, wanted
	dynamic = said("readelf", "-dW", SHIM)
	assert not re.search(r"\((NEEDED|VERNEED|VERDEF|TEXTREL)\)", dynamic), dynamic
	assert re.search(r"BIND_NOW|\bNOW\b", dynamic), dynamic
	segments = said("readelf", "-lW", SHIM)
	assert not re.search(r"^ *TLS", segments, re.M), segments
	assert re.search(r"GNU_STACK.* RW ", segments), segments


@test
def other_calls_cost_at_most_eight_instructions_more(folder):
	def instructions(loops, **how):
		valgrind = (need("valgrind"), "--tool=callgrind", "--callgrind-out-file=counts")
		run(f"passes={loops}", wrapper=valgrind, **how)
		counts = pathlib.Path("counts").read_text()
		return int(re.search(r"^summary: (\d+)", counts, re.M)[1])
	def each(**how):
		return (instructions(11000, **how) - instructions(1000, **how)) / 10000
	bare, preloaded = each(preload=()), each()
	assert bare > 5, bare
	assert preloaded - bare <= 8, f"{preloaded} instructions, {bare} bare"


@test
def six_arguments_pass(folder):
	must("six", dumps=0)


@test
def garbage_in_the_upper_halves_of_registers_is_not_shown(folder):
	for dump in must("garbage", dumps=2).dumps:
		assert (dump["pid"], dump["cpu"], dump["group_fd"]) == (0, -1, -1), dump


@test
def the_callers_stack_is_not_written_above_the_return_address(folder):
	must("locals", dumps=2)


@test
def a_local_that_another_thread_writes_loses_no_update(folder):
	must(f"shared_local={times(5000000, 100000000)}", dumps=0)


@test
def a_raw_clone_returns_on_its_new_stack(folder):
	must("clone", dumps=1)


@test
def an_interposer_behind_ours_sees_all_calls(folder):
	ours = must("call", "six", "fail", also=[PROGRAMS / "lib_interposer.so"], dumps=2)
	assert "saw 2 opens and 1 other calls" in ours.out, ours.out


@test
def an_interposer_before_ours_sees_all_calls(folder):
	other = PROGRAMS / "lib_interposer.so"
	ours = must("call", "six", "fail", also=[other], shim_first=False, dumps=2)
	assert "saw 2 opens and 1 other calls" in ours.out, ours.out


@test
def a_constructor_that_runs_before_ours_can_call(folder):
	ours = must("call", also=[PROGRAMS / "lib_constructor.so"], dumps=2)
	assert [dump["call"] for dump in ours.dumps] == [1, 2], ours.dumps


@test
def a_constructor_that_runs_after_ours_can_call(folder):
	must("call", also=[PROGRAMS / "lib_constructor.so"], shim_first=False, dumps=2)


@test
def an_ifunc_resolver_can_call_before_we_are_relocated(folder):
	must("call", also=[PROGRAMS / "lib_ifunc.so"], dumps=1)


@test
def an_ifunc_resolver_can_call_after_we_are_relocated(folder):
	must("call", also=[PROGRAMS / "lib_ifunc.so"], shim_first=False, dumps=1)


@test
def an_ifunc_resolver_can_open_an_event_before_we_are_relocated(folder):
	ours = same("call", also=[PROGRAMS / "lib_ifunc_open.so"])
	assert len(ours.dumps) + lost(ours) == 2, ours.dumps


@test
def an_ifunc_resolver_can_open_an_event_after_we_are_relocated(folder):
	ours = same("call", also=[PROGRAMS / "lib_ifunc_open.so"], shim_first=False)
	assert len(ours.dumps) + lost(ours) == 2, ours.dumps


def beside(library, shim_first, dumps=2 + 2 + 20 * 4 * 2 + 1, **more):
	"""In front of another library or behind it, for a program whose threads allocate and call."""
	must("call", "fail", "six", "open", "errno", "crowd=20", "fork", also=[need_library(library)],
		shim_first=shim_first, more=more, dumps=dumps)


@test
def jemalloc_behind_ours_changes_nothing(folder):
	beside("libjemalloc.so.2", True)


@test
def jemalloc_before_ours_changes_nothing(folder):
	beside("libjemalloc.so.2", False)


@test
def tcmalloc_behind_ours_changes_nothing(folder):
	beside("libtcmalloc_minimal.so.4", True)


@test
def tcmalloc_before_ours_changes_nothing(folder):
	beside("libtcmalloc_minimal.so.4", False)


@test
def a_wrapper_of_syscall_and_of_user_ids_behind_ours_changes_nothing(folder):
	beside("libuid_wrapper.so", True, UID_WRAPPER="1")


@test
def a_wrapper_of_syscall_that_asks_libc_itself_hides_the_calls_and_nothing_breaks(folder):
	beside("libuid_wrapper.so", False, dumps=0, UID_WRAPPER="1")


@test
def what_binds_to_libc_past_every_preload_is_missed_and_nothing_breaks(folder):
	ours = must("call", "deepbind", "call", dumps=2)
	assert "deep: 1\n" in ours.out, ours.out


@test
def what_has_a_libc_of_its_own_is_missed_and_nothing_breaks(folder):
	ours = must("call", "dlmopen", "call", dumps=2)
	assert "apart: 1\n" in ours.out, ours.out


# --- errno, signals, threads, children ---

@test
def errno_is_kept_by_a_success_and_set_by_a_failure(folder):
	must("errno", dumps=2)


@test
def errno_is_kept_by_a_failed_write_of_ours(folder):
	must("errno", out="/dev/full", warnings=None, dumps=0)


def calls_made(ours):
	"""What the victim counted, a number for each process."""
	return [int(line) for line in ours.files["calls"].split()]


@test
def errno_is_kept_in_four_processes_of_four_threads_under_a_timer_that_calls(folder):
	loops = times(200, 2000)
	ours = same("processes=4", f"storm={loops}", "many=1")
	made = calls_made(ours)
	assert ours.out.count("0 calls answered wrongly\n") == len(made) == 4, ours.out
	assert len(ours.dumps) + lost(ours) == sum(made) + 4, (len(ours.dumps), lost(ours), made)
	assert sum(made) > 4 * 4 * loops * 2, f"the timer never called: {made}"


@test
def a_process_whose_threads_call_forks_for_generations_and_loses_nothing(folder):
	generations = times(40, 400)
	ours = same(f"generations={generations}")
	made = calls_made(ours)
	assert len(made) == generations + 1 <= sum(made), made
	assert (len(ours.dumps), lost(ours)) == (sum(made), 0), (len(ours.dumps), lost(ours), sum(made))


@test
def hundreds_of_threads_that_call_at_once_lose_nothing(folder):
	threads = times(300, 500)
	assert lost(must(*5 * [f"crowd={threads}"], dumps=5 * threads * 4 * 2)) == 0


def quiet_calls(ours):
	"""Those that come after an uproar; in it no call is of an unknown type."""
	return sum(dump["attr"].get("type") == UNKNOWN_TYPE for dump in ours.dumps)


@test
def calls_after_handlers_that_jumped_out_of_thousands_are_dumped(folder):
	jumps = times(3000, 30000)
	ours = same("call", f"jump={jumps}", *20 * ["fail"])
	assert len(ours.dumps) > jumps and quiet_calls(ours) == 20, quiet_calls(ours)


@test
def calls_further_down_the_stack_than_those_that_were_jumped_out_of_are_dumped(folder):
	ours = same("call", f"jump={times(3000, 30000)}", *20 * ["deep"])
	assert quiet_calls(ours) == 20, quiet_calls(ours)


@test
def calls_after_threads_that_were_cancelled_within_theirs_are_dumped(folder):
	threads = times(500, 5000)
	ours = same("call", f"cancel_threads={threads}", *20 * ["fail"])
	assert len(ours.dumps) > threads and quiet_calls(ours) == 20, quiet_calls(ours)


@test
def a_signal_handler_can_make_the_first_call(folder):
	must("handler", dumps=KINDS_OF_CALL)


@test
def a_vforked_child_can_make_the_first_call(folder):
	ours = must("vfork", "call", dumps=3)
	child, again, parent = (dump["caller_pid"] for dump in ours.dumps)
	assert child == again != parent, ours.dumps


@test
def a_forked_child_is_named_as_the_caller(folder):
	ours = must("call", "fork", "call", dumps=3)
	parent, child, again = (dump["caller_pid"] for dump in ours.dumps)
	assert parent == again != child, ours.dumps


@test
def a_forked_child_has_its_own_file_when_out_has_the_pid(folder):
	same("call", "fork", "call", out=f"{folder}/dumps.%p")
	found = sorted((path.name, json.loads(line)["caller_pid"])
		for path in folder.glob("dumps.*") for line in lines_of(path))
	assert len(found) == 3 and len(set(found)) == 2, found
	assert all(name == f"dumps.{pid}" for name, pid in found), found


@test
def a_thread_of_16_kib_can_make_the_first_call(folder):
	must("small_thread", dumps=KINDS_OF_CALL)


@test
def a_thread_of_16_kib_can_call_with_stderr_as_the_output(folder):
	must("small_thread", to="stderr", dumps=KINDS_OF_CALL)


@test
def a_signal_stack_of_2_kib_can_make_the_first_call(folder):
	must("signal_stack", dumps=KINDS_OF_CALL)


@test
def a_signal_stack_of_2_kib_can_call_with_stderr_as_the_output(folder):
	must("signal_stack", to="stderr", dumps=KINDS_OF_CALL)


@test
def a_pending_cancellation_does_not_strike_inside_the_call(folder):
	must("cancel", dumps=1)


@test
def a_pending_cancellation_does_not_strike_inside_the_write_to_stderr(folder):
	must("cancel", to="stderr", dumps=1)


# --- nothing else changes ---

@test
def the_exit_status_is_kept(folder):
	assert must("call", "exit=3", dumps=1).status == 3


@test
def death_by_a_signal_is_kept(folder):
	for number in (signal.SIGTERM, signal.SIGABRT, signal.SIGKILL, signal.SIGSEGV):
		(folder / number.name).mkdir()
		os.chdir(folder / number.name)
		assert must("call", f"raise={int(number)}", dumps=1).status == -number, number


@test
def without_a_call_no_file_is_opened_or_created(folder):
	loading = f'"{SHIM}"'
	opening = "open,openat,openat2,creat"
	for command in (["true"], [VICTIM, "passes=10", "six"]):
		bare = traced(*command, only=opening)
		ours = traced(*command, only=opening, preload=(SHIM,))
		assert [line for line in ours if loading not in line] == bare, "\n".join(ours)
		assert any(loading in line for line in ours), "the shim was not loaded"
		assert not pathlib.Path("dumps").exists(), "out was created"


@test
def after_a_success_the_event_is_asked_for_its_id_one_write_is_made_and_nothing_else(folder):
	calls = traced(VICTIM, "call", "call", preload=(SHIM,))
	opens = [at for at, line in enumerate(calls) if line.startswith("perf_event_open(")]
	assert len(opens) == 2, calls
	for at in opens:
		fd = calls[at].split()[-1]
		question, ours, program = calls[at + 1:at + 4]
		assert question.startswith(f"ioctl({fd}, PERF_EVENT_IOC_ID, "), question
		assert re.match(r"(write|pwrite64|pwritev|pwritev2|writev)\(", ours), ours
		assert program.startswith("write(1,"), program


@test
def a_dumped_call_makes_at_most_seven_others(folder):
	calls = traced(VICTIM, "many=9", preload=(SHIM,))
	(*_, before, last) = (at for at, line in enumerate(calls) if line.startswith("close("))
	ours = [line.partition("(")[0] for line in calls[before + 1:last]]
	ours.remove("perf_event_open")
	assert 0 < len(ours) <= 7, ours


@test
def a_tracepoint_that_does_not_exist_is_not_looked_for_each_time(folder):
	for number in range(50):
		path = folder / f"events/system/event_{number}/id"
		path.parent.mkdir(parents=True)
		path.write_text(f"{number + 1}\n")
	def opens(times):
		calls = traced(VICTIM, f"tracepoints={times}", only="open,openat", preload=(SHIM,),
			TRACEFS_PATH=str(folder))
		return sum('/id"' in line for line in calls)
	assert opens(1) >= 50, "one call does not look at every tracepoint"
	assert opens(100) <= 10 * 50, f"{opens(100)} files opened for a hundred calls"


@test
def a_program_with_hardly_any_address_space_left_starts(folder):
	def starts(kib, preload):
		limited = ("sh", "-c", 'ulimit -v $0 && exec "$@"', str(kib))
		how = dict(env=environment(preload, "out=dumps"), capture_output=True)
		return subprocess.run([*limited, VICTIM, "many=1"], **how).returncode == 0
	least, most = 0, 1 << 20
	assert starts(most, ())
	while most - least > 4:
		half = (least + most) // 2
		least, most = (least, half) if starts(half, ()) else (half, most)
	assert starts(most + 4096, (SHIM,)), f"{most} KiB are enough without us"
	assert len(lines_of("dumps")) > 0, "the call was not dumped"


@test
def programs_that_rewrite_their_environment_keep_their_settings(folder):
	must("clear_environment", "call", dumps=1)


@test
def start_up_takes_at_most_a_fifth_longer(folder):
	"""By the quietest moments of a busy machine, turn and turn about; a few of them may all be loud."""
	def once(variables):
		start = time.perf_counter()
		os.waitpid(os.posix_spawn(need("true"), ["true"], variables), 0)
		return time.perf_counter() - start
	bare, preloaded = environment((), ""), environment((SHIM,), "")
	for _ in range(10):
		rounds = [(once(bare), once(preloaded)) for _ in range(200)]
		least, ours = (min(column) for column in zip(*rounds))
		if ours <= 1.2 * least:
			return
	raise AssertionError(f"{ours * 1e6:.0f} µs, {least * 1e6:.0f} bare")


# --- descriptors ---

@test
def the_program_gets_the_same_descriptors(folder):
	must("open", "call", "open", "fail", "open", "call", "open", dumps=3)


@test
def the_program_gets_the_same_descriptors_with_stderr_as_the_output(folder):
	must("open", "call", "open", "fail", "open", "call", "open", to="stderr", dumps=3)


@test
def a_program_executed_later_inherits_no_descriptor_of_ours(folder):
	must("call", "open", "exec", dumps=1)


@test
def a_limit_of_16_descriptors_changes_no_number(folder):
	must("limit=16", "call", "open", "call", dumps=2)


@test
def the_last_free_descriptor_is_the_programs(folder):
	same("limit=16", "fill_table=1", "call", "call", warnings=None)


@test
def a_full_table_of_descriptors_is_the_programs_own_error(folder):
	same("limit=16", "fill_table=0", "call", "fail", warnings=None)


@test
def a_program_that_closes_everything_keeps_its_data_file_to_itself(folder):
	ours = must("call", "close_everything", "call", dumps=2 + 3 * KINDS_OF_CALL)
	assert ours.files["data"] == 3 * b"the program's own bytes\n", ours.files["data"]


# --- stderr ---

@test
def a_file_that_takes_the_place_of_a_closed_stderr_is_not_written_to(folder):
	ours = must("open_words", "words", "call", "words", to="stderr", dumps=0,
		preexec_fn=lambda: os.close(2))
	assert ours.files["words"] == 2 * b"the program's own words\n", ours.files["words"]


@test
def a_file_that_replaces_stderr_is_not_written_to(folder):
	ours = same("call", "stderr_to_file", "words", "call", "words", to="stderr")
	assert ours.files["words"] == 2 * b"the program's own words\n", ours.files["words"]
	assert len(ours.dumps) == 1, ours.dumps


@test
def a_socket_that_replaces_stderr_is_not_written_to(folder):
	ours = must("call", "stderr_to_socket", "call", "words", "call", "read_socket", to="stderr",
		dumps=1)
	assert "got: the program's own words\n" in ours.out, ours.out


@test
def stderr_is_not_kept_open_behind_the_programs_back(folder):
	start = time.monotonic()
	must("call", "daemon", to="stderr", dumps=1)
	assert time.monotonic() - start < 50, "the pipe outlived the program's own end of it"


def broken_pipe():
	reader, writer = os.pipe()
	os.close(reader)
	return writer


@test
def a_broken_stderr_does_not_kill(folder):
	assert same("call", "fail", "exit=3", to="stderr", stderr=broken_pipe()).status == 3


@test
def a_broken_stderr_raises_no_sigpipe_of_ours(folder):
	ours = same("watch_pipe", "call", "fail", "broken_pipes", "words", "broken_pipes",
		to="stderr", stderr=broken_pipe())
	before, after = re.findall(r"(\d+) SIGPIPE seen, 0 pending", ours.out)
	assert (before, after) == ("0", "1"), ours.out


@test
def what_a_full_stderr_lost_is_counted(folder):
	reader, writer = os.pipe()
	os.set_inheritable(writer, True)
	same("fill_stderr", "call", "fail", "call", "drain_stderr", "call",
		to="stderr", stdin=reader, stderr=writer)
	os.close(writer)
	with open(reader) as rest:
		dumps = [json.loads(line) for line in rest]
	assert [dump.get("lost") for dump in dumps] == [3], dumps


@test
def a_full_stderr_is_waited_for_once_and_for_50_milliseconds(folder):
	reader, writer = os.pipe()
	strace = (need("strace"), "-o", "strace", "-e", "trace=poll,ppoll,select,pselect6,nanosleep")
	with open(reader), open(writer, "w") as stderr:
		run("fill_stderr", "call", "fail", "many=20", wrapper=strace, stderr=stderr,
			settings="format=json")
	waits = [line for line in lines_of("strace") if not line.startswith("+++") and "tv_nsec=0}" not in line]
	assert len(waits) == 1 and "{tv_sec=0, tv_nsec=50000000}" in waits[0], waits


@test
def writers_that_stand_still_are_waited_for_once(folder):
	reader, writer = os.pipe()
	with open(reader), open(writer, "w") as stderr:
		ours = run("stand_still=20", stderr=stderr)
	first, *later = map(int, re.findall(r"(\d+) ms", ours.out))
	assert first < 3000 and len(later) == 3 and max(later) < 100, ours.out


@test
def threads_whose_calls_are_interrupted_by_calls_all_the_time_get_on(folder):
	ours = run("timers=20", settings="out=dumps:format=json")
	assert ours.out == "20 ended\n", ours.out


def background_job(terminal, preload, settings):
	"""A job in the background of a terminal of its own, which stops those that write to it."""
	os.setsid()
	fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
	modes = termios.tcgetattr(terminal)
	modes[3] |= termios.TOSTOP
	termios.tcsetattr(terminal, termios.TCSANOW, modes)
	job = os.fork()
	if job == 0:
		os.setpgid(0, 0)
		null = os.open(os.devnull, os.O_RDWR)
		for fd, what in enumerate((null, null, terminal)):
			os.dup2(what, fd)
		os.execve(VICTIM, ["victim", *settings[1:]], environment(preload, settings[0]))
	os.setpgid(job, job)
	_, status = os.waitpid(job, os.WUNTRACED)
	if os.WIFSTOPPED(status):
		os.kill(job, signal.SIGKILL)
	os._exit(os.WIFSTOPPED(status) or os.waitstatus_to_exitcode(status) != 0)


def read_terminal(master):
	"""All that was written; there is no end of file on a terminal, but an error once it is shut."""
	text = b""
	with open(master, "rb", buffering=0) as terminal:
		try:
			while more := terminal.read(4096):
				text += more
		except OSError as error:
			assert error.errno == errno.EIO, error
	return text


def run_in_background(*steps, preload=(SHIM,), settings="format=json"):
	"""Whether a job in the background ran to its end, and what it wrote to its terminal."""
	master, terminal = pty.openpty()
	child = os.fork()
	if child == 0:
		try:
			background_job(terminal, preload, (settings, *steps))
		finally:
			os._exit(2)
	_, status = os.waitpid(child, 0)
	os.close(terminal)
	return status == 0, read_terminal(master).decode()


@test
def a_terminal_that_stops_its_background_jobs_does_not_stop_one_that_is_dumped(folder):
	assert run_in_background("words", preload=())[0] is False, "this terminal stops nobody"
	for where in ("", "out=/dev/tty:", "out=/dev/stderr:"):
		ended, written = run_in_background("many=2", settings=f"{where}format=json")
		assert ended, f"stopped with {where or 'stderr'}"
		calls = [json.loads(line)["call"] for line in written.splitlines()]
		assert calls == [1, 2], (where, written)


@test
def a_background_job_that_writes_to_its_terminal_itself_is_still_stopped(folder):
	assert run_in_background("many=2", "words")[0] is False


# --- the output ---

@test
def a_full_disk_is_survived(folder):
	ours = same("call", "fail", "exit=3", out="/dev/full", warnings=None)
	assert ours.err.count("\n") <= 1, ours.err


@test
def a_limit_on_the_size_of_files_does_not_kill(folder):
	same("limit_files=0", "call", "fail", warnings=None)


def check_torn(path, made):
	"""One record is torn, and those after it are whole; they count it with those lost."""
	whole, torn = [], []
	for line in lines_of(path):
		try:
			whole.append(json.loads(line))
		except json.JSONDecodeError:
			torn.append(line)
	assert len(torn) == 1, torn
	counted = [dump["lost"] for dump in whole if "lost" in dump]
	assert len(counted) == 1 and sum(counted) + len(whole) == made, (counted, len(whole))
	assert "lost" in whole[-2] and whole[-1]["call"] == made, whole[-2:]


@test
def a_record_torn_by_a_limit_on_the_size_of_files_does_not_spoil_the_next(folder):
	run("limit_files=2500", "many=5", "limit_files=1000000", "many=2",
		settings=f"out={folder}/dumps:format=json")
	check_torn("dumps", 7)


@test
def a_record_torn_by_a_full_file_system_does_not_spoil_the_next(folder):
	need_root()
	disk = folder / "disk"
	disk.mkdir()
	if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "none", disk]).returncode:
		raise Skip("no tmpfs can be mounted")
	try:
		(disk / "ballast").write_bytes(bytes(8192))
		run("many=20", "make_room", "many=2", folder=disk,
			settings="out=dumps:format=json")
		check_torn(disk / "dumps", 22)
	finally:
		subprocess.run(["umount", disk], check=True)


@test
def an_inherited_descriptor_that_is_closed_or_read_only_is_one_warning(folder):
	with open(os.devnull) as read_only:
		for out, how in (("/dev/fd/9", {}), ("/dev/stdout", dict(stdout=read_only)),
				(f"/dev/fd/{read_only.fileno()}", dict(pass_fds=[read_only.fileno()]))):
			ours = run("many=3", "exit=3", settings=f"out={out}:format=json", **how)
			assert ours.status == 3, (out, ours)
			check_warning(ours, out, 3)


@test
def a_missing_folder_is_one_warning(folder):
	ours = same("call", "fail", "call", out=folder / "absent/dumps", warnings=2)
	check_warning(ours, "absent/dumps", 3)


@test
def a_folder_as_out_is_one_warning(folder):
	ours = same("call", "fail", "call", out=folder, warnings=2)
	check_warning(ours, str(folder), 3)


@test
def a_symbolic_link_as_out_is_not_followed(folder):
	(folder / "link").symlink_to(folder / "victim of the link")
	ours = same("call", "fail", "call", out=folder / "link", warnings=2)
	check_warning(ours, "link", 3)
	assert not (folder / "victim of the link").exists()


@test
def dumps_lost_to_a_missing_folder_are_counted_in_the_next(folder):
	ours = same("call", "fail", "mkdir", "call", out="later/dumps", warnings=1)
	dumps = [json.loads(line) for line in lines_of("preloaded/later/dumps")]
	assert [dump.get("lost") for dump in dumps] == [2], (dumps, ours.err)


@test
def a_folder_that_is_removed_breaks_nothing_and_is_used_again_once_it_is_back(folder):
	program = ("mkdir", "call", "remove", "fail", "close_everything", "mkdir", "call")
	ours = same(*program, out="later/dumps", warnings=1)
	dumps = [json.loads(line) for line in lines_of("preloaded/later/dumps")]
	assert [dump.get("lost") for dump in dumps] == [3 * KINDS_OF_CALL], (dumps, ours.err)


@test
def out_is_private_and_appended_to(folder):
	must("call", dumps=1)
	run("call", settings="out=dumps:format=json")
	assert len(lines_of("dumps")) == 2, lines_of("dumps")
	assert stat.S_IMODE(os.stat("dumps").st_mode) == 0o600, oct(os.stat("dumps").st_mode)


@test
def out_is_opened_once_to_append_privately_following_no_link_and_for_no_program_to_come(folder):
	(opening,) = (line for line in traced(VICTIM, "call", "fail", "call", only="open,openat,creat", preload=(SHIM,))
		if '/dumps"' in line)
	flags, mode = re.search(r'"[^"]*", ([A-Z_|]+), (\d+)\)', opening).groups()
	assert {"O_WRONLY", "O_CREAT", "O_APPEND", "O_CLOEXEC", "O_NOFOLLOW", "O_NOCTTY"} <= set(flags.split("|")), opening
	assert int(mode, 8) == 0o600 and "O_TRUNC" not in flags, opening


@test
def standard_output_and_error_and_inherited_descriptors_are_written_to_by_their_names(folder):
	for name, number in (("/dev/stdout", 1), ("/dev/stderr", 2), ("/dev/fd/1", 1), ("/proc/self/fd/2", 2),
			("/dev/fd/7", 7), ("/proc/self/fd/7", 7)):
		reader, writer = os.pipe()
		dup = lambda: os.dup2(writer, number)
		run("many=2", settings=f"out={name}:format=json", preexec_fn=dup, pass_fds=[7])
		os.close(writer)
		with open(reader) as pipe:
			assert [json.loads(line)["call"] for line in pipe] == [1, 2], name


@test
def a_program_that_dropped_its_privileges_opens_out_as_who_it_is(folder):
	need_root()
	folder.chmod(0o711)
	(folder / "open").mkdir()
	(folder / "open").chmod(0o777)
	must("drop", "call", "pointers", out=folder / "open/dumps", dumps=1 + POINTERS)
	assert (folder / "open/dumps").stat().st_uid == NOBODY


@test
def a_program_that_dropped_its_privileges_and_cannot_open_out_is_warned_once(folder):
	need_root()
	folder.chmod(0o711)
	ours = same("drop", "call", "fail", "call", warnings=2)
	check_warning(ours, "dumps", 3)


@test
def eight_processes_tear_no_record_of_a_file(folder):
	many = times(200, 5000)
	run("processes=8", f"many={many}", "sizes", f"many={many}", settings="out=dumps:format=json")
	dumps = [json.loads(line) for line in lines_of("dumps")]
	assert max(map(len, lines_of("dumps"))) > 8192, "no record is long"
	assert len(dumps) == 8 * (many + SIZES + many), len(dumps)
	assert not any("lost" in dump for dump in dumps)


def read_pipe(*steps, form):
	"""What eight processes write into one pipe."""
	reader, writer = os.pipe()
	command = [VICTIM, "processes=8", *steps]
	processes = subprocess.Popen(command, env=environment((SHIM,), f"format={form}"), stderr=writer,
		stdout=subprocess.DEVNULL)
	os.close(writer)
	with open(reader) as pipe:
		text = pipe.read()
	assert processes.wait() == 0
	return text


@test
def eight_processes_tear_no_record_of_a_pipe(folder):
	many = times(300, 5000)
	lines = read_pipe(f"many={many}", "pointers", f"many={many}", form="json").splitlines(True)
	dumps = [json.loads(line) for line in lines]
	assert max(map(len, lines)) <= 4096, max(map(len, lines))
	assert len(dumps) == 8 * (many + POINTERS + many), len(dumps)


def shown(text):
	"""The calls that the tool reads in a text, and whether it said that some are damaged."""
	done = subprocess.run([ROOT / "build/peodump", "show", "--as", "json"], input=text, text=True,
		capture_output=True)
	assert (done.returncode == 2) == bool(done.stderr), done
	return [json.loads(line) for line in done.stdout.splitlines()], bool(done.stderr)


def essence(call):
	"""What is the same for each process that does the same steps."""
	return {key: value for key, value in call.items()
		if key not in ("caller_pid", "caller_tid", "attr_addr")}


@test
def long_records_that_eight_processes_tear_in_a_pipe_are_noticed_by_the_reader(folder):
	steps = times(4, 100) * ["many=20", "sizes"]
	run(*steps, settings="out=alone")
	alone, damaged = shown(pathlib.Path("alone").read_text())
	assert not damaged and len(alone) == times(4, 100) * (20 + SIZES), len(alone)
	text = read_pipe(*steps, form="c")
	marked = re.findall(r"^/\* perf_event_open .*, (\d+) bytes \*/$", text, re.M)
	assert marked and min(map(int, marked)) > 4096, marked
	together, damaged = shown(text)
	made = {call["call"]: essence(call) for call in alone}
	wrong = [call for call in together if essence(call) != made[call["call"]]]
	assert not wrong, f"{len(wrong)} calls that nobody made: {wrong[:1]}"
	named = {(call["caller_pid"], call["call"]) for call in together}
	assert len(named) == len(together), "a call is shown twice"
	assert damaged == (len(together) < 8 * len(alone)), (damaged, len(together))


@test
def of_a_hundred_processes_calls_the_kernel_saw_none_more_than_were_dumped(folder):
	many = times(50, 500)
	with Kernel() as kernel:
		run("processes=100", f"many={many}", settings="out=dumps:format=json")
		seen = kernel.calls()
	dumps = [json.loads(line) for line in lines_of("dumps")]
	dumped = collections.Counter(dump["caller_pid"] for dump in dumps)
	assert len(seen) == 100 and seen.total() == 100 * many, (len(seen), seen.total())
	assert dumped == seen, (dumped.total(), seen.total())
	assert len({(dump["caller_pid"], dump["call"]) for dump in dumps}) == len(dumps), "a number twice"


# --- the attr ---

def wanted(size):
	return min(max(size or 64, 64), 4096)


def compare_attrs(ours):
	"""The attrs that the last step passed are in the dumps, each byte and outcome."""
	told = [line.split() for line in ours.out.splitlines() if line.startswith("attr ")][-SIZES:]
	dumps = ours.dumps[-len(told):]
	for (_, size, error, after, before), dump in zip(told, dumps):
		size, error, after = int(size), int(error), int(after)
		case = f"size {size}, readable {len(before) // 2}: {dump}"
		assert dump["attr_hex"] == before[:2 * wanted(size)], case
		assert ("errno" in dump) == bool(error) == (dump["fd"] == -1), case
		assert dump.get("attr_size_after", size) == after, case
		if len(before) >= 16:
			assert dump["attr"]["size"] == SIZE_NAMES.get(size, size), case


def check_pointers(ours):
	compare_attrs(ours)
	assert all(dump["errno"] == "EFAULT" for dump in ours.dumps), ours.dumps
	start = ours.dumps[:4]
	assert [dump["attr_hex"] for dump in start] == 4 * [""], start
	assert [int(dump["attr_addr"], 16) for dump in start[:2]] == [0, 8], start


@test
def every_byte_of_an_attr_of_an_odd_size_is_shown(folder):
	ours = must("sizes", dumps=SIZES)
	compare_attrs(ours)
	assert any("attr_size_after" in dump for dump in ours.dumps)


@test
def bad_pointers_are_the_callers_efault_and_what_could_be_read_is_shown(folder):
	check_pointers(must("pointers", dumps=POINTERS))


# --- sandboxes ---

def check_refused_readv(folder, error):
	compare_attrs(must(f"refuse_readv={error}", "sizes", dumps=SIZES))
	(folder / "again").mkdir()
	os.chdir(folder / "again")
	check_pointers(must(f"refuse_readv={error}", "pointers", dumps=POINTERS))


@test
def a_sandbox_that_refuses_to_read_our_own_memory_with_eperm_loses_nothing(folder):
	check_refused_readv(folder, errno.EPERM)


@test
def a_sandbox_that_refuses_to_read_our_own_memory_with_enosys_loses_nothing(folder):
	check_refused_readv(folder, errno.ENOSYS)


@test
def a_sandbox_that_kills_on_all_but_write_and_exit_is_survived_with_safe(folder):
	ours = same("confine", "call", "fail", "null", "call", to="stderr", settings=":safe=1:life=0")
	assert ours.status == 0, ours
	assert [dump["fd"] for dump in ours.dumps if dump["fd"] >= 0] == [3, 4], ours.dumps


@test
def a_full_stderr_in_a_sandbox_that_kills_is_survived_with_safe(folder):
	reader, writer = os.pipe()
	with open(reader), open(writer, "w") as stderr:
		ours = run("fill_stderr", "confine", "call", "fail", "call", "exit=3", stderr=stderr,
			settings="format=json:safe=1")
	assert (ours.status, ours.out.count("\n")) == (3, 3), ours


@test
def a_wrong_setting_is_one_warning_with_safe_too_and_not_in_the_sandbox(folder):
	for steps in (["passes=1"], ["call", "fail"], ["confine", "call", "call"]):
		ours = run(*steps, settings="bogus=1:format=json:safe=1")
		(warning,) = (line for line in ours.err.splitlines() if not line.startswith("{"))
		assert ours.status == 0 and "bogus=1" in warning, ours


@test
def safe_finds_the_sandbox_deadly_without_it(folder):
	assert run("confine", "call", settings="out=dumps").status == -signal.SIGSYS


# --- other programs ---

@test
def a_musl_program_is_dumped(folder):
	need("musl-gcc")
	victim = compile_victim("victim_musl", "musl-gcc")
	compare_attrs(must("call", "fail", "open", "sizes", program=victim, dumps=2 + SIZES))


@test
def a_musl_program_reads_its_settings_and_survives_small_stacks(folder):
	need("musl-gcc")
	victim = compile_victim("victim_musl", "musl-gcc")
	must("small_thread", "signal_stack", "errno", program=victim, dumps=2 * KINDS_OF_CALL + 2)


@test
def an_i386_program_is_dumped(folder):
	victim = compile_victim("victim_i386", "cc", "-m32")
	library = "build/i386/libpeodump.so"
	subprocess.run(["make", "-sC", ROOT, library], check=True, env=ENVIRONMENT)
	steps = ("call", "fail", "open", "six", "small_thread", "handler", "errno", "sizes")
	compare_attrs(must(*steps, program=victim, shim=ROOT / library,
		dumps=2 + KINDS_OF_CALL + KINDS_OF_CALL + 2 + SIZES))


@test
def a_program_with_gccs_address_sanitizer_is_dumped(folder):
	victim = compile_victim("victim_asan", "cc", "-fsanitize=address")
	compare_attrs(must("call", "fail", "errno", "pointers", "sizes", program=victim,
		more={"ASAN_OPTIONS": "verify_asan_link_order=0"}, dumps=2 + 2 + POINTERS + SIZES))


@test
def a_program_with_clangs_address_sanitizer_is_dumped(folder):
	victim = compile_victim("victim_clang_asan", need("clang"), "-fsanitize=address")
	compare_attrs(must("call", "fail", "errno", "pointers", "sizes", program=victim,
		dumps=2 + 2 + POINTERS + SIZES))


@test
def a_library_of_the_wrong_class_is_one_line_of_the_dynamic_linkers_and_nothing_else(folder):
	victim = compile_victim("victim_i386", "cc", "-m32")
	assert "cannot be preloaded" in same("call", "fail", "six", program=victim, warnings=1).err


def setuid_copy(program, folder):
	"""Root's copy of a program, and what to run it with to be nobody."""
	need_root("make setuid programs")
	if os.statvfs(folder).f_flag & os.ST_NOSUID:
		raise Skip("temporary files cannot be setuid")
	copy = folder / "setuid"
	shutil.copy(program, copy)
	folder.chmod(0o777)
	copy.chmod(0o4755)
	return dict(program=copy, wrapper=(need("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups"))


@test
def a_setuid_program_is_left_alone(folder):
	must("call", "fail", "open", dumps=0, **setuid_copy(VICTIM, folder))


@test
def a_setuid_program_that_is_linked_with_us_takes_no_settings_from_who_runs_it(folder):
	linked = compile_victim("victim_linked", "cc", "-Wl,--no-as-needed", SHIM,
		f"-Wl,-rpath,{SHIM.parent}")
	settings = {"PEODUMP": f"out={folder}/dumps:format=json"}
	run("call", program=linked, preload=(), more=settings)
	assert len(lines_of("dumps")) == 1, "it is not linked with us"
	pathlib.Path("dumps").unlink()
	ours = run("call", preload=(), more=settings, **setuid_copy(linked, folder))
	assert not pathlib.Path("dumps").exists(), "root's file in a place that nobody chose"
	assert "/* perf_event_open 1: setuid[" in ours.err, ours.err


@test
def a_program_under_valgrind_is_dumped_and_no_byte_is_read_that_was_not_written(folder):
	valgrind = (need("valgrind"), "--log-file=/dev/null", "--error-exitcode=9")
	assert must("call", "fail", "errno", "six", wrapper=valgrind, dumps=4).status == 0


# --- settings ---

@test
def a_setting_that_is_unknown_or_wrong_is_one_warning(folder):
	for bad in ("bogus=1", "format=xml", "fields=some", "safe=maybe", "format", "=c"):
		ours = run("call", "fail", settings=f"{bad}:out=dumps")
		assert ours.err.count("\n") == 1 and bad.strip("=") in ours.err, (bad, ours.err)
		assert ours.status == 0, bad
		dumps = pathlib.Path("dumps").read_text()
		assert dumps.count("struct perf_event_attr attr =") == 2, (bad, dumps)
		os.remove("dumps")


@test
def what_safe_leaves_no_room_for_is_one_warning(folder):
	for setting in ("rehearse", "probe", "life"):
		ours = run("call", "fail", settings=f"safe=1:{setting}=1")
		assert ours.err.count("with PEODUMP=safe=1 there is no rehearse, probe or life") == 1, ours.err


@test
def no_settings_are_no_warning(folder):
	for settings in ("", "out=dumps"):
		ours = run("passes=1", settings=settings)
		assert ours.err == "", f"{settings}: {ours.err}"


@test
def percent_signs_in_out_stand_for_the_pid_themselves_and_colons(folder):
	for name, expected in (("a%%b", "a%b"), ("a%:b", "a:b"), ("%%p%:%%", "%p:%"),
			("pid%p", "pid{caller_pid}")):
		run("call", settings=f"out={name}:format=json")
		(path,) = (path for path in folder.iterdir() if path.is_file())
		dump = json.loads(path.read_text())
		assert path.name == expected.format(**dump), path.name
		path.unlink()


@test
def percent_signs_in_the_working_directorys_name_are_no_escapes(folder):
	for name in ("100%", "a%b", "%p", "50%%p%:%"):
		(folder / name).mkdir()
		run("call", settings="out=dumps.%p%%:format=json", folder=folder / name)
		(found,) = folder.glob("*/dumps*")
		dump = json.loads(found.read_text())
		assert found == folder / name / f"dumps.{dump['caller_pid']}%", found
		found.unlink()


@test
def help_names_every_setting_and_the_program_runs_on(folder):
	ours = run("call", "exit=3", settings="help=1:out=dumps")
	assert (ours.status, ours.out) == (3, "perf_event_open: 3\n"), ours
	for key in ("out=", "format=", "fields=", "safe=", "help="):
		assert key in ours.err, f"{key} is not in: {ours.err}"


if __name__ == "__main__":
	main()
