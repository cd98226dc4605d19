package io.github.godwit.lab.cli;

import io.github.godwit.host.vm.MachineAccelerator;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.guest.GuestWorkload;
import io.github.godwit.lab.guest.GuestWorkload.Pattern;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.lab.linux.LinuxAccelerator;
import io.github.godwit.lab.linux.LinuxGuest;
import io.github.godwit.lab.linux.LinuxVms;
import io.github.godwit.lab.linux.LinuxWorkload;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.unit.MemorySize;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab vm start}: starts a VM. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a VM and waits until its guest runs.",
            "The lab's own guest writes memory as given. A Linux guest runs a program that 'lab client' and 'lab migrate' drive."
        },
        footer = {
            "",
            "Examples:",
            "  lab vm start db --host h1 --memory 512M --working-set 64M --dirty-rate 60M --pattern random \\",
            "      --entropy 0.5 --change-bytes 64 --cpu 0.7",
            "  lab vm start cache --host h1 --guest linux --workload redis"
        })
final class VmStartCommand implements Callable<Integer> {

    private static final List<String> LINUX_OPTIONS = List.of("--workload", "--rate");
    private static final int MOST_VCPUS = 4;
    private static final List<String> OWN_OPTIONS = List.of(
            "--vcpus",
            "--touched",
            "--working-set",
            "--dirty-rate",
            "--pattern",
            "--entropy",
            "--change-bytes",
            "--cpu",
            "--dirty-ring",
            "--machine");

    @Mixin
    private LabOption option;

    @Parameters(paramLabel = "NAME", description = "Name of the VM.")
    private String name;

    @Option(names = "--host", required = true, description = "Host to start it on, for example h1.")
    private String host;

    /** Kinds of guests. */
    enum Guest {
        lab,
        linux
    }

    @Option(
            names = "--guest",
            defaultValue = "lab",
            description = "lab, the lab's own program, which boots at once, or linux (default: ${DEFAULT-VALUE}).")
    private Guest guest;

    @Option(names = "--workload", description = "What a Linux guest runs: iperf-out, iperf-in, redis, nginx or build.")
    private LinuxWorkload linuxWorkload;

    @Option(
            names = "--rate",
            defaultValue = "",
            description = "What the client asks of a Linux guest at most: for iperf a bandwidth (default: no limit), "
                    + "for redis and nginx operations per second (default: 1000).")
    private String rate;

    @Option(names = "--memory", defaultValue = "256M", description = "Guest memory (default: ${DEFAULT-VALUE}).")
    private MemorySize memory;

    @Option(
            names = "--vcpus",
            defaultValue = "1",
            description = "Number of vCPUs, 1 to 4; the guest works on the first (default: ${DEFAULT-VALUE}).")
    private int vcpus;

    @Option(
            names = "--touched",
            description = "Memory with content (default: half of the memory, at least the working set).")
    private MemorySize touched;

    @Option(
            names = "--working-set",
            defaultValue = "32M",
            description = "Memory that the guest writes (default: ${DEFAULT-VALUE}).")
    private MemorySize workingSet;

    @Option(
            names = "--dirty-rate",
            defaultValue = "10M",
            description = "Rate of written pages, in bytes per second (default: ${DEFAULT-VALUE}).")
    private MemorySize dirtyRate;

    @Option(
            names = "--pattern",
            defaultValue = "random",
            description = "Where the guest writes: random, seq or hotspot (default: ${DEFAULT-VALUE}).")
    private Pattern pattern;

    @Option(
            names = "--entropy",
            defaultValue = "0.5",
            description = "Byte entropy of the content, 0 to 1 (default: ${DEFAULT-VALUE}).")
    private double entropy;

    @Option(
            names = "--change-bytes",
            defaultValue = "64",
            description = "Bytes that a write changes in a page, 1 to 4096 (default: ${DEFAULT-VALUE}).")
    private int changeBytes;

    @Option(
            names = "--cpu",
            defaultValue = "0.3",
            description = "Share of its vCPU that the guest keeps busy, 0 to 1 (default: ${DEFAULT-VALUE}).")
    private double cpu;

    @Option(names = "--dirty-ring", description = "Track writes with KVM's dirty ring, which DIRTY-LIMIT needs.")
    private boolean dirtyRing;

    @Option(
            names = "--machine",
            paramLabel = "TYPE",
            description =
                    "QEMU's machine type (default: the newest 'pc' of the host's QEMU). Where hosts run different releases of QEMU, "
                            + "give one that all have, for example pc-i440fx-7.2.")
    private String machine;

    @Option(names = "--accel", description = "kvm or tcg (default: GODWIT_ACCELERATOR, else kvm where it works).")
    private String accelerator;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Lab lab = option.require();
        if (guest == Guest.linux) {
            startLinux(lab);
            return 0;
        }
        refuse("--guest lab", LINUX_OPTIONS);
        if (vcpus < 1 || vcpus > MOST_VCPUS) {
            throw new IllegalArgumentException(
                    "The number of --vcpus (%d) must be from 1 to %d.".formatted(vcpus, MOST_VCPUS));
        }
        GuestWorkload workload =
                new GuestWorkload(touchedMemory(), workingSet, dirtyRate, pattern, entropy, changeBytes, cpu);
        if (workload.touched().bytes() > memory.bytes() - LabVms.GUEST_OWN.bytes()) {
            throw new IllegalArgumentException(
                    "The touched memory (%s) does not fit into %s, of which the guest itself needs %s."
                            .formatted(workload.touched(), memory, LabVms.GUEST_OWN));
        }
        Accelerator chosen =
                accelerator == null ? MachineAccelerator.ofThisMachine().accelerator() : Accelerator.parse(accelerator);
        boolean ring = dirtyRing && (accelerator != null || chosen == Accelerator.KVM);
        VmDefinition vm =
                LabVms.definition(name, memory, vcpus, workload, chosen, ring).withMachine(machine);
        new LabVms(lab).start(lab.host(host), vm, workload);
        Output.of(spec).say("VM '%s' runs on %s.".formatted(name, host));
        return 0;
    }

    private void startLinux(Lab lab) {
        refuse("--guest linux", OWN_OPTIONS);
        if (linuxWorkload == null) {
            throw new IllegalArgumentException("Give the --workload of the Linux guest, for example redis.");
        }
        LinuxAccelerator chosen = accelerator == null
                ? LinuxAccelerator.find()
                : new LinuxAccelerator(Accelerator.parse(accelerator), "--accel names it.");
        LinuxGuest started =
                new LinuxVms(lab).start(lab.host(host), name, memory, linuxWorkload, rate, chosen.accelerator());
        Output.of(spec)
                .say("VM '%s' runs on %s: %s, by %s. %s"
                        .formatted(name, host, started, chosen.accelerator(), chosen.reason()));
    }

    private void refuse(String with, List<String> options) {
        for (String each : options) {
            if (spec.commandLine().getParseResult().hasMatchedOption(each)) {
                throw new IllegalArgumentException("%s has no effect with %s. Leave it out.".formatted(each, with));
            }
        }
    }

    private MemorySize touchedMemory() {
        if (touched != null) {
            return touched;
        }
        MemorySize half = MemorySize.ofMebibytes(memory.bytes() / (2 << 20));
        return half.compareTo(workingSet) < 0 ? workingSet : half;
    }
}
