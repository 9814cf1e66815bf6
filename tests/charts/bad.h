/* What the two parts of the test share. */
#ifndef CHARTS_BAD_H
#define CHARTS_BAD_H

#include "chart/bundle.h"

/* Reads with the catalogue; every diagnostic becomes a line of `lines`. */
int read_flow(const struct catalogue *catalogue, const char *file, const char *bytes, size_t length, struct buffer *lines);
/* Prints "ok NAME" or both texts; true when they are the same. */
bool compare(const char *name, const char *want, const struct buffer *lines);
/* The generated inputs; returns how many failed. */
int run_generated(const struct catalogue *catalogue, const char *good, size_t good_length);

#endif
