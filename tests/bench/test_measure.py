#!/usr/bin/python3
"""What `make bench` says of what was: rows beside a baseline, and a baseline that is read back."""

import contextlib
import io
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/clients"))
sys.path.append(str(ROOT / "tests/bench"))
from harness import main, test

import measure

COMMITTED = measure.BASELINE


def said(folder, *values):
	"""The last row, of a report beside the baseline in that folder."""
	measure.BASELINE = str(folder / "baseline.tsv")
	with contextlib.redirect_stdout(io.StringIO()) as out:
		report = measure.Report()
		report.begin("title")
		report.row("name", values)
	return report, out.getvalue().splitlines()[-1]


def keep(folder, *values):
	said(folder, *values)[0].rebase()


@test
def a_row_is_the_median_and_the_spread(folder):
	assert said(folder, 3.0, 1.0, 2.0)[1].split() == ["name", "2", "x", "1", "..", "3", "new"]


@test
def a_row_says_what_it_was(folder):
	keep(folder, 4.0, 5.0, 6.0)
	assert said(folder, 4.5)[1].endswith("was 5"), said(folder, 4.5)


@test
def only_a_row_outside_of_the_old_spread_is_said_to_be_more_or_less(folder):
	keep(folder, 4.0, 5.0, 6.0)
	for values, end in (((6.5, 7.0), "(more)"), ((2.0, 3.5), "(less)"), ((3.0, 7.0), "was 5")):
		assert said(folder, *values)[1].endswith(end), said(folder, *values)


@test
def a_baseline_says_where_it_was_made(folder):
	keep(folder, 1.0)
	assert said(folder, 1.0)[0].where == measure.machine()


@test
def the_baseline_of_the_repository_can_be_read(folder):
	measure.BASELINE = COMMITTED
	rows, where = measure.baseline_read()
	assert where and all(least <= median <= most for median, least, most in rows.values()), rows


main()
