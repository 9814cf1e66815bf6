/* Single values by type, and their limits. */
#include "standard/types.h"

#include "base/limits.h"
#include "base/text.h"

#include <regex.h>
#include <string.h>

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}
static bool letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool all_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!digit(text[i])) return false;
    return length > 0;
}

/* --- numbers -------------------------------------------------------------------------------------------------------------- */

bool type_integer(const char *text, int64_t *out)
{
    bool negative = *text == '-';
    const char *at = text + (negative || *text == '+' ? 1 : 0);
    size_t length = strlen(at);
    if (length > 15 || !all_digits(at, length)) return false; /* below 2^53: the record holds no larger one */
    *out = 0;
    for (; *at; at++) *out = *out * 10 + (*at - '0');
    if (negative) *out = -*out;
    return true;
}

bool type_fen(const char *text, int64_t *out)
{
    char whole[16];
    const char *point = strchr(text, '.');
    size_t length = point ? (size_t)(point - text) : strlen(text);
    if (length >= sizeof whole - 2) return false;
    memcpy(whole, text, length);
    whole[length] = '\0';
    if (!type_integer(whole, out)) return false;
    *out *= 100;
    if (!point) return true;
    size_t places = strlen(point + 1);
    if (places > 2 || !all_digits(point + 1, places)) return false;
    int64_t fen = (point[1] - '0') * 10 + (places == 2 ? point[2] - '0' : 0);
    *out += *text == '-' ? -fen : fen;
    return true;
}

const char *type_decimal(struct arena *arena, const char *text)
{
    const char *at = text + (*text == '-' || *text == '+' ? 1 : 0), *point = strchr(at, '.');
    size_t whole = point ? (size_t)(point - at) : strlen(at), places = point ? strlen(point + 1) : 0;
    if (!all_digits(at, whole) || whole > 15 || places > 15 || (point && !all_digits(point + 1, places))) return NULL;
    while (whole > 1 && *at == '0') at++, whole--;
    while (places > 0 && point[places] == '0') places--;
    bool zero = whole == 1 && *at == '0' && places == 0;
    const char *sign = *text == '-' && !zero ? "-" : "";
    if (places == 0) return arena_printf(arena, "%s%.*s", sign, (int)whole, at);
    return arena_printf(arena, "%s%.*s.%.*s", sign, (int)whole, at, (int)places, point + 1);
}

int type_decimal_compare(const char *a, const char *b)
{
    bool minus = *a == '-';
    if (minus != (*b == '-')) return minus ? -1 : 1;
    const char *x = a + minus, *y = b + minus;
    size_t x_whole = strcspn(x, "."), y_whole = strcspn(y, ".");
    int order = x_whole != y_whole ? (x_whole < y_whole ? -1 : 1) : strcmp(x, y); /* canonical: digit by digit */
    return minus ? -order : order;
}

bool type_truth(const char *text, bool *out)
{
    static const char *const yes[] = {"yes", "true", "ok", "valid", "是"}, *const no[] = {"no", "false", "否"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (strcmp(text, yes[i]) == 0) return *out = true;
    *out = false;
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (strcmp(text, no[i]) == 0) return true;
    return false;
}

/* --- numbers of people and things ------------------------------------------------------------------------------------------ */

static bool is_mobile(const char *text)
{
    return strlen(text) == 11 && text[0] == '1' && text[1] >= '3' && all_digits(text, 11);
}

/* ^0\d{2,3}-?\d{7,8}$ */
static bool is_landline(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    if (text[0] != '0') return false;
    if (text[digits] == '\0') return digits >= 10 && digits <= 12;
    size_t rest = strlen(text + digits + 1);
    return text[digits] == '-' && (digits == 3 || digits == 4) && (rest == 7 || rest == 8) && all_digits(text + digits + 1, rest);
}

/* ^[A-Za-z][-_A-Za-z0-9]{5,19}$, or the mobile number that many use as one */
static bool is_wechat(const char *text)
{
    size_t length = strlen(text);
    if (is_mobile(text)) return true;
    if (length < 6 || length > 20 || !letter(text[0])) return false;
    for (size_t i = 1; i < length; i++)
        if (!letter(text[i]) && !digit(text[i]) && text[i] != '-' && text[i] != '_') return false;
    return true;
}

static bool is_email(const char *text)
{
    const char *sign = strchr(text, '@');
    size_t length = strlen(text);
    if (!sign || sign == text || length > 254 || strchr(sign + 1, '@')) return false;
    const char *dot = strrchr(sign + 1, '.');
    if (!dot || dot == sign + 1 || strlen(dot + 1) < 2 || strstr(text, "..")) return false;
    for (const char *at = text; *at; at++)
        if (!letter(*at) && !digit(*at) && !strchr("@.!#$%&'*+-/=?^_`{|}~", *at)) return false;
    return true;
}

/* GB 11643: 17 digits, a check character by ISO 7064 MOD 11-2, a birthday that exists. */
static bool is_idno(const char *text)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    if (strlen(text) != 18 || !all_digits(text, 17)) return false;
    for (int i = 0; i < 17; i++) sum += (text[i] - '0') * weights[i];
    struct civil birth = {0};
    for (int i = 6; i < 10; i++) birth.year = birth.year * 10 + (text[i] - '0');
    birth.month = (text[10] - '0') * 10 + text[11] - '0';
    birth.day = (text[12] - '0') * 10 + text[13] - '0';
    return text[17] == "10X98765432"[sum % 11] && civil_valid(&birth);
}

