/* How long one of many alike steps takes. */
#ifndef TESTS_BENCH_CLOCK_H
#define TESTS_BENCH_CLOCK_H

#include <stdlib.h>
#include <time.h>

enum {
	BATCH = 100,
	BATCHES_MAX = 10000
};

static inline double
clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static inline int
clock_compare(const void *left, const void *right)
{
	double difference = *(const double *)left - *(const double *)right;

	return (difference > 0) - (difference < 0);
}

/*
 * Nanoseconds for a step, by batches: a quarter of these were faster. Whatever else the machine
 * does makes some longer and none shorter.
 */
static inline double
clock_steps(void (*step)(void *), void *with, long batches)
{
	static double times[BATCHES_MAX];

	if (batches > BATCHES_MAX)
		batches = BATCHES_MAX;
	for (long batch = 0; batch < batches; batch++) {
		double start = clock_now();

		for (int i = 0; i < BATCH; i++)
			step(with);
		times[batch] = (clock_now() - start) / BATCH;
	}
	qsort(times, (size_t)batches, sizeof *times, clock_compare);
	return times[batches / 4];
}

#endif
