package io.github.godwit.strategy.rest;

import io.github.godwit.strategy.common.ServiceRefusal;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+");
    private static final int MAJOR = 1;

    /**
     * Parses the header {@code OpenStack-API-Version}, which may name several services, separated by commas; the last one that is
     * {@code infra-optim} counts. As in Watcher, the least version holds if the header is missing, names other services only, or has
     * something else than numbers, and a version of more or fewer than two numbers is refused.
     *
     * @param header the value of the header, or null
     * @throws ServiceRefusal if the version is not supported
     */
    static ApiVersion parse(String header) {
        String version = requested(header);
        if (version == null) {
            return LEAST;
        }
        if ("latest".equalsIgnoreCase(version)) {
            return GREATEST;
        }
        List<String> parts =
                Stream.of(version.split("\\.", -1)).map(String::strip).toList();
        if (!parts.stream().allMatch(part -> NUMBER.matcher(part).matches())) {
            return LEAST;
        }
        List<BigInteger> numbers = parts.stream().map(BigInteger::new).toList();
        BigInteger major = numbers.get(0);
        if (numbers.size() == 1 && major.equals(BigInteger.valueOf(MAJOR))) {
            return LEAST;
        }
        if (numbers.size() != 2) {
            throw ServiceRefusal.notAcceptable(
                    "Invalid value for %s header: '%s'. Write infra-optim and a version from %s to %s."
                            .formatted(HEADER, version, LEAST, GREATEST));
        }
        BigInteger minor = numbers.get(1);
        boolean supported = major.equals(BigInteger.valueOf(MAJOR))
                && minor.signum() >= 0
                && minor.compareTo(BigInteger.valueOf(GREATEST.minor())) <= 0;
        if (!supported) {
            throw outOfRange(version);
        }
        return new ApiVersion(minor.intValueExact());
    }

    /** The version that is requested of this service, or null. */
    private static String requested(String header) {
        String version = null;
        for (String each : header == null ? new String[0] : header.split(",", -1)) {
            String[] pair = each.strip().split("\\s+", 2);
            if (pair.length == 2 && SERVICE.equalsIgnoreCase(pair[0])) {
                version = pair[1].strip();
            }
        }
        return version;
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
