"""Runs a command once, under strace and with the shim in it, and compares what the two saw."""

import dataclasses
import errno
import json
import os
import re
import shutil
import struct
import subprocess
import sys

import harness
from uapi import FIELDS, FLAGS, ROOT, decode, number, word

SHIM, VARIABLE = ROOT / "build/libpeodump.so", "LD_PRELOAD"
ROWS = {row.name: row for row in FIELDS + FLAGS}
KNOWN_TO_STRACE = 38  # strace 6.1 calls every flag bit from here on __reserved_1
ENOTSUPP = 524


@dataclasses.dataclass
class Traced:
	"""One call as strace printed it: members by name, or the bare pointer; arguments; result."""
	tid: int
	members: dict
	size_after: int
	pointer: int
	arguments: dict
	result: int
	errno: str
	text: str


@dataclasses.dataclass
class Run:
	"""What came out of one command: strace's calls, our calls, and the program's own words."""
	status: int
	stdout: str
	stderr: str
	traced: list
	calls: list


def need(*programs):
	for program in programs:
		if not shutil.which(program):
			raise harness.Skip(f"{program} is not installed")


def run(command, folder, **settings):
	"""Run `command` with the shim under strace; settings are subprocess.run's."""
	need("strace", command[0])
	assert SHIM.exists(), f"{SHIM} is not built"
	out = folder / "calls.json"
	done = subprocess.run(
		["strace", "-f", "-ff", "--seccomp-bpf", "-v", "-X", "verbose", "-e", "signal=none",
		"-e", "trace=perf_event_open", "-o", folder / "strace",
		"-E", f"{VARIABLE}={SHIM}", "-E", f"PEODUMP=out={out}:format=json", *command],
		cwd=folder, text=True, errors="replace", capture_output=True, timeout=120, **settings)
	traced = []
	for path in sorted(folder.glob("strace.*")):
		traced += parse_strace(path.read_text(errors="replace"), int(path.suffix[1:]))
	lines = out.read_text().splitlines() if out.exists() else []
	return Run(done.returncode, done.stdout, done.stderr, traced, [json.loads(x) for x in lines])


def plain(text):
	"""The number strace printed, without the name beside it."""
	text = re.sub(r"/\*.*?\*/", "", text).strip()
	if text == "NULL":
		return 0
	assert re.fullmatch(r"[-0-9a-fx<|() ]+", text), f"strace printed {text}"
	return eval(text, {"__builtins__": {}})


def parse_strace(text, tid):
	"""The calls in one thread's strace file."""
	return [parse_call(line, tid) for line in text.splitlines() if line.startswith("perf_event_open(")]


def parse_call(line, tid):
	match = re.fullmatch(r"perf_event_open\((\{.*\}|[^,{]+), (.*)\) += (-?\d+|\?)(?: (\S+))?.*", line)
	assert match, f"strace printed {line}"
	attr, arguments, result, name = match.groups()
	members, after = {}, None
	if attr.startswith("{"):
		for part in re.sub(r"\.\.\.$", "", attr[1:-1]).rstrip(", ").split(", "):
			key, _, value = part.partition("=")
			value, _, changed = value.partition("=>")
			members[key] = plain(value)
			after = plain(changed) if changed else after
			reserved = re.search(r"bytes (\d+)\.\.\d+: (0x[0-9a-f]+)", value)
			if reserved:
				members[f"bytes {reserved.group(1)}"] = int(reserved.group(2), 16)
	values = [plain(part) for part in arguments.split(", ")]
	return Traced(tid, members, after, None if members else plain(attr),
		dict(zip(("pid", "cpu", "group_fd", "flags"), values, strict=True)),
		None if result == "?" else int(result), name if result == "-1" else None, line)


def compare(run):
	"""Say everything that strace, attr{} and attr_hex do not agree on."""
	yield from compare_numbering(run.calls)
	tids = {call.tid for call in run.traced} | {call["caller_tid"] for call in run.calls}
	for tid in sorted(tids):
		ours = [call for call in run.calls if call["caller_tid"] == tid]
		theirs = without_questions([call for call in run.traced if call.tid == tid], ours)
		if len(theirs) != len(ours):
			yield f"thread {tid}: strace saw {len(theirs)} calls, we dumped {len(ours)}"
		for their, our in zip(theirs, ours):
			for complaint in compare_call(their, our):
				yield f"call {our['call']} of thread {tid}: {complaint}\n\t{their.text}\n\t{our}"


