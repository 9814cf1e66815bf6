/* Reading *.story: one item a line. */
#include "case/story.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    struct arena *arena;
    const char *file;
    uint32_t number;
    struct story *story;
    struct guan_error *error;
    size_t staff_capacity, party_capacity, line_capacity, expect_capacity;
};

static int bad(struct reader *reader, const char *text)
{
    error_set(reader->error, GUAN_USAGE, "story", "%s", text);
    return error_where(reader->error, "%s:%u:1", reader->file, reader->number);
}

/* Splits a line into words; a value with blanks stands in double quotes, also behind `name=`. */
static int words_of(struct reader *reader, const char *line, size_t length, const char **words, size_t *count)
{
    const char *end = line + length;
    *count = 0;
    while (line < end) {
        while (line < end && (*line == ' ' || *line == '\t' || *line == '\r')) line++;
        if (line == end || *line == '#') break;
        if (*count == STORY_WORDS) return bad(reader, "the line has too many words");
        char *word = arena_alloc(reader->arena, (size_t)(end - line) + 1);
        size_t used = 0;
        bool quoted = false;
        if (!word) return error_memory(reader->error);
        for (; line < end && (quoted || (*line != ' ' && *line != '\t' && *line != '\r')); line++) {
            if (*line == '"') quoted = !quoted;
            else word[used++] = *line;
        }
        if (quoted) return bad(reader, "a quote is not closed");
        words[(*count)++] = word;
    }
    return GUAN_OK;
}

static int read_expect(struct reader *reader, const char **words, size_t count)
{
    struct story *story = reader->story;
    story->expects =
        arena_grow(reader->arena, story->expects, story->expect_count, &reader->expect_capacity, sizeof *story->expects);
    if (!story->expects) return error_memory(reader->error);
    struct story_expect expect = {.number = reader->number};
    if (count == 3 && strcmp(words[1], "state") == 0) expect.state = words[2];
    else if (count == 3 && strcmp(words[1], "findings") == 0 && strcmp(words[2], "none") == 0) expect.none = true;
    else if (count == 5 && strcmp(words[1], "finding") == 0)
        expect.code = words[2], expect.severity = words[3], expect.clause = words[4];
    else return bad(reader, "expect takes `state ID`, `finding CODE SEVERITY CLAUSE` or `findings none`");
    story->expects[story->expect_count++] = expect;
    return GUAN_OK;
}

static int read_actors(struct reader *reader, struct story_line *line, const char *word)
{
    const char *plus = strchr(word, '+');
    line->actor = plus ? arena_text(reader->arena, word, (size_t)(plus - word)) : word;
    while (plus) {
        const char *name = plus + 1, *next = strchr(name, '+');
        if (line->with_count == sizeof line->with / sizeof *line->with) return bad(reader, "too many signers");
        line->with[line->with_count++] = next ? arena_text(reader->arena, name, (size_t)(next - name)) : name;
        plus = next;
    }
    return GUAN_OK;
}

static int read_field(struct reader *reader, struct story_line *line, const char *word)
{
    const char *equals = strchr(word, '=');
    if (!equals) return bad(reader, "after the name come field=value words");
    const char *name = arena_text(reader->arena, word, (size_t)(equals - word)), *value = equals + 1;
    if (!name) return error_memory(reader->error);
    if (strcmp(name, "rec") == 0) line->rec = value;
    else if (strcmp(name, "by") == 0 && line->waive) line->by = value;
    else if (strcmp(name, "reason") == 0 && line->waive) line->reason = value;
    else line->fields[line->field_count++] = (struct guan_pair){name, value};
    return GUAN_OK;
}

