"""Runs test functions and prints their outcome in cmocka's words."""

import os
import pathlib
import sys
import tempfile
import traceback

tests = []


class Skip(Exception):
	"""The machine lacks what the test needs; the text says what."""


def test(function):
	"""Mark a function of one folder as a test; its name is the test's."""
	tests.append(function)
	return function


def check(complaints):
	"""Fail with the complaints, the first twenty of them."""
	complaints = list(complaints)
	if complaints:
		more = [f"and {len(complaints) - 20} more"] * (len(complaints) > 20)
		raise AssertionError("\n".join(complaints[:20] + more))


def main():
	"""Run the tests, or those named as arguments, each in an empty folder; exit 1 on a failure."""
	outcomes = [attempt(test) for test in tests if test.__name__ in sys.argv[1:] or not sys.argv[1:]]
	sys.exit(not all(outcomes))


def attempt(test):
	mark, detail = "      OK", ""
	with tempfile.TemporaryDirectory(prefix="peodump-") as folder:
		os.chdir(folder)
		try:
			test(pathlib.Path(folder))
		except Skip as reason:
			mark, detail = " SKIPPED", f": {reason}"
		except AssertionError as error:
			mark = " FAILED "
			print(error, file=sys.stderr, flush=True)
		except Exception:
			mark = " FAILED "
			traceback.print_exc()
		os.chdir("/")
	print(f"[ {mark} ] {test.__name__}{detail}", flush=True)
	return mark != " FAILED "
