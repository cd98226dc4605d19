package io.github.godwit.nova;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.openstack4j.api.types.ServiceType;
import org.openstack4j.core.transport.HttpMethod;
import org.openstack4j.core.transport.HttpResponse;
import org.openstack4j.openstack.internal.BaseOpenStackService;

/** Sends JSON requests to one service of a cloud at one microversion. The endpoint is looked up in the catalog. */
final class OpenStackCalls {

    private static final int NOT_FOUND = 404;
    private static final int FIRST_ERROR = 400;
    private static final int MAX_QUOTED_CHARS = 300;

    private final ObjectMapper json = new ObjectMapper();
    private final OpenStackSession session;
    private final Requests requests;

    private OpenStackCalls(OpenStackSession session, Requests requests) {
        this.session = session;
        this.requests = requests;
    }

    /**
     * Creates calls to Nova.
     *
     * @param microversion value of {@code OpenStack-API-Version}, such as {@code compute 2.79}
     */
    static OpenStackCalls compute(OpenStackSession session, String microversion) {
        return new OpenStackCalls(session, new Requests(ServiceType.COMPUTE, microversion));
    }

    /**
     * Creates calls to Placement.
     *
     * @param microversion value of {@code OpenStack-API-Version}, such as {@code placement 1.0}
     */
    static OpenStackCalls placement(OpenStackSession session, String microversion) {
        return new OpenStackCalls(session, new Requests(ServiceType.PLACEMENT, microversion));
    }

    /** A subclass, because openstack4j allows only its services to send requests. */
    private static final class Requests extends BaseOpenStackService {
        private final String microversion;

        Requests(ServiceType service, String microversion) {
            super(service);
            this.microversion = microversion;
        }

        HttpResponse send(HttpMethod method, String path, Map<String, String> parameters, String body) {
            Invocation<Void> request = request(method, Void.class, path).header("OpenStack-API-Version", microversion);
            parameters.forEach(request::param);
            return (body == null ? request : request.json(body)).executeWithResponse();
        }
    }

    private record Answer(int status, String body) {}

    JsonNode get(String path, Map<String, String> parameters) {
        return read(required(HttpMethod.GET, path, parameters, null));
    }

    /** Returns all items of a paged list whose pages begin after a marker. */
    <T> List<T> pages(String path, String member, Map<String, String> parameters, Function<JsonNode, T> reader) {
        return read(PagedList.byMarker(place -> page(path, member, parameters, place)), reader);
    }

    /** Returns all items of a paged list whose pages begin at an offset. */
    <T> List<T> pagesByOffset(
            String path, String member, Map<String, String> parameters, Function<JsonNode, T> reader) {
        return read(PagedList.byOffset(place -> page(path, member, parameters, place)), reader);
    }

    private JsonNode page(String path, String member, Map<String, String> parameters, Map<String, String> place) {
        Map<String, String> query = new HashMap<>(parameters);
        query.putAll(place);
        return get(path, query).path(member);
    }

    private static <T> List<T> read(List<JsonNode> items, Function<JsonNode, T> reader) {
        return items.stream().map(reader).toList();
    }

    Optional<JsonNode> find(String path) {
        Answer answer = send(HttpMethod.GET, path, Map.of(), null);
        return answer.status() == NOT_FOUND
                ? Optional.empty()
                : Optional.of(read(checked(answer, HttpMethod.GET, path)));
    }

    JsonNode post(String path, JsonNode body) {
        return read(required(HttpMethod.POST, path, Map.of(), body));
    }

    JsonNode put(String path, JsonNode body) {
        return read(required(HttpMethod.PUT, path, Map.of(), body));
    }

    void delete(String path) {
        required(HttpMethod.DELETE, path, Map.of(), null);
    }

    private Answer required(HttpMethod method, String path, Map<String, String> parameters, JsonNode body) {
        return checked(send(method, path, parameters, body), method, path);
    }

    private Answer send(HttpMethod method, String path, Map<String, String> parameters, JsonNode body) {
        return session.call(client -> {
            HttpResponse response = requests.send(method, path, parameters, body == null ? null : body.toString());
            try (InputStream stream = response.getInputStream()) {
                return new Answer(response.getStatus(), new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new OpenStackException(
                        OpenStackException.NO_ANSWER, "%s %s: the response is incomplete".formatted(method, path), e);
            }
        });
    }

    private Answer checked(Answer answer, HttpMethod method, String path) {
        if (answer.status() < FIRST_ERROR) {
            return answer;
        }
        throw new OpenStackException(
                answer.status(),
                "OpenStack answered %d to %s %s: %s".formatted(answer.status(), method, path, fault(answer.body())),
                null);
    }

    /** Extracts the message of an error. Nova's errors are objects with one member, which is named after the kind of the error. */
    private String fault(String body) {
        try {
            JsonNode error = json.readTree(body);
            return error.path(0).isMissingNode() && error.elements().hasNext()
                    ? error.elements().next().path("message").asText(shortened(body))
                    : shortened(body);
        } catch (JsonProcessingException e) {
            return shortened(body);
        }
    }

    private static String shortened(String text) {
        return text.length() <= MAX_QUOTED_CHARS ? text : text.substring(0, MAX_QUOTED_CHARS) + " …";
    }

    private JsonNode read(Answer answer) {
        if (answer.body().isEmpty()) {
            return MissingNode.getInstance();
        }
        try {
            return json.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new OpenStackException(answer.status(), "The response of OpenStack is not JSON.", e);
        }
    }
}
