package io.github.godwit.model.select;

import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueConstraint;
import io.github.godwit.model.unit.Checks;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * An operator's rule on the techniques for all servers of a project, or for all migrations from or to a host of an aggregate.
 *
 * @param scope  what it is for
 * @param name   UUID of the project, or name of the aggregate
 * @param hosts  hosts of the aggregate, by name; empty for a project
 * @param allow  the only techniques that may be used; empty for all
 * @param forbid techniques that may not be used
 */
public record TechniqueRule(Scope scope, String name, Set<String> hosts, Set<Technique> allow, Set<Technique> forbid) {

    /** What a rule is for, the outer one first. */
    public enum Scope {
        /** A host aggregate of Nova. */
        AGGREGATE,
        /** A project of Keystone. */
        PROJECT;

        /** The form on the wire. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Copies the sets; null is empty.
     *
     * @throws IllegalArgumentException when scope or name is missing, the rule says nothing, or it leaves no technique
     */
    public TechniqueRule {
        Checks.present("scope of a technique rule", scope);
        Checks.named("name of a technique rule", name);
        hosts = hosts == null ? Set.of() : Set.copyOf(hosts);
        TechniqueTerms terms = new TechniqueTerms(allow, forbid, PostCopyUse.FREE);
        allow = terms.allow();
        forbid = terms.forbid();
        if (allow.isEmpty() && forbid.isEmpty()) {
            throw new IllegalArgumentException(
                    "The rule for %s %s neither allows nor forbids a technique. Delete it instead."
                            .formatted(scope, name));
        }
    }

    /** The same rule with the hosts that its aggregate has now. */
    public TechniqueRule withHosts(Set<String> now) {
        return new TechniqueRule(scope, name, now, allow, forbid);
    }

    /** Whether it holds for a migration between these hosts of a server of this project. */
    boolean concerns(Set<String> between, Optional<String> project) {
        return scope == Scope.PROJECT
                ? project.filter(name::equals).isPresent()
                : hosts.stream().anyMatch(between::contains);
    }

    TechniqueConstraint constraint() {
        return TechniqueConstraint.by("the operator for %s %s".formatted(scope, name), allow, forbid);
    }
}
