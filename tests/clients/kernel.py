"""The kernel's own count of perf_event_open calls: a witness that neither preloads nor traces."""

import collections
import os
import pathlib
import re

from harness import Skip

NUMBERS = {"x86_64": (298, 336, 0x4000012a), "aarch64": (241, 364)}	# with those of 32-bit programs


class Kernel:
	"""The calls of this process and all it forks while this is open, those of `without` left out."""

	def __init__(self, without=None):
		tracing = pathlib.Path("/sys/kernel/tracing")
		self.instance = tracing / f"instances/peodump-{os.getpid()}"
		self.without = without
		if os.geteuid():
			raise Skip("only root can trace system calls")
		if not (tracing / "events").is_dir() and os.system("mount -t tracefs none /sys/kernel/tracing 2>/dev/null"):
			raise Skip("tracefs is not mounted, and may not be")
		if not (tracing / "events/raw_syscalls/sys_enter").is_dir():
			raise Skip("the kernel does not trace system calls")
		if os.uname().machine not in NUMBERS:
			raise Skip("the numbers of this machine's system calls are not in this test")

	def __enter__(self):
		self.instance.mkdir()
		wanted = " || ".join(f"id == {number}" for number in NUMBERS[os.uname().machine])
		for file, what in (("buffer_size_kb", "16384"), ("options/event-fork", "1"),
				("set_event_pid", str(os.getpid())), ("events/raw_syscalls/sys_enter/filter", wanted),
				("events/raw_syscalls/sys_enter/enable", "1")):
			(self.instance / file).write_text(what)
		return self

	def calls(self):
		"""How many calls each thread made."""
		text = (self.instance / "trace").read_text()
		kept, seen = re.search(r"entries-in-buffer/entries-written: (\d+)/(\d+)", text).groups()
		assert kept == seen, "the kernel's buffer was too small"
		made = re.findall(r"^ *(\S.*)-(\d+) +\[\d+\].* sys_enter: NR ", text, re.M)
		return collections.Counter(int(tid) for comm, tid in made if comm.strip() != self.without)

	def __exit__(self, *_):
		self.instance.rmdir()