static bool is_vin(const char *text)
{
    if (strlen(text) != 17) return false;
    for (const char *at = text; *at; at++)
        if (!digit(*at) && (*at < 'A' || *at > 'Z' || *at == 'I' || *at == 'O' || *at == 'Q')) return false;
    return true;
}

static struct value *upper(struct arena *arena, const char *text)
{
    char *copy = arena_text(arena, text, strlen(text));
    for (char *at = copy; at && *at; at++)
        if (*at >= 'a' && *at <= 'z') *at = (char)(*at - 'a' + 'A');
    return value_text(arena, copy);
}

/* --- reading -------------------------------------------------------------------------------------------------------------- */

static struct value *when(bool good, struct arena *arena, const char *text)
{
    return good ? value_text(arena, text) : NULL;
}

static struct value *read_time(const struct type_context *context, enum chart_type type, const char *text)
{
    struct civil day;
    struct duration duration;
    instant at;
    char out[INSTANT_TEXT];
    size_t length = strlen(text);
    if (type == CHART_DATE)
        return date_parse(text, length, &day, NULL) == GUAN_OK
                   ? value_printf(context->arena, "%04d-%02d-%02d", day.year, day.month, day.day)
                   : NULL;
    if (type == CHART_DURATION) {
        struct value *value = upper(context->arena, text);
        const char *canonical = value_as_text(value);
        return canonical && duration_parse(canonical, length, &duration, NULL) == GUAN_OK ? value : NULL;
    }
    if (instant_parse(text, length, context->zone, &at, NULL) != GUAN_OK) return NULL;
    instant_format(at, out);
    return value_text(context->arena, out);
}

static struct value *read_number(struct arena *arena, enum chart_type type, const char *text)
{
    int64_t number;
    if (type == CHART_DECIMAL) return value_text(arena, type_decimal(arena, text));
    bool good = type == CHART_MONEY ? type_fen(text, &number) : type_integer(text, &number);
    return good ? value_int(arena, number) : NULL;
}

static const char *expectation(const struct type_context *context, const struct chart_field *field)
{
    static const char *const expected[] = {
        [CHART_TEXT] = "some text",
        [CHART_INTEGER] = "a whole number, like 12",
        [CHART_DECIMAL] = "a number, like 1.5",
        [CHART_MONEY] = "an amount in yuan, like 198000 or 198000.50",
        [CHART_BOOLEAN] = "yes or no",
        [CHART_YES] = "yes or no",
        [CHART_LIST] = "items with commas between them (, ， or 、), or none",
        [CHART_DATE] = "a date, like 2026-03-07",
        [CHART_DATETIME] = "a date and time, like 2026-03-07T10:02",
        [CHART_DURATION] = "a duration, like P1M, P3D or PT24H",
        [CHART_MOBILE] = "a mobile number of 11 digits that begins with 1",
        [CHART_LANDLINE] = "a number with area code, like 010-12345678",
        [CHART_WECHAT] = "a WeChat id: 6 to 20 letters, digits, - or _, a letter first",
        [CHART_EMAIL] = "an e-mail address",
        [CHART_CONTACTS] = "contacts, like mobile:13800000001(valid),wechat:wl_camp01",
        [CHART_IDNO] = "an identity card number: 17 digits and a check character that fits",
        [CHART_VIN] = "a VIN: 17 capital letters and digits, without I, O and Q",
        [CHART_DOCUMENT] = "the document's number",
        [CHART_EVIDENCE] = "a file: write @ and its name",
    };
    if (field->type != CHART_CHOICE) return expected[field->type];
    struct buffer buffer = {0};
    buffer_text(&buffer, "one of");
    for (uint32_t i = 0; i < field->of.count; i++) buffer_printf(&buffer, " %s", field->of.items[i]);
    const char *text = arena_text(context->arena, buffer.data ? buffer.data : "", buffer.length);
    buffer_release(&buffer);
    return text;
}

