package io.github.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.ReservedRates;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.BackgroundTraffic;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.net.NetworkPlan;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A migration on an idle link of 1 Gbit/s, beside which other traffic comes up. It does not converge, so that it lasts as long as it may. */
@ExtendWith(SharedLab.class)
@Timeout(240)
class AdaptedReservationIT {

    private static final Duration MIGRATION = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int BACKGROUND_SECONDS = 30;
    private static final Bandwidth BACKGROUND = Bandwidth.parse("800mbit");

    /** A limit of at least the floor of medium urgency, below the link's rate. */
    private static final Pattern LIMITED = Pattern.compile("ceil [789]\\d\\dMbit");

    private static final Pattern SHARED = Pattern.compile("rate 750Mbit " + LIMITED);

    private final SystemCommands commands = new SystemCommands();

    @Test
    void theReservationBeginsWithTheOtherTrafficMovesQemusLimitAndLeavesNothingBehind(Lab lab) throws Exception {
        LabHost source = lab.hosts().get(0);
        LabHost destination = lab.hosts().get(1);
        BackgroundTraffic traffic = new BackgroundTraffic(commands, lab.name().peer(), lab.peerAddress());
        try (LabVm vm = LabVm.start(lab, "adapted", "400M", "300M", "800M", false)) {
            HostDriverClient driver = lab.client(source);
            MigrationStatus started = driver.migrate(MigrationRequest.of(vm.name(), destination.hostDriver())
                    .technique(Technique.PRE_COPY)
                    .timeLimit(MIGRATION)
                    .terms(ReservationTerms.DEFAULT)
                    .build());
            await("the migration", () -> driver.migration(started.id()).phase() == Phase.MIGRATING);
            assertThat(TrafficRules.in(source)).as("enough is free").isEmpty();

            traffic.start(source, true, BACKGROUND, BACKGROUND_SECONDS);
            // Medium urgency: 75 % of the link. The limit is what the other traffic leaves, at least that.
            await(
                    "the source's class",
                    () -> SHARED.matcher(classes(source, NetworkPlan.HOST_INTERFACE))
                            .find());
            await(
                    "the destination's class",
                    () -> LIMITED.matcher(classes(destination, "gw-ifb-" + NetworkPlan.HOST_INTERFACE))
                            .find());

            MigrationStatus ended = driver.follow(started.id(), Duration.ofMinutes(1), event -> {});
            assertThat(ended.outcome()).as(String.valueOf(ended.error())).isNotNull();
            ReservedRates rates = ended.outcome().rates();
            System.out.println("A migration beside which 800 Mbit/s come up: " + rates);
            assertThat(rates.first()).isEqualTo(Bandwidth.ZERO);
            assertThat(rates.highest()).isEqualTo(Bandwidth.parse("750mbit"));
            assertThat(rates.limit()).isNotNull();
            assertThat(ended.outcome().reserved()).isEqualTo(rates.mean());
            assertThat(ended.outcome().notes()).noneMatch(note -> note.contains("limit"));
            await(
                    "the end of all rules",
                    () -> TrafficRules.in(source).isEmpty()
                            && TrafficRules.in(destination).isEmpty());
        } finally {
            traffic.stop(source);
        }
    }

    private String classes(LabHost host, String device) {
        return TrafficRules.in(host).isEmpty()
                ? ""
                : commands.run("tc", "-n", host.namespace(), "class", "show", "dev", device);
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what + " within " + PATIENCE).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }
}
