"""Knows the kernel's interface from tests/data/perf_event_uapi.tsv, and decodes an attr by it."""

import csv
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PMUS = pathlib.Path("/sys/bus/event_source/devices")
COLUMNS = ("kind", "name", "value", "offset_bytes", "bit_offset", "bit_width", "since_kernel")


class Row:
	"""One fact: numbers as int, releases as tuples, the note as a dict of its key=value parts."""

	def __init__(self, columns):
		self.kind, self.name, value, offset, bit, width, since = (columns[c] for c in COLUMNS)
		pairs = (part.partition("=") for part in columns["note"].split(";"))
		self.note = {key: text for key, _, text in pairs}
		self.ctype, self.bit_field = value.partition(":")[::2]
		self.value = int(value, 0) if re.match(r"-?\d", value) else None
		self.offset, self.bit, self.width = (int(n or 0) for n in (offset, bit, width))
		self.bytes = self.width // 8
		self.word = int((re.match(r"__[us](\d+)", value) or "00")[1])
		self.since = release(since)
		self.last = release(self.note.get("last", "999"))

	def lives(self, at):
		return self.since <= at <= self.last

	def value_at(self, at):
		"""The value in release `at`: a limit such as PERF_TYPE_MAX grew."""
		value = self.value
		for pair in self.note.get("value_by_release", "").split(",")[::-1]:
			first, _, number = pair.partition(":")
			if number and release(first) > at:
				continue
			return int(number, 0) if number else value
		return value


def release(text):
	return tuple(int(n) for n in text.split("."))


with open(ROOT / "tests/data/perf_event_uapi.tsv", newline="") as _file:
	_reader = csv.DictReader(_file, delimiter="\t", quoting=csv.QUOTE_NONE)
	ROWS = [Row(columns) for columns in _reader]
NAMES = {}
for _row in ROWS:
	NAMES.setdefault(_row.kind.partition(":")[2] or _row.kind, {})[_row.name] = _row
FIELDS = [row for row in ROWS if row.kind == "field" and row.name not in ("flags_word", "aux_action")]
FLAGS = [row for row in ROWS if row.kind == "flagbit"]
SIZES = sorted((row for row in ROWS if row.kind == "attr_size"), key=lambda row: row.value)
RELEASES = sorted({row.since for row in ROWS if row.kind != "syscall_nr"})


def sizeof(at):
	"""sizeof(struct perf_event_attr) in the headers of release `at`."""
	return max([64] + [row.value for row in SIZES
		if release(row.note["sizeof_in"].split("..")[0]) <= at])


def newest_release(size):
	"""The last release whose struct is no larger than an attr of this size (0 means 64)."""
	return max(at for at in RELEASES + _LASTS if sizeof(at) <= max(size or 64, 64))


_LASTS = [release(re.split(r"\.\.| ", row.note["sizeof_in"])[1]) for row in SIZES]
NEWEST = max(_LASTS)


def pmu_type(name):
	try:
		return int((PMUS / name / "type").read_text())
	except OSError:
		return None