def asks(pointer, arguments):
	"""Whether a call looks like one of ours after a refusal: it can open nothing."""
	return arguments["group_fd"] == -2 or pointer == 0


def without_questions(theirs, ours):
	"""strace's calls without those by which we learned why one before was refused."""
	kept = []
	for call in theirs:
		our = ours[len(kept)] if len(kept) < len(ours) else None
		pointer = our and (int(our.get("attr_addr", "1"), 16))
		arguments = our and {name: number(name, our[name]) for name in call.arguments}
		if not asks(call.pointer, call.arguments) \
				or (our and asks(pointer, arguments) and arguments == call.arguments):
			kept.append(call)
	return kept


def compare_numbering(calls):
	for pid in {call["caller_pid"] for call in calls}:
		numbers = [call["call"] for call in calls if call["caller_pid"] == pid]
		if sorted(numbers) != list(range(min(numbers), min(numbers) + len(numbers))):
			yield f"process {pid}: the calls are not numbered one by one: {numbers}"
	for call in calls:
		if "lost" in call:
			yield f"{call['lost']} dumps were lost before call {call['call']}"
		if (call["kernel"], call["arch"]) != (os.uname().release, os.uname().machine):
			yield f"kernel {call['kernel']} {call['arch']} is not the one that runs"


def compare_call(their, our):
	for key in ("pid", "cpu", "group_fd", "flags"):
		value = number(key, our[key])
		if value != their.arguments[key]:
			yield f"{key}: strace {their.arguments[key]:#x}, we {our[key]}"
	if our["fd"] != their.result:
		yield f"fd: strace {their.result}, we {our['fd']}"
	if our.get("errno") != (ENOTSUPP if their.errno == "ENOTSUPP" else their.errno):
		yield f"errno: strace {their.errno}, we {our.get('errno')}"
	after = None if their.size_after == their.members.get("size") else their.size_after
	if their.pointer is None and our.get("attr_size_after") != after:
		yield f"attr_size_after: strace {after}, we {our.get('attr_size_after')}"
	if "attr_addr" in our:
		if int(our["attr_addr"], 16) != their.pointer or our.get("attr_hex") or our.get("attr"):
			yield "an attr that could be read is shown as a pointer, or the pointer is wrong"
		return
	data = bytes.fromhex(our["attr_hex"])
	try:
		shown = numbers(our["attr"])
	except ValueError as error:
		yield str(error)
		return
	yield from compare_hex(shown, our, data)
	yield from compare_traced(their.members, shown, data)


def numbers(attr):
	"""Our attr{} as numbers."""
	type_ = number("type", attr["type"]) if "type" in attr else None
	return {name: number(name, shown, type_) for name, shown in attr.items()}


def size_of(data):
	return struct.unpack_from("=I", data, 4)[0] if len(data) >= 8 else 0


def compare_hex(shown, our, data):
	"""attr{} against attr_hex, both ways."""
	length = min(max(size_of(data), 64), 4096)
	if len(data) > length or len(data) < length and our.get("errno") not in ("EFAULT", "E2BIG"):
		yield f"attr_hex: {len(data)} bytes for an attr of size {size_of(data)}"
	must, may = decode(data, size_of(data))
	for name in {**must, **shown}:
		if name not in shown:
			yield f"{name}: {must[name]:#x} in attr_hex, not in attr"
		elif shown[name] != {**may, **must}.get(name):
			yield f"{name}: {our['attr'][name]} in attr, {({**may, **must}).get(name)} in attr_hex"


def compare_traced(traced, shown, data):
	"""strace's members against attr_hex, and against attr{} where the size holds them whole."""
	def place(row):
		return row.offset, row.bit, row.width
	places = {place(ROWS[name]): value for name, value in shown.items() if name in ROWS}
	for name, value in traced.items():
		if name == "__reserved_1":
			seen = ours = int.from_bytes(data[40:48], sys.byteorder) >> KNOWN_TO_STRACE
		elif name.startswith("bytes "):
			start = int(name[6:])
			seen = ours = int.from_bytes(data[start:start + (2 if start == 110 else 4)], sys.byteorder)
		else:
			row = ROWS[name]
			mask = (1 << row.width) - 1  # strace prints clockid unsigned
			seen = word(data, row) & mask
			young = row.bit_field and not seen  # compare_hex knows when such a zero is shown
			half = row.offset + row.bytes > max(size_of(data), 64)
			ours = places.get(place(row), seen if young or half else None)
			ours = ours if ours is None else ours & mask
		if not seen == ours == value:
			yield f"{name}: strace {value:#x}, attr_hex {seen:#x}, attr {shown.get(name)}"


