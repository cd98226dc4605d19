package io.github.godwit.host.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.github.godwit.host.vm.Vm;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

class EndedMigrationTest {

    /** A hundred are remembered; what a VM keeps of its heartbeats alone would be 30 MB. */
    @Test
    void aMigrationThatHasEndedKeepsNothingThatItWorkedWith() {
        Vm vm = mock(Vm.class);
        when(vm.name()).thenReturn("v");
        MigrationRun run = new MigrationRun(
                "m",
                MigrationRequest.of("v", URI.create("http://10.0.0.2:9622"))
                        .technique(Technique.POST_COPY)
                        .build(),
                vm,
                "a",
                "b",
                ongoing -> {
                    throw new IOException("QEMU has ended");
                },
                outcome -> {},
                change -> {});
        assertThat(run.vm()).isNotNull();
        run.run();
        assertThat(run.vm()).isNull();
        assertThat(run.outlivesHostDriver()).isFalse();
        assertThat(run.status().phase()).isEqualTo(Phase.FAILED);
        run.note("still has its name");
        assertThat(run.status().vm()).isEqualTo("v");
    }
}
