#!/usr/bin/env python3
"""peodump explain, and the needs of an attr."""

import re

from tool import contains, dump_of, main, on_terminal, peodump, same, test, COUNTING, ROOT

SIGTRAP = "struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr),\n" \
	"\t.config = PERF_COUNT_SW_DUMMY, .exclude_kernel = 1, .exclude_hv = 1, .sigtrap = 1 /* no */};\n"


def initialiser(**members):
	return "{" + ", ".join(f".{name} = {value}" for name, value in members.items()) + "}"


def refusing(run):
	"""The checks that the output says refuse the call."""
	part = run.out.partition("  refuses it\n")[2]
	names = []
	for line in part.splitlines():
		if not line.startswith("    "):
			break
		if line[4] != " ":
			names.append(line.split()[0])
	return names


@test
def an_initialiser_is_refused_by_the_check_it_breaks(folder):
	run = peodump("explain", "--kernel", "6.18", input=SIGTRAP)
	same((run.status, refusing(run), run.err), (1, ["CPY-SIGTRAP"], ""))
	contains(run.out, "EINVAL: sigtrap needs remove_on_exec", "set remove_on_exec = 1", "on Linux 6.18")


@test
def on_a_kernel_that_lacks_the_flag_it_is_a_reserved_bit(folder):
	run = peodump("explain", "--kernel", "5.4", input=SIGTRAP)
	same((run.status, "CPY-RES" in refusing(run), "CPY-SIGTRAP" in refusing(run)), (1, True, False))
	contains(run.out, "needs Linux 5.13: sigtrap")


@test
def an_attr_without_fault_is_not_refused(folder):
	text = initialiser(type="PERF_TYPE_SOFTWARE", config="PERF_COUNT_SW_DUMMY", exclude_kernel=1, exclude_hv=1)
	run = peodump("explain", input=text)
	same((run.status, refusing(run)), (0, []))


@test
def arguments_behind_the_initialiser_count(folder):
	text = initialiser(type="PERF_TYPE_SOFTWARE", config=9, exclude_kernel=1) + ";\n\tpid_t pid = -1;\n\tint cpu = -1;\n"
	same(refusing(peodump("explain", input=text)), ["ALC-CPU"])


@test
def an_initialiser_is_found_in_the_source_around_it(folder):
	source = ROOT / "examples/refused.c"
	run = peodump("explain", source)
	same((run.status, refusing(run), run.err), (1, ["ALC-CPU"], ""))
	contains(run.out, "cpu-clock")


MANUAL = """
#include <linux/perf_event.h>
static long perf_event_open(struct perf_event_attr *hw_event, pid_t pid, int cpu, int group_fd, unsigned long flags);
int main(void)
{
	struct perf_event_attr pe;
	memset(&pe, 0, sizeof(pe));	/* pe.type = 5; */
	pe.type = PERF_TYPE_SOFTWARE;
	pe.size = sizeof(struct perf_event_attr);
	pe.config = PERF_COUNT_SW_CPU_CLOCK;
	pe.exclude_kernel = true; // pe.sigtrap = 1;
	pe.exclude_hv = 1;
	puts("struct perf_event_attr no = {.sigtrap = 1}; pe.sigtrap = 1;");
	if (pe.type == 7) return 1;
	fd = perf_event_open(&pe, -1, cpu, (-1), PERF_FLAG_FD_CLOEXEC);
	perf_event_open(&pe, 0, -1, -1, 1UL << 40);
}
"""


@test
def members_that_are_assigned_and_the_arguments_of_the_call_count(folder):
	run = peodump("explain", input=MANUAL)
	same((run.status, refusing(run), run.err), (0, [], ""))
	contains(run.out, "cpu-clock:u ", "PERF_FLAG_FD_CLOEXEC")
	same(refusing(peodump("explain", input=MANUAL.replace("-1, cpu,", "-1, -1,"))), ["ALC-CPU"])


@test
def each_attr_of_a_source_is_explained(folder):
	run = peodump("explain", input=MANUAL + SIGTRAP + MANUAL.replace("CPU_CLOCK", "DUMMY"))
	same((run.status, [line.split()[0] for line in run.out.splitlines() if line[0] != " "]),
		(1, ["cpu-clock:u", "dummy:u", "dummy:u"]))


