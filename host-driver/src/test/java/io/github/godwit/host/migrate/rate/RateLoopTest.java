package io.github.godwit.host.migrate.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.net.FlowTakenException;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.hostapi.GrantedRate;
import io.github.godwit.hostapi.IncomingRate;
import io.github.godwit.hostapi.ReservedRates;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop on a link of 1 Gbit/s with medium urgency, second by second. Its own thread does not tick here unless it is asked to. */
@Timeout(30)
class RateLoopTest {

    private static final Duration NEVER = Duration.ofHours(1);
    private static final Flow FLOW =
            new Flow("m", Direction.EGRESS, "10.0.0.1", "10.0.0.2", new PortRange(49_152, 49_215));
    private static final ReservationTerms TERMS = new ReservationTerms(Urgency.MEDIUM, 0.25, 0.5, 0.9);

    private final FakeTrafficControl traffic = new FakeTrafficControl();
    private final List<IncomingRate> sent = new ArrayList<>();
    private final List<Long> limits = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Bandwidth free = mbit(1000);
    private Bandwidth granted = mbit(10_000);
    private Bandwidth freeThere;
    private OptionalInt port = OptionalInt.empty();
    private SpeedLimit qemu = limits::add;
    private RateLoop loop = loop(NEVER);

    private RateLoop loop(Duration period) {
        return new RateLoop(
                new FlowReservation(traffic, FLOW, change -> {}),
                Optional.of(new RateRule(TERMS, mbit(1000), MigrationTuning.UNLIMITED)),
                new FollowingPeer(rate -> {
                    sent.add(rate);
                    return new GrantedRate(rate.floor().min(granted), freeThere, "");
                }),
                () -> Optional.of(free),
                notes::add,
                period);
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private void start() {
        loop.start(new RateLoop.Running(() -> 0, mebibytes -> qemu.set(mebibytes), () -> port));
    }

    private void tick(int times) {
        for (int i = 0; i < times; i++) {
            loop.tick();
        }
    }

    @Test
    void nothingIsReservedWhileEnoughIsFree() {
        start();
        tick(5);
        assertThat(traffic.shares).isEmpty();
        assertThat(sent).isEmpty();
        assertThat(limits).isEmpty();
        assertThat(loop.rates().orElseThrow().mean()).isEqualTo(Bandwidth.ZERO);
    }

    @Test
    void trafficThatComesUpStartsAReservationOnBothHostsAndLimitsQemu() {
        start();
        tick(2);
        free = mbit(100);
        tick(1);
        // Urgency 75 %; others have 900 and leave 100, less than the floor.
        assertThat(traffic.last()).isEqualTo(new Share(mbit(750), mbit(750), mbit(250), true));
        assertThat(sent.get(0)).isEqualTo(new IncomingRate(mbit(750), mbit(750), mbit(250), null));
        // 750 Mbit/s are 93,750,000 B/s = 89.4 MiB/s.
        assertThat(limits).containsExactly(90L);
    }

    @Test
    void whereTheDestinationCannotReserveTheSourceDoesNeither() {
        granted = Bandwidth.ZERO;
        start();
        free = mbit(100);
        tick(1);
        assertThat(traffic.shares).isEmpty();
        assertThat(notes).singleElement().asString().contains("the destination cannot");
        granted = mbit(750);
        tick(11);
        assertThat(traffic.last().floor()).isEqualTo(mbit(750));
        assertThat(notes).hasSize(1);
    }

    @Test
    void whatTheDestinationCannotTakeInIsNotKeptFreeHere() throws Exception {
        loop.reserve(mbit(750));
        granted = mbit(400);
        start();
        free = mbit(0);
        tick(1);
        assertThat(traffic.last().floor()).isEqualTo(mbit(400));
        assertThat(loop.rate()).isEqualTo(mbit(400));
    }

    @Test
    void theBusierHostDecidesWhatIsFree() throws Exception {
        loop.reserve(mbit(300));
        start();
        free = mbit(600);
        freeThere = mbit(0);
        tick(2);
        assertThat(traffic.last().limit())
                .as("the destination has nothing left")
                .isEqualTo(mbit(300));
    }

    @Test
    void theLimitFollowsOtherTrafficUpAndDown() throws Exception {
        free = mbit(400);
        loop.reserve(mbit(300));
        start();
        tick(1);
        free = mbit(600);
        tick(1);
        free = mbit(990);
        tick(1);
        // 400, 600 and no limit: 50,000,000 B/s are 47.7 MiB/s, 75,000,000 are 71.5, and no limit is QEMU's 1 Tbit/s.
        assertThat(limits).containsExactly(48L, 72L, 119_209L);
    }

    @Test
    void anOlderDestinationIsToldNothingMoreAndTheSourceAdaptsAlone() throws Exception {
        List<IncomingRate> told = new ArrayList<>();
        try (FakeOlderPeer older = new FakeOlderPeer(told);
                RateLoop alone = new RateLoop(
                        new FlowReservation(traffic, FLOW, change -> {}),
                        Optional.of(new RateRule(TERMS, mbit(1000), MigrationTuning.UNLIMITED)),
                        new FollowingPeer(older::rate),
                        () -> Optional.of(free),
                        notes::add,
                        NEVER)) {
            alone.start(new RateLoop.Running(() -> 0, limits::add, OptionalInt::empty));
            free = mbit(100);
            alone.tick();
            alone.tick();
            assertThat(told).hasSize(1);
            assertThat(traffic.last().floor()).isEqualTo(mbit(750));
        }
    }

    @Test
    void whatTheKernelRefusesLeavesTheReservationAsItIsAndIsSaidOnce() throws Exception {
        free = mbit(100);
        loop.reserve(mbit(300));
        start();
        traffic.refusal = Optional.of("tc: Cannot allocate memory");
        free = mbit(600);
        tick(30);
        assertThat(loop.rate()).isEqualTo(mbit(300));
        assertThat(notes).containsExactly("The reservation stays at 300mbit: tc: Cannot allocate memory");
    }

    @Test
    void aQemuThatTakesNoLimitIsLeftAlone() throws Exception {
        qemu = mebibytes -> {
            throw new IOException("QEMU does not answer");
        };
        loop.reserve(mbit(300));
        start();
        free = mbit(100);
        tick(30);
        assertThat(notes).containsExactly("QEMU's own limit stays as it is: QEMU does not answer");
        assertThat(loop.rate()).isGreaterThanOrEqualTo(mbit(300));
    }

    @Test
    void thePortIsMatchedOnBothHostsOnceItIsKnown() throws Exception {
        loop.reserve(mbit(300));
        start();
        tick(1);
        assertThat(traffic.flow.destinationPorts()).isEqualTo(new PortRange(49_152, 49_215));
        port = OptionalInt.of(49_160);
        tick(2);
        assertThat(traffic.flow.destinationPorts()).isEqualTo(PortRange.of(49_160));
        assertThat(sent).extracting(IncomingRate::port).containsExactly(null, 49_160, null);
    }

    @Test
    void theSecondOfTwoThatBeginAtOnceIsReservedAndAdaptedOnceItsPortIsKnown() throws Exception {
        traffic.taken = Optional.of(new PortRange(49_152, 49_215));
        loop.reserve(mbit(300));
        assertThat(notes).singleElement().asString().contains("before the port of the migration is known");
        start();
        tick(2);
        assertThat(traffic.shares).as("libvirt has not connected QEMU yet").isEmpty();

        port = OptionalInt.of(49_153);
        tick(1);
        // All was free at the beginning, less the 250 that others keep with medium urgency.
        assertThat(traffic.last().floor()).isEqualTo(mbit(300));
        assertThat(traffic.flow.destinationPorts()).isEqualTo(PortRange.of(49_153));
        assertThat(sent.get(sent.size() - 1).port()).isEqualTo(49_153);
        free = mbit(600);
        tick(1);
        assertThat(traffic.last().limit()).as("the loop goes on").isEqualTo(mbit(600));
        assertThat(notes).hasSize(1);
    }

    @Test
    void ofTwoThatBeginAtOnceAFixedOneHasNoReservation() {
        traffic.taken = Optional.of(new PortRange(49_152, 49_215));
        try (RateLoop fixed = fixed(FLOW)) {
            assertThatThrownBy(() -> fixed.reserve(mbit(800))).isInstanceOf(FlowTakenException.class);
        }
    }

    private RateLoop fixed(Flow flow) {
        return new RateLoop(
                new FlowReservation(traffic, flow, change -> {}),
                Optional.empty(),
                FollowingPeer.none(),
                () -> Optional.of(free),
                notes::add);
    }

    @Test
    void aFixedReservationMatchesTheRangeOnceItsOwnPortIsNotUsed() throws Exception {
        PortRange range = new PortRange(49_152, 49_215);
        try (RateLoop fixed = fixed(FLOW.to(PortRange.of(49_301)))) {
            fixed.reserve(mbit(800));
            fixed.leavePort(range);
            assertThat(traffic.flow.destinationPorts()).isEqualTo(range);
            assertThat(fixed.rate()).isEqualTo(mbit(800));
        }
    }

    @Test
    void aFixedReservationThatCanMatchNothingIsGivenBack() throws Exception {
        PortRange range = new PortRange(49_152, 49_215);
        traffic.taken = Optional.of(range);
        try (RateLoop fixed = fixed(FLOW.to(PortRange.of(49_301)))) {
            fixed.reserve(mbit(800));
            fixed.leavePort(range);
            assertThat(traffic.closed).isTrue();
            assertThat(fixed.rate()).isEqualTo(Bandwidth.ZERO);
            assertThat(notes).singleElement().asString().contains("has no effect any more");
        }
    }

    @Test
    void aMigrationThatGoesOnAtAnotherPortTakesItsReservationAlong() throws Exception {
        try (RateLoop fixed = fixed(FLOW.to(PortRange.of(49_301)))) {
            fixed.reserve(mbit(800));
            fixed.goOnAt(PortRange.of(40_123));
            assertThat(traffic.flow.destinationPorts()).isEqualTo(PortRange.of(40_123));
            assertThat(fixed.rate()).isEqualTo(mbit(800));

            traffic.taken = Optional.of(PortRange.of(40_124));
            fixed.goOnAt(PortRange.of(40_124));
            assertThat(fixed.rate()).isEqualTo(Bandwidth.ZERO);
            assertThat(notes).singleElement().asString().contains("Nothing is reserved on the source any more");
        }
    }

    @Test
    void qemuIsLimitedOnceItSends() throws Exception {
        boolean[] sends = {false};
        qemu = new SpeedLimit() {
            @Override
            public void set(long mebibytesPerSecond) {
                limits.add(mebibytesPerSecond);
            }

            @Override
            public boolean holds() {
                return sends[0];
            }
        };
        free = mbit(400);
        loop.reserve(mbit(300));
        loop.start(new RateLoop.Running(() -> 0, qemu, () -> port));
        tick(2);
        assertThat(limits).isEmpty();
        sends[0] = true;
        tick(1);
        assertThat(limits).containsExactly(48L);
    }

    @Test
    void qemusLimitIsLiftedIfSomebodyElseRemovesTheRules() throws Exception {
        free = mbit(400);
        loop.reserve(mbit(300));
        start();
        tick(1);
        List<Share> before = List.copyOf(traffic.shares);
        traffic.closed = true;
        tick(2);
        assertThat(limits).containsExactly(48L, 119_209L);
        assertThat(traffic.shares).as("nothing is reserved again").isEqualTo(before);
    }

    @Test
    void nothingIsChangedAfterTheEnd() throws Exception {
        loop.reserve(mbit(300));
        start();
        loop.stop();
        assertThat(loop.rate()).as("the reservation stays until it is closed").isEqualTo(mbit(300));
        loop.close();
        free = mbit(0);
        tick(3);
        assertThat(traffic.shares).hasSize(1);
        assertThat(traffic.closed).isTrue();
        assertThat(loop.rate()).isEqualTo(Bandwidth.ZERO);
    }

    @Test
    void aHungPeerDelaysNoEnd() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        RateLoop stuck = new RateLoop(
                new FlowReservation(traffic, FLOW, change -> {}),
                Optional.of(new RateRule(TERMS, mbit(1000), MigrationTuning.UNLIMITED)),
                new FollowingPeer(rate -> {
                    asked.countDown();
                    awaitQuietly(release);
                    return new GrantedRate(rate.floor(), null, "");
                }),
                () -> Optional.of(mbit(100)),
                notes::add,
                Duration.ofMillis(10));
        stuck.reserve(mbit(300));
        stuck.start(new RateLoop.Running(() -> 0, limits::add, OptionalInt::empty));
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        stuck.close();
        assertThat(traffic.closed).isTrue();
        release.countDown();
    }

