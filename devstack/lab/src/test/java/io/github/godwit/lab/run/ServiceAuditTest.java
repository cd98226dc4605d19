package io.github.godwit.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.model.schedule.Interval;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ServiceAuditTest {

    private final ObjectMapper json = new ObjectMapper();

    @Test
    void theEndOfAScheduleIsRead() throws IOException {
        assertThat(ServiceAudit.end(json.readTree("{\"end\":{\"low\":10.5,\"value\":12,\"high\":20}}")))
                .contains(new Interval(10.5, 12, 20));
        assertThat(ServiceAudit.end(json.readTree("{\"state\":\"RECOMMENDED\",\"migrations\":[]}")))
                .isEmpty();
    }
}
