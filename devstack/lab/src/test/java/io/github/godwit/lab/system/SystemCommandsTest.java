package io.github.godwit.lab.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.lab.LabException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SystemCommandsTest {

    private final SystemCommands commands = new SystemCommands(Duration.ofSeconds(1));

    @Test
    void theWholeOutputOfACommandIsReturned() {
        assertThat(commands.run("seq", "1", "50000")).endsWith("\n50000\n");
    }

    @Test
    void aFailedCommandIsReportedWithItsErrorOutput() {
        assertThatThrownBy(() -> commands.run("sh", "-c", "echo no such thing >&2; exit 3"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("exit code 3")
                .hasMessageContaining("no such thing");
    }

    @Test
    void aCommandThatDoesNotEndIsKilled() {
        long start = System.nanoTime();

        assertThatThrownBy(() -> commands.run("sleep", "30"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("within 1 s");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aCommandThatIsNotInstalledIsNamed() {
        assertThatThrownBy(() -> commands.run("godwit-no-such-program"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("godwit-no-such-program")
                .hasMessageContaining("installed");
    }
}
