package io.github.godwit.lab.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The protocols of the clients, without a guest. */
class LoadTest {

    private static InputStream of(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void assertIo(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IOException.class).hasMessageContaining(message);
    }

    @Test
    void aRedisCommandIsAnArrayOfBulkStrings() {
        assertThat(new String(RedisLoad.command("SET", "key7", "abc"), StandardCharsets.US_ASCII))
                .isEqualTo("*3\r\n$3\r\nSET\r\n$4\r\nkey7\r\n$3\r\nabc\r\n");
    }

    @Test
    void redisRepliesAreReadToTheirEnd() throws IOException {
        InputStream in = of("+OK\r\n$5\r\nhe\r\nx\r\n$-1\r\n-ERR no\r\n");
        RedisLoad.readReply(in);
        RedisLoad.readReply(in);
        RedisLoad.readReply(in);
        assertIo(() -> RedisLoad.readReply(in), "ERR no");
        assertThatThrownBy(() -> RedisLoad.readReply(in)).isInstanceOf(EOFException.class);
    }

    @Test
    void httpAnswersAreReadWithTheirBody() throws IOException {
        InputStream in =
                of("HTTP/1.1 200 OK\r\nServer: x\r\ncontent-length: 3\r\n\r\nabcHTTP/1.1 404 Not Found\r\n\r\n");
        HttpLoad.readAnswer(in);
        assertIo(() -> HttpLoad.readAnswer(in), "404");
    }

    /** 92.3 Mbit/s for a tenth of a second are 9.23 Mbit. */
    @Test
    void iperfLinesOfOneIntervalGiveItsMegabits() {
        assertThat(IperfLoad.megabits("[  5]   0.10-0.20   sec  1.10 MBytes  92.3 Mbits/sec                  ")
                        .orElseThrow())
                .isCloseTo(9.23, offset(1e-9));
        assertThat(IperfLoad.megabits("[  5]   1.00-1.10   sec  0.00 Bytes  0.00 Mbits/sec    3   1.41 KBytes")
                        .orElseThrow())
                .isZero();
        assertThat(IperfLoad.megabits("[  5]   0.00-10.00  sec  110 MBytes  92.3 Mbits/sec  0  sender"))
                .isEmpty();
        assertThat(IperfLoad.megabits("[ ID] Interval           Transfer     Bitrate"))
                .isEmpty();
        assertThat(IperfLoad.megabits("Connecting to host 10.97.1.10, port 5201"))
                .isEmpty();
    }

    @Test
    void iperfSendsInTheDirectionOfTheWorkloadAndAtItsRate() {
        assertThat(new IperfLoad("10.97.1.10", true, "").command())
                .doesNotContain("--reverse", "--bitrate")
                .contains("10.97.1.10");
        assertThat(new IperfLoad("10.97.1.10", false, "50mbit").command())
                .containsSubsequence("--reverse", "--bitrate", "50000000");
    }

    /** The guest has done 12 rounds when it is first seen, and 3 more until the third answer. */
    @Test
    void theWorkOfAGuestIsTheIncreaseOfItsCounter() {
        EchoProbe echo = new EchoProbe("10.97.1.10");
        echo.took(0, "0 12\n");
        echo.took(500_000_000, "1 14\n");
        echo.took(1_000_000_000, "2 15\n");
        echo.took(1_000_000_001, "3 ");
        assertThat(echo.work().rate(0, 1_000_000_000)).isEqualTo(3);
        assertThat(echo.answers().size()).isEqualTo(4);
    }
}
