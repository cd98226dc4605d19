package io.github.godwit.strategy.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.common.tls.Authorities;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.service.ServiceConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLException;
import picocli.CommandLine.Option;

/** The options for a running service, and requests to it. */
final class ServiceAddress {

    private static final String TOKEN = "OS_TOKEN";
    private static final String AUTHORITY = "OS_CACERT";
    private static final URI USUAL = URI.create("http://" + ServiceConfig.DEFAULT_LISTEN);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Option(
            names = "--service",
            paramLabel = "URL",
            description =
                    "Base URL of the service, usually http://127.0.0.1:9322. A Keystone token is taken from OS_TOKEN.")
    private URI given;

    @Option(
            names = "--service-ca",
            paramLabel = "FILE",
            description =
                    "Certificates of the authorities, in PEM, that the service's certificate must be of. Default: the file in OS_CACERT, or those"
                            + " that Java trusts.")
    private Path authority;

    /** Whether the option was given; otherwise requests go to the usual address. */
    boolean isGiven() {
        return given != null;
    }

    /**
     * Sends a request.
     *
     * @param body JSON, or null
     * @return the answer
     * @throws IOException if the service does not answer or refuses; the message says why
     */
    JsonNode call(String method, String path, JsonNode body) throws IOException, InterruptedException {
        URI url = given == null ? USUAL : given;
        HttpRequest.Builder request;
        try {
            request = HttpRequest.newBuilder(URI.create(url.toString().replaceFirst("/+$", "") + path));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "'%s' is not the URL of a service. Write one such as http://127.0.0.1:9322.".formatted(url), e);
        }
        request.timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(Texts.json(body)));
        String token = System.getenv(TOKEN);
        if (token != null && !token.isBlank()) {
            request.header("X-Auth-Token", token);
        }
        HttpResponse<String> answer;
        try {
            answer = client().send(request.build(), BodyHandlers.ofString());
        } catch (SSLException e) {
            throw new IOException(
                    "There is no secure connection to %s: %s. Check the URL, and give the authority of its certificate with --service-ca."
                            .formatted(url, e.getMessage()),
                    e);
        } catch (IOException e) {
            throw new IOException(
                    "No service answers at %s. Check that it runs there, or give its URL with --service."
                            .formatted(url),
                    e);
        }
        if (answer.statusCode() / 100 != 2) {
            throw new IOException("The service at %s answered %d: %s"
                    .formatted(url, answer.statusCode(), fault(answer.body(), answer.statusCode())));
        }
        return Texts.tree(answer.body());
    }

    private HttpClient client() throws IOException {
        HttpClient.Builder http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
        String usual = System.getenv(AUTHORITY);
        if (authority != null) {
            http.sslContext(Authorities.context(authority));
        } else if (usual != null && !usual.isBlank()) {
            http.sslContext(Authorities.context(Path.of(usual)));
        }
        return http.build();
    }

    /** The message of an error in Watcher's form: JSON in a member of JSON. */
    private static String fault(String body, int status) {
        if (status == 401) {
            return "it needs a Keystone token. Set OS_TOKEN to the id of 'openstack token issue'.";
        }
        try {
            JsonNode error = Texts.mapper().readTree(body).path("error_message");
            JsonNode inner = error.isTextual() ? Texts.mapper().readTree(error.textValue()) : error;
            return inner.path("faultstring").asText("no reason given.");
        } catch (JsonProcessingException e) {
            return "no reason given.";
        }
    }
}
