package io.github.godwit.common.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.ws.rs.ClientErrorException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BodyLimitTest {

    @Test
    void aBodyThatComesBitByBitIsRefusedWith408() {
        InputStream drip = new InputStream() {
            @Override
            public int read() {
                return ' ';
            }

            @Override
            public int read(byte[] buffer, int offset, int count) {
                return 1;
            }
        };
        assertThatThrownBy(() -> BodyLimit.read(drip, Integer.MAX_VALUE / 64, Duration.ofMillis(20)))
                .isInstanceOfSatisfying(
                        ClientErrorException.class,
                        e -> assertThat(e.getResponse().getStatus()).isEqualTo(408));
    }

    @Test
    void aBodyIsReadUpToItsLengthOrItsEnd() throws IOException {
        assertThat(BodyLimit.read(new ByteArrayInputStream(new byte[10]), 8, Duration.ofSeconds(1)))
                .hasSize(8);
        assertThat(BodyLimit.read(new ByteArrayInputStream(new byte[10]), 20, Duration.ofSeconds(1)))
                .hasSize(10);
    }
}
