/* SPDX-License-Identifier: Apache-2.0 */
#include "console.h"

#include <stddef.h>

#include "supervisor.h"

enum { COM1 = 0x3f8, DEBUG_CONSOLE = 0xe9, LINE_LENGTH = 512 };
enum { DATA = COM1, INTERRUPT_ENABLE = COM1 + 1, FIFO_CONTROL = COM1 + 2, LINE_CONTROL = COM1 + 3,
       MODEM_CONTROL = COM1 + 4, LINE_STATUS = COM1 + 5 };
enum { DATA_READY = 0x01, TRANSMITTER_EMPTY = 0x20 };

static char line[LINE_LENGTH];
static uint32_t line_length;

void console_start(void) {
    port_write(INTERRUPT_ENABLE, 0);
    port_write(LINE_CONTROL, 0x80);     /* divisor latch: 115200 baud */
    port_write(DATA, 1);
    port_write(INTERRUPT_ENABLE, 0);
    port_write(LINE_CONTROL, 0x03);     /* 8 bits, no parity, 1 stop bit */
    port_write(FIFO_CONTROL, 0x07);     /* FIFOs on and empty */
    port_write(MODEM_CONTROL, 0x03);
}

void print(const char *text) {
    for (; *text; text++) {
        while (!(port_read(LINE_STATUS) & TRANSMITTER_EMPTY))
            ;
        port_write(DATA, (uint8_t)*text);
    }
}

void print_number(uint64_t number) {
    char digits[21], *first = digits + sizeof digits - 1;
    *first = 0;
    do {
        *--first = (char)('0' + number % 10);
    } while ((number /= 10));
    print(first);
}

void print_field(const char *name, uint64_t number) {
    print(" ");
    print(name);
    print("=");
    print_number(number);
}

char *console_poll_line(void) {
    while (port_read(LINE_STATUS) & DATA_READY) {
        char c = (char)port_read(DATA);
        if (c == '\n' || c == '\r') {
            if (!line_length)
                continue;
            line[line_length] = 0;
            line_length = 0;
            return line;
        }
        if (line_length == LINE_LENGTH - 1) {
            print("error command longer than ");
            print_number(LINE_LENGTH - 1);
            print(" characters\n");
            line_length = 0;
        }
        line[line_length++] = c;
    }
    return NULL;
}

void heartbeat(uint8_t counter) {
    port_write(DEBUG_CONSOLE, counter);
}

void halt(void) {
    for (;;)
        sleep_at_tick(timer_ticks);
}
