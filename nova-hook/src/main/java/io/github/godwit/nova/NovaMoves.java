package io.github.godwit.nova;

import static io.github.godwit.nova.OpenStackJson.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The moves of {@link Nova}'s servers from host to host, whoever ordered them: live and cold migrations, resizes and evacuations.
 * Thread-safe.
 */
public final class NovaMoves {

    /** Maximum number of records in a response. */
    private static final String PAGE = "500";

    /** The server is on the destination; a cold migration or resize may wait for its confirmation there. */
    private static final Set<String> MOVED = Set.of("completed", "done", "finished", "confirming", "confirmed");

    private static final Set<String> RUNS = Set.of(
            "accepted",
            "queued",
            "pre-migrating",
            "preparing",
            "migrating",
            "running",
            "running (post-copy)",
            "post-migrating");

    /** What servers are while Nova moves them: live, cold or to another flavor, from a dead host. */
    private static final List<String> MOVING = List.of("MIGRATING", "RESIZE", "REBUILD");

    private final OpenStackCalls calls;
    private final Supplier<HostNaming> names;

    NovaMoves(OpenStackCalls calls, Supplier<HostNaming> names) {
        this.calls = calls;
        this.names = names;
    }

    /**
     * A move.
     *
     * @param server      UUID of the server
     * @param source      name of the host that it left or leaves
     * @param destination name of the host that it came or comes to
     * @param runs        whether it is being moved; otherwise it has arrived
     * @param at          when the record of the move last changed, by Nova's clock
     */
    public record Move(String server, String source, String destination, boolean runs, Instant at) {}

    /**
     * Returns the moves that run now or have ended since, the newest first. Those that failed, were cancelled or were reverted are none, nor
     * are resizes that stay on their host. Records of moves that a dead nova-compute never ended are left out: their servers are not being
     * moved.
     *
     * @throws OpenStackException if Nova does not answer or reports an error
     */
    public List<Move> since(Instant since) {
        Set<String> moving = moving(); // first, so that what ends meanwhile has ended
        List<Move> moves = new ArrayList<>();
        for (JsonNode record : records(since)) {
            String server = record.path("instance_uuid").asText();
            String status = record.path("status").asText();
            String source = text(record, "source_compute");
            String destination = text(record, "dest_compute");
            boolean runs = RUNS.contains(status) && moving.contains(server);
            if ((runs || MOVED.contains(status))
                    && source != null
                    && destination != null
                    && !source.equals(destination)) {
                HostNaming naming = names.get();
                moves.add(new Move(server, naming.ofNova(source), naming.ofNova(destination), runs, at(record)));
            }
        }
        return moves;
    }

    /** Reads page by page until nothing is new: Nova leaves hidden records out after it has cut a page. */
    private Iterable<JsonNode> records(Instant since) {
        Map<String, String> query = new HashMap<>(
                Map.of("changes-since", since.truncatedTo(ChronoUnit.SECONDS).toString(), "limit", PAGE));
        Map<String, JsonNode> records = new LinkedHashMap<>();
        int known = -1;
        while (records.size() > known) {
            known = records.size();
            for (JsonNode record : calls.get("/os-migrations", query).path("migrations")) {
                String uuid = record.path("uuid").asText();
                records.put(uuid, record);
                query.put("marker", uuid);
            }
        }
        return records.values();
    }

    private Set<String> moving() {
        Set<String> moving = new HashSet<>();
        for (String status : MOVING) {
            moving.addAll(calls.pages(
                    "/servers",
                    "servers",
                    Map.of("all_tenants", "true", "status", status),
                    each -> each.path("id").asText()));
        }
        return moving;
    }

    /** Nova's times are in UTC and do not say so. */
    private static Instant at(JsonNode record) {
        String changed = text(record, "updated_at");
        String time = changed == null ? record.path("created_at").asText() : changed;
        try {
            return LocalDateTime.parse(time.replaceFirst("Z$", "")).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw new OpenStackException(
                    OpenStackException.NO_ANSWER,
                    "The record %s of a migration in Nova has the time '%s', which is not understood."
                            .formatted(record.path("uuid").asText(), time),
                    e);
        }
    }
}
