package io.github.godwit.strategy.rest;

import io.github.godwit.strategy.common.ServiceRefusal;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A microversion of {@code infra-optim}: 1.{@code minor}.
 *
 * @param minor its second number
 */
public record ApiVersion(int minor) {

    /** Start and end time of audits. */
    public static final int START_END_TIME = 1;
    /** Audits with force. */
    static final int FORCE = 2;
    /** The data model. */
    public static final int DATA_MODEL = 3;
    /** Webhooks and EVENT audits. */
    public static final int WEBHOOK = 4;
    /** Actions that are skipped, status messages. */
    public static final int SKIPPED_ACTION = 5;
    /** More of the data model. */
    public static final int EXTENDED_DATA_MODEL = 6;
    /** Templates with default parameters. */
    public static final int DEFAULT_PARAMETERS = 7;

    public static final ApiVersion LEAST = new ApiVersion(0);
    public static final ApiVersion GREATEST = new ApiVersion(DEFAULT_PARAMETERS);

    static final String HEADER = "OpenStack-API-Version";
    private static final String SERVICE = "infra-optim";
    private static final String PROPERTY = ApiVersion.class.getName();
    private static final Pattern NUMBERS = Pattern.compile("1(?:\\.(\\d{1,4}))?");

    /**
     * What a header asks for; the least version where it is missing or makes no sense.
     *
     * @throws ServiceRefusal when it is out of range
     */
    static ApiVersion parse(String header) {
        String wanted = header == null ? "" : header.strip();
        if (!wanted.startsWith(SERVICE + " ")) {
            return LEAST;
        }
        String version = wanted.substring(SERVICE.length()).strip();
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

    public static ApiVersion of(ContainerRequestContext request) {
        Object version = request.getProperty(PROPERTY);
        return version instanceof ApiVersion parsed ? parsed : LEAST;
    }

    void attachTo(ContainerRequestContext request) {
        request.setProperty(PROPERTY, this);
    }

    /** Whether it knows what came with a version. */
    public boolean knows(int since) {
        return minor >= since;
    }

    @Override
    public String toString() {
        return "1." + minor;
    }
}
