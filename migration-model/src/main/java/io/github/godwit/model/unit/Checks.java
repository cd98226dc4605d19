package io.github.godwit.model.unit;

/** Argument checks that the records of the model share. Each returns the value; each message names the value and its limit. */
public final class Checks {

    private Checks() {}

    /**
     * Checks a closed range.
     *
     * @throws IllegalArgumentException when the value is below {@code low}, above {@code high} or not a number
     */
    public static double inRange(String name, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException("The %s (%s) must be from %s to %s.".formatted(name, value, low, high));
        }
        return value;
    }

    /**
     * Checks that a value is zero or more.
     *
     * @throws IllegalArgumentException when the value is negative or not a number
     */
    public static double notNegative(String name, double value) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException("The %s (%s) must not be negative.".formatted(name, value));
        }
        return value;
    }

    /**
     * Checks that a value is above zero.
     *
     * @throws IllegalArgumentException when the value is zero, negative or not a number
     */
    public static double positive(String name, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException("The %s (%s) must be positive.".formatted(name, value));
        }
        return value;
    }

    /**
     * Checks that a name has a character that is not blank.
     *
     * @throws IllegalArgumentException when the name is null or blank
     */
    public static String named(String what, String name) {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("The %s must not be empty.".formatted(what));
        }
        return name;
    }

    /**
     * Checks that a value is there.
     *
     * @throws IllegalArgumentException when the value is null
     */
    public static <T> T present(String what, T value) {
        if (value == null) {
            throw new IllegalArgumentException("The %s is missing.".formatted(what));
        }
        return value;
    }
}
