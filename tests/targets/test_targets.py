#!/usr/bin/env python3
"""The library of other architectures, run by qemu's user mode, alone and beside another preload; and all of it without new headers."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/clients"))
from harness import Skip, main, test


def need(program):
	if not shutil.which(program):
		raise Skip(f"{program} is not installed")
	return program


def run(command, **how):
	done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how)
	assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
	return done


def runs_the_same(arch, folder, audited=True, machine=None):
	"""The program's own words are those of a run without us, and the dump is there and read, preloaded and audited."""
	triple = f"{machine or arch}-linux-gnu"
	compiler, qemu = need(f"{triple}-gcc"), need(f"qemu-{arch}")
	library = folder / "libpeodump.so"
	audit, life = folder / "libpeodump-audit.so", folder / "libpeodump-life.so"
	run(["make", "-s", f"CC={compiler}", f"AR={triple}-ar", f"BUILD={folder}", "CFLAGS=-O2 -Werror", "all"], cwd=ROOT)
	run([compiler, "-O2", "-o", "target", str(ROOT / "tests/targets/target.c")])
	run([compiler, "-O2", "-shared", "-fPIC", "-o", "other.so", str(ROOT / "tests/hazards/lib_interposer.c")])
	emulated = [qemu, "-L", f"/usr/{triple}"]
	for file in (library, life, *[audit] * audited):
		imported = run(["readelf", "-dVW", str(file)]).stdout
		assert "SONAME" in imported and not re.search(r"NEEDED|VERNEED|GLIBC", imported), imported
	bare = run([*emulated, "./target"])
	for loaded in ([f"LD_PRELOAD={library}"], [f"LD_PRELOAD={library}:./other.so"], [f"LD_PRELOAD=./other.so:{library}"],
			[f"LD_PRELOAD={life}"], [f"LD_PRELOAD={life}:./other.so"],
			*[[f"LD_AUDIT={audit}"], [f"LD_AUDIT={audit}", "LD_PRELOAD=./other.so"]] * audited):
		variables = [word for variable in loaded for word in ("-E", variable)]
		ours = run([*emulated, *variables, "-E", "PEODUMP=out=dump", "./target"])
		assert bare.stdout in ours.stdout, f"{loaded}: {bare.stdout} bare, {ours.stdout} with us"
		assert "other.so" not in loaded[-1] or "the other saw 1 opens" in ours.stdout, f"{loaded}: {ours.stdout}"
		dump = pathlib.Path("dump").read_text()
		shown = run([*emulated, str(folder / "peodump"), "show", "--as", "c", "dump"])
		assert shown.stdout == dump, f"{shown.stdout} and {dump}"
		os.remove("dump")
		for line in (f" {arch} */", ".config = PERF_COUNT_SW_DUMMY,", ".disabled = 1,", ".inherit = 0,"):
			assert line in dump, f"{line} is not in {dump}"
		if "perf_event_open -1 38" in bare.stdout:
			assert "int fd = -1; /* ENOSYS: " in dump, dump


@test
def an_aarch64_program_is_dumped_and_runs_as_before(folder):
	runs_the_same("aarch64", folder)


@test
def a_riscv64_program_is_dumped_and_runs_as_before(folder):
	runs_the_same("riscv64", folder)


@test
def a_big_endian_s390x_program_is_dumped_and_runs_as_before(folder):
	runs_the_same("s390x", folder, audited=False)


@test
def a_ppc64le_program_is_dumped_and_runs_as_before(folder):
	runs_the_same("ppc64le", folder, audited=False, machine="powerpc64le")


# --- flags ---

@test
def the_flags_of_distributions_and_their_users_make_libraries_that_need_nothing(folder):
	flags = "-O2 -march=native -flto=auto -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2"
	run(["make", "-s", f"BUILD={folder}", f"CFLAGS={flags}", "LDFLAGS=-Wl,-z,relro,-z,now,-z,defs -Wl,--as-needed", "all"],
		cwd=ROOT)
	run(["cc", "-o", "target", str(ROOT / "tests/targets/target.c")])
	for library, variable in (("libpeodump.so", "LD_PRELOAD"), ("libpeodump-life.so", "LD_PRELOAD"),
			*[("libpeodump-audit.so", "LD_AUDIT")] * (folder / "libpeodump-audit.so").exists()):
		needed = run(["nm", "-D", "--undefined-only", str(folder / library)]).stdout.split()
		assert set(needed[::2]) <= {"w"}, needed
		ours = run(["./target"], env=os.environ | {variable: str(folder / library)})
		assert ".config = PERF_COUNT_SW_DUMMY," in ours.stderr, ours


# --- headers ---

def built(folder, *flags):
	"""The tool and the library, as these flags make them."""
	build = folder / "build"
	run(["make", "-s", f"-j{os.cpu_count()}", f"BUILD={build}", f"CFLAGS=-O1 -Werror {' '.join(flags)}", "all"], cwd=ROOT)
	return build


def with_headers(folder, name):
	"""With a folder of headers in front of the system's."""
	(folder / name).mkdir()
	return built(folder / name, f"-isystem {ROOT / 'tests/targets' / name}")


@test
def without_linux_perf_event_h_the_library_is_the_same_byte_for_byte(folder):
	usual, without = built(folder), with_headers(folder, "absent")
	done = subprocess.run(["cc", "-fsyntax-only", "-isystem", str(ROOT / "tests/targets/absent"),
		str(ROOT / "examples/counting.c")], capture_output=True, text=True)
	assert "linux/perf_event.h is absent" in done.stderr, "it is not hidden"
	for file in ("libpeodump.so", "libpeodecode.a"):
		assert (usual / file).read_bytes() == (without / file).read_bytes(), file


def dumps(build):
	"""What the tool and library of a build show of two examples, one of them refused."""
	text = ""
	for example in ("counting", "refused"):
		subprocess.run([build / "peodump", "-o", "dump", "--", ROOT / "build/examples" / example], capture_output=True)
		text += run([build / "peodump", "show", "--as", "c", "dump"]).stdout
	return re.sub(r"\[\d+\] thread \d+", "", text)


@test
def with_the_headers_of_linux_3_10_it_builds_and_dumps_the_same(folder):
	old = with_headers(folder, "3.10")
	assert dumps(old) == dumps(ROOT / "build") != "", dumps(old)


if __name__ == "__main__":
	main()
