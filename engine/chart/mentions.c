/* The tokens of a piece of Lua that is known to parse, and the paths among them that name steps. */
#include "chart/mentions.h"

#include <string.h>

enum kind { TOKEN_END, TOKEN_NAME, TOKEN_TEXT, TOKEN_OTHER };
struct token {
    enum kind kind;
    const char *at; /* of a text: behind the quote */
    size_t length;
    const char *start;
    bool literal; /* a text that means what it shows */
};

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";

static bool is_letter(char byte)
{
    return byte != '\0' && strchr(letters, byte) != NULL;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Behind a [[text]] or [==[text]==] that begins at `at`; NULL: none does. */
static const char *behind_long(const char *at, const char *end)
{
    const char *p = at + 1;
    if (at >= end || *at != '[') return NULL;
    while (p < end && *p == '=') p++;
    if (p >= end || *p != '[') return NULL;
    size_t level = (size_t)(p - at) - 1;
    for (p++; p < end; p++) {
        if (*p != ']' || (size_t)(end - p) < level + 2 || p[level + 1] != ']') continue;
        size_t n = 0;
        while (n < level && p[n + 1] == '=') n++;
        if (n == level) return p + level + 2;
    }
    return end;
}

static const char *behind_line(const char *at, const char *end)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    return newline == NULL ? end : newline;
}

static const char *skip(const char *at, const char *end)
{
    while (at < end) {
        if (strchr(" \t\r\n\f\v", *at) != NULL && *at != '\0') {
            at++;
        } else if (end - at >= 2 && memcmp(at, "--", 2) == 0) {
            const char *behind = behind_long(at + 2, end);
            at = behind != NULL ? behind : behind_line(at, end);
        } else {
            break;
        }
    }
    return at;
}

static void read_text(struct token *token, const char **cursor, const char *end)
{
    const char *at = *cursor, *from = at + 1;
    token->kind = TOKEN_TEXT;
    token->at = from;
    token->literal = true;
    for (at++; at < end && *at != *token->start; at++) {
        if (*at != '\\') continue;
        token->literal = false;
        if (at + 1 < end) at++;
    }
    token->length = (size_t)(at - from);
    *cursor = at < end ? at + 1 : end;
}

static struct token next(const char **cursor, const char *end)
{
    const char *at = skip(*cursor, end);
    struct token token = {.kind = TOKEN_OTHER, .at = at, .start = at, .length = 1};
    const char *behind = behind_long(at, end);
    if (at >= end) {
        token.kind = TOKEN_END;
        token.length = 0;
    } else if (*at == '"' || *at == '\'') {
        read_text(&token, &at, end);
        *cursor = at;
        return token;
    } else if (behind != NULL) {
        token.kind = TOKEN_TEXT;
        token.length = (size_t)(behind - at);
    } else if (is_letter(*at)) {
        token.kind = TOKEN_NAME;
        for (token.length = 0; at + token.length < end && (is_letter(at[token.length]) || is_digit(at[token.length]));)
            token.length++;
    } else if (is_digit(*at)) {
        while (at + token.length < end && (is_letter(at[token.length]) || is_digit(at[token.length]) || at[token.length] == '.'))
            token.length++;
    } else {
        while (*at == '.' && at + token.length < end && at[token.length] == '.') token.length++; /* .. and ... */
    }
    *cursor = at + token.length;
    return token;
}

static bool is(const struct token *token, const char *text)
{
    return (token->kind == TOKEN_NAME || token->kind == TOKEN_OTHER) && token->length == strlen(text) &&
           memcmp(token->at, text, token->length) == 0;
}

static enum mention_root root_of(const struct token *token)
{
    static const char *const names[MENTION_ROOTS] = {"form", "forms", "steps", "done", "count", "sum"};
    enum mention_root root = MENTION_FORM;
    while (root < MENTION_ROOTS && (token->kind != TOKEN_NAME || !is(token, names[root]))) root++;
    return root;
}

/* --- what the source declares itself ------------------------------------------------------------------------------------ */

