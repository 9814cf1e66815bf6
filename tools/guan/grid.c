/* Tables: cells are collected, then printed with every column as wide as its widest cell. */
#include "print.h"

#include "width.h"

#include <stdlib.h>
#include <string.h>

#define GAP          2
#define LEAST_COLUMN 24 /* a last column narrower than this is not wrapped: it would be a ribbon */

struct cell {
    const char *text;
    size_t width;
    enum style style;
    bool across; /* a line of its own: no column is as wide as this */
};

struct grid {
    struct cli *cli;
    size_t columns, count, capacity;
    struct cell *cells;
};

struct grid *grid_new(struct cli *cli, size_t columns)
{
    struct grid *grid = calloc(1, sizeof *grid);
    if (!grid) {
        cli->failed = true;
        return NULL;
    }
    grid->cli = cli;
    grid->columns = columns;
    return grid;
}

void grid_free(struct grid *grid)
{
    if (!grid) return;
    free(grid->cells);
    free(grid);
}

void grid_put(struct grid *grid, enum style style, const char *text)
{
    if (!grid) return;
    if (grid->count == grid->capacity) {
        size_t capacity = grid->capacity ? grid->capacity * 2 : 64;
        struct cell *cells = reallocarray(grid->cells, capacity, sizeof *cells);
        if (!cells) {
            grid->cli->failed = true;
            return;
        }
        grid->cells = cells;
        grid->capacity = capacity;
    }
    const char *shown = safe(grid->cli, text);
    grid->cells[grid->count++] = (struct cell){shown, width_of(shown, strlen(shown)), style, false};
}

void grid_line(struct grid *grid, enum style style, const char *text)
{
    if (!grid) return;
    size_t first = grid->count;
    for (size_t i = 0; i < grid->columns; i++) grid_put(grid, style, i == 0 ? text : "");
    if (grid->count > first) grid->cells[first].across = true;
}

static void spaces(size_t count)
{
    printf("%*s", (int)count, "");
}

/* The last cell of a row: wrapped under its own first column, a line across under its first letter. */
static void print_last(const struct grid *grid, const struct cell *cell, size_t start)
{
    size_t blanks = cell->across ? strspn(cell->text, " ") : 0;
    spaces(blanks);
    start += blanks;
    size_t terminal = grid->cli->columns > 0 ? (size_t)grid->cli->columns : 0;
    size_t room = terminal >= start + LEAST_COLUMN ? terminal - start : SIZE_MAX;
    const char *rest = cell->text + blanks;
    while (*rest) {
        size_t length = width_fit(rest, room), shown = length;
        while (shown > 0 && rest[shown - 1] == ' ') shown--;
        printf("%s%.*s%s\n", style_on(grid->cli, cell->style), (int)shown, rest, style_off(grid->cli, cell->style));
        rest += length;
        if (*rest) spaces(start);
    }
}

static void print_row(const struct grid *grid, const struct cell *row, const size_t *widths, size_t indent)
{
    size_t last = grid->columns; /* one past the last cell with text: nothing is padded after it */
    while (last > 0 && !*row[last - 1].text) last--;
    size_t start = indent, owed = indent;
    for (size_t i = 0; i < last; i++) {
        if (*row[i].text) {
            spaces(owed);
            owed = 0;
        }
        if (i + 1 == last) {
            print_last(grid, &row[i], start);
            return;
        }
        printf("%s%s%s", style_on(grid->cli, row[i].style), row[i].text, style_off(grid->cli, row[i].style));
        size_t step = widths[i] > 0 ? widths[i] + GAP : 0; /* a column without any text takes no room */
        owed += step - (step > 0 ? row[i].width : 0);
        start += step;
    }
    putchar('\n');
}

void grid_print(struct grid *grid, size_t indent)
{
    if (!grid || grid->count == 0) return;
    size_t *widths = scratch_take(grid->cli, grid->columns * sizeof *widths);
    if (!widths) return;
    for (size_t i = 0; i < grid->count; i++) {
        size_t *width = &widths[i % grid->columns];
        if (!grid->cells[i].across && grid->cells[i].width > *width) *width = grid->cells[i].width;
    }
    for (size_t row = 0; row + grid->columns <= grid->count; row += grid->columns)
        print_row(grid, grid->cells + row, widths, grid->cells[row].across ? 0 : indent);
}
