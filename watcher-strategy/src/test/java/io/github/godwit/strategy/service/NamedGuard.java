package io.github.godwit.strategy.service;

import io.github.godwit.strategy.access.AccessRules;
import io.github.godwit.strategy.access.Caller;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.rest.Guard;
import io.github.godwit.strategy.rest.Unauthenticated;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** Takes the token for the name of a user, whose only role has that name too, and whose id is 'id-of-' and the name. */
final class NamedGuard implements Guard {

    @Override
    public Caller caller(String token, String address) {
        if (token == null) {
            throw new Unauthenticated(URI.create("http://keystone.example/v3"));
        }
        return new Caller("id-of-" + token, token, "p1", Set.of(token), Instant.MAX);
    }

    @Override
    public void require(Caller caller, String rule) {
        if (!AccessRules.SHIPPED.allow(rule, caller.roles())) {
            throw ServiceRefusal.forbidden("Policy doesn't allow %s to be performed.".formatted(rule));
        }
    }

    @Override
    public Duration recheck() {
        return Duration.ofMinutes(1);
    }

    @Override
    public Session signIn(Credentials credentials) {
        throw ServiceRefusal.forbidden("Nobody may.");
    }
}
