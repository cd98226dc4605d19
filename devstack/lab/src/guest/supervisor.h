/* SPDX-License-Identifier: Apache-2.0 */
/* The services of ring 0 for ring 3; boot.S implements them. */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include <stdint.h>

enum service { PORT_WRITE, PORT_READ, SLEEP };

/* Counts the timer interrupts. */
extern volatile uint32_t timer_ticks;

static inline uint32_t supervisor_call(enum service service, uint32_t port, uint32_t value) {
    __asm__ volatile("int3" : "+a"(value) : "c"(service), "d"(port) : "memory");
    return value;
}

static inline void port_write(uint16_t port, uint8_t value) {
    supervisor_call(PORT_WRITE, port, value);
}

static inline uint8_t port_read(uint16_t port) {
    return (uint8_t)supervisor_call(PORT_READ, port, 0);
}

/* Halts the vCPU until the next interrupt, unless timer_ticks is already past the given count. */
static inline void sleep_at_tick(uint32_t ticks) {
    supervisor_call(SLEEP, 0, ticks);
}

#endif