@test
def parentheses_shifts_and_unnamed_unions_are_read(folder):
	text = initialiser(type="(PERF_TYPE_HW_CACHE)", config="(PERF_COUNT_HW_CACHE_L1D) |\n"
		"(PERF_COUNT_HW_CACHE_OP_READ << 8) | (PERF_COUNT_HW_CACHE_RESULT_MISS << (16))")
	text = text.replace("}", ", {.sample_freq = 99}, .freq = 1}")
	contains(peodump("explain", input=text).out, "L1-dcache-load-misses")
	run = peodump("explain", input=initialiser(config="(1 | 2) << 4"))
	same((run.status, run.out), (2, ""))


@test
def a_value_is_read_to_its_end_however_long_a_comment_is_in_it(folder):
	text = initialiser(type="PERF_TYPE_SOFTWARE", config=f"8 | /* {'why ' * 500}*/ 1", exclude_kernel=1)
	contains(peodump("explain", input=text).out, "dummy")
	run = peodump("explain", input=text.replace("*/ 1", f"*/ {'0 | ' * 500} 1"))
	same((run.status, run.out), (2, ""))
	contains(run.err, "config is no constant")


@test
def of_a_thousand_members_alike_ten_are_said_and_the_rest_counted(folder):
	members = "".join(f".config = f({at}),\n" for at in range(1000))
	lines = peodump("explain", input=f"struct perf_event_attr a = {{\n{members}}};\n").err.splitlines()
	same((len(lines), lines[10]), (11, "peodump: standard input: and 990 more: members are no constants"))


@test
def what_the_running_program_alone_knows_is_said_with_its_line(folder):
	for member in (".config = config", ".config = f(1, 2)", ".config1 = (unsigned long)\"/bin/sh\""):
		(folder / "a.c").write_text("\n" + SIGTRAP.replace(".config = PERF_COUNT_SW_DUMMY", member))
		run = peodump("explain", "a.c")
		name = member[1:].split()[0]
		same(run, (2, "", f"peodump: a.c:3: {name} is no constant: run the program under peodump to see it\n"))
	run = peodump("explain", input=MANUAL.replace("pe.exclude_hv =", "pe.sample_type |="))
	same((run.status, run.out), (2, ""))
	contains(run.err, "standard input:12: sample_type is no constant")


@test
def what_is_wrong_is_said_with_the_name_of_the_file(folder):
	(folder / "a.c").write_text("\n\n" + initialiser(type=1) + "\n")
	(folder / "b.c").write_text(SIGTRAP.replace("sigtrap", "sigtarp"))
	(folder / "a.peo").write_text(dump_of([COUNTING], folder=folder).replace("int cpu", "int cqu"))
	(folder / "junk").write_text("{ not an attr }\n")
	run = peodump("explain", "a.c", "b.c", "a.peo", "junk", "-", input="")
	same(run.status, 2)
	nothing = "no perf_event_open call in it, and no struct perf_event_attr in C"
	contains(run.err, "b.c:2: perf_event_attr has no such member\n", "peodump: a.peo:",
		f"junk: {nothing}\n", f"standard input: {nothing}\n")
	same(("/proc/" in run.err, run.err.count("\n")), (False, 4))
	contains(run.out, "cpu-clock")


@test
def a_dump_from_a_pipe_is_explained_under_its_name(folder):
	run = peodump("explain", input=dump_of([COUNTING], folder=folder) + "/* perf_event_open 2: torn")
	contains(run.err, "standard input:")
	contains(run.out, "page-faults")


@test
def a_kernel_without_the_call_is_trouble(folder):
	run = peodump("explain", "--kernel", "2.6.30", input=SIGTRAP)
	same((run.status, run.out), (2, ""))
	contains(run.err, "perf_event_open came with 2.6.31")


@test
def the_calls_of_a_dump_are_explained_too(folder):
	(folder / "a.peo").write_text(dump_of([COUNTING], folder=folder))
	contains(peodump("explain", folder / "a.peo").out, "passes the other ")


