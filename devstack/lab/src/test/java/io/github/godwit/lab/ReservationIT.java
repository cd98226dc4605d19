package io.github.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.Outcome;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.BackgroundTraffic;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.run.LabMigration;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A reservation against 500 Mbit/s of background traffic out of the source, on a link of 1 Gbit/s. */
@ExtendWith(SharedLab.class)
@Timeout(480)
class ReservationIT {

    private static final int PAIRS = 3;

    /** Longer than all migrations together; the traffic is stopped after them. */
    private static final int BACKGROUND_SECONDS = 450;

    private static final Bandwidth BACKGROUND = Bandwidth.parse("500mbit");
    private static final Bandwidth RESERVED = Bandwidth.parse("800mbit");

    @Test
    void makesTheSameMigrationFasterAndLeavesNoRuleBehind(Lab lab) throws Exception {
        LabHost source = lab.hosts().get(0);
        BackgroundTraffic traffic =
                new BackgroundTraffic(new SystemCommands(), lab.name().peer(), lab.peerAddress());
        try (LabVm vm = LabVm.start(lab, "reserved", "384M", "16M", "4M", false)) {
            traffic.start(source, true, BACKGROUND, BACKGROUND_SECONDS);
            totalMillis(vm.migrate(Technique.PRE_COPY)); // the first migration of a VM and its host drivers is slower
            totalMillis(vm.migrate(Technique.PRE_COPY));
            assertThat(reservedIsFaster(vm)).isTrue();
            for (LabHost host : lab.hosts()) {
                assertThat(TrafficRules.in(host)).as(host.name()).isEmpty();
            }
        } finally {
            traffic.stop(source);
        }
    }

    /** A reservation does not help where other work takes the CPU of the host, so one fast pair out of three is enough. */
    private static boolean reservedIsFaster(LabVm vm) throws Exception {
        for (int pair = 0; pair < PAIRS; pair++) {
            double unreserved = totalMillis(vm.migrate(Technique.PRE_COPY));
            totalMillis(vm.migrate(Technique.PRE_COPY));
            LabMigration.Result result = vm.migrate(Technique.PRE_COPY, RESERVED, event -> {});
            double reserved = totalMillis(result);
            totalMillis(vm.migrate(Technique.PRE_COPY));

            Outcome outcome = result.status().outcome();
            System.out.printf(
                    "PRE beside %s out of the source: %.0f ms, with %s reserved %.0f ms%n",
                    BACKGROUND, unreserved, RESERVED, reserved);
            assertThat(outcome.reserved()).as(outcome.notes().toString()).isEqualTo(RESERVED);
            if (reserved < 0.8 * unreserved) {
                return true;
            }
        }
        return false;
    }

    private static double totalMillis(LabMigration.Result result) {
        assertThat(result.guestVerified()).as(result.guest()).isTrue();
        assertThat(result.status().outcome())
                .as(String.valueOf(result.status().error()))
                .isNotNull();
        return result.status().outcome().measured().get(Metric.TOTAL_TIME);
    }
}
