"""Measuring in turns, and the rows that come of it, beside what they were when the baseline was made."""

import os
import platform
import statistics
import sys

BASELINE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "baseline.tsv")
TURNS = int(os.environ.get("TURNS", "7"))


def machine():
	with open("/proc/cpuinfo") as cpuinfo:
		names = {line.partition(": ")[2].strip() for line in cpuinfo if line.startswith("model name")}
	return (f"{', '.join(sorted(names)) or platform.machine()}, {os.cpu_count()} CPUs, "
	        f"Linux {'.'.join(platform.release().split('.')[:2])}")


def baseline_read():
	"""What the file says of each row, and of the machine."""
	rows, where = {}, None
	if os.path.exists(BASELINE):
		with open(BASELINE) as file:
			for line in file:
				if line.startswith("# on "):
					where = line[5:].strip()
				elif not line.startswith("#"):
					name, *numbers = line.rstrip("\n").split("\t")
					rows[name] = tuple(map(float, numbers))
	return rows, where


def short(number):
	return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.4g}"


class Report:
	"""Prints rows as they are measured, and keeps them."""

	def __init__(self):
		self.was, self.where = baseline_read()
		self.now = {}
		self.title = ""

	def begin(self, title):
		self.title = title
		print(f"\n{title}")

	def row(self, name, values, unit="x", note=""):
		"""The median of the values and their spread."""
		key = f"{self.title}: {name}"
		self.now[key] = now = (statistics.median(values), min(values), max(values))
		spread = "" if now[1] == now[2] else f"{short(now[1])} .. {short(now[2])}"
		print(f"  {name:45} {short(now[0]):>8} {unit:5} {spread:22} {self.before(key)} {note}".rstrip(),
		      flush=True)

	def before(self, key):
		"""Noise is what the two spreads share; only what they do not is worth a word."""
		if key not in self.was:
			return "new"
		median, least, most = self.was[key]
		word = " (more)" if self.now[key][1] > most else " (less)" if self.now[key][2] < least else ""
		return f"was {short(median)}{word}"

	def rebase(self):
		with open(BASELINE, "w") as file:
			file.write("# What `make bench` printed: median, least and most of each row. "
			           f"`make bench REBASE=1` writes it anew.\n# on {machine()}\n")
			for name, numbers in self.now.items():
				file.write("\t".join([name, *(f"{number:.6g}" for number in numbers)]) + "\n")


def progress(text):
	if sys.stderr.isatty():
		sys.stderr.write(f"\r\033[K{text}")
		sys.stderr.flush()


def in_turns(ways, measure):
	"""What each way measured in each turn, all ways once a turn."""
	turns = []
	for turn in range(TURNS):
		for name, way in ways:
			progress(f"turn {turn + 1} of {TURNS}: {name}")
			turns.append(measure(way))
	progress("")
	return {name: turns[at::len(ways)] for at, (name, _) in enumerate(ways)}


def alternately(measure, one, other, times):
	"""What both take, a quarter of the times being faster, as in clock.h."""
	pairs = [(measure(one), measure(other)) for _ in range(times)]
	return tuple(sorted(side)[times // 4] for side in zip(*pairs))


def compare(report, title, ways, measure, unit="us", times=1):
	"""Each way as a multiple of the first one, which is measured anew just before it. Returns what
	each was more."""
	report.begin(title)
	(bare, plain), *others = ways
	pairs = in_turns(others, lambda way: alternately(measure, plain, way, times))
	report.row(bare, [one for turns in pairs.values() for one, _ in turns], unit, "is 1")
	for name, turns in pairs.items():
		report.row(name, [other / one for one, other in turns])
	return {name: [other - one for one, other in turns] for name, turns in pairs.items()}