/* local a, b; for a, b in; function f(a, b): the names from the cursor on. */
static void shadow(struct mentions *mentions, const char *cursor, bool function)
{
    struct token token = next(&cursor, mentions->end);
    while (function && token.kind != TOKEN_END && !is(&token, "(")) {
        enum mention_root root = root_of(&token);
        token = next(&cursor, mentions->end);
        if (root < MENTION_ROOTS && is(&token, "(")) mentions->shadowed |= 1u << root;
    }
    if (function) token = next(&cursor, mentions->end);
    for (bool name = true; token.kind == TOKEN_NAME || is(&token, ","); name = !name) {
        if (!name && !is(&token, ",")) return;
        enum mention_root root = root_of(&token);
        if (root < MENTION_ROOTS) mentions->shadowed |= 1u << root;
        token = next(&cursor, mentions->end);
    }
}

void mentions_init(struct mentions *mentions, struct arena *arena, const char *source, size_t length, bool hooks)
{
    *mentions = (struct mentions){arena, source, source, source + length, hooks, 0};
    const char *cursor = source;
    for (struct token token; (token = next(&cursor, mentions->end)).kind != TOKEN_END;) {
        bool function = is(&token, "function");
        if (function || is(&token, "local") || is(&token, "for")) shadow(mentions, cursor, function);
    }
    if (hooks) mentions->shadowed &= ~(1u << MENTION_FORM | 1u << MENTION_FORMS | 1u << MENTION_STEPS);
}

/* --- paths -------------------------------------------------------------------------------------------------------------- */

/* .name or ["name"] at the cursor, which moves behind it. */
static bool read_key(const char **cursor, const char *end, struct token *key)
{
    const char *at = *cursor;
    struct token open = next(&at, end);
    if (is(&open, ".")) {
        *key = next(&at, end);
        if (key->kind != TOKEN_NAME) return false;
    } else if (is(&open, "[")) {
        *key = next(&at, end);
        struct token close = next(&at, end);
        if (key->kind != TOKEN_TEXT || !key->literal || !is(&close, "]")) return false;
    } else {
        return false;
    }
    *cursor = at;
    return true;
}

/* A literal argument; `behind` gets the comma or bracket after it. */
static bool read_argument(const char **cursor, const char *end, struct token *argument, struct token *behind)
{
    *argument = next(cursor, end);
    *behind = next(cursor, end);
    return argument->kind == TOKEN_TEXT && argument->literal && (is(behind, ",") || is(behind, ")"));
}

static bool read_call(const struct mentions *mentions, const char *cursor, enum mention_root root, struct token *step,
                      struct token *field)
{
    struct token behind, open = next(&cursor, mentions->end);
    if (!is(&open, "(") || !read_argument(&cursor, mentions->end, step, &behind)) return false;
    if (root != MENTION_SUM || !is(&behind, ",") || !read_argument(&cursor, mentions->end, field, &behind))
        field->kind = TOKEN_END;
    return true;
}

static bool read_path(const struct mentions *mentions, const char *cursor, struct token *step, struct token *field)
{
    if (!read_key(&cursor, mentions->end, step)) return false;
    if (!read_key(&cursor, mentions->end, field)) field->kind = TOKEN_END;
    return true;
}

static void place(const struct mentions *mentions, const char *at, struct mention *out)
{
    out->line = out->col = 1;
    for (const char *p = mentions->source; p < at; p++) {
        if (*p == '\n') {
            out->line++;
            out->col = 1;
        } else if (((unsigned char)*p & 0xC0u) != 0x80u) {
            out->col++;
        }
    }
}

bool mentions_next(struct mentions *mentions, struct mention *out)
{
    struct token owner = {.kind = TOKEN_END}, before = {.kind = TOKEN_END}, token, step, field;
    for (; (token = next(&mentions->cursor, mentions->end)).kind != TOKEN_END; owner = before, before = token) {
        enum mention_root root = root_of(&token);
        if (root == MENTION_ROOTS || (mentions->shadowed & 1u << root) != 0) continue;
        bool call = root >= MENTION_DONE, member = is(&before, ".") || is(&before, ":");
        if (member != (mentions->hooks && !call) || (member && !is(&owner, "case"))) continue;
        if (!(call ? read_call(mentions, mentions->cursor, root, &step, &field)
                   : read_path(mentions, mentions->cursor, &step, &field)))
            continue;
        out->root = root;
        out->step = arena_text(mentions->arena, step.at, step.length);
        out->field = field.kind == TOKEN_END ? NULL : arena_text(mentions->arena, field.at, field.length);
        place(mentions, token.start, out);
        return out->step != NULL;
    }
    return false;
}
