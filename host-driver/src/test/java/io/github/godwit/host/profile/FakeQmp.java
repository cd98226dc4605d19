package io.github.godwit.host.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.qmp.MonitorPace;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.host.qmp.QmpException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A monitor that responds as a test configures, for dirty rates that a real guest does not show on demand. */
final class FakeQmp implements Qmp {

    /** The commands with their window and mode, in their order. */
    final List<String> commands = new ArrayList<>();

    private final ObjectMapper json = new ObjectMapper();
    private final Responder responder;

    /** Responds to a command in JSON. */
    interface Responder {
        String respond(String command, Map<String, ?> arguments) throws QmpException;
    }

    FakeQmp(Responder responder) {
        this.responder = responder;
    }

    static QmpException refusal(String message) {
        return new QmpException(message, true, null);
    }

    @Override
    public MonitorPace pace() {
        return new MonitorPace();
    }

    @Override
    public JsonNode execute(String command, Map<String, ?> arguments, Duration timeout) throws QmpException {
        commands.add(command + " " + arguments.get("calc-time") + " " + arguments.get("mode"));
        try {
            return json.readTree(responder.respond(command, arguments));
        } catch (QmpException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Subscription subscribe(Consumer<QmpEvent> listener) {
        return () -> {};
    }

    @Override
    public void close() {}
}
