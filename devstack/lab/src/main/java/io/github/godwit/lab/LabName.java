package io.github.godwit.lab;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The name of a lab. It is part of the name of everything that the lab creates, so {@code down} finds all of it without a
 * record, and the labs of the tests stay apart from the user's.
 *
 * @param value lower-case letters and digits, starting with a letter, at most 10 of them, because Linux limits interface names to 15
 */
public record LabName(String value) {

    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9]{0,9}");

    /** The lab of a user who names none. */
    public static final LabName DEFAULT = new LabName("godwit");

    /**
     * @throws IllegalArgumentException when the name does not have this form
     */
    public LabName {
        if (value == null || !FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is not a lab name. Use up to 10 lower-case letters and digits, starting with a letter."
                            .formatted(value));
        }
    }

    /** Network namespace of a host, for example {@code godwit-h1}. */
    public String namespace(String host) {
        return prefix() + host;
    }

    /** Prefix of the names of all its network namespaces. */
    public String prefix() {
        return value + "-";
    }

    /** Network namespace with the bridge that joins the hosts. */
    public String wire() {
        return namespace("wire");
    }

    /** Network namespace of the peer, a machine without a host driver: the far end of background traffic. */
    public String peer() {
        return namespace("peer");
    }

    /** The only interface of the lab in the root namespace. */
    public String managementInterface() {
        return namespace("mgmt");
    }

    /** Directory of its state, logs and sockets, below {@code /run/godwit}. */
    public Path stateDirectory() {
        return Path.of("/run/godwit", equals(DEFAULT) ? "lab" : "lab-" + value);
    }

    @Override
    public String toString() {
        return value;
    }
}
