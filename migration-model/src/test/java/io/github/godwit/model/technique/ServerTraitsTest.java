package io.github.godwit.model.technique;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What a server's devices and memory rule out. */
class ServerTraitsTest {

    private static final List<String> NO_BLOCKERS = List.of();
    private static final Set<Technique> POST_COPY = Arrays.stream(Technique.values())
            .filter(Technique::isPostCopy)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Technique.class)));

    private static ServerTraits having(ServerTrait trait, List<String> blockers) {
        return new ServerTraits(Map.of(trait, "x"), blockers);
    }

    @Test
    void anOrdinaryServerCanUseEverything() {
        assertThat(ServerTraits.NONE.excluded()).isEmpty();
        assertThat(ServerTraits.NONE.immovable()).isEmpty();
        assertThat(new ServerTraits(Map.of(), null).excluded()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "VIRTIOFS_OF_OLD_LIBVIRT",
                "SHARED_MEMORY_DEVICE",
                "ENCRYPTED_MEMORY",
                "TRANSIENT_DISK",
                "INVARIANT_TSC"
            })
    void whatLibvirtNeverMigratesPinsTheServer(ServerTrait trait) {
        ServerTraits traits = having(trait, NO_BLOCKERS);

        assertThat(traits.immovable()).hasValue("it has %s (x)".formatted(trait.words()));
        assertThat(traits.excluded()).containsOnlyKeys(Technique.values());
    }

    @ParameterizedTest
    @EnumSource(names = {"HOST_DEVICE", "HOST_DIRECTORY", "VIRTIOFS", "HOST_TPM"})
    void whatOnlyQemuKnowsPinsTheServerUntilQemuWasAsked(ServerTrait trait) {
        assertThat(having(trait, null).immovable())
                .hasValueSatisfying(reason -> assertThat(reason).contains("could not be asked"));

        assertThat(having(trait, NO_BLOCKERS).immovable()).isEmpty();
        assertThat(having(trait, NO_BLOCKERS).excluded()).containsOnlyKeys(POST_COPY);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"PERSISTENT_MEMORY", "FILE_MEMORY", "VHOST_USER", "GIGANTIC_PAGES", "IGNORES_SHARED_MEMORY"})
    void memoryThatUserfaultfdCannotServeRulesOutPostCopyOnly(ServerTrait trait) {
        for (List<String> blockers : Arrays.asList(NO_BLOCKERS, null)) {
            assertThat(having(trait, blockers).immovable()).isEmpty();
            assertThat(having(trait, blockers).excluded())
                    .containsOnlyKeys(POST_COPY)
                    .containsEntry(
                            Technique.POST_COPY, "cannot migrate this server: it has %s (x)".formatted(trait.words()));
        }
    }

    @Test
    void qemusOwnReasonsPinTheServerAndAreToldAllOfThem() {
        ServerTraits traits = new ServerTraits(
                Map.of(ServerTrait.PERSISTENT_MEMORY, ""), List.of("VFIO device doesn't support migration", "SEV"));

        assertThat(traits.immovable()).hasValue("QEMU reports: VFIO device doesn't support migration; SEV");
        assertThat(traits.excluded())
                .containsOnlyKeys(Technique.values())
                .containsEntry(
                        Technique.PRE_COPY,
                        "cannot migrate this server: QEMU reports: VFIO device doesn't support migration; SEV");
    }
}
