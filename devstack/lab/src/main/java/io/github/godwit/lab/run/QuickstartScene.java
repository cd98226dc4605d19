package io.github.godwit.lab.run;

import io.github.godwit.lab.agent.Lab;
import io.github.godwit.lab.guest.GuestWorkload;
import io.github.godwit.lab.guest.GuestWorkload.Pattern;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.model.MemorySize;
import java.util.List;
import java.util.function.Consumer;

/**
 * The quickstart's six VMs, which behave differently, most of them on the first host; and how that host gets too hot.
 * All of them together keep about one core busy, so that two cores have room for the migrations. Heated, they are alike enough
 * that moving one does not end the hotspot.
 */
public final class QuickstartScene {

    private final Lab lab;
    private final LabVms vms;
    private final Consumer<String> progress;

    /** One VM: {@code hotCpu} is the share of its vCPU that it keeps busy once its host is heated, per mille. */
    private record Role(String name, int host, String memory, boolean dirtyRing, GuestWorkload workload, int hotCpu) {}

    private static final List<Role> ROLES = List.of(
            new Role("web", 0, "256M", false, workload("96M", "16M", "2M", Pattern.HOTSPOT, 0.5, 32, 0.05), 130),
            new Role("database", 0, "512M", false, workload("384M", "128M", "50M", Pattern.RANDOM, 0.6, 64, 0.05), 110),
            new Role("cache", 0, "384M", false, workload("256M", "192M", "20M", Pattern.RANDOM, 0.4, 16, 0.05), 120),
            new Role("stream", 0, "256M", false, workload("160M", "48M", "30M", Pattern.SEQ, 1.0, 4096, 0.05), 115),
            new Role("batch", 0, "256M", true, workload("128M", "64M", "10M", Pattern.SEQ, 0.3, 512, 0.05), 130),
            new Role("idle", 1, "128M", false, workload("32M", "4M", "0", Pattern.RANDOM, 0.5, 8, 0.02), 20));

    /**
     * @param lab      a lab of three hosts without VMs
     * @param progress told what happens, for people
     */
    public QuickstartScene(Lab lab, Consumer<String> progress) {
        this.lab = lab;
        this.vms = new LabVms(lab);
        this.progress = progress;
    }

    /** Starts the VMs. */
    public void start() {
        for (Role role : ROLES) {
            String host = lab.hosts().get(role.host()).name();
            progress.accept("Starting VM %s on %s: %s".formatted(role.name(), host, describe(role)));
            vms.start(
                    lab.hosts().get(role.host()),
                    role.name(),
                    MemorySize.parse(role.memory()),
                    role.workload(),
                    LabVms.bestAccelerator(),
                    role.dirtyRing());
        }
    }

    /** Makes the first host too hot: its VMs get more to do. */
    public void heat() {
        progress.accept(
                "Heating %s: its VMs get busier".formatted(lab.hosts().get(0).name()));
        ROLES.stream().filter(role -> role.host() == 0).forEach(role -> vms.set(role.name(), "cpu=" + role.hotCpu()));
    }

    private static String describe(Role role) {
        GuestWorkload workload = role.workload();
        return "%s of memory, writes %s/s (%s) over %s"
                .formatted(
                        role.memory(),
                        workload.dirtyBytesPerSecond(),
                        workload.pattern().name().toLowerCase(java.util.Locale.ROOT),
                        workload.workingSet());
    }

    private static GuestWorkload workload(
            String touched, String workingSet, String rate, Pattern pattern, double entropy, int change, double cpu) {
        return new GuestWorkload(
                MemorySize.parse(touched),
                MemorySize.parse(workingSet),
                MemorySize.parse(rate),
                pattern,
                entropy,
                change,
                cpu);
    }
}
