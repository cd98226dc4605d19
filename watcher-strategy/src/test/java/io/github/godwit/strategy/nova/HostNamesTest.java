package io.github.godwit.strategy.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.nova.OpenStackException;
import io.github.godwit.nova.OpenStackFaults;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostNamesTest {

    private final Map<String, Set<String>> nova = new HashMap<>(Map.of("h1", Set.of()));
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private int readings;
    private boolean fails;
    private List<String> drivers = List.of();
    private final HostNames names = new HostNames(
            () -> drivers,
            () -> {
                if (fails) {
                    throw OpenStackFaults.noAnswer();
                }
                readings++;
                return Map.copyOf(nova);
            },
            () -> now);

    @Test
    void aHostThatIsNamedInARequestIsKnownByItsNameInAnswers() {
        assertThat(names.toNova("h1.example.org")).isEqualTo("h1");
        assertThat(names.ofNova("h1")).isEqualTo("h1.example.org");
        assertThat(readings).isEqualTo(1);
    }

    @Test
    void aNameInARequestTakesNoHostFromTheOneThatItsHostDriverTells() {
        nova.put("h2", Set.of());
        assertThat(names.toNova("h2")).isEqualTo("h2");
        names.know(List.of("h1.example.org", "h2.example.org"));
        assertThat(names.toNova("h1")).isEqualTo("h1");
        assertThat(names.ofNova("h1")).isEqualTo("h1.example.org");
        assertThat(names.ofNova("h2")).isEqualTo("h2.example.org");
        assertThat(names.match().toNova().keySet()).containsExactlyInAnyOrder("h1.example.org", "h2.example.org");
    }

    @Test
    void afterARestartTheHostDriversAreAskedForTheirNames() {
        drivers = List.of("h1.example.org");
        assertThat(names.ofNova("h1")).isEqualTo("h1.example.org");
    }

    @Test
    void clientsMayUseAnyNameOfAHost() {
        nova.put("uuid-2", Set.of("node2.example.org"));
        nova.put("h3.a", Set.of());
        nova.put("h3.b", Set.of());
        drivers = List.of("h1.example.org", "node2.example.org", "h3.a", "h3.b");
        assertThat(List.of("h1.example.org", "h1", "H1", "uuid-2", "node2", "h3.a", "h3", "other"))
                .extracting(names::find)
                .containsExactly(
                        "h1.example.org",
                        "h1.example.org",
                        "h1.example.org",
                        "node2.example.org",
                        "node2.example.org",
                        "h3.a",
                        "h3",
                        "other");
    }

    @Test
    void aNewHostIsFoundWithinAMinute() {
        names.know(List.of("h1", "h2.example.org"));
        assertThat(names.ofNova("h2")).isEqualTo("h2");
        nova.put("h2", Set.of());
        now = now.plus(Duration.ofSeconds(59));
        assertThat(names.ofNova("h2")).isEqualTo("h2");
        now = now.plus(Duration.ofSeconds(1));
        assertThat(names.ofNova("h2")).isEqualTo("h2.example.org");
        now = now.plus(Duration.ofHours(1));
        assertThat(names.ofNova("h2")).isEqualTo("h2.example.org");
        assertThat(readings).as("nothing is asked once all hosts are known").isEqualTo(2);
    }

    @Test
    void withoutAnAnswerOfNovaNoNameIsGuessed() {
        fails = true;
        assertThatThrownBy(() -> names.toNova("h1.example.org")).isInstanceOf(OpenStackException.class);
        fails = false;
        assertThat(names.toNova("h1.example.org")).isEqualTo("h1");
    }
}
