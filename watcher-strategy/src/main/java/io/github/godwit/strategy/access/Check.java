package io.github.godwit.strategy.access;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A check in the language of oslo.policy. */
sealed interface Check {

    /**
     * Whether a user passes.
     *
     * @param roles the user's roles in lower case, because oslo.policy compares them without case
     * @param rules all checks by name
     */
    boolean holds(Set<String> roles, Map<String, Check> rules);

    /** Returns the names of the rules that this check refers to. */
    Set<String> references();

    /** {@code @} and {@code !}. */
    record Constant(boolean value) implements Check {
        @Override
        public boolean holds(Set<String> roles, Map<String, Check> rules) {
            return value;
        }

        @Override
        public Set<String> references() {
            return Set.of();
        }
    }

    /** {@code role:NAME}. */
    record Role(String name) implements Check {
        @Override
        public boolean holds(Set<String> roles, Map<String, Check> rules) {
            return roles.contains(name);
        }

        @Override
        public Set<String> references() {
            return Set.of();
        }
    }

    /** {@code rule:NAME}. */
    record Reference(String name) implements Check {
        @Override
        public boolean holds(Set<String> roles, Map<String, Check> rules) {
            return rules.get(name).holds(roles, rules);
        }

        @Override
        public Set<String> references() {
            return Set.of(name);
        }
    }

    /** {@code not CHECK}. */
    record Not(Check check) implements Check {
        @Override
        public boolean holds(Set<String> roles, Map<String, Check> rules) {
            return !check.holds(roles, rules);
        }

        @Override
        public Set<String> references() {
            return check.references();
        }
    }

    /** Checks joined by {@code and}, or by {@code or}. */
    record Joined(boolean all, List<Check> checks) implements Check {
        @Override
        public boolean holds(Set<String> roles, Map<String, Check> rules) {
            return all
                    ? checks.stream().allMatch(check -> check.holds(roles, rules))
                    : checks.stream().anyMatch(check -> check.holds(roles, rules));
        }

        @Override
        public Set<String> references() {
            return checks.stream()
                    .flatMap(check -> check.references().stream())
                    .collect(Collectors.toUnmodifiableSet());
        }
    }
}
