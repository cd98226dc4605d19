package io.github.godwit.host.cli;

import io.github.godwit.common.ReloadedFile;
import io.github.godwit.host.access.AccessFiles;
import io.github.godwit.host.driver.HostDriver;
import io.github.godwit.host.driver.HostDriverConfig;
import io.github.godwit.host.driver.HostDriverConfig.LoadSource;
import io.github.godwit.model.bandwidth.BandwidthModel;
import io.github.godwit.model.bandwidth.BandwidthModelForm;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code godwit-host serve}: runs the host driver until SIGTERM or SIGINT. */
@Command(
        name = "serve",
        description = "Runs the host driver until SIGTERM or SIGINT. Its VMs continue to run without it.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        footer = {
            "",
            "Examples:",
            "  To try it on one machine:",
            "    godwit-host serve --name h1 --listen 127.0.0.1:9622 --address 127.0.0.1",
            "  On a hypervisor:",
            "    godwit-host serve --name $(hostname) --listen 10.0.0.1:9622 \\",
            "      --address 10.0.0.1 --interface eth0 --tls-ca /etc/godwit/ca.pem \\",
            "      --tls-certificate /etc/godwit/host.pem --tls-key /etc/godwit/host.key",
            "  On a compute host of OpenStack, add:",
            "      --libvirt qemu:///system"
        })
final class ServeCommand implements Callable<Integer> {

    @Option(
            names = "--listen",
            paramLabel = "ADDR:PORT",
            defaultValue = "127.0.0.1:9622",
            description = "Address and port of the REST API.")
    private InetSocketAddress listen;

    @Option(
            showDefaultValue = Visibility.NEVER,
            names = "--name",
            required = true,
            description = "Name of this host; with --libvirt its name in Nova.")
    private String name;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = "/var/lib/godwit",
            description = "Directory for the sockets and records of the VMs.")
    private Path state;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            defaultValue = "/var/lib/godwit/images",
            description = "Directory of the guests' kernels.")
    private Path images;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private ProfilingOptions profiling;

    @Option(
            showDefaultValue = Visibility.NEVER,
            names = "--address",
            paramLabel = "IP",
            required = true,
            description = "IP address at which this host receives migrations.")
    private String address;

    @Mixin
    private AccessOptions access;

    @Option(
            names = "--qemu",
            paramLabel = "PROGRAM",
            defaultValue = "qemu-system-x86_64",
            description = "QEMU's system emulator.")
    private String qemu;

    @Option(
            names = "--host-load",
            paramLabel = "proc|vms",
            defaultValue = "proc",
            description =
                    "Load to report: that of the whole machine, or that of this host's VMs relative to --cores and --memory,"
                            + " for a host that is a share of a machine.")
    private LoadSource load;

    @Option(
            showDefaultValue = Visibility.NEVER,
            names = "--cores",
            description = "Number of CPU cores for VMs. Default: all.")
    private Optional<Double> cores = Optional.empty();

    @Option(
            showDefaultValue = Visibility.NEVER,
            names = "--memory",
            paramLabel = "SIZE",
            description = "Memory for VMs with --host-load vms. Default: all.")
    private Optional<MemorySize> memory = Optional.empty();

    @Option(
            showDefaultValue = Visibility.NEVER,
            names = "--model",
            paramLabel = "FILE",
            description =
                    "Prediction model of godwit-train fit; a new version of the file is loaded without a restart. "
                            + "Default: the shipped model.")
    private Optional<Path> model = Optional.empty();

    @Option(
            showDefaultValue = Visibility.NEVER,
            names = "--bandwidth-model",
            paramLabel = "FILE",
            description =
                    "Bandwidth model of godwit-train bandwidth, which tells how much bandwidth migrations of --libvirt need beside other "
                            + "traffic; a new version of the file is loaded without a restart. Default: the published curves.")
    private Optional<Path> bandwidthModel = Optional.empty();

    @Mixin
    private LibvirtOptions libvirt;

    @Override
    public Integer call() throws Exception {
        HostDriverConfig config = config();
        HostDriver hostDriver = HostDriver.start(config, MachineParts.of(config));
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            hostDriver.close();
                            ended.countDown();
                        },
                        "shutdown"));
        ended.await();
        return 0;
    }

    private Supplier<BandwidthModel> bandwidthModel() throws IOException {
        return bandwidthModel.isEmpty()
                ? BandwidthModel::published
                : new ReloadedFile<>("bandwidth model", bandwidthModel.get(), BandwidthModelForm::read)::current;
    }

    private HostDriverConfig config() throws IOException {
        AccessFiles files = access.files();
        return new HostDriverConfig(
                name,
                listen,
                state,
                images,
                network.config(),
                // An IPv6 address may be written as in a URL.
                address.replaceAll("[\\[\\]]", ""),
                files,
                qemu,
                load,
                cores.orElseGet(() -> (double) Runtime.getRuntime().availableProcessors()),
                memory.orElseGet(MachineParts::memory),
                model,
                libvirt.config(bandwidthModel(), files.tls().isPresent()),
                profiling.rules(),
                network.recovery(),
                network.zeroCopy(),
                network.intermediaries());
    }
}
