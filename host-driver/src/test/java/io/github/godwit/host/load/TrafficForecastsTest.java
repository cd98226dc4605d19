package io.github.godwit.host.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

class TrafficForecastsTest {

    private static final Traffic RATE = new Traffic(Bandwidth.ofMegabits(20), Bandwidth.ofMegabits(3));

    private final VmList vms = Mockito.mock(VmList.class);
    private final Vm vm = Mockito.mock(Vm.class);
    private final List<Vm> all = new ArrayList<>();
    private Instant now = Instant.parse("2027-01-01T00:00:00Z");
    private Traffic applications = RATE;
    private final TrafficForecasts forecasts = new TrafficForecasts(vms, any -> RATE, () -> applications, () -> now);

    TrafficForecastsTest() {
        Mockito.when(vm.name()).thenReturn("a");
        Mockito.doReturn(all).when(vms).all();
        all.add(vm);
    }

    @Test
    void beforeTheFirstSampleNothingIsExpectedAndThenThePresentRate() {
        assertThat(forecasts.host()).isEmpty();
        assertThat(forecasts.vm("a")).isEmpty();
        forecasts.sample();
        assertThat(forecasts.host()).contains(RATE);
        assertThat(forecasts.vm("a")).contains(RATE);
        assertThat(forecasts.vm("b")).isEmpty();
    }

    @Test
    void aVmThatHasLeftIsForgotten() {
        forecasts.sample();
        all.clear();
        forecasts.sample();
        assertThat(forecasts.vm("a")).isEmpty();
    }

    /** A job of ten minutes in every twenty: in ten minutes it is the other way round. */
    @Test
    void aCycleOfTheLastHoursIsLearnt() {
        for (int minute = 0; minute < 240; minute++) {
            applications = minute % 20 < 10 ? RATE : Traffic.NONE;
            forecasts.sample();
            now = now.plus(Duration.ofMinutes(1));
        }
        applications = RATE;
        forecasts.sample();
        assertThat(forecasts.host().orElseThrow().in().megabits()).isLessThan(5);
    }
}
