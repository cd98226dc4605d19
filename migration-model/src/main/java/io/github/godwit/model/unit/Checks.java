package io.github.godwit.model.unit;

/** Validation that the records of the model share; every message names the value and the limit. */
public final class Checks {

    private Checks() {}

    public static double inRange(String name, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException("The %s (%s) must be from %s to %s.".formatted(name, value, low, high));
        }
        return value;
    }

    public static double notNegative(String name, double value) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException("The %s (%s) must not be negative.".formatted(name, value));
        }
        return value;
    }

    public static double positive(String name, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException("The %s (%s) must be positive.".formatted(name, value));
        }
        return value;
    }

    public static String named(String what, String name) {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("The %s must not be empty.".formatted(what));
        }
        return name;
    }

    public static <T> T present(String what, T value) {
        if (value == null) {
            throw new IllegalArgumentException("The %s is missing.".formatted(what));
        }
        return value;
    }
}
