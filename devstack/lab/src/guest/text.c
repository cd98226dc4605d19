/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <stddef.h>

bool text_equals(const char *a, const char *b) {
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

char *text_next_word(char **rest) {
    char *word = *rest;
    while (*word == ' ')
        word++;
    if (!*word)
        return NULL;
    char *end = word;
    while (*end && *end != ' ')
        end++;
    *rest = *end ? end + 1 : end;
    *end = 0;
    return word;
}

bool text_to_number(const char *text, uint32_t *number) {
    uint64_t value = 0;
    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (uint32_t)(*text - '0');
        if (value > UINT32_MAX)
            return false;
    }
    *number = (uint32_t)value;
    return true;
}
