package io.github.godwit.lab.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.client.ClientReport;
import io.github.godwit.lab.client.GuestClient;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.linux.LinuxGuest;
import io.github.godwit.lab.net.BackgroundTraffic;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.solve.TrafficAwareScheduler;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Measures one row of {@link PriorityExperiment}, and brings the VMs back. */
final class PriorityMeasurement {

    /** The traffic of other applications on a host is this part of the link, as in the thesis. */
    private static final double BACKGROUND_SHARE = 0.3;

    private static final int BACKGROUND_SECONDS = 600;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** The clients know the undisturbed rates after this time. */
    private static final Duration BEFORE = Duration.ofSeconds(5);

    private final Lab lab;
    private final Map<String, LinuxGuest> guests;
    private final BackgroundTraffic background;
    private final LabHost source;
    private final LabHost destination;
    private final HostDriverClient driver;
    private final Consumer<String> progress;

    /**
     * @param guests the guests of the first host, by VM
     */
    PriorityMeasurement(Lab lab, Setting setting, Map<String, LinuxGuest> guests) {
        this.lab = lab;
        this.guests = guests;
        this.background = new BackgroundTraffic(setting.commands(), lab.name().peer(), lab.peerAddress());
        this.source = lab.hosts().get(0);
        this.destination = lab.hosts().get(1);
        this.driver = lab.client(source);
        this.progress = setting.progress();
    }

    ObjectNode measure(PriorityRow row) throws InterruptedException {
        ObjectNode run = WireJson.mapper().createObjectNode();
        List<String> vms = row.names();
        try {
            loaded(source, row.source());
            loaded(destination, row.destination());
            try (GuestClient first = GuestClient.start(lab, guests.get(vms.get(0)));
                    GuestClient second = GuestClient.start(lab, guests.get(vms.get(1)))) {
                TimeUnit.MILLISECONDS.sleep(BEFORE.toMillis());
                traffic(vms).await(driver, progress);
                List<PriorityGroup> groups = groups(row);
                List<GuestClient> clients = List.of(first, second);
                clients.forEach(GuestClient::migrationBegins);
                migrate(groups, row, run);
                clients.forEach(GuestClient::migrationEnded);
                run.put(
                        "kept",
                        clients.stream()
                                .mapToDouble(client -> kept(client.report()))
                                .min()
                                .orElse(0));
            }
        } catch (LabException | HostDriverException e) {
            run.removeAll();
            run.put("failed", e.getMessage());
        } finally {
            background.stop(source);
            background.stop(destination);
        }
        bringBack();
        return run;
    }

    private SeenTraffic traffic(List<String> vms) {
        Map<String, LinuxGuest> driven = new HashMap<>(guests);
        driven.keySet().retainAll(vms);
        return new SeenTraffic(driven);
    }

    private void loaded(LabHost host, String traffic) throws InterruptedException {
        if (!"idle".equals(traffic)) {
            background.start(
                    host,
                    "out".equals(traffic),
                    Bandwidth.ofMegabits(lab.link().megabits() * BACKGROUND_SHARE),
                    BACKGROUND_SECONDS);
        }
    }

    private List<PriorityGroup> groups(PriorityRow row) throws InterruptedException {
        if (!row.trafficAware()) {
            return PriorityGroup.plain(row.names(), Technique.parse(row.technique()), row.urgency());
        }
        Schedule schedule = new TrafficAwareScheduler()
                .schedule(new LabProblem(lab, source, destination)
                        .of(row.names(), Set.of(Technique.PRE_COPY, Technique.POST_COPY), row.urgency(), 0, true));
        return PriorityGroup.of(schedule);
    }

    /** Adds up the downtimes as the thesis does: the maximum of a parallel group, the sum of groups one after another. */
    private void migrate(List<PriorityGroup> groups, PriorityRow row, ObjectNode run) throws InterruptedException {
        ObjectNode techniques = run.putObject("techniques");
        long begin = System.nanoTime();
        double downtime = 0;
        for (PriorityGroup group : groups) {
            List<MigrationStatus> started = new ArrayList<>();
            group.techniques().forEach((vm, technique) -> {
                techniques.put(vm, technique.id());
                started.add(driver.migrate(request(vm, destination, technique)
                        .terms(row.trafficAware() ? ReservationTerms.DEFAULT.withUrgency(row.urgency()) : null)
                        .build()));
            });
            downtime += longestDowntime(started);
        }
        run.put("total_s", (System.nanoTime() - begin) / 1e9);
        run.put("downtime_ms", downtime);
        run.put("groups", groups.size());
    }

    /** Waits for all, also when one of them fails. */
    private double longestDowntime(List<MigrationStatus> started) throws InterruptedException {
        List<MigrationStatus> ended = new ArrayList<>();
        for (MigrationStatus each : started) {
            ended.add(follow(driver, each));
        }
        return ended.stream()
                .mapToDouble(each -> completed(each).outcome().measured().get(Metric.DOWNTIME))
                .max()
                .orElse(0);
    }

    private void bringBack() throws InterruptedException {
        HostDriverClient there = lab.client(destination);
        for (VmStatus vm : there.vms()) {
            completed(follow(
                    there,
                    there.migrate(
                            request(vm.name(), source, Technique.POST_COPY).build())));
        }
    }

    private static MigrationRequest.Builder request(String vm, LabHost to, Technique technique) {
        return MigrationRequest.of(vm, to.hostDriver()).technique(technique).timeLimit(LIMIT);
    }

    private static MigrationStatus follow(HostDriverClient driver, MigrationStatus started)
            throws InterruptedException {
        return driver.follow(started.id(), LIMIT.plusMinutes(1), event -> {});
    }

    private static MigrationStatus completed(MigrationStatus ended) {
        if (ended.phase() != Phase.COMPLETED || ended.outcome() == null) {
            throw new LabException(
                    "The migration of VM '%s' is %s: %s".formatted(ended.vm(), ended.phase(), ended.error()));
        }
        return ended;
    }

    private static double kept(ClientReport report) {
        return report.rateBefore() == null || report.rateBefore() == 0 ? 0 : report.rateDuring() / report.rateBefore();
    }
}
