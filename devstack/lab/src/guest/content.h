/* SPDX-License-Identifier: Apache-2.0 */
/* What is in a page: reproducible bytes of a chosen entropy. */
#ifndef CONTENT_H
#define CONTENT_H

#include <stdint.h>

enum { PAGE_SIZE = 4096 };

/* Must precede all else; what was generated before is not reproducible afterwards. */
void content_choose(uint32_t entropy_permille, uint32_t change_bytes, uint32_t seed);

/* The whole page as it is after the given number of writes. */
void content_fill(uint8_t *page, uint32_t page_index, uint32_t version);

/* Only what a write changes: the same place of this page each time, with this version's bytes. */
void content_change(uint8_t *page, uint32_t page_index, uint32_t version);

#endif