    @Test
    void aFixedReservationStaysAsItIs() throws Exception {
        try (RateLoop fixed = fixed(FLOW)) {
            fixed.reserve(mbit(800));
            fixed.start(new RateLoop.Running(() -> 0, limits::add, OptionalInt::empty));
            assertThat(traffic.shares).containsExactly(Share.fixed(mbit(800)));
            assertThat(fixed.rates()).isEmpty();
        }
    }

    @Test
    void theHistoryHasTheMeanOverTime() {
        RateHistory history = new RateHistory();
        history.reserved(new Share(mbit(300), Share.NO_LIMIT, mbit(250), true), 0);
        history.reserved(new Share(mbit(600), mbit(700), mbit(250), true), 1_000_000_000L);
        // 1 s of 300 and 2 s of 600.
        assertThat(history.until(3_000_000_000L))
                .isEqualTo(new ReservedRates(mbit(300), mbit(300), mbit(500), mbit(600), mbit(700), 1));
    }

    @Test
    void aRateIsAveragedOverFourSeconds() {
        long second = 1_000_000_000L;
        ByteRate rate = new ByteRate(0);
        // 1,000,000 B/s = 8 Mbit/s, from zero.
        assertThat(rate.add(second, 1_000_000)).isEqualTo(mbit(2));
        assertThat(rate.add(2 * second, 2_000_000)).isEqualTo(mbit(4));
        assertThat(rate.add(3 * second, 3_000_000)).isEqualTo(mbit(6));
        assertThat(rate.add(4 * second, 4_000_000)).isEqualTo(mbit(8));
        assertThat(rate.add(5 * second, 5_000_000)).isEqualTo(mbit(8));
        assertThat(rate.add(6 * second, 0)).as("another counter").isEqualTo(Bandwidth.ZERO);
    }

    @Test
    void theLimitOfQemuIsTheNextWholeMebibyteAboveButNeverBeyondTheOperators() {
        // 8,388,608 bit/s are 1 MiB/s.
        assertThat(SpeedLimit.mebibytes(new Bandwidth(8_388_608), MigrationTuning.UNLIMITED))
                .isEqualTo(1);
        assertThat(SpeedLimit.mebibytes(new Bandwidth(8_388_609), MigrationTuning.UNLIMITED))
                .isEqualTo(2);
        assertThat(SpeedLimit.mebibytes(new Bandwidth(1), MigrationTuning.UNLIMITED))
                .isEqualTo(1);
        assertThat(SpeedLimit.mebibytes(mbit(1000), new Bandwidth(10 * 8_388_608L)))
                .isEqualTo(10);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Bandwidth mbit(double megabits) {
        return Bandwidth.ofMegabits(megabits);
    }
}
