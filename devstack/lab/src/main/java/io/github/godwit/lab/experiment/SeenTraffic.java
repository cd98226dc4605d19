package io.github.godwit.lab.experiment;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.lab.linux.LinuxGuest;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Waits until a host driver reports the traffic that the clients of its guests cause. Only iperf with a rate is expected to have traffic;
 * any other guest need only be on the host.
 */
final class SeenTraffic {

    /** A host driver averages over four seconds, so that at this part three of them were undisturbed. */
    private static final double PART = 0.75;

    /** After a stop of some seconds, as in post-copy, TCP may wait as long again until it sends. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** A host driver reports no event when traffic changes; it reads the counters once a second. */
    private static final Duration POLL = Duration.ofMillis(250);

    private final Map<String, Traffic> expected = new TreeMap<>();

    /**
     * @param guests the guests by VM, each driven by its client
     */
    SeenTraffic(Map<String, LinuxGuest> guests) {
        guests.forEach((vm, guest) -> expected.put(vm, expected(guest)));
    }

    private static Traffic expected(LinuxGuest guest) {
        if (guest.rate().isEmpty()) {
            return Traffic.NONE;
        }
        return switch (guest.workload()) {
            case IPERF_OUT -> new Traffic(Bandwidth.ZERO, Bandwidth.parse(guest.rate()));
            case IPERF_IN -> new Traffic(Bandwidth.parse(guest.rate()), Bandwidth.ZERO);
            case REDIS, NGINX, BUILD -> Traffic.NONE;
        };
    }

    /**
     * What is not seen yet, for people.
     *
     * @param reported the traffic of each VM of the host
     * @return empty if all traffic is seen
     */
    List<String> missing(Map<String, Traffic> reported) {
        return expected.entrySet().stream()
                .filter(each -> !seen(each.getValue(), reported.get(each.getKey())))
                .map(each -> words(each.getKey(), each.getValue(), reported.get(each.getKey())))
                .toList();
    }

    private static boolean seen(Traffic expected, Traffic reported) {
        return reported != null
                && reported.in().megabits() >= PART * expected.in().megabits()
                && reported.out().megabits() >= PART * expected.out().megabits();
    }

    private static String words(String vm, Traffic expected, Traffic reported) {
        return reported == null
                ? vm + " is not on the host"
                : "%s has %.0f of %.0f Mbit/s".formatted(vm, total(reported), total(expected));
    }

    private static double total(Traffic traffic) {
        return traffic.in().plus(traffic.out()).megabits();
    }

    /**
     * Polls a host driver until it has seen all traffic, for 20 s at most. Then the experiment goes on with what there is.
     *
     * @param driver   that of the host of all guests
     * @param progress learns what is missing in the end
     */
    void await(HostDriverClient driver, Consumer<String> progress) throws InterruptedException {
        await(() -> reported(driver), LIMIT, progress);
    }

    void await(Supplier<Map<String, Traffic>> reported, Duration limit, Consumer<String> progress)
            throws InterruptedException {
        long begin = System.nanoTime();
        List<String> missing = missing(reported.get());
        while (!missing.isEmpty()) {
            if (System.nanoTime() - begin >= limit.toNanos()) {
                progress.accept("After %d s the host driver does not see the traffic of all guests: %s."
                        .formatted(limit.toSeconds(), String.join(", ", missing)));
                return;
            }
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
            missing = missing(reported.get());
        }
    }

    private static Map<String, Traffic> reported(HostDriverClient driver) {
        Map<String, Traffic> reported = new HashMap<>();
        for (VmStatus vm : driver.vms()) {
            reported.put(vm.name(), vm.traffic());
        }
        return reported;
    }
}