static int read_line(struct reader *reader, const char **words, size_t count, const char *text)
{
    struct story *story = reader->story;
    story->lines = arena_grow(reader->arena, story->lines, story->line_count, &reader->line_capacity, sizeof *story->lines);
    if (!story->lines) return error_memory(reader->error);
    struct story_line *line = &story->lines[story->line_count++];
    *line = (struct story_line){.number = reader->number, .at = words[0], .text = text};
    if (count < 3) return bad(reader, "a line is TIME ACTOR PROCESS.NAME [field=value…]");
    int code = read_actors(reader, line, words[1]);
    size_t next = 2;
    if (strcmp(words[2], "waive") == 0) line->waive = true, next = 3;
    if (next >= count) return bad(reader, "waive what?");
    line->name = words[next++];
    for (; next < count && code == GUAN_OK; next++) {
        if (strcmp(words[next], "!refused") == 0) {
            line->refused = true;
            if (next + 1 < count) line->refused_clause = words[++next];
        } else {
            code = read_field(reader, line, words[next]);
        }
    }
    if (!line->rec) line->rec = line->at;
    return code;
}

static int read_pair(struct reader *reader, const char **words, size_t count, bool staff)
{
    struct story *story = reader->story;
    struct guan_pair pair;
    if (count < 3) return bad(reader, staff ? "staff takes NAME ROLE…" : "party takes NAME ROLE");
    pair.name = words[1];
    pair.value = words[2];
    for (size_t i = 3; i < count && staff; i++) pair.value = arena_printf(reader->arena, "%s %s", pair.value, words[i]);
    if (staff) {
        story->staff = arena_grow(reader->arena, story->staff, story->staff_count, &reader->staff_capacity, sizeof pair);
        if (story->staff) story->staff[story->staff_count++] = pair;
    } else {
        story->parties = arena_grow(reader->arena, story->parties, story->party_count, &reader->party_capacity, sizeof pair);
        if (story->parties) story->parties[story->party_count++] = pair;
    }
    return arena_failed(reader->arena) ? error_memory(reader->error) : GUAN_OK;
}

static int read_item(struct reader *reader, const char *text, size_t length)
{
    const char *words[STORY_WORDS];
    size_t count;
    struct story *story = reader->story;
    const char *whole = arena_text(reader->arena, text, length);
    int code = words_of(reader, text, length, words, &count);
    if (code != GUAN_OK || count == 0) return code;
    const char *key = words[0], *value = count > 1 ? words[1] : "";
    if (key[0] >= '0' && key[0] <= '9') return read_line(reader, words, count, whole);
    if (strcmp(key, "story") == 0) {
        const char *title = whole + (strstr(whole, "story") - whole) + 5;
        while (*title == ' ' || *title == '\t') title++;
        story->title = title;
    } else if (strcmp(key, "process") == 0) story->process = value;
    else if (strcmp(key, "dealer") == 0) story->dealer = value;
    else if (strcmp(key, "until") == 0) story->until = value;
    else if (strcmp(key, "staff") == 0) return read_pair(reader, words, count, true);
    else if (strcmp(key, "party") == 0) return read_pair(reader, words, count, false);
    else if (strcmp(key, "expect") == 0) return read_expect(reader, words, count);
    else return bad(reader, "a line begins with a time, or: story process dealer staff party until expect");
    return GUAN_OK;
}

int story_read(struct arena *arena, const char *file, const char *text, size_t length, struct story *out,
               struct guan_error *error)
{
    struct reader reader = {.arena = arena, .file = file, .story = out, .error = error};
    const char *end = text + length;
    memset(out, 0, sizeof *out);
    if (!text_is_utf8(text, length)) return error_set(error, GUAN_USAGE, "utf-8", "%s is not UTF-8 text", file);
    int code = GUAN_OK;
    for (const char *line = text; line < end && code == GUAN_OK;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        if (!stop) stop = end;
        reader.number++;
        code = read_item(&reader, line, (size_t)(stop - line));
        line = stop + 1;
    }
    if (code != GUAN_OK) return code;
    if (!out->process) return error_set(error, GUAN_USAGE, "story", "%s: no `process` line", file);
    if (!out->title) out->title = file;
    return arena_failed(arena) ? error_memory(error) : GUAN_OK;
}
