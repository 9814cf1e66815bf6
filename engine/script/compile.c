/* Source to chunks. Every chunk is a function of its environment: `local _ENV=...` on the first line keeps the line numbers, and
 * what a <script> defines keeps that session's environment while the compiled function is shared by all.
 *
 * An expression must parse both bare (`return x`) and in brackets (`return(x)`): the first refuses `1) or (2` and has messages
 * without our wrapping, the second refuses `a, b` and `a; b`. A line end before the bracket keeps a trailing comment from
 * swallowing it. */
#include "script/state.h"

#include "base/text.h"

#include <string.h>

struct form {
    const char *before, *after;
};
static const struct form bare = {"return ", "\n"};
static const struct form value_of = {"local _ENV=...;return(", "\n)"};
static const struct form value_of_check = {"local _ENV,value=...;return(", "\n)"};
static const struct form setter = {"local _ENV,__v=...;", "\n=__v"};
static const struct form statements = {"local _ENV=...;", "\n"};

struct piece {
    enum script_kind kind;
    const char *source;
    size_t length;
    uint32_t line, at_line;
    const char *name; /* NULL: only the syntax is wanted */
    script_ref ref;
    struct guan_error *error;
    int code;
};

struct reader {
    const char *parts[3];
    size_t lengths[3];
    int next;
};

static const char *read_part(lua_State *lua, void *user, size_t *length)
{
    (void)lua;
    struct reader *reader = user;
    /* an empty part would end the source */
    while (reader->next < 3 && reader->lengths[reader->next] == 0) reader->next++;
    if (reader->next == 3) return NULL;
    *length = reader->lengths[reader->next];
    return reader->parts[reader->next++];
}

/* Leaves the function, or the message, on the stack. */
static int load(lua_State *lua, const struct piece *piece, const struct form *form)
{
    struct reader reader = {
        {form->before, piece->source, form->after}, {strlen(form->before), piece->length, strlen(form->after)}, 0};
    lua_pushfstring(lua, "=\1%d", piece->ref);
    int status = lua_load(lua, read_part, &reader, lua_tostring(lua, -1), "t");
    lua_remove(lua, -2);
    if (status == LUA_ERRMEM) lua_error(lua);
    if (status == LUA_OK) {
        /* the global table, which nothing can name, is not even there */
        lua_pushnil(lua);
        lua_setupvalue(lua, -2, 1);
    }
    return status;
}

static int syntax(struct piece *piece, uint32_t line, const char *text)
{
    /* the end of the source is on the line that we added */
    uint32_t lines = 1;
    for (size_t i = 0; i < piece->length; i++) lines += piece->source[i] == '\n';
    if (line > lines) line = lines;
    piece->at_line = piece->line + (line ? line - 1 : 0);
    piece->code = script_refuse(piece->error, "lua-syntax", text);
    return piece->code;
}

/* The message on top, whose place is \1REF:LINE: */
static int syntax_message(lua_State *lua, struct piece *piece)
{
    const char *text = lua_tostring(lua, -1);
    const char *colon = text && *text == '\1' ? strchr(text, ':') : NULL;
    uint32_t line = 0;
    for (const char *at = colon ? colon + 1 : ""; *at >= '0' && *at <= '9' && line < 100000000; at++)
        line = line * 10 + (uint32_t)(*at - '0');
    return syntax(piece, line, text ? script_message(script_of(lua), text, NULL) : "cannot be compiled");
}

/* Pushes what the piece compiles to: for a location the setter below the getter. */
static int compile(lua_State *lua, struct piece *piece)
{
    if (piece->length > SCRIPT_SOURCE_BYTES) return syntax(piece, 1, "the source is too long");
    if (piece->kind == SCRIPT_STATEMENTS) return load(lua, piece, &statements) ? syntax_message(lua, piece) : GUAN_OK;
    if (load(lua, piece, &bare) != LUA_OK) return syntax_message(lua, piece);
    lua_pop(lua, 1);
    if (piece->kind == SCRIPT_LOCATION && load(lua, piece, &setter) != LUA_OK) {
        syntax(piece, 1, "this is nothing that can be assigned to");
        return error_hint(piece->error, "a location is a name, or a field of one: x, x.y, x[1]");
    }
    if (load(lua, piece, piece->kind == SCRIPT_CHECK ? &value_of_check : &value_of) != LUA_OK)
        return syntax(piece, 1, "exactly one expression is expected");
    return GUAN_OK;
}

static int check_piece(lua_State *lua)
{
    struct piece *piece = lua_touserdata(lua, 1);
    piece->code = compile(lua, piece);
    return 0;
}