def word(data, row):
	"""The value of one row in the attr's bytes, zeros where the bytes end."""
	if row.bit_field:
		container = data[row.offset:row.offset + row.word // 8].ljust(row.word // 8, b"\0")
		shift = row.bit if sys.byteorder == "little" else row.word - row.bit - row.width
		return int.from_bytes(container, sys.byteorder) >> shift & (1 << row.width) - 1
	return int.from_bytes(data[row.offset:row.offset + row.bytes].ljust(row.bytes, b"\0"),
		sys.byteorder, signed=row.ctype == "__s32")


def arms(data):
	"""The union members that are dead in this attr, by name."""
	get = {row.name: word(data, row) for row in FIELDS + FLAGS}
	live = {
		16: ("sample_freq" if get["freq"] else "sample_period",),
		48: ("wakeup_watermark" if get["watermark"] else "wakeup_events",),
		56: ("config1",), 64: ("config2",),
	}
	if get["type"] == 5:
		live.update({56: ("bp_addr",), 64: ("bp_len",)})
	elif get["type"] == pmu_type("uprobe"):
		live.update({56: ("uprobe_path",), 64: ("probe_offset",)})
	elif get["type"] == pmu_type("kprobe"):
		address = "probe_offset" if get["kprobe_func"] else "kprobe_addr"
		live.update({56: ("kprobe_func",), 64: (address,)})
	return {row.name for row in FIELDS if row.offset in live and row.name not in live[row.offset]}


def decode(data, size):
	"""Decode attr bytes to ({name: value} that must be shown, {name: value} that may be).

	A member is shown when the size holds it whole. One that came inside an older size is shown
	when it is not zero, or when the size is that of the first headers that have it.
	A size the kernel refuses as too small is shown as the smallest.
	"""
	size = max(size, 64)
	must, may, dead = {}, {}, arms(data)
	for row in FIELDS + FLAGS:
		value = word(data, row)
		end = row.offset + row.word // 8
		if row.name in dead or end > size or end > len(data):
			continue
		if row.bit_field and row.name.startswith("__reserved"):
			(must if value else may)[row.name] = value
		elif not row.bit_field or value or size >= sizeof(row.since):
			must[row.name] = value
	return must, may


MASKS = {
	"sample_type": "perf_event_sample_format", "read_format": "perf_event_read_format",
	"branch_sample_type": "perf_branch_sample_type", "bp_type": "hw_breakpoint_type",
	"sample_regs_user": "x86", "sample_regs_intr": "x86", "flags": "perf_event_open_flags",
}
ENUMS = {"type": "perf_type_id", "size": "attr_size", "bp_type": "hw_breakpoint_type",
	"bp_len": "hw_breakpoint_len", "clockid": "use_clockid"}
CONFIGS = {0: ("perf_hw_id",), 1: ("perf_sw_ids",),
	3: ("perf_hw_cache_id", "perf_hw_cache_op_id", "perf_hw_cache_op_result_id")}


def number(name, shown, type_=None):
	"""The number that our JSON value `shown` of member `name` stands for; ValueError if it is ill."""
	if isinstance(shown, list):
		return _mask(name, shown)
	if isinstance(shown, int) and not isinstance(shown, bool):
		if abs(shown) >= 1 << 53:
			raise ValueError(f"{name}: {shown} needs a hex string")
		return shown
	if re.fullmatch(r"0x[0-9a-f]+", shown):
		if int(shown, 16) < 1 << 53:
			raise ValueError(f"{name}: {shown} needs no hex string")
		return int(shown, 16)
	kinds = CONFIGS.get(type_, ()) if name == "config" else (ENUMS[name],) if name in ENUMS else ()
	return _expression(shown, kinds + ("perf_macros",) * (name == "config"))


def _mask(name, shown):
	total = 0
	for place, item in enumerate(shown):
		row = NAMES[MASKS[name]].get(item)
		if row:
			bit = 1 << row.value if MASKS[name] == "x86" else row.value
		elif place == len(shown) - 1:
			bit = int(re.fullmatch(r"0x([0-9a-f]+)", item).group(1), 16)
		else:
			raise ValueError(f"{name}: {item} is no name of {MASKS[name]}")
		if total & bit or not bit:
			raise ValueError(f"{name}: {item} adds nothing")
		total |= bit
	return total


def _expression(text, kinds):
	"""Evaluate a C constant expression of names, numbers, <<, | and parentheses."""
	def named(match):
		rows = [NAMES[kind][match.group()] for kind in kinds if match.group() in NAMES[kind]]
		if not rows:
			raise ValueError(f"{match.group()} is no name of {kinds}")
		return str(rows[0].value)
	plain = re.sub(r"\b(0x[0-9a-fA-F]+|\d+)[uUlL]*\b", r"\1", text)
	plain = re.sub(r"\b[A-Za-z_]\w*", named, plain)
	if not re.fullmatch(r"(0x[0-9a-fA-F]+|\d+|<<|[|() ])+", plain):
		raise ValueError(f"not an expression: {text}")
	return eval(plain, {"__builtins__": {}})