@test
def a_sibling_in_a_dump_is_held_against_the_call_that_opened_its_leader(folder):
	text = dump_of([ROOT / "build/examples/group"], folder=folder)
	run = peodump("explain", input=text)
	same((run.status, [check for check in ("GRP-FD", "GRP-CLOCK", "GRP-CTX", "GRP-CPU") if check in run.out]), (0, []))
	head, call, rest = text.rpartition("/* perf_event_open ")
	run = peodump("explain", input=head + call + rest.replace("int cpu = -1;", "int cpu = 0;"))
	same((run.status, refusing(run)), (1, ["GRP-CPU"]))


@test
def what_the_dump_has_of_a_group_is_known(folder):
	text = dump_of([ROOT / "build/examples/group"], folder=folder)
	run = peodump("explain", input=text)
	untold = re.findall(r"^    ([A-Z]+-[A-Z-]+) ", run.out, re.M)
	same(set(untold), {"SIZ-READ"})  # who else joined the group, the dump does not tell
	head, call, rest = text.rpartition("/* perf_event_open ")
	nested = head + call + rest.replace("group_fd = 3; /* opened by call 1 */", "group_fd = 4; /* opened by call 2 */")
	run = peodump("explain", "--call", "3", input=nested)
	contains(run.out, "cannot be told", "GRP-NESTED", "leader_sibling ")


@test
def a_leader_is_looked_for_in_its_own_process_and_file(folder):
	text = dump_of([ROOT / "build/examples/group"], folder=folder)
	pid = int(re.search(r"\[(\d+)\]", text)[1])
	other = text.replace(f"[{pid}]", f"[{pid + 1}]")
	run = peodump("explain", input=text + other)
	same((run.status, "leader_sibling" in run.out), (0, False))
	head, call, rest = text.rpartition("/* perf_event_open ")
	(folder / "leader.peo").write_text(text)
	(folder / "orphan.peo").write_text(call + rest)
	contains(peodump("explain", "leader.peo", "orphan.peo").out, "leader_sibling")


@test
def a_leader_that_had_ended_is_told_by_the_dump_itself(folder):
	text = dump_of([ROOT / "build/examples/group"], folder=folder)
	head, call, rest = text.rpartition("/* perf_event_open ")
	ended = re.sub(r"int fd = \d+;", "int fd = -1; /* ENODEV: No such device (GRP-DEAD) */\n\t/* facts: leader_alive=0 */", rest)
	run = peodump("explain", "--call", rest.split(":")[0], input=head + call + ended)
	contains(run.out, "GRP-DEAD")


@test
def members_are_read_through_a_pointer_too(folder):
	run = peodump("explain", input="struct perf_event_attr *attr;\n"
		"attr->type = PERF_TYPE_SOFTWARE; attr->config = PERF_COUNT_SW_DUMMY; attr->exclude_kernel = 1;\n")
	same((run.status, run.out.split()[0]), (0, "dummy:uh"))


@test
def the_size_of_a_type_is_its_own(folder):
	for length, wanted in (("long", "/8"), ("int", ""), ("char", "/1")):
		run = peodump("explain", input=initialiser(type="PERF_TYPE_BREAKPOINT", bp_type=3, bp_addr="0x1000", bp_len=f"sizeof({length})"))
		contains(run.out, f"mem:0x1000{wanted}:rw")
	contains(peodump("explain", input=initialiser(type=1, bp_len="sizeof(struct other)")).err, "bp_len is no constant")


@test
def values_without_their_members_names_are_said_not_guessed(folder):
	for members in ("1, 128, 9", "type: 1, config: 9"):
		run = peodump("explain", input=f"struct perf_event_attr a = {{{members}}};")
		same((run.status, run.out), (2, ""))
		contains(run.err, "standard input:1: a value without its member's name is not read")
	same(peodump("explain", input="struct perf_event_attr a = {0};").err, "")


@test
def a_task_of_the_past_is_not_asked_after(folder):
	text = dump_of([COUNTING], folder=folder).replace("pid_t pid = 0;", "pid_t pid = 4194000;")
	same(refusing(peodump("explain", input=text)), [])
	source = initialiser(type="PERF_TYPE_SOFTWARE", config=9, exclude_kernel=1) + ";\n\tpid_t pid = 2147483000;\n"
	same(refusing(peodump("explain", input=source)), ["SYS-ESRCH"])


