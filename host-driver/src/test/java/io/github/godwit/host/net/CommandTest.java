package io.github.godwit.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTest {

    private final Command command = new Command(List.of(), Duration.ofSeconds(10));

    @Test
    void outputErrorAndExitStatusAreReturned() throws IOException {
        Command.Result result = command.run(List.of("sh", "-c", "cat; echo no >&2; exit 4"), "words");
        assertThat(result).isEqualTo(new Command.Result(4, "words", "no\n"));
        assertThat(result.errorLine()).isEqualTo("no");
    }

    @Test
    void inputAndOutputMayExceedAPipesCapacity() throws IOException {
        String megabyte = "x".repeat(1 << 20);
        assertThat(command.run(List.of("cat"), megabyte).out()).isEqualTo(megabyte);
    }

    @Test
    void aProgramThatIgnoresItsInputIsNoError() throws IOException {
        assertThat(command.run(List.of("true"), "x".repeat(1 << 20)).exitCode()).isZero();
    }

    @Test
    void aProgramThatTakesTooLongIsKilledWithItsChildren() {
        Command hasty = new Command(List.of(), Duration.ofMillis(200));
        long before = System.nanoTime();
        assertThatThrownBy(() -> hasty.run(List.of("sh", "-c", "tail -f /dev/null; true"), ""))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not end within 200 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
        assertThat(Keepers.becomesTrue(
                        () -> ProcessHandle.current().descendants().noneMatch(ProcessHandle::isAlive),
                        Duration.ofSeconds(5)))
                .isTrue();
    }

    @Test
    void aMissingProgramIsNamed() {
        assertThatThrownBy(() -> command.run(List.of("gw-no-such-program"), ""))
                .hasMessageContaining("Cannot run 'gw-no-such-program'");
    }
}
