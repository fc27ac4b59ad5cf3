#!/usr/bin/python3
"""peodump run: what it sets, what it finds, and that the command cannot tell that it was there."""

import os
import pathlib
import shutil
import signal
import stat
import subprocess
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent))
from tool import (COUNTING, ENVIRONMENT, LIBRARY, TOOL, Skip, check, contains, installed, main,
	peodump, same, test, unprivileged)

CALL = "/* perf_event_open 1: counting["


def variable(name, *options, environment=()):
	"""What the command finds in a variable of its environment."""
	run = peodump(*options, "--", "printenv", name, environment=environment)
	same(run.status, 0)
	return run.out.rstrip("\n")


def setting(*options, environment=()):
	return variable("PEODUMP", *options, environment=environment)


def compiled(folder, source, *flags, name="program", compiler=os.environ.get("CC", "cc")):
	"""A C program that is built for one test."""
	(folder / "program.c").write_text(source)
	try:
		subprocess.run([compiler, *flags, "-o", folder / name, folder / "program.c"],
			check=True, capture_output=True)
	except (OSError, subprocess.CalledProcessError):
		raise Skip(f"no program can be built here with {' '.join(flags) or 'the compiler'}")
	return folder / name


# --- the dump ---

@test
def a_bare_command_is_dumped_to_stderr(folder):
	run, bare = peodump(COUNTING), subprocess.run([COUNTING], capture_output=True, text=True)
	same(run.status, bare.returncode)
	contains(run.err, CALL, ".type = PERF_TYPE_SOFTWARE,", bare.stderr)


@test
def the_verb_may_be_said(folder):
	contains(peodump("run", COUNTING).err, CALL)
	contains(peodump("run", "--", COUNTING).err, CALL)


@test
def output_goes_to_a_file_and_not_to_stderr(folder):
	same(peodump("-o", "dump", "--", COUNTING).err.count(CALL), 0)
	contains((folder / "dump").read_text(), CALL)
	same(stat.S_IMODE((folder / "dump").stat().st_mode), 0o600)


@test
def an_output_file_is_truncated_once_and_then_appended_to(folder):
	(folder / "dump").write_text("old\n")
	peodump("-o", "dump", "sh", "-c", f"{COUNTING}; {COUNTING}")
	text = (folder / "dump").read_text()
	same((text.count(CALL), text.count("old")), (2, 0))


def waits_for_a_writer(process):
	"""Whether it is within the open of a FIFO."""
	return pathlib.Path(f"/proc/{process.pid}/wchan").read_text() == "wait_for_partner"


@test
def a_fifo_that_is_waited_at_gets_the_dump(folder):
	os.mkfifo(folder / "fifo")
	with subprocess.Popen(["cat", folder / "fifo"], stdout=subprocess.PIPE, text=True) as reader:
		for _ in range(1000):
			if waits_for_a_writer(reader):
				break
			time.sleep(0.01)
		same(peodump("-o", "fifo", COUNTING).err, "")
		contains(reader.communicate(timeout=20)[0], CALL)


@test
def an_output_file_is_there_even_if_nothing_was_dumped(folder):
	peodump("-o", "dump", "true")
	same((folder / "dump").read_text(), "")


@test
def an_output_file_with_the_pid_is_one_for_each_process(folder):
	(folder / "dump.1").write_text("old\n")
	peodump("-o", "dump.%p", "sh", "-c", f"{COUNTING}; {COUNTING}; true")
	files = sorted(file.name for file in folder.iterdir())
	same((len(files), all(name[5:].isdigit() for name in files)), (3, True))
	same((folder / "dump.1").read_text(), "old\n")


@test
def an_output_file_may_have_any_name(folder):
	names = ["a:b", "100%", "50%:x", "a b", "%:", "'\"$"]
	for name in names:
		peodump("-o", name, COUNTING)
	check(f"{name} has no dump" for name in names
		if not (folder / name).exists() or CALL not in (folder / name).read_text())
	same(sorted(file.name for file in folder.iterdir()), sorted(names))


@test
def a_doubled_percent_sign_is_one(folder):
	peodump("-o", "a%%p", COUNTING)
	contains((folder / "a%p").read_text(), CALL)
	same([file.name for file in folder.iterdir()], ["a%p"])


@test
def an_output_file_stays_where_it_is_when_the_command_changes_its_folder(folder):
	peodump("-o", "dump", "sh", "-c", f"cd /; {COUNTING}")
	contains((folder / "dump").read_text(), CALL)


