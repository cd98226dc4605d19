/* SPDX-License-Identifier: Apache-2.0 */
/* The touched pages, and for each the number of its writes. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdint.h>

/* MiB that memory_start can take between first and end, with the version table. */
uint32_t memory_available_mib(uint32_t first, uint32_t end);

/* Fills touched_mib with first versions from address first on. */
void memory_start(uint32_t first, uint32_t touched_mib);

/* Writes a page with its next version. */
void memory_write(uint32_t page_index);

/* Rewrites every page with its current version, after the parameters of the content changed. */
void memory_lay(void);

struct verification {
    uint32_t pages, bad_pages, first_bad_frame;
    uint64_t writes, versions;  /* the counter of writes, and the sum of the version table; they must be equal */
};

/* Compares every page with its expected content. */
struct verification memory_verify(void);

uint64_t memory_writes(void);

#endif
