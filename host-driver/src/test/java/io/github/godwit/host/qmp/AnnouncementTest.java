package io.github.godwit.host.qmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.model.technique.QemuSettings;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnnouncementTest {

    /** QEMU waits initial + n × step, at most max, between rounds: 50 + 150 + 250 + 350 + 450 + 4 × 550 = 3,450 ms for ten. */
    @Test
    void theNetworkOfTheNewHostMayBeSecondsLate() {
        Map<String, Object> times = Announcement.arguments();
        int total = 0;
        for (int round = 0; round < (int) times.get("rounds") - 1; round++) {
            total += Math.min((int) times.get("initial") + round * (int) times.get("step"), (int) times.get("max"));
        }
        assertThat(total).isEqualTo(3450);
    }

    @Test
    void qemusOwnAnnouncementHasTheSameTimes() throws QmpException {
        Monitor qemu = mock(Monitor.class);
        when(qemu.execute("query-migrate-capabilities")).thenReturn(new ObjectMapper().createArrayNode());

        new MigrationSetup(qemu).apply(new QemuSettings(Set.of(), Map.of("downtime-limit", 300)));

        verify(qemu)
                .execute(
                        eq("migrate-set-parameters"),
                        eq(Map.of(
                                "downtime-limit",
                                300,
                                "announce-initial",
                                50,
                                "announce-step",
                                100,
                                "announce-max",
                                550,
                                "announce-rounds",
                                10)));
    }
}
