package io.github.godwit.strategy.auth;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;

/**
 * Which roles may do what. Watcher's default policies ask for {@code role:admin or role:administrator} everywhere, and
 * let {@code role:service} trigger webhooks too.
 *
 * @param all     who has one of these may do everything
 * @param webhook who has one of these may trigger webhooks
 */
public record Roles(Set<String> all, Set<String> webhook) {

    /** Watcher's own. */
    public static final Roles DEFAULT = new Roles(Set.of("admin", "administrator"), Set.of("service"));

    /** Copies. */
    public Roles {
        all = Set.copyOf(all);
        webhook = Set.copyOf(webhook);
    }

    boolean allow(PolicyRule rule, Collection<String> roles) {
        return !Collections.disjoint(all, roles)
                || (rule.equals(PolicyRule.WEBHOOK) && !Collections.disjoint(webhook, roles));
    }
}