@test
def the_folder_of_an_output_file_may_have_any_name(folder):
	strange = folder / "a:b%p%"
	strange.mkdir()
	peodump("-o", "dump", COUNTING, cwd=strange)
	contains((strange / "dump").read_text(), CALL)


@test
def output_to_standard_output_is_a_dash(folder):
	contains(peodump("-o", "-", COUNTING).out, CALL)


@test
def an_output_file_stays_as_it_was_if_the_command_cannot_be_run(folder):
	(folder / "dump").write_text("old\n")
	(folder / "text").write_text("words\n")
	for command, status in (("no-such-command", 127), ("./text", 126), ("text", 126)):
		same((command, peodump("-o", "dump", command, environment={"PATH": str(folder)}).status), (command, status))
	same(peodump("-o", "dump", "--safe", "true").status, 125)
	same((folder / "dump").read_text(), "old\n")


@test
def a_dump_in_shared_memory_is_emptied_first(folder):
	file = pathlib.Path(f"/dev/shm/peodump-{os.getpid()}")
	try:
		file.write_text("old\n")
	except OSError:
		raise Skip("there is no shared memory")
	peodump("-o", file, COUNTING)
	text = file.read_text()
	file.unlink()
	same((text.count(CALL), "old" in text), (1, False))


@test
def an_output_file_that_cannot_be_opened_is_our_failure(folder):
	(folder / "link").symlink_to(folder / "target")
	for name in ("missing/dump", ".", "link"):
		run = peodump("-o", name, "echo", "ran")
		same((run.status, run.out), (125, ""))
		contains(run.err, f"peodump: {name}: ")
	contains(run.err, "is a symbolic link")
	same((folder / "target").exists(), False)


@test
def no_file_descriptor_of_ours_is_left_to_the_command(folder):
	run = peodump("-o", "dump", "sh", "-c", "ls /proc/$$/fd")
	same(run.out.split(), ["0", "1", "2"])


# --- the settings ---

@test
def every_option_is_its_setting(folder):
	wanted = {("-f", "json"): "format=json", ("--format", "c"): "format=c", ("--fields=set",): "fields=set",
		("--fields", "all"): "fields=all", ("--safe",): "safe=1", ("--rehearse",): "rehearse=1",
		("--probe",): "probe=1",
		("-o", "/tmp/peodump-%p:x%"): "out=/tmp/peodump-%p%:x%%"}
	check(f"{options}: {setting(*options)}, not {text}" for options, text in wanted.items()
		if setting(*options) != text)


@test
def settings_that_were_there_stay_and_options_come_behind_them(folder):
	same(setting("-f", "json", "--safe", environment={"PEODUMP": "fields=set:format=c"}),
		"fields=set:format=c:format=json:safe=1")
	same(setting(environment={"PEODUMP": "fields=set"}), "fields=set")


@test
def an_option_wins_over_the_environment(folder):
	peodump("-f", "json", "-o", "mine", COUNTING, environment={"PEODUMP": "out=theirs:format=c"})
	contains((folder / "mine").read_text(), '{"call": 1, ')
	same((folder / "theirs").exists(), False)


@test
def without_options_no_setting_is_made_up(folder):
	same(peodump("printenv", "PEODUMP").status, 1)


@test
def the_library_stands_before_what_is_preloaded_already(folder):
	same(variable("LD_PRELOAD"), str(LIBRARY))
	same(variable("LD_PRELOAD", environment={"LD_PRELOAD": "libm.so.6 libdl.so.2"}),
		f"{LIBRARY}:libm.so.6 libdl.so.2")


@test
def asan_is_told_to_let_the_library_come_first(folder):
	ours = "verify_asan_link_order=0"
	same(variable("ASAN_OPTIONS"), ours)
	same(variable("ASAN_OPTIONS", environment={"ASAN_OPTIONS": "detect_leaks=0"}), f"detect_leaks=0:{ours}")
	same(variable("ASAN_OPTIONS", environment={"ASAN_OPTIONS": "verify_asan_link_order=1"}),
		"verify_asan_link_order=1")


@test
def an_asan_program_runs_and_is_dumped(folder):
	program = compiled(folder, (pathlib.Path(__file__).parents[2] / "examples/counting.c").read_text(),
		"-fsanitize=address", name="counting")
	contains(peodump(program).err, CALL)


# --- the command ---

@test
def options_behind_the_command_are_its_own(folder):
	same(peodump("echo", "-o", "x", "--", "--help").out, "-o x -- --help\n")
	same(peodump("--", "printf", "%s", "--help").out, "--help")
	same(peodump("run", "echo", "-f").out, "-f\n")


