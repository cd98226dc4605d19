package io.github.godwit.host.profile.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.MonitorPace;
import io.github.godwit.host.qmp.QmpException;
import java.time.Duration;
import java.util.Map;

/** A monitor that is never asked, for profiles through {@code /proc} alone. */
final class NoMonitor implements Monitor {

    private final MonitorPace pace = new MonitorPace();

    @Override
    public JsonNode execute(String command, Map<String, ?> arguments, Duration timeout) throws QmpException {
        throw new QmpException("the host driver runs with --profile-through proc", false, null);
    }

    @Override
    public MonitorPace pace() {
        return pace;
    }
}
