package io.github.godwit.strategy.auth;

import io.github.godwit.nova.Keystone;
import io.github.godwit.nova.Keystone.SignedIn;
import io.github.godwit.nova.OpenStackException;
import io.github.godwit.nova.OpenStackSession;
import io.github.godwit.nova.OpenStackUser;
import io.github.godwit.strategy.access.AccessRules;
import io.github.godwit.strategy.access.Caller;
import io.github.godwit.strategy.access.Throttle;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.rest.Guard;
import io.github.godwit.strategy.rest.Unauthenticated;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Authorizes requests by Keystone tokens: the token must be valid, and the rules must allow the request to one of the user's roles. */
public final class KeystoneGuard implements Guard {

    private static final Logger LOG = LoggerFactory.getLogger(KeystoneGuard.class);

    /** The forms of Keystone's tokens: Fernet (base64url), JWS (the same with dots) and UUID. Keystone is not asked about anything else. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_.=-]{32,8192}");

    /** Of a remote address in a minute; each is a request to Keystone. */
    private static final int MOST_WRONG_TOKENS = 60;

    private final Keystone keystone;
    private final TokenCache tokens;
    private final AccessRules rules;
    private final Duration recheck;
    private final Throttle wrongTokens;

    /** Creates a guard. It does not connect to Keystone before the first request. */
    public KeystoneGuard(KeystoneTerms terms, Clock clock) {
        this.keystone = new Keystone(new OpenStackSession(terms.url(), terms.self(), terms.timeout()));
        this.tokens = new TokenCache(keystone::caller, terms.cache(), clock);
        this.rules = terms.rules();
        this.recheck = terms.cache();
        this.wrongTokens = new Throttle("invalid tokens", MOST_WRONG_TOKENS, Duration.ofMinutes(1), clock);
    }

    @Override
    public Caller caller(String token, String address) {
        if (token == null || !TOKEN.matcher(token).matches()) {
            throw new Unauthenticated(keystone.url());
        }
        Keystone.Caller caller = tokens.cached(token)
                .orElseGet(() -> validated(token, address))
                .orElseThrow(() -> new Unauthenticated(keystone.url()));
        return new Caller(caller.id(), caller.user(), caller.project(), caller.roles(), caller.expires());
    }

    private Optional<Keystone.Caller> validated(String token, String address) {
        if (address != null) {
            wrongTokens.attempt(address);
        }
        boolean wrong = false;
        try {
            Optional<Keystone.Caller> caller = tokens.caller(token);
            wrong = caller.isEmpty();
            return caller;
        } catch (OpenStackException e) {
            throw unavailable(e);
        } finally {
            if (address != null && !wrong) {
                wrongTokens.succeeded(address);
            }
        }
    }

    @Override
    public void require(Caller caller, String rule) {
        if (!rules.allow(rule, caller.roles())) {
            throw ServiceRefusal.forbidden("Policy doesn't allow %s to be performed.".formatted(rule));
        }
    }

    @Override
    public Duration recheck() {
        return recheck;
    }

    @Override
    public Session signIn(Credentials credentials) {
        OpenStackUser user = new OpenStackUser(
                credentials.user(),
                credentials.password(),
                credentials.domain(),
                credentials.project(),
                credentials.domain());
        try {
            SignedIn signedIn = keystone.signIn(user)
                    .orElseThrow(() -> ServiceRefusal.forbidden(
                            "Keystone rejected user %s: the name, password, project or domain is wrong."
                                    .formatted(user.name())));
            return new Session(
                    signedIn.token(),
                    signedIn.caller().user(),
                    signedIn.caller().expires());
        } catch (OpenStackException e) {
            throw unavailable(e);
        }
    }

    private static ServiceRefusal unavailable(OpenStackException e) {
        LOG.warn("Refused a request: {}", e.getMessage(), e);
        return ServiceRefusal.unavailable(
                "Keystone does not answer or reports an error; see the service's log, and try again later.");
    }
}
