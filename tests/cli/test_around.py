#!/usr/bin/python3
"""What comes with the tool: its manual is sound and tells every option, and bash completes its words."""

import pathlib
import re
import shutil
import subprocess
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent))
from tool import ENVIRONMENT, ROOT, TOOL, Skip, check, main, peodump, same, test

MANUAL = ROOT / "cli/peodump.1"
VERBS = ("run", "show", "diff", "fields", "explain")
ALL = {*VERBS, "help"}


def options(verb):
	"""The long options that a verb's help tells."""
	return set(re.findall(r"^ +(?:-., )? *(--[a-z-]+)", peodump(verb, "--help").out, re.M))


def complete(*words):
	"""What bash would offer for the last of the words."""
	script = 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _peodump; printf "%s\\n" "${COMPREPLY[@]}"'
	done = subprocess.run(["bash", "-c", script, ROOT / "cli/completion.bash", TOOL, *words],
		capture_output=True, text=True, env=ENVIRONMENT)
	same(done.stderr, "")
	return set(done.stdout.split())


@test
def the_manual_is_without_fault(folder):
	if not shutil.which("mandoc"):
		raise Skip("mandoc is not installed")
	done = subprocess.run(["mandoc", "-T", "lint", "-W", "style", MANUAL], capture_output=True, text=True)
	check(line for line in done.stdout.splitlines() if "referenced manual not found" not in line)


@test
def groff_has_no_warning_for_the_manual(folder):
	if not shutil.which("groff"):
		raise Skip("groff is not installed")
	done = subprocess.run(["groff", "-ww", "-mdoc", "-Tutf8", MANUAL], capture_output=True, text=True)
	if "can't open macro file" in done.stderr or "fatal" in done.stderr:
		raise Skip("groff comes without its macros")
	same(done.stderr, "")


@test
def the_manual_tells_every_option_of_every_verb(folder):
	source = MANUAL.read_text()
	for verb in VERBS:
		text = re.search(rf"^\.Ss peodump {verb}\n(.*?)(?=^\.S[sh])", source, re.M | re.S)[1]
		told = {f"--{name}" for name in re.findall(r"Fl Fl ([a-z-]+)", text)}
		same((verb, options(verb) - {"--help"} - told), (verb, set()))
		same((verb, told - options(verb)), (verb, set()))


@test
def the_manual_and_the_help_have_one_synopsis(folder):
	if not shutil.which("mandoc"):
		raise Skip("mandoc is not installed")
	shown = subprocess.run(["mandoc", "-T", "ascii", "-O", "width=150", MANUAL], capture_output=True, text=True).stdout
	shown = re.sub(".\x08", "", shown).partition("SYNOPSIS\n")[2].partition("DESCRIPTION")[0]
	manual = [re.sub(r"\[(\w+) \.\.\.\]", r"[\1]...", " ".join(line.split())).replace(" | ", "|").upper()
		for line in shown.strip().splitlines()]
	usage = peodump("--help").out.replace("usage: ", "").partition("\n\n")[0]
	same(manual, [" ".join(line.split()).upper() for line in usage.splitlines()])
	check(f"{verb}: {line}" for verb in VERBS
		for line in [peodump(verb, "--help").out.splitlines()[0].replace("usage: ", "")] if line.upper() not in manual)


@test
def verbs_and_commands_are_completed_first(folder):
	same(complete(""), ALL)
	same(complete("sh"), {"show"})
	same(complete("help", ""), ALL)
	same("true" in complete("tru"), True)
	same(complete("run", ""), set())


@test
def options_are_those_that_the_help_tells(folder):
	for verb in VERBS:
		same((verb, complete(verb, "--")), (verb, options(verb)))
	same(complete("--rehe"), {"--rehearse"})
	same(complete("--"), options("run") | {"--version"})


@test
def values_of_options_are_completed(folder):
	same(complete("run", "-f", ""), {"c", "json"})
	same(complete("--format", "="), {"c", "json"})
	same(complete("--fields", "=", "s"), {"set"})
	same(complete("show", "--as", "pro"), {"program"})
	for verb in ("show", "diff", "fields", "explain"):
		same((verb, complete(verb, "--color", "=", "")), (verb, {"auto", "always", "never"}))
		same((verb, complete(verb, "--color", "al")), (verb, set()))
	same({"x86_64", "s390x"} - complete("fields", "--arch", ""), set())
	same(complete("fields", "-a", "s390"), {"s390", "s390x"})
	same({"type", "cpu", "fd", "sample_freq"} - complete("diff", "--ignore", ""), set())
	same(complete("diff", "--ignore", "=", "cpu,group"), {"cpu,group_fd"})


@test
def files_are_completed_where_a_file_belongs(folder):
	(folder / "a dump").write_text("")
	same(complete("show", "a"), {"a", "dump"})
	same(complete("-o", "a"), {"a", "dump"})
	same(complete("diff", "a", "zz"), set())
	same(complete("explain", "--all", "a"), {"a", "dump"})


@test
def where_a_number_a_release_or_a_name_belongs_no_file_is_offered(folder):
	(folder / "a dump").write_text("")
	for words in (("explain", "--kernel"), ("explain", "--call"), ("show", "--call"), ("show", "--comm"), ("fields", "-k")):
		same((words, complete(*words, "a"), complete(*words, "=", "a")), (words, set(), set()))


@test
def the_command_is_completed_behind_the_options(folder):
	(folder / "trunk").write_text("")
	for words in (["-o", "x"], ["--"], ["-f", "json", "--safe"], ["run", "--fields", "=", "set"]):
		found = complete(*words, "tru")
		same((words, "true" in found), (words, True))
	same(complete("cat", "tru"), {"trunk"})
	same(complete("cat", "--"), set())


if __name__ == "__main__":
	main()
