package io.github.godwit.host.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.godwit.host.net.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Taps of the real kernel, in a network namespace of the test. */
@Timeout(30)
class TapsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Command here = new Command(List.of(), TIMEOUT);
    private final String namespace =
            "gwt-taps-" + Long.toString(ProcessHandle.current().pid(), 36);
    private final Command inside = new Command(List.of("ip", "netns", "exec", namespace), TIMEOUT);

    @TempDir
    Path state;

    private Taps taps;

    @BeforeEach
    void addNamespace() throws IOException {
        taps = new Taps(state.resolve("taps"), inside);
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
        assertThat(here.run(List.of("ip", "netns", "add", namespace), "").error())
                .isEmpty();
    }

    @AfterEach
    void removeNamespace() throws IOException {
        here.run(List.of("ip", "netns", "delete", namespace), "");
    }

    private String links(String of) throws IOException {
        return inside.run(List.of("ip", "-brief", "link", "show", "master", of), "")
                .out();
    }

    @Test
    void aTapIsOnItsBridgeUntilItIsRemoved() throws IOException {
        inside.run(List.of("ip", "link", "add", "br0", "type", "bridge"), "");

        taps.create("gwt0123456789ab", "br0");
        assertThat(links("br0")).startsWith("gwt0123456789ab ");

        taps.create("gwt0123456789ab", "br0"); // as after a host driver that was killed
        assertThat(links("br0").lines()).hasSize(1);

        taps.remove("gwt0123456789ab");
        taps.remove("gwt0123456789ab");
        assertThat(links("br0")).isEmpty();
        assertThat(state).as("nothing is left to remove").isEmptyDirectory();
    }

    @Test
    void aTapThatCouldNotBeRemovedIsRemovedByTheNextHostDriver() throws IOException {
        inside.run(List.of("ip", "link", "add", "br0", "type", "bridge"), "");
        taps.create("gwt0123456789ab", "br0");
        Command broken = new Command(List.of("ip", "netns", "exec", namespace, "env", "PATH=/nowhere"), TIMEOUT);
        new Taps(state.resolve("taps"), broken).remove("gwt0123456789ab");
        assertThat(links("br0")).startsWith("gwt0123456789ab ");

        new Taps(state.resolve("taps"), inside).removeLeftovers();

        assertThat(links("br0")).isEmpty();
        assertThat(state.resolve("taps")).isEmptyDirectory();
    }

    @Test
    void withoutABridgeNoTapIsLeft() throws IOException {
        assertThatThrownBy(() -> taps.create("gwt0123456789ab", "br7"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bridge 'br7'. Create the bridge on this host, or name another: ");
        assertThat(inside.run(List.of("ip", "-brief", "link"), "").out()).doesNotContain("gwt");
    }
}
