package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SimulatedOutcomeTest {

    private final SimulatedOutcome outcome = new SimulatedOutcome();

    @Test
    void a_stretch_on_the_source_counts_as_time_and_as_work_of_the_guest_at_its_speed() {
        outcome.runOnSource(2, 0.75);
        outcome.runOnSource(4, 0.5);

        assertThat(outcome.seconds).isEqualTo(6);
        assertThat(outcome.secondsOnSource).isEqualTo(6);
        assertThat(outcome.guestSeconds).as("2 · 0.75 + 4 · 0.5").isEqualTo(3.5);
        assertThat(outcome.downtimeSeconds).isZero();
    }

    @Test
    void a_pause_and_the_longest_wait_are_downtime_and_the_guest_does_nothing_in_either() {
        outcome.runOnSource(1, 1);
        outcome.pause(0.25);
        outcome.waitLongest(0.5);

        assertThat(outcome.seconds).as("the wait is part of it already").isEqualTo(1.25);
        assertThat(outcome.downtimeSeconds).isEqualTo(0.75);
        assertThat(outcome.guestSeconds).isEqualTo(1);
        assertThat(outcome.secondsOnSource).isEqualTo(1);
    }

    @Test
    void what_is_cut_to_a_quarter_keeps_a_quarter_of_all_that_adds_up_and_its_downtime_and_memory() {
        spend();
        outcome.truncateAt(2);

        assertThat(outcome.seconds).isEqualTo(2);
        assertThat(outcome.secondsOnSource).isEqualTo(2);
        assertThat(outcome.guestSeconds).isEqualTo(1);
        assertThat(outcome.wireBytes).isEqualTo(100);
        assertThat(outcome.cpuSeconds).isEqualTo(0.5);
        assertThat(outcome.faultSeconds).isEqualTo(0.25);
        assertThat(outcome.downtimeSeconds).isEqualTo(0.125);
        assertThat(outcome.memoryBytes).isEqualTo(7);
    }

    @Test
    void what_ended_before_the_limit_is_left_as_it_is() {
        spend();
        outcome.truncateAt(8.5);

        assertThat(outcome.seconds).isEqualTo(8);
        assertThat(outcome.guestSeconds).isEqualTo(4);
        assertThat(outcome.wireBytes).isEqualTo(400);
    }

    @Test
    void nothing_is_cut_from_what_took_no_time() {
        outcome.wireBytes = 5;
        outcome.truncateAt(0);

        assertThat(outcome.wireBytes).isEqualTo(5);
        assertThat(outcome.seconds).isZero();
    }

    @Test
    void it_forgets_all_for_the_next_technique() {
        spend();
        outcome.converges = false;
        outcome.reset();

        assertThat(outcome).usingRecursiveComparison().isEqualTo(new SimulatedOutcome());
    }

    /** 8 s at half speed. */
    private void spend() {
        outcome.runOnSource(8, 0.5);
        outcome.wireBytes = 400;
        outcome.cpuSeconds = 2;
        outcome.faultSeconds = 1;
        outcome.downtimeSeconds = 0.125;
        outcome.memoryBytes = 7;
    }
}
