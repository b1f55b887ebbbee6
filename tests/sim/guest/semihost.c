/* SPDX-License-Identifier: MIT */
/* What a hosted program sees of its host: arguments, and three streams. The last argument "read"
 * lets it read; "errors" lets it write errors. */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	for (int n = 0; n < argc; n++)
		printf("argv[%d] %s\n", n, argv[n]);
	if (argc > 1 && !strcmp(argv[argc - 1], "errors")) {
		fprintf(stderr, "to errors\n");
		return 7;
	}
	if (argc > 1 && !strcmp(argv[argc - 1], "read")) {
		puts("reading");
		fflush(stdout);
		printf("got %d\n", getchar());
	}
	return argc;
}
