package io.github.godwit.host.cli;

import io.github.godwit.host.net.PortRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the ports to which libvirt sends migrations from its {@code qemu.conf}. */
final class LibvirtPorts {

    private static final Logger LOG = LoggerFactory.getLogger(LibvirtPorts.class);
    private static final Pattern SETTING =
            Pattern.compile("\\s*migration_port_(min|max)\\s*=\\s*[\"']?(\\d{1,9})[\"']?\\s*(?:#.*)?");

    private LibvirtPorts() {}

    /**
     * The ports, with libvirt's defaults for what the file does not set. A range that libvirt would refuse is reported in the log, and
     * the defaults hold.
     *
     * @param file {@code /etc/libvirt/qemu.conf}; it need not exist
     */
    static PortRange read(Path file) {
        int first = PortRange.LIBVIRT.first();
        int last = PortRange.LIBVIRT.last();
        try {
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    Matcher setting = SETTING.matcher(line);
                    if (setting.matches() && setting.group(1).equals("min")) {
                        first = Integer.parseInt(setting.group(2));
                    } else if (setting.matches()) {
                        last = Integer.parseInt(setting.group(2));
                    }
                }
            }
            return new PortRange(first, last);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "Cannot use the migration ports of {} ({}); reserving for {}. --migration-ports overrides them",
                    file,
                    e.getMessage(),
                    PortRange.LIBVIRT);
            return PortRange.LIBVIRT;
        }
    }
}
