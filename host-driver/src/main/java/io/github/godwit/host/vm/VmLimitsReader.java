package io.github.godwit.host.vm;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.model.technique.RunningQemu;
import io.github.godwit.model.technique.ServerTrait;
import io.github.godwit.model.technique.ServerTraits;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the limits of a VM from {@code /proc} and from its monitor, if that may be asked. */
public final class VmLimitsReader {

    private static final Logger LOG = LoggerFactory.getLogger(VmLimitsReader.class);

    /** What the kernel appends to the name of a file that has been removed or replaced. */
    private static final String DELETED = " (deleted)";

    private final Path proc;

    /**
     * Creates a reader.
     *
     * @param proc {@code /proc}, or a copy for tests
     */
    public VmLimitsReader(Path proc) {
        this.proc = proc;
    }

    /** Returns a monitor; it throws what the monitor of a VM throws. */
    @FunctionalInterface
    public interface MonitorSource {
        /** The monitor. */
        Monitor monitor() throws QmpException;
    }

    /**
     * Reads the limits. If the monitor does not answer, or must not be asked, its answers are unknown.
     *
     * @param pid       process id of QEMU
     * @param monitor   its monitor
     * @param found     what the VM's definition shows
     * @param diskBytes bytes of its local disks
     */
    public VmLimits read(long pid, MonitorSource monitor, Map<ServerTrait, String> found, long diskBytes) {
        boolean replaced = isReplaced(pid);
        Map<ServerTrait, String> traits = new EnumMap<>(ServerTrait.class);
        traits.putAll(found);
        try {
            Monitor qmp = monitor.monitor();
            List<String> blockers = blockers(qmp.execute("query-migrate"));
            JsonNode capabilities = qmp.execute("query-migrate-capabilities");
            if (isOn(capabilities, "x-ignore-shared")) {
                traits.put(ServerTrait.IGNORES_SHARED_MEMORY, "");
            }
            RunningQemu running =
                    replaced ? new RunningQemu(version(qmp.execute("query-version")), names(capabilities)) : null;
            return new VmLimits(diskBytes, running, new ServerTraits(traits, blockers));
        } catch (QmpException e) {
            LOG.debug("The QEMU with pid {} could not be asked what rules out its migration", pid, e);
            return new VmLimits(diskBytes, replaced ? RunningQemu.UNKNOWN : null, new ServerTraits(traits, null));
        }
    }

    /** Whether the file that a process runs is not the installed one any more, as after an upgrade; false if that cannot be read. */
    boolean isReplaced(long pid) {
        Path link = proc.resolve(Long.toString(pid)).resolve("exe");
        try {
            String name = Files.readSymbolicLink(link).toString();
            if (name.endsWith(DELETED)) {
                return true;
            }
            Path installed = Path.of(name);
            // The path may be one of a container, which this program does not see.
            return Files.exists(installed) && !key(installed).equals(key(link));
        } catch (IOException e) {
            LOG.debug("Cannot read {}", link, e);
            return false;
        }
    }

    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static List<String> blockers(JsonNode answer) {
        List<String> reasons = new ArrayList<>();
        answer.path("blocked-reasons").forEach(reason -> reasons.add(reason.asText()));
        return reasons;
    }

    private static boolean isOn(JsonNode capabilities, String name) {
        for (JsonNode each : capabilities) {
            if (each.path("capability").asText().equals(name)) {
                return each.path("state").asBoolean();
            }
        }
        return false;
    }

    private static Set<String> names(JsonNode capabilities) {
        Set<String> names = new LinkedHashSet<>();
        capabilities.forEach(each -> names.add(each.path("capability").asText()));
        return names;
    }

    /** The version in the answer to {@code query-version}. */
    public static Version version(JsonNode answer) {
        JsonNode numbers = answer.path("qemu");
        return new Version(
                numbers.path("major").asInt(),
                numbers.path("minor").asInt(),
                numbers.path("micro").asInt());
    }
}
