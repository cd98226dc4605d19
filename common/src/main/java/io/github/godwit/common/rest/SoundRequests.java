package io.github.godwit.common.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.http.util.MimeHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers 400 where Jersey cannot even begin: if it finds no URI in a request, because of characters in its path or its header {@code Host},
 * or no media types in its headers {@code Accept} and {@code Content-Type}. Without this, clients would get 500, some with a stack trace.
 * Headers that no route reads are removed, so that nothing has to parse them.
 */
final class SoundRequests extends HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(SoundRequests.class);

    private static final List<String> UNREAD = List.of(
            "Accept-Charset",
            "Accept-Encoding",
            "Accept-Language",
            "Content-Language",
            "Cookie",
            "Date",
            "If-Match",
            "If-Modified-Since",
            "If-None-Match",
            "If-Unmodified-Since");

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String QUALITY = "[qQ]=(?:0(?:\\.\\d{0,3})?|1(?:\\.0{0,3})?)";
    private static final String OTHER = "(?![qQ][sS]?=)" + TOKEN + "=(?:" + TOKEN + "|\"[^\"\\\\]*\")";
    private static final String MEDIA_TYPE =
            "\\s*" + TOKEN + "/" + TOKEN + "(?:\\s*;\\s*(?:" + QUALITY + "|" + OTHER + "))*\\s*";
    private static final Pattern ONE = Pattern.compile(MEDIA_TYPE);
    private static final Pattern SOME = Pattern.compile(MEDIA_TYPE + "(?:," + MEDIA_TYPE + ")*");

    private final HttpHandler jersey;
    private final ExceptionMapper<Throwable> errors;
    private final ObjectMapper json;

    /**
     * @param jersey handles the requests
     * @param errors what a client gets for a failure
     * @param json   writes that
     */
    SoundRequests(HttpHandler jersey, ExceptionMapper<Throwable> errors, ObjectMapper json) {
        this.jersey = jersey;
        this.errors = errors;
        this.json = json;
    }

    @Override
    public void start() {
        jersey.start();
    }

    @Override
    public void destroy() {
        jersey.destroy();
    }

    @Override
    public void service(Request request, Response response) throws Exception {
        MimeHeaders headers = request.getRequest().getHeaders();
        UNREAD.forEach(headers::removeHeader);
        RemoteAddress.attachTo(request);
        if (!fits(headers, "Accept", SOME) || !fits(headers, "Content-Type", ONE)) {
            refuse(response, "The header Accept or Content-Type is no media type. Send application/json.");
            return;
        }
        PeerCertificate.attachTo(request);
        try {
            jersey.service(request, response);
        } catch (IllegalArgumentException
                | IllegalStateException e) { // what routes throw was answered before it comes here
            LOG.debug("A request without a URI", e);
            refuse(
                    response,
                    "The path or the header Host is no part of a URI: %s"
                            .formatted(
                                    e.getCause() == null
                                            ? e.getMessage()
                                            : e.getCause().getMessage()));
        }
    }

    /** Whether a header is missing, empty or in its form; an empty one is removed. */
    private static boolean fits(MimeHeaders headers, String name, Pattern form) {
        String value = String.join(",", headers.values(name));
        if (value.isBlank()) {
            headers.removeHeader(name);
            return true;
        }
        return form.matcher(value).matches();
    }

    private void refuse(Response response, String why) throws IOException {
        jakarta.ws.rs.core.Response answer = errors.toResponse(new BadRequestException(why));
        response.setStatus(answer.getStatus());
        response.setContentType(MediaType.APPLICATION_JSON);
        response.getOutputStream().write(json.writeValueAsBytes(answer.getEntity()));
    }
}
