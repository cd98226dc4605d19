package io.github.godwit.host.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VmStoreTest {

    private static final VmRecord RECORD = new VmRecord(
            new VmDefinition("web", MemorySize.parse("64M"), 1, "guest", "", Accelerator.KVM, 0),
            new ProcessIdentity(42, 98765),
            null,
            new VmRecord.Outgoing("id", URI.create("http://h2:9622"), true));

    @TempDir
    private Path state;

    @Test
    void aSavedRecordIsFoundByTheNextHostDriver() throws IOException {
        new VmStore(state).save(RECORD);

        assertThat(new VmStore(state).load()).containsExactly(RECORD);
    }

    @Test
    void anUnreadableRecordDoesNotHideOthers() throws IOException {
        VmStore store = new VmStore(state);
        store.save(RECORD);
        Files.createDirectories(store.directory("broken").path());
        Files.writeString(store.directory("broken").record(), "{");

        assertThat(store.load()).containsExactly(RECORD);
    }

    @Test
    void aRemovedVmLeavesNoFiles() throws IOException {
        VmStore store = new VmStore(state);
        store.save(RECORD);

        store.remove("web");
        store.remove("web");

        assertThat(store.load()).isEmpty();
        assertThat(store.directory("web").path()).doesNotExist();
    }
}
