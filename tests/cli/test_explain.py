#!/usr/bin/env python3
"""peodump explain, and the needs of an attr."""

from tool import contains, dump_of, main, peodump, same, test, COUNTING

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
def the_calls_of_a_dump_are_explained_too(folder):
	(folder / "a.peo").write_text(dump_of([COUNTING], folder=folder))
	contains(peodump("explain", folder / "a.peo").out, "passes the other ")


@test
def what_is_no_release_is_trouble(folder):
	run = peodump("explain", "--kernel", "new", input=SIGTRAP)
	same(run.status, 2)
	contains(run.err, "'new' is no release")


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
