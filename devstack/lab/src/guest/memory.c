/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.h"

#include "content.h"

enum { MIB = 1 << 20, PAGES_PER_MIB = MIB / PAGE_SIZE, TABLE_BYTES_PER_MIB = PAGES_PER_MIB * sizeof(uint32_t) };

static uint32_t *versions;
static uint8_t *pages;
static uint32_t page_count;
static uint64_t writes;

static uint32_t page_aligned(uint32_t address) {
    return (address + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1u);
}

uint32_t memory_available_mib(uint32_t first, uint32_t end) {
    return (end - page_aligned(first) - PAGE_SIZE) / (MIB + TABLE_BYTES_PER_MIB);
}

void memory_start(uint32_t first, uint32_t touched_mib) {
    page_count = touched_mib * PAGES_PER_MIB;
    versions = (uint32_t *)(uintptr_t)page_aligned(first);
    pages = (uint8_t *)versions + page_aligned(page_count * sizeof *versions);
    for (uint32_t page = 0; page < page_count; page++)
        versions[page] = 0;
    memory_lay();
}

void memory_write(uint32_t page_index) {
    content_change(pages + page_index * PAGE_SIZE, page_index, ++versions[page_index]);
    writes++;
}

void memory_lay(void) {
    for (uint32_t page = 0; page < page_count; page++)
        content_fill(pages + page * PAGE_SIZE, page, versions[page]);
}

static uint32_t difference(const uint8_t *a, const uint8_t *b) {
    uint32_t differing = 0;
    for (uint32_t word = 0; word < PAGE_SIZE / 4; word++)
        differing |= ((const uint32_t *)a)[word] ^ ((const uint32_t *)b)[word];
    return differing;
}

struct verification memory_verify(void) {
    static uint8_t expected[PAGE_SIZE] __attribute__((aligned(4)));
    struct verification result = {.pages = page_count, .writes = writes};
    for (uint32_t page = 0; page < page_count; page++) {
        const uint8_t *actual = pages + page * PAGE_SIZE;
        content_fill(expected, page, versions[page]);
        result.versions += versions[page];
        if (difference(actual, expected) && !result.bad_pages++)
            result.first_bad_frame = (uint32_t)((uintptr_t)actual / PAGE_SIZE);
    }
    return result;
}

uint64_t memory_writes(void) {
    return writes;
}
