/* SPDX-License-Identifier: MIT */
/*
 * replay - runs a fuzz target over the files named as arguments; what 'make
 * check' does with the kept corpora, no fuzzing engine needed. Each file is
 * one test; the target aborts where it finds a fault.
 */
#include "base/base.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static int
replay(const char *file)
{
	static uint8_t data[MIB];
	FILE *f = fopen(file, "rb");
	size_t n;

	if (f == NULL) {
		printf("%s: cannot open\n", file);
		return -1;
	}
	n = fread(data, 1, sizeof data, f);
	fclose(f);
	/* An exact copy, so that a sanitizer sees reading past the end. */
	uint8_t *exact = malloc(n ? n : 1);
	if (exact == NULL)
		return -1;
	memcpy(exact, data, n);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	return 0;
}

int
main(int argc, char **argv)
{
	int bad = 0;

	for (int i = 1; i < argc; i++)
		bad += replay(argv[i]) < 0;
	printf("%d passed, %d failed\n", argc - 1 - bad, bad);
	return bad != 0 || argc < 2;
}
