package io.github.godwit.host.libvirt;

import io.github.godwit.host.probe.QemuAccount;
import io.github.godwit.host.probe.QemuAccount.Grant;
import io.github.godwit.model.technique.ReleaseRule;
import io.github.godwit.model.unit.Version;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The user as which a libvirt daemon runs QEMU, from the default label of its DAC security model. */
public final class EmulatorUser {

    private static final Logger LOG = LoggerFactory.getLogger(EmulatorUser.class);

    /** libvirt's capabilities are large, and change only when it reads its configuration, at its start. */
    private static final Duration HOLDS = Duration.ofMinutes(1);

    private static final int NEVER = -1;

    private static final String LABEL =
            "/capabilities/host/secmodel[model='dac']/baselabel[@type='kvm' or @type='qemu'][1]";
    private static final Pattern USER_AND_GROUP = Pattern.compile("\\+?(\\d{1,10}):\\+?(\\d{1,10})");

    private final LibvirtConnection libvirt;
    private final LibvirtVms vms;
    private Optional<Boolean> ownDevices = Optional.empty();
    private Optional<QemuAccount> known = Optional.empty();
    private long knownAt;
    private int knownFrom = NEVER;

    /**
     * Creates the user of one daemon.
     *
     * @param libvirt the connection to the daemon
     * @param vms     its domains, which show whether libvirt gives QEMU a {@code /dev} of its own
     */
    public EmulatorUser(LibvirtConnection libvirt, LibvirtVms vms) {
        this.libvirt = libvirt;
        this.vms = vms;
    }

    /**
     * The user; empty if libvirt starts QEMU as its own user, as a session daemon does. It is read once a minute, and from each new daemon;
     * the last one holds while the daemon does not answer.
     */
    public synchronized Optional<QemuAccount> get() {
        if (libvirt.connections() != knownFrom || System.nanoTime() - knownAt > HOLDS.toNanos()) {
            try {
                known = read();
                knownFrom = libvirt.connections();
            } catch (LibvirtException e) {
                LOG.warn("Cannot read as which user libvirt runs QEMU: {}", e.getMessage());
            }
            knownAt = System.nanoTime();
        }
        return known;
    }

    /**
     * The user, read now; empty if libvirt starts QEMU as its own user.
     *
     * @throws LibvirtException if the daemon does not answer
     */
    public synchronized Optional<QemuAccount> read() throws LibvirtException {
        // What the last VM has shown holds while the host is empty.
        ownDevices = vms.grantsUserfaultfd().or(() -> ownDevices);
        return of(libvirt.capabilities(), libvirt.version(), ownDevices);
    }

    /**
     * The user that the capabilities of a daemon name.
     *
     * @param capabilities XML of the capabilities
     * @param version      version of libvirt
     * @param ownDevices   whether its QEMUs have a {@code /dev} of their own, as is libvirt's default; empty if that is unknown
     */
    static Optional<QemuAccount> of(String capabilities, Version version, Optional<Boolean> ownDevices)
            throws LibvirtException {
        try {
            String label = XPathFactory.newInstance()
                    .newXPath()
                    .evaluate(LABEL, DomainXml.parse(capabilities))
                    .trim();
            Matcher matcher = USER_AND_GROUP.matcher(label);
            return matcher.matches()
                    ? Optional.of(new QemuAccount(
                            Long.parseLong(matcher.group(1)),
                            Long.parseLong(matcher.group(2)),
                            grant(version, ownDevices)))
                    : Optional.empty();
        } catch (XPathExpressionException e) {
            throw new LibvirtException("Cannot read libvirt's capabilities: " + e.getMessage());
        }
    }

    private static Grant grant(Version version, Optional<Boolean> ownDevices) {
        if (!ReleaseRule.LIBVIRT_GRANTS_USERFAULTFD.holdsFor(version)) {
            return Grant.NO;
        }
        return ownDevices.map(own -> own ? Grant.YES : Grant.NO).orElse(Grant.UNKNOWN);
    }
}