def same_without_the_shim(run, command, folder):
	"""Exit status and stdout of a bare run against those with the shim."""
	folder.mkdir()
	bare = subprocess.run(command, cwd=folder, text=True, errors="replace", capture_output=True,
		timeout=120)
	if bare.returncode != run.status:
		yield f"exit status {run.status} with the shim, {bare.returncode} without"
	if bare.stdout != run.stdout:
		yield f"stdout with the shim:\n{run.stdout}\nstdout without:\n{bare.stdout}"


def perf_blocks(text):
	"""The calls in what perf -vv prints: (members by our names, arguments, fd or -errno)."""
	attr = {}
	for line in text.splitlines():
		if line == "perf_event_attr:":
			attr = {}
		elif match := re.fullmatch(r"  (\{.*\}|\w+) +(\S+)", line):
			attr[match.group(1)] = match.group(2)
		elif match := re.match(r"sys_perf_event_open: pid (\S+)  cpu (\S+)  group_fd (\S+)"
				r"  flags (\S+)(?: = (\d+))?", line):
			*arguments, fd = match.groups()
			arguments = dict(zip(("pid", "cpu", "group_fd", "flags"), (int(x, 0) for x in arguments)))
			if fd:
				yield attr, arguments, int(fd)
		elif match := re.fullmatch(r"sys_perf_event_open failed, error (-\d+)", line):
			yield attr, arguments, int(match.group(1))


PREFIXES = {"sample_type": "PERF_SAMPLE_", "read_format": "PERF_FORMAT_",
	"branch_sample_type": "PERF_SAMPLE_BRANCH_"}


def perf_attr(listed):
	"""perf's listing of an attr as numbers; a union's value is under the names of all its arms."""
	attr = {}
	for names, text in listed.items():
		name = names.strip("{} ").split(", ")[0]
		if name in PREFIXES and not text[0].isdigit():
			value = number(name, [PREFIXES[name] + short for short in text.split("|")])
		else:
			value = int(text, 0)
		attr.update({arm: value for arm in names.strip("{} ").split(", ")})
	return attr


def compare_perf(run):
	"""Every call that perf -vv lists must be among ours, in its order, with the same values."""
	listed = list(perf_blocks(run.stderr))
	if not listed:
		yield "perf -vv listed no call"
	calls = iter(run.calls)
	for attr, arguments, result in listed:
		theirs = perf_attr(attr)
		if not any(matches(theirs, arguments, result, call) for call in calls):
			yield f"perf -vv lists {attr} {arguments} = {result}, we have no such call in that order"
			return


def matches(theirs, arguments, result, call):
	if result != (call["fd"] if call["fd"] >= 0 else -getattr(errno, call["errno"], ENOTSUPP)):
		return False
	if any(number(key, call[key]) != value for key, value in arguments.items()):
		return False
	ours = numbers(call["attr"])
	unions = {"bp_addr": "config1", "bp_len": "config2", "uprobe_path": "config1",
		"probe_offset": "config2"}
	ours = {unions.get(name, name): value for name, value in ours.items()}
	theirs = {unions.get(name, name): value for name, value in theirs.items()}
	arms = ("sample_period", "sample_freq", "wakeup_events", "wakeup_watermark")
	theirs = {name: value for name, value in theirs.items() if name not in arms or name in ours}
	return ({name: value for name, value in ours.items() if value}
		== {name: value for name, value in theirs.items() if value})


def header_attrs(path):
	"""The attrs in the header of a perf.data file, as bytes."""
	data = path.read_bytes()
	assert data[:8] == b"PERFILE2", f"{path} is no perf.data"
	entry, offset, length = struct.unpack_from("=QQQ", data, 16)
	return [data[at:at + entry - 16] for at in range(offset, offset + length, entry)]


def compare_header(run, path):
	"""The attrs that perf stored must be attrs of calls we dumped, and which the kernel took."""
	opened = {call["attr_hex"] for call in run.calls if call["fd"] >= 0}
	stored = header_attrs(path)
	if not stored:
		yield f"{path} holds no attr"
	for attr in stored:
		if attr.hex() not in opened:
			yield f"{path} holds an attr that no dumped call has: {attr.hex()}"
