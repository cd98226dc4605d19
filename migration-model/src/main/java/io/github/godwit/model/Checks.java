package io.github.godwit.model;

/** Validation that the records of this package share. */
final class Checks {

    private Checks() {}

    static double inRange(String name, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException("The %s (%s) must be from %s to %s.".formatted(name, value, low, high));
        }
        return value;
    }

    static double notNegative(String name, double value) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException("The %s (%s) must not be negative.".formatted(name, value));
        }
        return value;
    }

    static double positive(String name, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException("The %s (%s) must be positive.".formatted(name, value));
        }
        return value;
    }

    static String named(String what, String name) {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("The %s must not be empty.".formatted(what));
        }
        return name;
    }

    static <T> T present(String what, T value) {
        if (value == null) {
            throw new IllegalArgumentException("The %s is missing.".formatted(what));
        }
        return value;
    }
}
