package io.github.godwit.strategy.auth;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;

/**
 * The roles that are allowed. Watcher's default policies require {@code role:admin or role:administrator} for everything, and
 * also allow {@code role:service} to trigger webhooks.
 *
 * @param all     roles that may do everything
 * @param webhook roles that may trigger webhooks in addition
 */
public record Roles(Set<String> all, Set<String> webhook) {

    /** Watcher's defaults. */
    public static final Roles DEFAULT = new Roles(Set.of("admin", "administrator"), Set.of("service"));

    /** Copies the sets. */
    public Roles {
        all = Set.copyOf(all);
        webhook = Set.copyOf(webhook);
    }

    boolean allow(PolicyRule rule, Collection<String> roles) {
        return !Collections.disjoint(all, roles)
                || (rule.equals(PolicyRule.WEBHOOK) && !Collections.disjoint(webhook, roles));
    }
}
