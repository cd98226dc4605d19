package io.github.godwit.model.hotspot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import org.junit.jupiter.api.Test;

class LoadSampleTest {

    @Test
    void the_load_of_a_host_is_what_was_profiled() {
        HostProfile host =
                new HostProfile("h1", 8, 0.6, MemorySize.parse("64G"), 0.3, Bandwidth.parse("1gbit"), Traffic.NONE);

        assertThat(LoadSample.of(host)).isEqualTo(new LoadSample(0.6, 0.3));
    }

    @Test
    void a_load_beyond_the_whole_host_is_refused() {
        assertThat(new LoadSample(1, 0)).isNotNull();
        assertThatThrownBy(() -> new LoadSample(1.01, 0)).hasMessageContaining("CPU load");
        assertThatThrownBy(() -> new LoadSample(0, -0.01)).hasMessageContaining("memory load");
    }
}