/* The file's name, kept once. */
static const char *keep_name(struct script *script, const char *name)
{
    for (struct chunk_name *known = script->names; known; known = known->next)
        if (strcmp(known->text, name) == 0) return known->text;
    size_t size = strlen(name) + 1;
    struct chunk_name *kept = memory_alloc(sizeof *kept + size);
    if (!kept) return NULL;
    memcpy(kept->text, name, size);
    kept->next = script->names;
    script->names = kept;
    return kept->text;
}

static bool add_chunk(struct script *script, const struct piece *piece)
{
    if (script->chunk_count + 1 >= script->chunk_capacity) {
        size_t capacity = script->chunk_capacity ? script->chunk_capacity * 2 : 64;
        struct chunk *chunks = memory_resize(script->chunks, capacity * sizeof *chunks);
        if (!chunks) return false;
        script->chunks = chunks;
        script->chunk_capacity = capacity;
    }
    const char *name = keep_name(script, piece->name);
    if (!name) return false;
    if (script->chunk_count == 0) script->chunks[script->chunk_count++] = (struct chunk){LUA_NOREF, LUA_NOREF, 0, ""};
    script->chunks[script->chunk_count++] = (struct chunk){LUA_NOREF, LUA_NOREF, piece->line, name};
    return true;
}

static int compile_piece(lua_State *lua)
{
    struct piece *piece = lua_touserdata(lua, 1);
    struct script *script = script_of(lua);
    piece->code = compile(lua, piece);
    if (piece->code != GUAN_OK) return 0;
    if (!add_chunk(script, piece)) {
        piece->code = error_memory(piece->error);
        return 0;
    }
    struct chunk *chunk = &script->chunks[piece->ref];
    if (piece->kind == SCRIPT_LOCATION) chunk->getter = luaL_ref(lua, LUA_REGISTRYINDEX);
    chunk->function = luaL_ref(lua, LUA_REGISTRYINDEX);
    return 0;
}

int script_compile(struct script *script, enum script_kind kind, const char *source, size_t length, const char *chunk,
                   uint32_t line, script_ref *out, struct guan_error *error)
{
    *out = SCRIPT_NO_REF;
    int next = script->chunk_count ? (int)script->chunk_count : 1;
    struct piece piece = {kind, source, length, line ? line : 1, 0, chunk ? chunk : "script", next, error, GUAN_OK};
    int code = script_protect(script, NULL, compile_piece, &piece, error);
    if (code == GUAN_OK) code = piece.code;
    if (code == GUAN_OK) *out = next;
    else if (piece.at_line) error_where(error, "%s:%u", piece.name, piece.at_line);
    return code;
}

int script_check(enum script_kind kind, const char *source, size_t length, uint32_t line, uint32_t *at_line,
                 struct guan_error *error)
{
    struct script *script;
    if (at_line) *at_line = line;
    int code = script_bare(&script, error);
    if (code != GUAN_OK) return code;
    struct piece piece = {kind, source, length, line ? line : 1, 0, NULL, 1, error, GUAN_OK};
    code = script_protect(script, NULL, check_piece, &piece, error);
    if (code == GUAN_OK) code = piece.code;
    if (at_line && piece.at_line) *at_line = piece.at_line;
    script_free(script);
    return code;
}

void chunk_where(const struct script *script, script_ref ref, struct guan_error *error)
{
    if (ref > 0 && (size_t)ref < script->chunk_count)
        error_where(error, "%s:%u", script->chunks[ref].name, script->chunks[ref].line);
}

/* The place in `chunks` stays, for messages of functions that live on. */
void chunk_forget(struct script *script, script_ref ref)
{
    if (ref <= 0 || (size_t)ref >= script->chunk_count) return;
    luaL_unref(script->lua, LUA_REGISTRYINDEX, script->chunks[ref].function);
    luaL_unref(script->lua, LUA_REGISTRYINDEX, script->chunks[ref].getter);
    script->chunks[ref].function = script->chunks[ref].getter = LUA_NOREF;
}

/* --- a chart's pieces ---------------------------------------------------------------------------------------------- */

script_ref *script_chart_refs(struct script *script, const void *key, uint32_t count)
{
    for (size_t i = 0; i < script->chart_count; i++)
        if (script->charts[i].key == key) return script->charts[i].refs;
    struct chart_refs *charts = memory_resize(script->charts, (script->chart_count + 1) * sizeof *charts);
    if (!charts) return NULL;
    script->charts = charts;
    script_ref *refs = memory_alloc((count ? count : 1) * sizeof *refs);
    if (refs) charts[script->chart_count++] = (struct chart_refs){key, refs, count};
    return refs;
}

void script_forget(struct script *script, const void *key)
{
    for (size_t i = 0; i < script->chart_count; i++) {
        struct chart_refs *chart = &script->charts[i];
        if (chart->key != key) continue;
        for (uint32_t k = 0; k < chart->count; k++) chunk_forget(script, chart->refs[k]);
        memory_free(chart->refs);
        *chart = script->charts[--script->chart_count];
        return;
    }
}
