package io.github.godwit.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.hostapi.IncomingTicket;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortRangeTest {

    @Test
    void aRangeIsMatchedByTheFewestMasks() {
        assertThat(PortRange.LIBVIRT.matches()).containsExactly("49152 0xffc0");
        assertThat(PortRange.of(7).matches()).containsExactly("7 0xffff");
        // 50000 = 16 · 3125: 16 ports, then 50016 to 50017, then one.
        assertThat(new PortRange(50_000, 50_018).matches())
                .containsExactly("50000 0xfff0", "50016 0xfffe", "50018 0xffff");
        assertThat(new PortRange(65_535, 65_535).matches()).containsExactly("65535 0xffff");
    }

    @ParameterizedTest
    @CsvSource({"1,65535", "49152,49999", "3,3", "32767,32769"})
    void theMasksMatchAllPortsOfTheRangeAndNoOther(int first, int last) {
        List<int[]> pairs = new PortRange(first, last)
                .matches().stream()
                        .map(pair -> pair.split(" ", -1))
                        .map(words -> new int[] {Integer.parseInt(words[0]), Integer.decode(words[1])})
                        .toList();
        int[] matched = IntStream.rangeClosed(1, 65_535)
                .filter(port -> pairs.stream().anyMatch(pair -> (port & pair[1]) == pair[0]))
                .toArray();
        assertThat(matched).isEqualTo(IntStream.rangeClosed(first, last).toArray());
    }

    @Test
    void aRangeIsWrittenAsTwoPorts() {
        assertThat(PortRange.parse("61152-61215")).isEqualTo(new PortRange(61_152, 61_215));
        assertThat(PortRange.parse("61152")).isEqualTo(PortRange.of(61_152));
        assertThatThrownBy(() -> PortRange.parse("all")).hasMessageContaining("49152-49215");
        assertThatThrownBy(() -> PortRange.parse("61215-61152")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PortRange.parse("0-10")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theDestinationsRangeIsUsedIfItReportsOne() {
        IncomingTicket older = new IncomingTicket("m1", "10.0.0.2", 49_152, "");
        assertThat(PortRange.LIBVIRT.orOf(older)).isEqualTo(PortRange.LIBVIRT);
        IncomingTicket reported = new IncomingTicket("m1", "10.0.0.2", 61_152, "", 61_215);
        assertThat(PortRange.LIBVIRT.orOf(reported)).isEqualTo(new PortRange(61_152, 61_215));
    }
}
