package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a link of 125 MB/s holds, of a VM of 16,384 pages. */
class ConnectionTest {

    private static final double FIRST_ROUND = 16_384 * 4104;

    /** 1 MB where 10 MB are sent in the first round, and 67.2 MB are: it grows by the cube root. */
    private static final double HELD = 1e6 * Math.cbrt(FIRST_ROUND / 1e7);

    private static final MigrationCosts HOLDING = ByHand.costs(Map.of("queueBytes", 1e6));

    private static Connection open(MigrationCase migration, MigrationCosts costs, Technique technique) {
        PageEncoding encoding = new PageEncoding(migration, costs);
        encoding.use(technique);
        Connection connection = new Connection(migration, costs, encoding);
        connection.open();
        return connection;
    }

    private static Connection open(MigrationCosts costs, Technique technique) {
        return open(ByHand.between(ByHand.vm(256, 64)), costs, technique);
    }

    @Test
    void pages_take_as_long_as_the_slower_of_link_and_destination() {
        Connection receiving = open(ByHand.costs(Map.of("receiveSecondsPerPage", 100e-6)), Technique.PRE_COPY);

        assertThat(receiving.seconds(10, 10 * 4104)).isCloseTo(1e-3, within(1e-12));
        assertThat(receiving.seconds(0, 125e3)).isCloseTo(1e-3, within(1e-12));
    }

    @Test
    void multifd_s_channels_each_have_a_thread_that_receives() {
        Connection receiving = open(ByHand.costs(Map.of("receiveSecondsPerPage", 100e-6)), Technique.MULTIFD);

        assertThat(receiving.seconds(10, 10 * 4104)).isCloseTo(0.5e-3, within(1e-12));
    }

    @Test
    void qemu_need_not_wait_for_what_fits_in() {
        Connection connection = open(HOLDING, Technique.PRE_COPY);

        assertThat(connection.handOverSeconds(1_000, 5e6)).isCloseTo((5e6 - HELD) / 125e6, within(1e-12));
        assertThat(connection.handOverSeconds(100, HELD / 2))
                .as("all fits, and max-bandwidth is 1 Tbit/s")
                .isCloseTo(HELD / 2 / 125e9, within(1e-12));
    }

    @Test
    void what_was_handed_over_and_has_not_gone_out_waits_in_it_up_to_what_it_holds() {
        Connection connection = open(HOLDING, Technique.PRE_COPY);

        connection.handedOver(100, 1.5e6, 0.004);
        assertThat(connection.queueSeconds()).as("0.5 MB of 1.5 went out").isCloseTo(1e6 / 125e6, within(1e-12));

        assertThat(connection.handOverSeconds(100, 2e6)).isCloseTo((3e6 - HELD) / 125e6, within(1e-12));
        connection.handedOver(100, 2e6, 0.001);
        assertThat(connection.queueSeconds()).as("no more than it holds").isCloseTo(HELD / 125e6, within(1e-12));

        connection.handedOver(0, 0, 0.001);
        assertThat(connection.queueSeconds())
                .as("0.125 MB went out")
                .isCloseTo((HELD - 0.125e6) / 125e6, within(1e-12));

        connection.handedOver(100, 1e6, 1);
        assertThat(connection.queueSeconds()).as("there was time for all").isZero();
    }

    @Test
    void nothing_waits_where_nothing_was_handed_over() {
        Connection connection = open(HOLDING, Technique.PRE_COPY);
        connection.handedOver(0, 0, 0.1);

        assertThat(connection.queueSeconds()).isZero();
        assertThat(connection.handOverSeconds(0, 0)).isZero();
    }

    @Test
    void each_multifd_channel_has_a_packet_of_128_pages_in_the_making() {
        Connection connection = open(ByHand.costs(Map.of()), Technique.MULTIFD);
        connection.handedOver(1_000, 4.104e6, 0);

        assertThat(connection.queueSeconds()).isCloseTo(2 * 128 * 4104 / 125e6, within(1e-12));
    }

    @Test
    void it_is_opened_empty() {
        Connection connection = open(HOLDING, Technique.PRE_COPY);
        connection.handedOver(100, 1.5e6, 0);
        connection.open();

        assertThat(connection.queueSeconds()).isZero();
        assertThat(connection.handOverSeconds(1_000, 5e6)).isCloseTo((5e6 - HELD) / 125e6, within(1e-12));
    }

    @Test
    void max_bandwidth_bounds_what_is_handed_over_and_not_what_goes_out() {
        MigrationCase capped = ByHand.with(
                ByHand.between(ByHand.vm(256, 64)),
                MigrationTuning.DEFAULT.withMaxBandwidth(Bandwidth.ofMegabits(100)));
        Connection connection = open(capped, HOLDING, Technique.PRE_COPY);

        assertThat(connection.handOverSeconds(1_000, 5e6)).isCloseTo(0.4, within(1e-12));
        assertThat(connection.seconds(1_000, 5e6)).isCloseTo(0.04, within(1e-12));
        assertThat(connection.rate()).isEqualTo(12.5e6);
        assertThat(open(HOLDING, Technique.PRE_COPY).rate()).isEqualTo(125e6);
    }

    @Test
    void headers_of_the_network_take_their_share_of_the_link() {
        Connection connection = open(ByHand.costs(Map.of("wireEfficiency", 0.8)), Technique.PRE_COPY);

        assertThat(connection.rate()).isCloseTo(100e6, within(1e-6));
        assertThat(connection.seconds(1, 4e6)).isCloseTo(0.04, within(1e-12));
    }
}
