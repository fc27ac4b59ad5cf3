"""What every test of the tool needs: where it is, how it is run, and a dump to read."""

import collections
import fcntl
import os
import pathlib
import pty
import shutil
import struct
import subprocess
import sys
import termios

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/clients"))
from harness import Skip, check, main, test

BUILD = ROOT / os.environ.get("BUILD", "build")
TOOL = BUILD / "peodump"
LIBRARY = BUILD / "libpeodump.so"
COUNTING = BUILD / "examples/counting"	# makes one call
ENVIRONMENT = {name: value for name, value in os.environ.items()
	if name not in ("LD_AUDIT", "LD_PRELOAD", "PEODUMP", "ASAN_OPTIONS", "GLIBC_TUNABLES", "PEODUMP_PAGER",
		"NO_COLOR")}

BLOCK = """\
/* perf_event_open 1: perf[10] thread 10, Linux 6.18.44 x86_64 */
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = PERF_ATTR_SIZE_VER0,
		.config = PERF_COUNT_SW_DUMMY,
	};
	pid_t pid = 0;
	int cpu = -1;
	int group_fd = -1;
	unsigned long flags = 0;
	int fd = 3;
}
"""
MARKER = "/* perf_event_open "

Run = collections.namedtuple("Run", "status out err")


def peodump(*arguments, tool=TOOL, input=b"", environment=(), wrapper=(), **how):
	"""Run the tool; what it printed comes back as text."""
	how = dict(stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120) | how
	stdin = {} if "stdin" in how else {"input": input if isinstance(input, bytes) else input.encode()}
	done = subprocess.run([*wrapper, tool, *arguments], env=ENVIRONMENT | dict(environment), **stdin, **how)
	return Run(done.returncode, *(text and text.decode(errors="replace") or ""
		for text in (done.stdout, done.stderr)))


def on_terminal(*arguments, typed=None, **environment):
	"""What a terminal of 80 columns gets to see, and the exit status; with input if any is typed there."""
	ours, theirs = pty.openpty()
	fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 2000, 80, 0, 0))
	stdin = subprocess.DEVNULL if typed is None else theirs
	os.write(ours, (typed or "").encode())
	run = subprocess.Popen([TOOL, *arguments], stdin=stdin, stdout=theirs, stderr=theirs, env={"TERM": "xterm"} | ENVIRONMENT | environment)
	os.close(theirs)
	seen = b""
	while True:
		try:
			part = os.read(ours, 65536)
		except OSError:
			part = b""
		if not part:
			break
		seen += part
	os.close(ours)
	return seen.decode().replace("\r\n", "\n"), run.wait(60)


def same(found, wanted):
	"""Fail and show both, unless they are the same."""
	if found != wanted:
		raise AssertionError(f"found:  {found!r}\nwanted: {wanted!r}")


def contains(text, *words):
	check(f"{word!r} is not in {text!r}" for word in words if word not in text)


def installed(folder, libdir):
	"""A copy of the tool in bin, and of the library in libdir."""
	for place, file in ((folder / "bin", TOOL), (folder / libdir, LIBRARY)):
		place.mkdir(parents=True, exist_ok=True)
		shutil.copy(file, place)
	return folder / "bin/peodump"


def unprivileged(folder):
	"""What to run the tool with to be nobody, who then may write in the folder."""
	folder.chmod(0o777)
	return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []


def dump_of(command, *options, folder="."):
	"""The dump of a command, as text in the C form."""
	file = pathlib.Path(folder) / "dump.peo"
	peodump("-o", file, *options, "--", *command)
	return file.read_text()


def block(number, text=BLOCK):
	return text.replace("open 1:", f"open {number}:")


def counting_dump(folder="."):
	"""A dump of one call, permitted or not."""
	text = dump_of([COUNTING], folder=folder)
	same(text.count("/* perf_event_open 1: counting["), 1)
	return text
