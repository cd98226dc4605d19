package io.github.godwit.lab.linux;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.guest.GuestConsole;
import io.github.godwit.lab.guest.HypervisorVms;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.net.NetworkPlan;
import io.github.godwit.lab.net.Subnet;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmNic;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Starts VMs with Linux guests. */
public final class LinuxVms {

    /** Under TCG a guest boots in about three seconds, on a busy machine in ten. */
    private static final Duration BOOT = Duration.ofSeconds(60);

    private static final MemorySize LEAST_MEMORY = MemorySize.ofMebibytes(128);
    private static final int FIRST_PLACE = 10;
    private static final int LAST_PLACE = 254;

    private final Lab lab;

    /** The Linux guests of a lab. */
    public LinuxVms(Lab lab) {
        this.lab = lab;
    }

    /**
     * Starts a VM and waits until its guest runs the workload.
     *
     * @param rate        see {@link LinuxGuest}
     * @param accelerator the accelerator, for example that of {@link LinuxAccelerator}
     * @return the guest
     * @throws LabException             when its images cannot be built or the guest does not answer
     * @throws IllegalArgumentException when the memory is too small or the rate is invalid
     */
    public LinuxGuest start(
            LabHost host,
            String name,
            MemorySize memory,
            LinuxWorkload workload,
            String rate,
            Accelerator accelerator) {
        if (memory.compareTo(LEAST_MEMORY) < 0) {
            throw new IllegalArgumentException(
                    "A Linux guest needs at least %s, not %s.".formatted(LEAST_MEMORY, memory));
        }
        new LinuxImages().build(workload);
        LinuxGuest guest = launch(host, name, memory, workload, rate, accelerator);
        try {
            new GuestConsole(lab.state(host).resolve("vms").resolve(name).resolve("console.sock")).awaitReady(BOOT);
            return guest;
        } catch (LabException e) {
            new HypervisorVms(lab).stop(host, name);
            throw e;
        }
    }

    /** Locked until the VM is listed, so that two programs do not give the same address to two guests. */
    private LinuxGuest launch(
            LabHost host,
            String name,
            MemorySize memory,
            LinuxWorkload workload,
            String rate,
            Accelerator accelerator) {
        try (FileChannel file = FileChannel.open(
                        lab.name().stateDirectory().resolve("addresses.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            assert lock.isValid();
            LinuxGuest guest = new LinuxGuest(workload, freeAddress(), rate);
            new HypervisorVms(lab)
                    .start(
                            host,
                            new VmDefinition(
                                    name,
                                    memory,
                                    1,
                                    LinuxImages.KERNEL,
                                    guest.kernelArguments(),
                                    accelerator,
                                    0,
                                    0,
                                    new VmNic(mac(guest.address()), NetworkPlan.BRIDGE),
                                    LinuxImages.initrd(workload),
                                    null));
            return guest;
        } catch (IOException e) {
            throw new LabException("The addresses of the guests cannot be locked: " + e.getMessage(), e);
        }
    }

    private String freeAddress() {
        Set<String> taken = lab.hosts().stream()
                .flatMap(host -> lab.client(host).vms().stream())
                .map(VmStatus::definition)
                .map(LinuxGuest::of)
                .flatMap(Optional::stream)
                .map(LinuxGuest::address)
                .collect(Collectors.toSet());
        return freeAddress(Subnet.parse(lab.guestSubnet()), taken);
    }

    /** The first address of the subnet that no guest has. */
    static String freeAddress(Subnet subnet, Collection<String> taken) {
        return IntStream.rangeClosed(FIRST_PLACE, LAST_PLACE)
                .mapToObj(subnet::address)
                .filter(address -> !taken.contains(address))
                .findFirst()
                .orElseThrow(
                        () -> new LabException("All addresses of %s are in use. Stop a VM first.".formatted(subnet)));
    }

    /** A MAC address in QEMU's range that ends with the last three bytes of the IPv4 address, and so is as unique. */
    static String mac(String address) {
        String[] bytes = address.split("\\.", -1);
        return "52:54:00:%02x:%02x:%02x"
                .formatted(Integer.parseInt(bytes[1]), Integer.parseInt(bytes[2]), Integer.parseInt(bytes[3]));
    }
}