static struct value *read_one(const struct type_context *context, const struct chart_field *field, const char *text,
                              const char **expected)
{
    struct arena *arena = context->arena;
    bool truth;
    struct value *capital;
    switch (field->type) {
    case CHART_INTEGER:
    case CHART_DECIMAL:
    case CHART_MONEY: return read_number(arena, field->type, text);
    case CHART_BOOLEAN:
    case CHART_YES: return type_truth(text, &truth) ? value_bool(arena, truth) : NULL;
    case CHART_CHOICE:
        for (uint32_t i = 0; i < field->of.count; i++)
            if (strcmp(field->of.items[i], text) == 0 || (i < field->names.count && strcmp(field->names.items[i], text) == 0))
                return value_text(arena, field->of.items[i]);
        return NULL;
    case CHART_DATE:
    case CHART_DATETIME:
    case CHART_DURATION: return read_time(context, field->type, text);
    case CHART_MOBILE: return when(is_mobile(text), arena, text);
    case CHART_LANDLINE: return when(is_landline(text), arena, text);
    case CHART_WECHAT: return when(is_wechat(text), arena, text);
    case CHART_EMAIL: return when(is_email(text), arena, text);
    case CHART_IDNO:
    case CHART_VIN:
        capital = upper(arena, text);
        if (!capital) return NULL;
        return (field->type == CHART_VIN ? is_vin : is_idno)(capital->as.text.bytes) ? capital : NULL;
    case CHART_LIST: return type_list(context, field, text, expected);
    case CHART_CONTACTS: return type_contacts(context, text, expected);
    case CHART_TEXT:
    case CHART_DOCUMENT:
    case CHART_EVIDENCE: break;
    }
    return when(*text != '\0', arena, text);
}

struct value *type_read(const struct type_context *context, const struct chart_field *field, const char *text,
                        const char **expected)
{
    size_t length = strlen(text);
    *expected = NULL;
    if (length > LIMIT_FIELD_BYTES) {
        *expected = "at most 16384 bytes";
        return NULL;
    }
    if (!text_is_utf8(text, length)) {
        *expected = "text in UTF-8";
        return NULL;
    }
    struct value *value = read_one(context, field, text, expected);
    if (!value && !*expected) *expected = expectation(context, field);
    return value;
}

/* --- limits ---------------------------------------------------------------------------------------------------------------- */

static int64_t characters(const char *text)
{
    int64_t count = 0;
    for (; *text; text++) count += (*text & 0xC0) != 0x80;
    return count;
}

/* The value on the scale of its limits: counts for lists and texts. */
static int64_t measure(const struct type_context *context, const struct chart_field *field, const struct value *value)
{
    if (field->type == CHART_CONTACTS) return (int64_t)value_count(type_kinds(context->arena, value));
    if (field->type == CHART_LIST) return (int64_t)value_count(value);
    if (field->type == CHART_INTEGER || field->type == CHART_MONEY) return value_as_int(value);
    const char *text = value_as_text(value);
    return text ? characters(text) : 0;
}

/* For comparing only: a month has 30 days. */
static int64_t length_of(const char *text)
{
    struct duration duration = {0};
    (void)duration_parse(text, strlen(text), &duration, NULL);
    return (duration.months * 30 + duration.days) * MS_DAY + duration.ms;
}

static int compare(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* -1, 0, 1; 0 as well when the limit cannot be read: check sees to that. */
static int against(const struct type_context *context, const struct chart_field *field, const struct value *value,
                   const char *limit)
{
    const char *text = value_as_text(value), *expected;
    int64_t number;
    if (field->type == CHART_DECIMAL) {
        const char *canonical = type_decimal(context->arena, limit);
        return text && canonical ? type_decimal_compare(text, canonical) : 0;
    }
    if (field->type == CHART_DURATION) return text ? compare(length_of(text), length_of(limit)) : 0;
    if (field->type == CHART_DATE || field->type == CHART_DATETIME) {
        const char *other = value_as_text(type_read(context, field, limit, &expected));
        return text && other ? strcmp(text, other) : 0;
    }
    if (!(field->type == CHART_MONEY ? type_fen(limit, &number) : type_integer(limit, &number))) return 0;
    return compare(measure(context, field, value), number);
}

bool type_within(const struct type_context *context, const struct chart_field *field, const struct value *value, const char *min,
                 const char *max)
{
    return (!min || against(context, field, value, min) >= 0) && (!max || against(context, field, value, max) <= 0);
}

bool type_matches(const char *pattern, const char *text)
{
    regex_t regex;
    struct buffer anchored = {0};
    buffer_printf(&anchored, "^(%s)$", pattern);
    bool good = !anchored.failed && regcomp(&regex, anchored.data, REG_EXTENDED | REG_NOSUB) == 0;
    buffer_release(&anchored);
    if (!good) return false;
    good = regexec(&regex, text, 0, NULL, 0) == 0;
    regfree(&regex);
    return good;
}
