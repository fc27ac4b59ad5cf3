/*
 * What is timed: the parser alone, over the whole of a log in memory, as time on a CPU. Prints
 * calls and MB/s.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <time.h>

#include "decoder/parse.h"

int
main(int argc, char **argv)
{
	static struct call_store store;
	int fd = open(argv[argc - 1], O_RDONLY);
	struct parser parser;
	unsigned long calls = 0;
	struct call call;
	struct stat file;
	const char *text;
	clock_t start;

	if (fd < 0 || fstat(fd, &file))
		err(1, "%s", argv[argc - 1]);
	text = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (text == MAP_FAILED)
		err(1, "mmap");
	start = clock();
	parser_begin(&parser, text, (size_t)file.st_size, &store);
	while (call_parse(&parser, &call) == PARSED_CALL)
		calls++;
	printf("%lu %.1f\n", calls, (double)file.st_size / 1e6
		/ ((double)(clock() - start + 1) / CLOCKS_PER_SEC));
	return 0;
}
