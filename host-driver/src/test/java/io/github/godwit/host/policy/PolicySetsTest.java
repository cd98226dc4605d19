package io.github.godwit.host.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.model.select.PolicySet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicySetsTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path directory;

    private static PolicySet set(long version, Instant at) {
        return PolicySet.of(version, at, PolicySet.shipped().policies().subList(0, 2));
    }

    @Test
    void aSetHoldsAfterARestart() throws IOException {
        Path file = directory.resolve("new").resolve("policies.json");
        new PolicySets(file).receive(set(5, NOON));

        assertThat(new PolicySets(file).get()).isEqualTo(set(5, NOON));
        assertThat(file.resolveSibling("policies.json.new")).doesNotExist();
    }

    @Test
    void theTimeOfTheChangeDecidesWhichSetIsNewer() throws IOException {
        PolicySets sets = new PolicySets(directory.resolve("policies.json"));
        sets.receive(set(5, NOON));

        assertThatThrownBy(() -> sets.receive(set(6, NOON.minusMillis(1)))).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> sets.receive(set(4, NOON))).isInstanceOf(Refusal.class);
        sets.receive(set(1, NOON.plusMillis(1))); // of a database that was set up anew

        assertThat(sets.get().version()).isEqualTo(1);
    }

    @Test
    void aSetThatCannotBeKeptIsNotTakenOver() throws IOException {
        Path notADirectory = Files.createFile(directory.resolve("file"));
        PolicySets sets = new PolicySets(notADirectory.resolve("policies.json"));

        assertThatThrownBy(() -> sets.receive(set(5, NOON))).isInstanceOf(IOException.class);
        assertThat(sets.get()).isEqualTo(PolicySet.shipped());
    }

    @Test
    void anUnreadableFileLeavesTheShippedPolicies() throws IOException {
        Path file = Files.writeString(directory.resolve("policies.json"), "{\"version\": 3");
        assertThat(new PolicySets(file).get()).isEqualTo(PolicySet.shipped());
    }
}
