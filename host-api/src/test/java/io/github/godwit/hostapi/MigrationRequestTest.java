package io.github.godwit.hostapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.hostapi.MigrationRequest.Observation;
import io.github.godwit.model.Vms;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MigrationRequestTest {

    private static final URI DESTINATION = URI.create("http://10.0.0.2:9622");

    private static MigrationRequest request(String vm, Duration downtimeLimit, Observation observed) {
        return MigrationRequest.of(vm, DESTINATION)
                .technique(Technique.PRE_COPY)
                .downtimeLimit(downtimeLimit)
                .observed(observed)
                .build();
    }

    private static Observation observation() {
        HostProfile host =
                new HostProfile("h1", 1, 0, MemorySize.parse("1G"), 0, Bandwidth.parse("1gbit"), Traffic.NONE);
        return new Observation(Vms.small(), host, host);
    }

    @Test
    void an_observation_must_be_of_the_vm_that_is_to_move() {
        assertThat(request("vm", null, observation()).observed()).isNotNull();
        assertThatThrownBy(() -> request("other", null, observation()))
                .hasMessage("The profile in 'observed' is of VM 'vm', not of 'other'.");
        assertThatThrownBy(() -> new Observation(null, null, null)).hasMessageContaining("needs vm, source");
    }

    @Test
    void a_downtime_limit_is_within_what_qemu_takes() {
        assertThat(request("vm", Duration.ofMillis(1), null).downtimeLimit()).isEqualTo(Duration.ofMillis(1));
        assertThatThrownBy(() -> request("vm", Duration.ZERO, null)).hasMessageContaining("downtimeLimit");
        assertThatThrownBy(() -> request("vm", Duration.ofSeconds(2001), null)).hasMessageContaining("2000 s");
    }
}
