package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {

    private final Tally tally = new Tally();

    @Test
    void a_stretch_on_the_source_counts_as_time_and_as_work_of_the_guest_at_its_speed() {
        tally.onSource(2, 0.75);
        tally.onSource(4, 0.5);

        assertThat(tally.seconds).isEqualTo(6);
        assertThat(tally.secondsOnSource).isEqualTo(6);
        assertThat(tally.guestSeconds).as("2 · 0.75 + 4 · 0.5").isEqualTo(3.5);
        assertThat(tally.downtimeSeconds).isZero();
    }

    @Test
    void a_pause_is_downtime_and_a_stall_is_not_and_the_guest_does_nothing_in_either() {
        tally.onSource(1, 1);
        tally.paused(0.25);
        tally.stalled(0.5);

        assertThat(tally.seconds).isEqualTo(1.75);
        assertThat(tally.downtimeSeconds).isEqualTo(0.25);
        assertThat(tally.guestSeconds).isEqualTo(1);
        assertThat(tally.secondsOnSource).isEqualTo(1);
    }

    @Test
    void what_is_cut_to_a_quarter_keeps_a_quarter_of_all_that_adds_up_and_its_downtime_and_memory() {
        spend();
        tally.cutTo(2);

        assertThat(tally.seconds).isEqualTo(2);
        assertThat(tally.secondsOnSource).isEqualTo(2);
        assertThat(tally.guestSeconds).isEqualTo(1);
        assertThat(tally.wireBytes).isEqualTo(100);
        assertThat(tally.cpuSeconds).isEqualTo(0.5);
        assertThat(tally.faultSeconds).isEqualTo(0.25);
        assertThat(tally.downtimeSeconds).isEqualTo(0.125);
        assertThat(tally.memoryBytes).isEqualTo(7);
    }

    @Test
    void what_ended_before_the_limit_is_left_as_it_is() {
        spend();
        tally.cutTo(8.5);

        assertThat(tally.seconds).isEqualTo(8);
        assertThat(tally.guestSeconds).isEqualTo(4);
        assertThat(tally.wireBytes).isEqualTo(400);
    }

    @Test
    void nothing_is_cut_from_what_took_no_time() {
        tally.wireBytes = 5;
        tally.cutTo(0);

        assertThat(tally.wireBytes).isEqualTo(5);
        assertThat(tally.seconds).isZero();
    }

    @Test
    void it_forgets_all_for_the_next_technique() {
        spend();
        tally.converges = false;
        tally.clear();

        assertThat(tally).usingRecursiveComparison().isEqualTo(new Tally());
    }

    /** 8 s at half speed. */
    private void spend() {
        tally.onSource(8, 0.5);
        tally.wireBytes = 400;
        tally.cpuSeconds = 2;
        tally.faultSeconds = 1;
        tally.downtimeSeconds = 0.125;
        tally.memoryBytes = 7;
    }
}
