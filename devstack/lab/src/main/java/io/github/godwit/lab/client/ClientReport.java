package io.github.godwit.lab.client;

/**
 * What a client measured of a guest.
 *
 * @param workload            the guest's workload
 * @param unit                unit of the rates
 * @param rate                mean rate of the whole observation
 * @param rateBefore          rate before the migration; null if none was observed
 * @param rateDuring          rate during the migration; null if none was observed
 * @param rateAfter           rate after the migration; null if none was observed
 * @param serviceDowntimeMillis longest time without an answer of the workload, of those that overlap the migration: from the last
 *                            answer of the old host to the first of the new one. Without a migration, the longest of all. For iperf and
 *                            build that is the network's gap
 * @param networkGapMillis    the same for datagrams that are sent every 10 ms, which TCP's timers do not prolong
 * @param errors              number of connections that broke
 */
public record ClientReport(
        String workload,
        String unit,
        double rate,
        Double rateBefore,
        Double rateDuring,
        Double rateAfter,
        double serviceDowntimeMillis,
        double networkGapMillis,
        int errors) {

    private static final double NANOS_PER_MILLI = 1e6;

    /**
     * The times of an observation, those of {@link System#nanoTime}.
     *
     * @param begin start of the observation
     * @param from  start of the migration; null without one
     * @param to    end of the migration; null without one
     * @param end   end of the observation
     */
    record Times(long begin, Long from, Long to, long end) {
        boolean migrated() {
            return from != null && to != null;
        }
    }

    /**
     * Evaluates an observation.
     *
     * @param rates   series with the amounts of work
     * @param service series whose gaps are the service downtime
     * @param network the answers to datagrams
     */
    static ClientReport of(
            String workload, String unit, Series rates, Series service, Series network, Times times, int errors) {
        boolean migrated = times.migrated();
        return new ClientReport(
                workload,
                unit,
                rates.rate(times.begin(), times.end()),
                migrated ? rates.rate(times.begin(), times.from()) : null,
                migrated ? rates.rate(times.from(), times.to()) : null,
                migrated ? rates.rate(times.to(), times.end()) : null,
                gap(service, times),
                gap(network, times),
                errors);
    }

    private static double gap(Series series, Times times) {
        long gap = times.migrated()
                ? series.longestGap(times.from(), times.to(), times.end())
                : series.longestGap(times.begin(), times.end(), times.end());
        return gap / NANOS_PER_MILLI;
    }
}
