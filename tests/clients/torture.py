"""Calls perf_event_open with every odd size, bit and pointer; prints what went in and came back."""

import ctypes
import mmap
import platform
import random
import struct

NUMBER = {"x86_64": 298, "i686": 336, "ppc64le": 319, "s390x": 331}.get(platform.machine(), 241)
SIZES = (0, 1, 63, 64, 65, 70, 72, 80, 96, 104, 109, 110, 112, 120, 128, 136, 144, 152,
	4095, 4096, 4097, 4100, 0xffffffff)
ROOM = 2 * mmap.PAGESIZE

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
libc.syscall.restype = ctypes.c_long
libc.syscall.argtypes = [ctypes.c_long, ctypes.c_void_p] + [ctypes.c_long] * 4
start = libc.mmap(0x10000000, ROOM + mmap.PAGESIZE, mmap.PROT_READ | mmap.PROT_WRITE,
	mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
libc.munmap(ctypes.c_void_p(start + ROOM), ctypes.c_size_t(mmap.PAGESIZE))
end = start + ROOM


def call(name, address, pid=0, cpu=-1, group=-1, flags=0):
	"""Call, and print: fd, errno, whether the attr's other bytes stayed, size after, bytes before."""
	length = end - address if start <= address < end else 0
	before = ctypes.string_at(address, length)
	ctypes.set_errno(0)
	fd = libc.syscall(NUMBER, address, pid, cpu, group, flags)
	error = ctypes.get_errno()
	after = ctypes.string_at(address, length)
	kept = before[:4] == after[:4] and before[8:] == after[8:]
	print(name, fd, error, kept, *struct.unpack("I", after[4:8] if length >= 8 else bytes(4)),
		before[:4096].hex() or "-")
	if fd >= 0:
		libc.close(fd)


def attempt(name, size, fields, readable=None, **arguments):
	"""Lay an attr of `size` bytes flush against an unmapped page, and call."""
	length = min(max(size or 64, 8), ROOM) if readable is None else readable
	attr = fields[:4] + struct.pack("I", size) + fields[8:]
	ctypes.memmove(end - length, attr.ljust(length, b"\0")[:length], length)
	call(name, end - length, **arguments)


def dummy(**words):
	"""A software dummy event with some words set, each given as at_OFFSET=value."""
	attr = bytearray(struct.pack("IIQ", 1, 0, 9) + bytes(136))
	for where, value in words.items():
		struct.pack_into("Q", attr, int(where[3:]), value)
	return bytes(attr)


chance = random.Random(2)
for size in SIZES:
	attempt("plain", size, dummy())
	attempt("random", size, struct.pack("II", chance.randrange(8), 0) + chance.randbytes(4092))
	attempt("last", size, dummy()[:8].ljust(max(min(size, 4100) - 1, 8), b"\0") + b"\x81")
for bit in range(64):
	for size in (64, 128, 144):
		attempt("flag", size, dummy(at_40=1 << bit))
	attempt("sample_type", 136, dummy(at_24=1 << bit))
	attempt("read_format", 136, dummy(at_32=1 << bit))
	attempt("branch_sample_type", 136, dummy(at_24=1 << 11, at_72=1 << bit))
	attempt("sample_regs", 136, dummy(at_24=1 << 12 | 1 << 18, at_80=1 << bit, at_96=1 << bit))
	attempt("argument", 136, dummy(), flags=(1 << bit) - (bit == 63) * (1 << 64))
for type_ in (*range(8), 0x80000000, 0xffffffff):
	for config in (0, 1, 0x10203, 0x20106, 0x30000, 0x400000003, 0x8000000000000002):
		attempt("type", 128, struct.pack("IIQ", type_, 0, config))
for offset in range(8, 152):
	attempt("byte", 152, bytes(offset) + b"\xff")
for kind in range(9):
	attempt("breakpoint", 128, struct.pack("IIQQQQQIIQQ", 5, 0, 0, 1, 0, 0, 1, 0, kind, start, kind))
for clock in (0, 1, 2, 4, 7, 11, -1):
	attempt("clockid", 112, dummy(at_40=1 << 25, at_88=(clock & 0xffffffff) << 32))
for path in (b"/nonexistent */ \"%\\ \x01\xff\n", b"", b"x" * 5000):
	ctypes.memmove(start, path + b"\0", len(path) + 1)
	for pmu in ("uprobe", "kprobe"):
		try:
			type_ = int(open(f"/sys/bus/event_source/devices/{pmu}/type").read())
		except OSError:
			continue
		for pointer in (start, 0, 8):
			attempt(pmu, 128, struct.pack("IIQ40xQQ", type_, 0, 1 << 32 | 1, pointer, 16))
attempt("arguments", 64, dummy(), pid=-1, cpu=0)
attempt("arguments", 64, dummy(), pid=0x12300000000, cpu=-1 - (1 << 40), group=-7, flags=-1)
for address in (0, 8, end, end - 3, end - 4, end - 7, end - 8):
	call("pointer", address)
for readable in (8, 9, 40, 63, 64, 100, 127):
	attempt("straddling", 128, dummy(), readable)
	attempt("straddling", 0, dummy(), readable)
