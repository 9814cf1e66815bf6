/* Printing for people: scratch text, colours, tables, and the reading of the engine's JSON. */
#ifndef PRINT_H
#define PRINT_H

#include "cli.h"
#include "language.h"

#include <jansson.h>

/* --- scratch text: lives until the program ends; never NULL --- */
const char *say(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *safe(struct cli *cli, const char *text); /* for a terminal; NULL gives "" */
void *scratch_take(struct cli *cli, size_t size);    /* zeroed; NULL: no memory, and cli->failed */
void scratch_free(struct cli *cli);

/* --- colours --- */
enum style { PLAIN, BOLD, DIM, GOOD, BAD, WARN };
const char *style_on(const struct cli *cli, enum style style);
const char *style_off(const struct cli *cli, enum style style);
void print(struct cli *cli, enum style style, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* --- tables: columns as wide as their widest cell, the last one wrapped to the terminal --- */
struct grid;
struct grid *grid_new(struct cli *cli, size_t columns);                /* NULL: no memory; the others accept it */
void grid_put(struct grid *grid, enum style style, const char *text);  /* the next cell, row by row; copied, made safe */
void grid_line(struct grid *grid, enum style style, const char *text); /* a whole row: a heading between rows, not indented */
void grid_print(struct grid *grid, size_t indent);
void grid_free(struct grid *grid);

/* --- JSON of the engine; absent or of another type reads as "", 0, false --- */
const char *text_at(const json_t *object, const char *key);
/* "title" in the language of the user. */
const char *title_at(const json_t *object);
json_int_t number_at(const json_t *object, const char *key);
bool true_at(const json_t *object, const char *key);
/* A list of strings, or of objects with a "title", as one text. */
const char *list_at(struct cli *cli, const json_t *object, const char *key, const char *between);

#endif
