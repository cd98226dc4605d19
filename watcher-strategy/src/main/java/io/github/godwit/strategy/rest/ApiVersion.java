package io.github.godwit.strategy.rest;

import io.github.godwit.strategy.common.ServiceRefusal;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A microversion of {@code infra-optim}: 1.{@code minor}.
 *
 * @param minor the number after the dot
 */
public record ApiVersion(int minor) {

    /** Adds the start and end time of audits. */
    public static final int START_END_TIME = 1;
    /** Adds the {@code force} flag of audits. */
    static final int FORCE = 2;
    /** Adds the data model. */
    public static final int DATA_MODEL = 3;
    /** Adds webhooks and audits of type EVENT. */
    public static final int WEBHOOK = 4;
    /** Adds skipped actions and status messages. */
    public static final int SKIPPED_ACTION = 5;
    /** Adds more fields of the data model. */
    public static final int EXTENDED_DATA_MODEL = 6;
    /** Adds default parameters of audit templates. */
    public static final int DEFAULT_PARAMETERS = 7;

    public static final ApiVersion LEAST = new ApiVersion(0);
    public static final ApiVersion GREATEST = new ApiVersion(DEFAULT_PARAMETERS);

    static final String HEADER = "OpenStack-API-Version";
    private static final String SERVICE = "infra-optim";
    private static final String PROPERTY = ApiVersion.class.getName();
    private static final Pattern NUMBERS = Pattern.compile("1(?:\\.(\\d{1,4}))?");

    /**
     * Parses the header {@code OpenStack-API-Version}. Returns {@link #LEAST} if the header is missing, names another service or
     * is malformed, as Watcher does.
     *
     * @param header the value of the header, or null
     * @throws ServiceRefusal if the version is not supported
     */
    static ApiVersion parse(String header) {
        String requested = header == null ? "" : header.strip();
        if (!requested.startsWith(SERVICE + " ")) {
            return LEAST;
        }
        String version = requested.substring(SERVICE.length()).strip();
        if ("latest".equals(version)) {
            return GREATEST;
        }
        Matcher numbers = NUMBERS.matcher(version);
        if (!numbers.matches()) {
            if (version.matches("\\d+\\.\\d+")) {
                throw outOfRange(version);
            }
            return LEAST;
        }
        ApiVersion parsed = new ApiVersion(numbers.group(1) == null ? 0 : Integer.parseInt(numbers.group(1)));
        if (parsed.minor() > GREATEST.minor()) {
            throw outOfRange(version);
        }
        return parsed;
    }

    private static ServiceRefusal outOfRange(String version) {
        return ServiceRefusal.notAcceptable(
                "Version %s was requested but the requested API version is not supported; it must be from %s to %s."
                        .formatted(version, LEAST, GREATEST));
    }

    /** Returns the microversion of a request. */
    public static ApiVersion of(ContainerRequestContext request) {
        Object version = request.getProperty(PROPERTY);
        return version instanceof ApiVersion parsed ? parsed : LEAST;
    }

    void attachTo(ContainerRequestContext request) {
        request.setProperty(PROPERTY, this);
    }

    /** Returns whether this microversion includes the features that version 1.{@code since} added. */
    public boolean knows(int since) {
        return minor >= since;
    }

    @Override
    public String toString() {
        return "1." + minor;
    }
}