@test
def a_command_that_is_called_like_a_verb_can_be_run(folder):
	tool = folder / "show"
	tool.write_text("#!/bin/sh\necho mine\n")
	tool.chmod(0o755)
	path = {"PATH": f"{folder}:{os.environ['PATH']}"}
	same(peodump("run", "show", environment=path).out, "mine\n")
	same(peodump("--", "show", environment=path).out, "mine\n")


@test
def the_status_is_the_commands(folder):
	for status in (0, 1, 42, 255):
		same(peodump("sh", "-c", f"exit {status}").status, status)


@test
def a_signal_ends_the_command_as_it_would(folder):
	for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV):
		same(peodump("sh", "-c", f"ulimit -c 0; kill -{int(number)} $$").status, -number)


@test
def the_command_has_our_pid(folder):
	process = subprocess.Popen([TOOL, "sh", "-c", "echo $$"], stdout=subprocess.PIPE, env=ENVIRONMENT)
	same(int(process.communicate()[0]), process.pid)


@test
def signals_that_were_ignored_or_blocked_stay_so(folder):
	command = ["grep", "-E", "^Sig(Ign|Blk)", "/proc/self/status"]
	def arrange():
		signal.signal(signal.SIGINT, signal.SIG_IGN)
		signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
	bare = subprocess.run(command, preexec_fn=arrange, capture_output=True, text=True)
	same(peodump(*command, preexec_fn=arrange).out, bare.stdout)


@test
def standard_input_is_the_commands(folder):
	same(peodump("cat", input="words\n").out, "words\n")


@test
def a_command_that_is_not_there_is_127(folder):
	for name in ("no-such-command", "./no-such-command", ""):
		run = peodump("--", name, environment={"PATH": "/usr/bin:/bin"})
		same((run.status, run.err), (127, f"peodump: {name}: No such file or directory\n"))


@test
def a_dump_in_the_place_of_a_command_is_told_which_verb_reads_it(folder):
	(folder / "a.peo").write_text("{}\n")
	run = peodump("a.peo", environment={"PATH": "/usr/bin:/bin"})
	same((run.status, run.err), (127, "peodump: a.peo: no such command in PATH; a dump is read by: peodump show a.peo\n"))


@test
def options_that_exclude_each_other_are_refused(folder):
	for option in ("--rehearse", "--probe", "--life"):
		run = peodump("run", "--safe", option, "true")
		same((run.status, run.err.splitlines()[0]), (125, f"peodump run: {option} cannot be had with --safe"))
	for ways in (("--trace", "--audit"), ("--preload", "--trace"), ("--audit", "--preload")):
		run = peodump("run", *ways, "true")
		same((run.status, run.err.splitlines()[0]), (125, "peodump run: --trace, --preload or --audit, not two of them"))
	same(peodump("run", "--preload", "--preload", "true").status, 0)


@test
def a_command_that_cannot_be_executed_is_126(folder):
	(folder / "text").write_text("words\n")
	for name in ("./text", "/"):
		run = peodump(name)
		same((run.status, run.err), (126, f"peodump: {name}: Permission denied\n"))


@test
def a_mistake_in_the_options_is_125(folder):
	for options in (["--nonsense", "true"], ["-o"], ["-f", "xml", "true"], ["--fields", "some", "true"],
			["run"], ["--"], ["--safe"], ["-o", "", "true"], ["--safe", "-o", "dump", "true"]):
		run = peodump(*options)
		same((options, run.status, run.out), (options, 125, ""))
		same((options, run.err.splitlines()[1:]), (options, ["Try 'peodump run --help'."]))
		same((options, run.err.startswith("peodump run: ")), (options, True))


@test
def nothing_at_all_shows_how_it_is_used(folder):
	run = peodump()
	same((run.status, run.out), (125, ""))
	contains(run.err, "usage: peodump")


@test
def every_verb_has_its_help_on_standard_output(folder):
	for verb in ([], ["run"], ["show"], ["diff"], ["fields"]):
		run = peodump(*verb, "--help")
		same((verb, run.status, run.err), (verb, 0, ""))
		contains(run.out, "usage: peodump", "  -h, --help")
		same((verb, peodump(*verb, "-h"), peodump("help", *verb)), (verb, run, run))
	same(peodump("help", "me").status, 2)
	same(peodump("--version").out, "peodump 0.1\n")


