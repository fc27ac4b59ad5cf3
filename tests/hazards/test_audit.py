#!/usr/bin/python3
"""The auditing library: what a preload cannot see, call by call beside strace; and the hazards of the preload that its
other way in could have a part in."""

import os
import subprocess
import time

os.environ["SHIM"] = "build/libpeodump-audit.so"
import test_hazards
from test_hazards import ENVIRONMENT, PROGRAMS, ROOT, SHIM, Skip
from test_hazards import compile_victim, environment, lines_of, main, must, need, run, said, test
import harness
import same
import witness

PRELOAD = ROOT / "build/libpeodump.so"
LIFE = ROOT / "build/libpeodump-life.so"
APART = [PROGRAMS / "apart", PROGRAMS / "lib_apart.so"]
witness.VARIABLE, witness.SHIM = "LD_AUDIT", SHIM

same.keep("a_program_that_closes_everything_keeps_its_data_file_to_itself")


def beside_strace(folder, *command, calls):
	"""Each call is dumped as strace saw it, and the program says what it says without us."""
	ours = witness.run(list(map(str, command)), folder)
	harness.check([*witness.compare(ours),
		*witness.same_without_the_shim(ours, command, folder / "bare")])
	assert len(ours.calls) >= calls, f"only {len(ours.calls)} calls: {ours.stderr}"
	return ours


@test
def the_two_functions_that_ld_so_asks_for_are_the_only_exports(folder):
	exported = said("nm", "-D", "--defined-only", SHIM).split()[2::3]
	assert exported == ["la_objopen", "la_version"], exported
	assert not said("nm", "-D", "--undefined-only", SHIM)
	assert "NEEDED" not in said("readelf", "-dW", SHIM)


@test
def a_library_that_binds_to_libc_first_is_dumped(folder):
	beside_strace(folder, *APART, "deepbind", "deepbind_now", calls=4)


@test
def a_library_with_a_libc_of_its_own_is_dumped_and_has_its_own_errno(folder):
	ours = beside_strace(folder, *APART, "space", calls=2)
	assert "errno 14" in ours.stdout and "errno here 77" in ours.stdout, ours.stdout


@test
def eight_libcs_at_a_time_have_each_their_errno(folder):
	beside_strace(folder, *APART, "spaces", "handle", "deepbind", calls=8 * 2 + 1 + 2)


@test
def forty_libcs_that_come_and_go_are_all_seen(folder):
	beside_strace(folder, *APART, "spaces_that_come_and_go", "handle", calls=40 * 2 + 1)


@test
def a_program_that_ends_while_threads_call_and_load_libcs_ends_well(folder):
	for _ in range(30):
		ended = run(APART[1], "end_in_full_swing", program=APART[0], settings="out=/dev/null")
		assert ended.status == 0, ended


@test
def a_function_that_was_looked_up_in_libc_is_dumped(folder):
	beside_strace(folder, *APART, "handle", "version", calls=1)


@test
def a_pointer_to_the_function_is_dumped(folder):
	beside_strace(folder, *APART, "pointer", calls=1)


@test
def pythons_ctypes_is_dumped_whichever_way_it_finds_libc(folder):
	code = "import ctypes\nfor name in 'libc.so.6', None:\n" \
		"\tlibc = ctypes.CDLL(name, use_errno=True)\n" \
		"\tprint(libc.syscall(298, None, 0, -1, -1, 0), ctypes.get_errno())"
	if os.uname().machine != "x86_64":
		raise Skip("the call has another number here")
	beside_strace(folder, "python3", "-c", code, calls=2)


@test
def however_a_program_is_bound_it_is_dumped(folder):
	for options in (["-Wl,-z,lazy"], ["-Wl,-z,now"], ["-fno-plt"], ["-no-pie"]):
		(folder / options[0]).mkdir()
		os.chdir(folder / options[0])
		victim = compile_victim("victim_bound", "cc", *options)
		must("call", "fail", "errno", "six", program=victim, dumps=4)


@test
def a_program_with_gccs_address_sanitizer_needs_no_option(folder):
	victim = compile_victim("victim_asan", "cc", "-fsanitize=address")
	must("call", "fail", "errno", program=victim, dumps=4)


@test
def an_i386_program_is_dumped(folder):
	victim = compile_victim("victim_i386", "cc", "-m32")
	library = "build/i386/libpeodump-audit.so"
	subprocess.run(["make", "-sC", ROOT, library], check=True, env=ENVIRONMENT)
	must("call", "fail", "six", "handler", "errno", program=victim, shim=ROOT / library,
		dumps=2 + test_hazards.KINDS_OF_CALL + 2)


# glibc gives back at exit, where valgrind asks it to, what ld.so took from its own heap for any auditing library.
@test
def a_program_under_valgrind_is_dumped_and_no_byte_is_read_that_was_not_written(folder):
	valgrind = (need("valgrind"), "--log-file=/dev/null", "--error-exitcode=9", "--run-libc-freeres=no")
	assert must("call", "fail", "errno", "six", wrapper=valgrind, dumps=4).status == 0


@test
def perf_stat_is_dumped_as_strace_sees_it(folder):
	beside_strace(folder, "perf", "stat", "-o", "counts", "-d", "true", calls=8)


@test
def perf_record_is_dumped_as_strace_sees_it(folder):
	beside_strace(folder, "perf", "record", "-q", "-e", "cpu-clock", "-g", "-o", "data", "true", calls=5)


@test
def bpftrace_is_dumped_as_strace_sees_it(folder):
	beside_strace(folder, "bpftrace", "-e", "profile:hz:99 { exit(); }", calls=1)


@test
def beside_the_preload_that_tells_the_life_of_events_libcs_of_libraries_own_are_seen(folder):
	run(APART[1], "space", "pointer", program=APART[0], preload=(SHIM, LIFE), settings="out=dumps:format=json:life=1")
	calls = [line for line in lines_of("dumps") if line.startswith('{"call"')]
	assert len(calls) == 3, lines_of("dumps")


@test
def beside_the_preload_and_beside_itself_each_call_is_dumped_once(folder):
	for libraries in ((SHIM, PRELOAD), (SHIM, SHIM), (SHIM, SHIM, PRELOAD), (SHIM, LIFE), (SHIM, SHIM, LIFE)):
		run("call", "fail", "errno", preload=libraries, settings="out=dumps:format=json")
		assert len(lines_of("dumps")) == 4, (libraries, lines_of("dumps"))
		os.remove("dumps")


@test
def start_up_takes_at_most_a_fifth_longer_than_with_the_preload(folder):
	def once(variables):
		start = time.perf_counter()
		os.waitpid(os.posix_spawn(need("true"), ["true"], variables), 0)
		return time.perf_counter() - start
	audit, preload = environment((SHIM,), ""), environment((PRELOAD,), "")
	rounds = [(once(audit), once(preload)) for _ in range(500)]
	audit, preload = (min(column) for column in zip(*rounds))
	assert audit <= 1.2 * preload, f"{audit * 1e6:.0f} µs, {preload * 1e6:.0f} preloaded"


if __name__ == "__main__":
	main()
