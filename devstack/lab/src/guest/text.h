/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stdint.h>

bool text_equals(const char *a, const char *b);

/* Removes the next blank-separated word from *rest and terminates it with 0; NULL when there is none. */
char *text_next_word(char **rest);

/* Reads a whole decimal number without sign; false for anything else or beyond 32 bits. */
bool text_to_number(const char *text, uint32_t *number);

#endif