@test
def help_that_cannot_be_written_is_trouble(folder):
	with open("/dev/full", "w") as full:
		for verb in ([], ["run"], ["show"], ["diff"], ["fields"]):
			run = peodump(*verb, "--help", stdout=full)
			same((verb, run.status, run.err),
				(verb, 2, "peodump: write to standard output: No space left on device\n"))


# --- the library ---

@test
def the_library_is_found_beside_the_tool_and_where_it_is_installed(folder):
	for place, libdir in enumerate(("bin", "lib")):
		tool = installed(folder / f"{place}", libdir)
		run = peodump("printenv", "LD_PRELOAD", tool=tool)
		same(run.out, f"{folder}/{place}/{libdir}/libpeodump.so\n")


@test
def the_library_is_found_through_a_link_to_the_tool(folder):
	(folder / "elsewhere").symlink_to(TOOL)
	same(peodump("printenv", "LD_PRELOAD", tool=folder / "elsewhere").out, f"{LIBRARY}\n")


@test
def the_library_can_be_named(folder):
	shutil.copy(LIBRARY, folder / "other.so")
	same(variable("LD_PRELOAD", "--lib", "other.so"), str(folder / "other.so"))
	contains(peodump("--lib=./other.so", COUNTING).err, CALL)


@test
def a_library_that_is_none_is_said(folder):
	(folder / "text").write_text("words\n")
	for name in ("text", "."):
		same(peodump("--lib", name, "echo", "ran"), (125, "", f"peodump: {name} is no shared library\n"))


@test
def a_library_that_is_not_there_is_said(folder):
	run = peodump("--lib", "missing.so", "echo", "ran")
	same(run, (125, "", "peodump: missing.so: No such file or directory\n"))


@test
def where_the_library_was_looked_for_is_said(folder):
	tool = installed(folder, "elsewhere")
	run = peodump("echo", "ran", tool=tool)
	if run.out:
		raise Skip("a library is installed on this machine")
	same((run.status, run.out), (125, ""))
	contains(run.err, f"no libpeodump.so in {folder}/bin/", "name it with --lib")


@test
def a_library_that_ld_so_could_not_take_is_refused(folder):
	for name in ("a b.so", "a:b.so"):
		shutil.copy(LIBRARY, folder / name)
		run = peodump("--lib", name, "echo", "ran")
		same((run.status, run.out), (125, ""))
		contains(run.err, "ld.so takes no path with a blank or a colon from LD_PRELOAD")


# --- the auditing library ---

AUDITING = LIBRARY.with_name("libpeodump-audit.so")
BY_HANDLE = "import ctypes; ctypes.CDLL('libc.so.6').syscall(298, None, 0, -1, -1, 0)"


@test
def audit_puts_the_other_library_before_what_ld_audit_has_and_nothing_into_ld_preload(folder):
	same(variable("LD_AUDIT", "--audit"), str(AUDITING))
	same(variable("LD_AUDIT", "--audit", environment={"LD_AUDIT": str(AUDITING)}), f"{AUDITING}:{AUDITING}")
	same(peodump("--audit", "printenv", "LD_PRELOAD"), (1, "", ""))
	same(peodump("--audit", "printenv", "ASAN_OPTIONS"), (1, "", ""))


@test
def audit_makes_room_for_the_variables_of_threads_unless_that_is_set(folder):
	name = "glibc.rtld.optional_static_tls"
	same(variable("GLIBC_TUNABLES", "--audit"), f"{name}=4096")
	for before, after in ((f"{name}=8192", f"{name}=8192"),
			("glibc.malloc.check=0", f"glibc.malloc.check=0:{name}=4096")):
		same(variable("GLIBC_TUNABLES", "--audit", environment={"GLIBC_TUNABLES": before}), after)


@test
def a_program_with_many_variables_of_threads_starts_with_audit(folder):
	library = compiled(folder, '__attribute__((tls_model("initial-exec"))) __thread char many[3000];',
		"-shared", "-fPIC", name="libmany.so")
	same(peodump("--audit", "echo", "ran", environment={"LD_PRELOAD": str(library)}), (0, "ran\n", ""))


@test
def with_audit_a_function_that_was_looked_up_in_libc_is_dumped(folder):
	if os.uname().machine != "x86_64":
		raise Skip("the call has another number here")
	command = ["--", "/usr/bin/python3", "-c", BY_HANDLE]
	same(peodump(*command).err, "")
	contains(peodump("--audit", *command).err, "/* perf_event_open 1: python3[")


