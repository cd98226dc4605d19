package io.github.godwit.lab;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The name of a lab. Everything that a lab makes carries it, so that {@code down} finds it again without any other record,
 * and so that the tests' lab stays apart from yours.
 *
 * @param value lower-case letters and digits, starting with a letter, at most 10 so that interface names fit
 */
public record LabName(String value) {

    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9]{0,9}");

    /** The lab of someone who does not name it. */
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

    /** What the names of all its network namespaces start with. */
    public String prefix() {
        return value + "-";
    }

    /** Network namespace with the bridge that joins the hosts. */
    public String wire() {
        return namespace("wire");
    }

    /** Network namespace of a machine that is no host: the far end of background traffic. */
    public String peer() {
        return namespace("peer");
    }

    /** The only interface that the lab has outside its namespaces. */
    public String managementInterface() {
        return namespace("mgmt");
    }

    /** Directory of its state, logs and sockets. */
    public Path stateDirectory() {
        return Path.of("/run/godwit", equals(DEFAULT) ? "lab" : "lab-" + value);
    }

    @Override
    public String toString() {
        return value;
    }
}
