package io.github.godwit.host.net;

import io.github.godwit.host.common.Ticker;
import io.github.godwit.host.net.LinuxTrafficControl.Settings;
import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reserves bandwidth by the QoS of Open vSwitch ({@link OvsTree}) on a NIC that is a port of one of its bridges. Whether it is one is found
 * out by {@code ovs-vsctl}. Open vSwitch queues outbound traffic only, so that nothing is reserved inbound. The rows are removed as the
 * rules of {@link LinuxTrafficControl} are, also after {@code kill -9} ({@link Lease}).
 */
public final class OvsTrafficControl implements TrafficControl {

    private static final Logger LOG = LoggerFactory.getLogger(OvsTrafficControl.class);
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(15);
    private static final int RENEWALS_PER_LEASE = 3;
    private static final Pattern BYTES = Pattern.compile("n_bytes=(\\d+)");
    private static final String INBOUND = "%s is a port of Open vSwitch, which queues outbound traffic only";

    private final String nic;
    private final String bridge;
    private final Settings settings;
    private final Command command;
    private final String instance = UUID.randomUUID().toString();
    private LeaseScript script;
    private final Shaper shaper = new Shaper(this::attach, this::bytes);
    private final Ticker renewals;
    private volatile String objection;
    private volatile boolean closed;

    private OvsTrafficControl(Settings settings, Command command, String bridge) {
        this.settings = settings;
        this.command = command;
        this.nic = settings.link().nic();
        this.bridge = bridge;
        this.objection = start();
        if (!objection.isEmpty()) {
            LOG.warn("Cannot reserve bandwidth on {}: {}. QEMU alone limits migrations", nic, objection);
        }
        this.renewals = new Ticker("tc-lease-renewal", settings.lease().dividedBy(RENEWALS_PER_LEASE), shaper::renew);
    }

    /** The traffic control of a NIC: by Open vSwitch if the NIC is one of its ports, otherwise by the kernel. */
    public static TrafficControl ofNic(Settings settings) {
        Command command = new Command(List.of(), COMMAND_TIMEOUT);
        return ofNic(settings, command).orElseGet(() -> new LinuxTrafficControl(settings));
    }

    static Optional<TrafficControl> ofNic(Settings settings, Command command) {
        try {
            Command.Result bridge = vsctl(command, "port-to-br", settings.link().nic());
            return bridge.exitCode() == 0
                    ? Optional.of(new OvsTrafficControl(
                            settings, command, bridge.out().strip()))
                    : Optional.empty();
        } catch (IOException e) {
            LOG.debug("There is no Open vSwitch here", e);
            return Optional.empty();
        }
    }

    private static Command.Result vsctl(Command command, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("ovs-vsctl", "--timeout=5"));
        all.addAll(List.of(words));
        return command.run(all, "");
    }

    private String start() {
        try {
            script = LeaseScript.install(command, settings.state());
            script.run("recover", lease(), "-", List.of());
            // The state directory may be lost with the lease, so that rows with Godwit's mark are removed as well.
            script.run("open", lease(), instance, tree().removal());
            script.run("lift", lease(), instance, List.of());
            return examine();
        } catch (IOException e) {
            return String.valueOf(e.getMessage()).replaceFirst("\\.$", "");
        }
    }

    /** Why nothing can be reserved, one sentence without a full stop; empty if it can. */
    private String examine() throws IOException {
        if (settings.link().rate().isEmpty()) {
            return "the rate of %s is unknown to its driver; give it by --link".formatted(nic);
        }
        if (get("bridge", bridge, "datapath_type").contains("netdev")) {
            return "%s is a port of Open vSwitch's userspace datapath, which offers a limit for the whole port and no floor"
                    .formatted(nic);
        }
        return get("port", nic, "qos").equals("[]")
                ? ""
                : "the port %s of Open vSwitch has an operator's QoS, which is left as it is".formatted(nic);
    }

    private String get(String table, String row, String column) throws IOException {
        Command.Result value = vsctl(command, "get", table, row, column);
        if (value.exitCode() != 0) {
            throw new IOException(
                    "'ovs-vsctl get %s %s %s' fails (%s)".formatted(table, row, column, value.errorLine()));
        }
        return value.out().strip();
    }

    private OvsTree tree() {
        return new OvsTree(
                nic,
                bridge,
                settings.link().rate().orElse(HtbTree.UNLIMITED),
                settings.link().most().orElse(HtbTree.UNLIMITED));
    }

    private String lease() {
        return "lease-%s-egress".formatted(nic);
    }

    private Attachment attach() throws IOException {
        String now = examine();
        objection = now;
        if (!now.isEmpty()) {
            throw new IOException("QEMU alone limits the migration: %s.".formatted(now));
        }
        OvsTree tree = tree();
        Lease lease = Lease.open(script, lease(), instance, settings.lease(), tree.removal());
        return Attachment.put(tree, tree.build(), tree.removal(), Direction.EGRESS, lease, () -> now(tree));
    }

    private Attachment.Now now(OvsTree tree) throws IOException {
        // A QoS is found by the name of a port that uses it.
        boolean ours = vsctl(command, "get", "qos", nic, "external_ids:godwit").exitCode() == 0;
        return new Attachment.Now() {
            @Override
            public String change() {
                return ours ? "" : "the port %s of Open vSwitch has another QoS".formatted(nic);
            }

            @Override
            public List<String> removal() {
                return tree.removal();
            }
        };
    }

    private OptionalLong bytes(String device, int number) {
        try {
            Command.Result flows = command.run(
                    List.of(
                            "ovs-ofctl",
                            "--timeout=5",
                            "dump-flows",
                            bridge,
                            "cookie=%s/-1".formatted(OvsTree.cookie(number))),
                    "");
            Matcher counted = BYTES.matcher(flows.out());
            long sum = 0;
            boolean found = false;
            while (counted.find()) {
                sum += Long.parseLong(counted.group(1));
                found = true;
            }
            return found ? OptionalLong.of(sum) : OptionalLong.empty();
        } catch (IOException e) {
            LOG.debug("Cannot read the counters of {}", device, e);
            return OptionalLong.empty();
        }
    }

    @Override
    public ReservationSupport support() {
        return ReservationSupport.of(objection, INBOUND.formatted(nic));
    }

    @Override
    public PortRange libvirtPorts() {
        return settings.libvirtPorts();
    }

    @Override
    public Optional<PortRange> plannedPorts() {
        return settings.plannedPorts();
    }

    @Override
    public Reservation reserve(Flow flow, Share share) throws IOException {
        FlowFilter.require(flow);
        if (flow.direction() == Direction.INGRESS) {
            throw new IOException("Cannot reserve bandwidth for %s: %s.".formatted(flow.id(), INBOUND.formatted(nic)));
        }
        if (closed || script == null) {
            throw new IOException("Cannot reserve bandwidth for %s: %s."
                    .formatted(flow.id(), closed ? "the host driver is stopping" : objection));
        }
        return shaper.reserve(flow, share);
    }

    @Override
    public void close() {
        closed = true;
        renewals.close();
        shaper.close();
    }
}