@test
def what_is_no_release_is_trouble(folder):
	run = peodump("explain", "--kernel", "new", input=SIGTRAP)
	same((run.status, run.out, run.err), (2, "", "peodump explain: 'new' is no Linux release, as 5.4 or "
		"6.1.0-13-amd64 is\nTry 'peodump explain --help'.\n"))


@test
def a_release_behind_the_last_of_the_tables_is_said_and_taken_for_that(folder):
	run = peodump("explain", "--kernel", "99.1", input=SIGTRAP)
	last = re.fullmatch(r"peodump: Linux 99.1 is newer than these tables, which end with ([0-9.]+)\n", run.err)[1]
	same(run.out, peodump("explain", "--kernel", last, input=SIGTRAP).out)
	contains(run.out, f"on Linux {last}, ")


@test
def a_dump_in_json_is_said_to_be_one(folder):
	(folder / "a.json").write_text(peodump("show", "--json", input=dump_of([COUNTING], folder=folder)).out)
	same(peodump("explain", "a.json"), (2, "", "peodump: a.json is JSON; peodump reads the C form (run without --format json)\n"))


@test
def nobody_is_left_to_wait_for_a_terminals_input(folder):
	seen, status = on_terminal("explain", typed="", PAGER="cat")
	same((status, seen), (2, "peodump explain: which FILE? (- is standard input, here a terminal)\n"
		"Try 'peodump explain --help'.\n"))
	seen, status = on_terminal("explain", "-", typed=SIGTRAP + "\x04", PAGER="cat")
	same(status, 1)
	contains(seen, "CPY-SIGTRAP")


@test
def each_call_of_a_dump_is_headed_by_its_number_which_can_be_asked_for(folder):
	text = dump_of([ROOT / "build/examples/group"], folder=folder)
	whole = peodump("explain", input=text).out
	heads = re.findall("^call ([0-9]+): (.*)-.*:u", whole, re.M)
	same(heads, [("1", "task"), ("2", "minor"), ("3", "major")])
	one = peodump("explain", "--call", "2", input=text)
	same((one.status, one.err, whole.count(one.out), one.out.count("\ncall")), (0, "", 1, 0))
	contains(one.out, "call 2: minor")


@test
def a_number_that_no_call_has_is_trouble(folder):
	text = dump_of([ROOT / "build/examples/group"], folder=folder)
	same(peodump("explain", "--call", "9", input=text), (2, "", "peodump: no call 9: the dump has 1 to 3\n"))
	run = peodump("explain", "--call", "0", input=text)
	same((run.status, run.err), (2, "peodump explain: --call: '0' is no number of a call\nTry 'peodump explain --help'.\n"))
	same(peodump("explain", "--call", "1", input=SIGTRAP)[:2], (2, ""))


@test
def a_terminal_gets_colours_and_a_pager(folder):
	(folder / "a.c").write_text(SIGTRAP)
	plain = peodump("explain", "a.c").out
	coloured = peodump("explain", "--color", "a.c").out
	same((re.sub(r"\x1b\[\d*m", "", coloured), "\x1b[31m" in coloured, "\x1b" in plain), (plain, True, False))
	seen, status = on_terminal("explain", "a.c", PEODUMP_PAGER=f"tee {folder}/paged")
	same(((folder / "paged").read_text(), seen, status), (coloured, coloured, 1))
	same(on_terminal("explain", "--no-pager", "--color=never", "a.c", PEODUMP_PAGER="false"), (plain, 1))


@test
def what_is_neither_dump_nor_initialiser_is_trouble(folder):
	same(peodump("explain", input="nothing\n").status, 2)


@test
def show_says_which_kernel_an_attr_needs(folder):
	text = dump_of([COUNTING], folder=folder)
	contains(peodump("show", "--needs", input=text).out, "/* needs Linux ")
	contains(peodump("show", "--needs", "--as", "json", input=text).out, '"needs": "needs Linux ')
	same("needs" in peodump("show", input=text).out, False)


@test
def a_dump_says_it_when_asked(folder):
	contains(dump_of([COUNTING], "--needs", folder=folder), "/* needs Linux ")


if __name__ == "__main__":
	main()
