package io.github.godwit.lab.run;

import io.github.godwit.lab.LabException;
import io.github.godwit.lab.LabName;
import io.github.godwit.lab.driver.HostCpus;
import io.github.godwit.lab.driver.HostDriverLaunch;
import io.github.godwit.lab.driver.IntermediaryStart;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.driver.LabRecord;
import io.github.godwit.lab.libvirt.LibvirtStart;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.net.LabIntermediary;
import io.github.godwit.lab.net.LinkShape;
import io.github.godwit.lab.net.NetworkPlan;
import io.github.godwit.lab.net.NetworkState;
import io.github.godwit.lab.net.Subnet;
import io.github.godwit.lab.net.SubnetChooser;
import io.github.godwit.lab.system.CommandRunner;
import io.github.godwit.model.profile.Hypervisor;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/** Brings a lab up: network, token, certificates and libvirt where they are wanted, host drivers. After a failure the lab is taken down again. */
public final class LabUp {

    private static final Path CONGESTION_CONTROL = Path.of("/proc/sys/net/ipv4/tcp_available_congestion_control");
    private static final int TOKEN_BYTES = 24;

    private final LabName name;
    private final CommandRunner commands;
    private final Consumer<String> progress;
    private final boolean tls;

    /**
     * Labs whose host drivers speak HTTP with a token.
     *
     * @param name     the lab
     * @param commands runs {@code ip} and {@code tc}
     * @param progress receives progress messages for people
     */
    public LabUp(LabName name, CommandRunner commands, Consumer<String> progress) {
        this(name, commands, progress, false);
    }

    /**
     * Labs whose host drivers may speak HTTPS.
     *
     * @param name     the lab
     * @param commands runs {@code ip}, {@code tc} and {@code openssl}
     * @param progress receives progress messages for people
     * @param tls      whether they do, with certificates that are made for this lab
     */
    public LabUp(LabName name, CommandRunner commands, Consumer<String> progress, boolean tls) {
        this.name = name;
        this.commands = commands;
        this.progress = progress;
        this.tls = tls;
    }

    /** Brings up a lab whose hosts run the machine's QEMU; see {@link #up(int, LinkShape, double, Subnet, HostVms)}. */
    public Lab up(int hosts, LinkShape link, double cores, Subnet wanted) throws InterruptedException {
        return up(hosts, link, cores, wanted, HostVms.of(Hypervisor.QEMU));
    }

    /** Brings up a lab without intermediaries; see {@link #up(int, int, LinkShape, double, Subnet, HostVms)}. */
    public Lab up(int hosts, LinkShape link, double cores, Subnet wanted, HostVms vms) throws InterruptedException {
        return up(hosts, 0, link, cores, wanted, vms);
    }

    /**
     * Creates the network, the token and the certificates, and starts the intermediaries, libvirt, where it is wanted, and the host drivers.
     *
     * @param hosts      number of hosts
     * @param intermediaries number of intermediaries
     * @param link       shape of each host's link
     * @param cores      CPU cores that each host reports as its own
     * @param wanted     the subnet, or null for a free one
     * @param vms        what runs the VMs
     * @throws IllegalArgumentException when {@code vms} names a host that the lab does not have
     * @throws LabException when a lab with this name exists, in whole or in part, or a step fails
     */
    public Lab up(int hosts, int intermediaries, LinkShape link, double cores, Subnet wanted, HostVms vms)
            throws InterruptedException {
        Hypervisor hypervisor = vms.hypervisor();
        if (hypervisor == Hypervisor.LIBVIRT) {
            LibvirtStart.require();
        }
        NetworkState state = new NetworkState(commands);
        if (Files.exists(name.stateDirectory().resolve("lab.json"))
                || !state.namespaces(name).isEmpty()) {
            throw new LabException(
                    "The lab is up already. Use it ('lab status'), or take it down with 'lab down' first.");
        }
        List<Subnet> routed = state.routedNetworks();
        Subnet subnet = wanted == null ? SubnetChooser.choose(routed) : SubnetChooser.check(wanted, routed);
        NetworkPlan plan = new NetworkPlan(name, subnet, hosts, link, intermediaries);
        Lab lab = lab(plan, HostCpus.share(hosts, cores), vms);
        try (TakenDownOnExit exit = new TakenDownOnExit(new LabDown(name, commands))) {
            progress.accept("Creating %d hosts with links of %s".formatted(hosts, link.rate()));
            plan.commands().forEach(commands::run);
            if (hasCubic()) {
                plan.usualCongestionControl().forEach(commands::run);
            }
            writeToken(lab);
            if (tls) {
                progress.accept("Making a certificate for each host and the service");
                lab.certificates().make(lab.hosts(), lab.intermediaries(), commands);
            }
            if (intermediaries > 0) {
                progress.accept("Starting a Redis on %d intermediaries".formatted(intermediaries));
                new IntermediaryStart(lab).run();
            }
            if (hypervisor == Hypervisor.LIBVIRT) {
                startLibvirt(lab);
            }
            startHostDrivers(lab, cores);
            // written last, because a lab without a record is not up
            new LabRecord(name).write(lab);
            exit.keep();
            return lab;
        }
    }

    private static boolean hasCubic() {
        try {
            return Files.readString(CONGESTION_CONTROL).contains("cubic");
        } catch (IOException e) {
            throw new LabException("%s cannot be read: %s".formatted(CONGESTION_CONTROL, e.getMessage()), e);
        }
    }

    private Lab lab(NetworkPlan plan, List<String> cpus, HostVms vms) {
        vms.check(plan.hostNames());
        List<LabHost> hosts = new ArrayList<>();
        for (String host : plan.hostNames()) {
            hosts.add(new LabHost(
                    host,
                    name.namespace(host),
                    plan.address(host),
                    URI.create(
                            "%s://%s:%d".formatted(tls ? "https" : "http", plan.address(host), HostDriverLaunch.PORT)),
                    cpus.get(hosts.size()),
                    vms.qemu(host)));
        }
        return new Lab(
                name,
                hosts,
                plan.link().rate(),
                plan.peerAddress(),
                plan.guestSubnet().toString(),
                vms.hypervisor(),
                plan.intermediaryNames().stream()
                        .map(each -> new LabIntermediary(each, name.namespace(each), plan.intermediaryAddress(each)))
                        .toList());
    }

    private static void writeToken(Lab lab) {
        byte[] token = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(token);
        Path file = lab.tokenFile();
        try {
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, HexFormat.of().formatHex(token));
        } catch (IOException e) {
            throw new LabException("The token cannot be written to %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private void startLibvirt(Lab lab) throws InterruptedException {
        progress.accept("Starting a libvirt on each host");
        LibvirtStart start = new LibvirtStart(lab);
        List<Process> processes = new ArrayList<>();
        lab.hosts().forEach(host -> processes.add(start.start(host)));
        for (int i = 0; i < processes.size(); i++) {
            start.await(lab.hosts().get(i), processes.get(i));
        }
    }

    private void startHostDrivers(Lab lab, double cores) throws InterruptedException {
        progress.accept("Starting a host driver on each host");
        HostDriverLaunch launch = new HostDriverLaunch(lab, cores);
        List<Process> processes = new ArrayList<>();
        lab.hosts().forEach(host -> processes.add(launch.start(host)));
        for (int i = 0; i < processes.size(); i++) {
            launch.await(lab.hosts().get(i), processes.get(i));
        }
    }
}
