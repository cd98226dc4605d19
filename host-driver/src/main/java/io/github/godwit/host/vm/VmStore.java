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

/** The records of this host's VMs on disk: one directory for each VM, below {@code vms} in the state directory. */
public final class VmStore {

    private static final Logger LOG = LoggerFactory.getLogger(VmStore.class);

    private final Path root;
    private final ObjectMapper json = WireJson.mapper();

    /**
     * Opens the store.
     *
     * @param state the host driver's state directory; created if it does not exist
     * @throws IOException if it cannot be created
     */
    public VmStore(Path state) throws IOException {
        root = Files.createDirectories(state.toAbsolutePath().resolve("vms"));
    }

    /** The directory of a VM, whether or not it exists. */
    public VmDirectory directory(String name) {
        return new VmDirectory(root.resolve(name));
    }

    /** Writes a record atomically: after a crash the directory has either the old record or the new one. */
    public void save(VmRecord vm) throws IOException {
        VmDirectory directory = directory(vm.definition().name());
        Files.createDirectories(directory.path());
        Path draft = directory.path().resolve("vm.json.new");
        json.writeValue(draft.toFile(), vm);
        Files.move(draft, directory.record(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** All readable records; a directory without one is logged and left as it is. */
    public List<VmRecord> load() throws IOException {
        List<VmRecord> found = new ArrayList<>();
        try (Stream<Path> directories = Files.list(root)) {
            for (Path path : directories.sorted().toList()) {
                try {
                    found.add(json.readValue(new VmDirectory(path).record().toFile(), VmRecord.class));
                } catch (IOException e) {
                    LOG.warn("Ignoring {}, which has no readable record: {}", path, e.getMessage());
                }
            }
        }
        return found;
    }

    /** Removes a VM's directory with its contents; does nothing if it does not exist. */
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
