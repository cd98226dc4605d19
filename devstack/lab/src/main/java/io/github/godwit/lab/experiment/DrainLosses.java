package io.github.godwit.lab.experiment;

import io.github.godwit.lab.client.ClientReport;
import io.github.godwit.lab.linux.LinuxWorkload;
import java.util.Collection;

/**
 * What the clients of all guests lost while their host was drained.
 *
 * @param violations   number of guests that gave their client less than half of the rate before, or whose service was down for more
 *                     than a second
 * @param opsLost      operations and requests that the rates before would have given
 * @param megabitsLost the same for iperf, in megabits
 */
record DrainLosses(int violations, double opsLost, double megabitsLost) {

    /** An application is kept if it has at least half of what it has undisturbed. */
    private static final double KEPT = 0.5;

    private static final double LONGEST_DOWNTIME_MILLIS = 1000;

    /**
     * Adds up the losses.
     *
     * @param seconds duration of the drain
     */
    static DrainLosses of(Collection<ClientReport> reports, double seconds) {
        int violations = 0;
        double ops = 0;
        double megabits = 0;
        for (ClientReport report : reports) {
            double lost = Math.max(0, report.rateBefore() - report.rateDuring()) * seconds;
            switch (LinuxWorkload.parse(report.workload())) {
                case REDIS, NGINX -> ops += lost;
                case IPERF_IN, IPERF_OUT -> megabits += lost;
                case BUILD -> {}
            }
            if (report.rateDuring() < KEPT * report.rateBefore()
                    || report.serviceDowntimeMillis() > LONGEST_DOWNTIME_MILLIS) {
                violations++;
            }
        }
        return new DrainLosses(violations, ops, megabits);
    }
}