@test
def a_program_that_no_linker_audits_is_said_to_be_unseen(folder):
	program = compiled(folder, "int main(void) { return 7; }", compiler="musl-gcc")
	same(peodump("--audit", program),
		(7, "", f"peodump: {program} is linked with musl, which has no LD_AUDIT: {UNSEEN}"))
	same(peodump(program), (7, "", ""))
	program = compiled(folder, "int main(void) { return 7; }", "-static", name="fixed")
	same(peodump("--audit", program), (7, "", f"peodump: {program} is statically linked: {UNSEEN}"))


@test
def with_audit_lib_names_the_auditing_library(folder):
	shutil.copy(AUDITING, folder / "a b.so")
	contains(peodump("--audit", "--lib", "a b.so", COUNTING).err, CALL)
	shutil.copy(AUDITING, folder / "a:b.so")
	same(peodump("--audit", "--lib", "a:b.so", "true"), (125, "",
		f"peodump: {folder}/a:b.so: ld.so takes no path with a colon from LD_AUDIT\n"))


@test
def a_library_for_the_other_way_is_refused(folder):
	same(peodump("--lib", AUDITING, "echo", "ran"), (125, "", f"peodump: {AUDITING} is the library for --audit\n"))
	same(peodump("--audit", "--lib", LIBRARY, "echo", "ran"),
		(125, "", f"peodump: {LIBRARY} is no library for --audit\n"))


# --- what a preload cannot see ---

UNSEEN = "none of its calls will be seen\n"
TRACED = "tracing it\n"


@test
def a_static_program_is_said_to_be_traced_or_unseen_if_it_must_not(folder):
	program = compiled(folder, "int main(void) { return 7; }", "-static")
	same(peodump(program), (7, "", f"peodump: {program} is statically linked: {TRACED}"))
	same(peodump("--preload", program), (7, "", f"peodump: {program} is statically linked: {UNSEEN}"))


@test
def a_static_program_is_found_on_the_path_and_behind_a_script(folder):
	compiled(folder, "int main(void) { return 7; }", "-static", name="fixed")
	(folder / "script").write_text(f"#! {folder}/fixed -x\n")
	(folder / "script").chmod(0o755)
	for name in ("fixed", "script"):
		run = peodump(name, environment={"PATH": f"/nowhere::/usr/bin"})
		same(run, (7, "", f"peodump: {name} is statically linked: {TRACED}"))


@test
def a_program_for_another_architecture_is_said_to_be_traced(folder):
	program = compiled(folder, "int main(void) { return 7; }", "-m32", "-nostdlib", "-Wl,-emain")
	run = peodump(program)
	contains(run.err, f"{program} is built for another architecture than the library: {TRACED}")


@test
def a_program_that_gains_privileges_is_said_to_be_unseen(folder):
	if os.geteuid() != 0:
		raise Skip("only root can make a program that gains privileges")
	shutil.copy("/bin/true", folder / "grand")
	(folder / "grand").chmod(0o4755)
	run = peodump("./grand", tool=installed(folder, "lib"), wrapper=unprivileged(folder))
	same(run, (0, "", f"peodump: ./grand gains privileges, and drops what is preloaded: {UNSEEN}"))
	same(peodump("./grand").err, "")
	os.chown(folder / "grand", 65534, 65534)
	(folder / "grand").chmod(0o4755)
	contains(peodump("./grand").err, UNSEEN)


@test
def dynamic_programs_and_scripts_are_not_remarked_on(folder):
	(folder / "script").write_text("#!/bin/sh\nexit 3\n")
	(folder / "script").chmod(0o755)
	(folder / "bare").write_text("exit 4\n")
	(folder / "bare").chmod(0o755)
	same(peodump("./script"), (3, "", ""))
	same(peodump("./bare"), (4, "", ""))
	same(peodump("true"), (0, "", ""))


@test
def no_verb_needs_root(folder):
	user = dict(tool=installed(folder, "lib"), wrapper=unprivileged(folder))
	peodump("-o", "dump", COUNTING, **user)
	contains((folder / "dump").read_text(), CALL)
	for words in (["show", "dump"], ["diff", "dump", "dump"], ["fields"]):
		same((words, peodump(*words, **user).status), (words, 0))


@test
def a_script_whose_interpreter_is_missing_leaves_the_file_as_it_was(folder):
	(folder / "kept").write_text("kept")
	(folder / "script").write_text("#!/nowhere\n")
	(folder / "script").chmod(0o755)
	run = peodump("-o", "kept", "--", "./script")
	same((run.status, run.err), (127, "peodump: ./script: No such file or directory\n"))
	same((folder / "kept").read_text(), "kept")


if __name__ == "__main__":
	main()
