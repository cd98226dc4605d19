package io.github.godwit.host.metrics;

import io.github.godwit.host.metrics.NetworkCounters.Count;
import io.github.godwit.hostapi.PostcopyRecovery;
import io.github.godwit.hostapi.ReservedRates;
import io.github.godwit.model.watch.WatchChange;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The metrics of a host driver, for Prometheus: what it counts from its start, and what it is asked for at each scrape. Thread-safe. */
public final class HostMetrics {

    private static final Map<Class<? extends WatchChange>, String> WATCH_CHANGES = Map.of(
            WatchChange.RaiseDowntimeLimit.class, "raise-downtime-limit",
            WatchChange.RaiseThrottle.class, "raise-throttle",
            WatchChange.StartPostcopy.class, "start-postcopy",
            WatchChange.BeginAgain.class, "begin-again");

    private static final Path MEMORY = Path.of("/proc/self/statm");

    /** Page size of x86-64, the unit of {@code statm}. */
    private static final int PAGE_BYTES = 4096;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private final AtomicInteger reservations = new AtomicInteger();

    /** Creates the metrics of a version of the program. */
    public HostMetrics(String version) {
        Gauge.builder("godwit.host.build", () -> 1)
                .description("Always 1; the label is the version of the host driver")
                .tags("version", version)
                .register(registry);
        gauge("process.resident.memory.bytes", "Resident memory of the host driver", HostMetrics::residentBytes);
        gauge(
                "godwit.host.reservations",
                "Bandwidth that this host reserves for migrations of Nova",
                reservations::get);
        new UptimeMetrics().bindTo(registry);
        // Prometheus sees no increase in a counter that begins with its first event.
        for (AdviceKind kind : AdviceKind.values()) {
            advice(kind);
        }
        breaks("recovered");
        breaks("left");
    }

    /**
     * Adds what is asked for at each scrape.
     *
     * @param vms     number of VMs of this host
     * @param enabled whether Godwit influences the migrations from this host
     * @param observes whether it only observes them
     */
    public void observe(Supplier<Number> vms, BooleanSupplier enabled, BooleanSupplier observes) {
        gauge("godwit.host.vms", "VMs of this host", vms);
        gauge(
                "godwit.host.enabled",
                "1 if Godwit influences the migrations from this host, 0 if it is switched off",
                () -> enabled.getAsBoolean() ? 1 : 0);
        gauge(
                "godwit.host.observes",
                "1 if Godwit only observes the migrations from this host, which Nova runs with its own flags",
                () -> observes.getAsBoolean() ? 1 : 0);
    }

    /** Adds the time until the certificate of this host expires. */
    public void expires(Supplier<Instant> end) {
        gauge(
                "godwit.host.certificate.expiry.seconds",
                "Time until the certificate of this host expires",
                () -> Duration.between(Instant.now(), end.get()).toSeconds());
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** Adds the bytes of NICs and VMs, which are read at each scrape; those that are gone are gone from the metrics, too. */
    public void add(NetworkCounters counters) {
        registry.getPrometheusRegistry().register((MultiCollector) () -> MetricSnapshots.of(
                bytes("godwit_host_nic_bytes", "Bytes through a NIC of this host", "nic", counters.ofNics()),
                bytes(
                        "godwit_host_vm_network_bytes",
                        "Bytes through the taps of a VM, with the directions of the VM",
                        "vm",
                        counters.ofVms())));
    }

    private static CounterSnapshot bytes(String name, String help, String label, List<Count> counts) {
        CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
        for (Count count : counts) {
            family.dataPoint(point(count.in(), label, count.name(), "in"))
                    .dataPoint(point(count.out(), label, count.name(), "out"));
        }
        return family.build();
    }

    private static CounterDataPointSnapshot point(long bytes, String label, String name, String direction) {
        return CounterDataPointSnapshot.builder()
                .value(bytes)
                .labels(Labels.of(label, name, "direction", direction))
                .build();
    }

    /** Counts an answer to nova-compute's question how to migrate. */
    public void answered(AdviceKind kind, Duration took) {
        advice(kind).record(took);
    }

    private Timer advice(AdviceKind kind) {
        return Timer.builder("godwit.advice")
                .description("Answers to nova-compute's question how to migrate a server, by kind")
                .tags("kind", kind.label())
                .register(registry);
    }

    /**
     * Counts a migration that has ended.
     *
     * @param technique id of the technique, or {@code none} if none was chosen
     * @param result    phase in which it ended
     */
    public void ended(String technique, String result) {
        Counter.builder("godwit.host.migrations")
                .description("Migrations from this host that ended, by technique and result")
                .tags("technique", technique, "result", result)
                .register(registry)
                .increment();
    }

    /** Counts what the watching changed about a migration while it ran. */
    public void changed(WatchChange change) {
        Counter.builder("godwit.host.watch.changes")
                .description("What was changed about migrations from this host while they ran")
                .tags("change", WATCH_CHANGES.getOrDefault(change.getClass(), "other"))
                .register(registry)
                .increment();
    }

    /** Takes note of what became of a migration whose connection broke in post-copy. */
    public void broke(PostcopyRecovery recovery) {
        breaks("recovered").increment(recovery.recovered());
        breaks("left").increment(recovery.breaks() - recovery.recovered());
        DistributionSummary.builder("godwit.host.postcopy.pause")
                .description("Time in which no page of a migration moved, because its connection broke in post-copy")
                .baseUnit("seconds")
                .register(registry)
                .record(recovery.pausedMillis() / 1e3);
    }

    private Counter breaks(String result) {
        return Counter.builder("godwit.host.postcopy.breaks")
                .description("Breaks of the connection of post-copy: recovered, or left to an operator")
                .tags("result", result)
                .register(registry);
    }

    /** Counts a technique that libvirt did not carry out, so that nova-compute used Nova's own flags. */
    public void refused(String technique, String peer) {
        Counter.builder("godwit.refusals")
                .description("Migrations that libvirt did not carry out as advised, by technique and destination")
                .tags("technique", technique, "peer", peer)
                .register(registry)
                .increment();
    }

    /** Takes note of how the reservation of a migration that has ended was adapted. */
    public void reserved(ReservedRates rates) {
        DistributionSummary.builder("godwit.host.reserved")
                .description("Mean rates that were reserved on this host for migrations from it that ended")
                .baseUnit("bits_per_second")
                .register(registry)
                .record(rates.mean().bitsPerSecond());
        Counter.builder("godwit.host.reservation.changes")
                .description("Changes of reservations to follow the traffic, during migrations that ended")
                .register(registry)
                .increment(rates.changes());
    }

    /**
     * Takes note of the proxy of PERF of a migration that has ended.
     *
     * @param technique id of the technique
     * @param proxy     share of its usual performance that the VM kept as it seems from outside, 0 to 1
     */
    public void proxied(String technique, double proxy) {
        DistributionSummary.builder("godwit.host.perf.proxy")
                .description(
                        "Proxy, from outside of the guest, of the share of its performance that a VM kept during a migration from this host")
                .tags("technique", technique)
                .register(registry)
                .record(proxy);
    }

    /** Counts a reservation that begins (1) or ends (-1). */
    public void reservation(int change) {
        reservations.addAndGet(change);
    }

    /** All metrics in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    private static double residentBytes() {
        try {
            return Double.parseDouble(Files.readString(MEMORY).split(" ", -1)[1]) * PAGE_BYTES;
        } catch (IOException | NumberFormatException e) {
            return Double.NaN;
        }
    }
}
