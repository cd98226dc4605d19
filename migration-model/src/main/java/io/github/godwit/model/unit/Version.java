package io.github.godwit.model.unit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of QEMU or libvirt, ordered as such.
 *
 * @param major the first number
 * @param minor the second number
 * @param micro the third number, 0 where there is none
 */
public record Version(int major, int minor, int micro) implements Comparable<Version> {

    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");

    /**
     * @throws IllegalArgumentException when a number is negative
     */
    public Version {
        Checks.notNegative("major version", major);
        Checks.notNegative("minor version", minor);
        Checks.notNegative("micro version", micro);
    }

    /** The first release of a series, for example 8.1 for 8.1.0. */
    public static Version of(int major, int minor) {
        return new Version(major, minor, 0);
    }

    /**
     * Reads the leading numbers of a version text such as {@code 10.0.2} or {@code 7.2.0 (Debian 1:7.2)}.
     *
     * @throws IllegalArgumentException when it does not start with two numbers
     */
    public static Version parse(String text) {
        Matcher matcher = NUMBERS.matcher(text.trim());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'%s' is not a version such as 10.0.2.".formatted(text));
        }
        int micro = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
        return new Version(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), micro);
    }

    /** Whether this is the release {@code major.minor} or a later one. */
    public boolean atLeast(int otherMajor, int otherMinor) {
        return compareTo(of(otherMajor, otherMinor)) >= 0;
    }

    @Override
    public int compareTo(Version other) {
        int byMajor = Integer.compare(major, other.major);
        int byMinor = Integer.compare(minor, other.minor);
        return byMajor != 0 ? byMajor : byMinor != 0 ? byMinor : Integer.compare(micro, other.micro);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + micro;
    }
}
