package io.github.godwit.host.vm;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.hostapi.WireJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The VMs of this host on disk: one directory for each, below {@code vms} in the state directory. */
public final class VmStore {

    private static final Logger LOG = LoggerFactory.getLogger(VmStore.class);

    private final Path root;
    private final ObjectMapper json = WireJson.mapper();

    /**
     * @param state the agent's state directory; made when it is missing
     * @throws IOException when it cannot be made
     */
    public VmStore(Path state) throws IOException {
        root = Files.createDirectories(state.toAbsolutePath().resolve("vms"));
    }

    /** The directory of a VM, whether or not there is one. */
    public VmDirectory directory(String name) {
        return new VmDirectory(root.resolve(name));
    }

    /** Writes a record so that a crash leaves the old one or the new one, never a half. */
    public void save(VmRecord vm) throws IOException {
        VmDirectory directory = directory(vm.definition().name());
        Files.createDirectories(directory.path());
        Path draft = directory.path().resolve("vm.json.new");
        json.writeValue(draft.toFile(), vm);
        Files.move(draft, directory.record(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** All records that can be read; a directory without one is left as it is. */
    public List<VmRecord> load() throws IOException {
        List<VmRecord> found = new ArrayList<>();
        try (Stream<Path> directories = Files.list(root)) {
            for (Path path : directories.sorted().toList()) {
                try {
                    found.add(json.readValue(new VmDirectory(path).record().toFile(), VmRecord.class));
                } catch (IOException e) {
                    LOG.warn("Passing over {}: {}", path, e.getMessage());
                }
            }
        }
        return found;
    }

    /** Removes a VM's directory with all that is in it; does nothing where there is none. */
    public void remove(String name) throws IOException {
        Path directory = root.resolve(name);
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
