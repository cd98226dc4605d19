package io.github.godwit.strategy.nova;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostNameMatchTest {

    private static HostNameMatch match(List<String> cluster, Map<String, Set<String>> nova) {
        return HostNameMatch.of(cluster, nova);
    }

    @Test
    void namesMatchInShortInFullWithoutCaseAndByTheirHypervisor() {
        HostNameMatch match = match(
                List.of("same", "short", "full.example.org", "CASE", "libvirt.example.org", "by-libvirt"),
                Map.of(
                        "same", Set.of("same.example.org"),
                        "short.example.org", Set.of("short.example.org"),
                        "full", Set.of("full.example.org"),
                        "case", Set.of(),
                        "uuid-1", Set.of("libvirt.example.org"),
                        "uuid-2", Set.of("by-libvirt.example.org")));
        assertThat(match.toNova())
                .isEqualTo(Map.of(
                        "same", "same",
                        "short", "short.example.org",
                        "full.example.org", "full",
                        "CASE", "case",
                        "libvirt.example.org", "uuid-1",
                        "by-libvirt", "uuid-2"));
        assertThat(match.ofNova()).containsEntry("full", "full.example.org").hasSize(6);
        assertThat(match.ambiguous()).isEmpty();
    }

    @Test
    void anEqualNameWinsOverASimilarOne() {
        HostNameMatch match = match(List.of("h1", "h1.b"), Map.of("h1", Set.of("h1.a"), "h1.b", Set.of("h1.b")));
        assertThat(match.toNova()).isEqualTo(Map.of("h1", "h1", "h1.b", "h1.b"));
    }

    @Test
    void aHostThatMayBeOneOfSeveralIsNone() {
        HostNameMatch match =
                match(List.of("h1", "h2.a", "h2.b", "h3"), Map.of("h1.a", Set.of(), "h1.b", Set.of(), "h2", Set.of()));
        assertThat(match.toNova()).isEmpty();
        assertThat(match.ambiguous())
                .isEqualTo(Map.of("h1", List.of("h1.a", "h1.b"), "h2.a", List.of("h2"), "h2.b", List.of("h2")));
    }

    @Test
    void whatAnEarlierRuleMatchesIsNoCandidateOfALaterOne() {
        // "h1" may be both of Nova's, until "h1.a" has taken its own
        HostNameMatch match = match(List.of("h1", "h1.a"), Map.of("h1.a", Set.of(), "h1.b", Set.of()));
        assertThat(match.toNova()).isEqualTo(Map.of("h1.a", "h1.a", "h1", "h1.b"));
    }

    @Test
    void namesOfDifferentDomainsDoNotMatch() {
        HostNameMatch match = match(List.of("h1.a"), Map.of("h1.b", Set.of("h1.c")));
        assertThat(match.toNova()).isEmpty();
        assertThat(match.ambiguous()).isEmpty();
    }
}
