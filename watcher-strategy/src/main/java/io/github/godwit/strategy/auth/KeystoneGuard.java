package io.github.godwit.strategy.auth;

import io.github.godwit.nova.Keystone;
import io.github.godwit.nova.Keystone.Caller;
import io.github.godwit.nova.Keystone.SignedIn;
import io.github.godwit.nova.OpenStackException;
import io.github.godwit.nova.OpenStackSession;
import io.github.godwit.nova.OpenStackUser;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.rest.Guard;
import io.github.godwit.strategy.rest.Unauthenticated;
import java.time.Clock;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Authorizes requests by Keystone tokens: the token must be valid, and the user must have a role that is allowed. */
public final class KeystoneGuard implements Guard {

    private static final Logger LOG = LoggerFactory.getLogger(KeystoneGuard.class);

    /** What can be a token, and be sent on in a header; Keystone is not asked about anything else. */
    private static final Pattern TOKEN = Pattern.compile("[!-~]{1,8192}");

    private final Keystone keystone;
    private final TokenCache tokens;
    private final Roles roles;

    /** Creates a guard. It does not connect to Keystone before the first request. */
    public KeystoneGuard(KeystoneTerms terms, Clock clock) {
        this.keystone = new Keystone(new OpenStackSession(terms.url(), terms.self(), terms.timeout()));
        this.tokens = new TokenCache(keystone::caller, terms.cache(), clock);
        this.roles = terms.roles();
    }

    @Override
    public void admit(String method, String path, String token) {
        if (token == null || !TOKEN.matcher(token).matches()) {
            throw new Unauthenticated(keystone.url());
        }
        PolicyRule rule = PolicyRule.of(method, path);
        if (!roles.allow(rule, caller(token).roles())) {
            throw ServiceRefusal.forbidden("Policy doesn't allow %s to be performed.".formatted(rule.name()));
        }
    }

    private Caller caller(String token) {
        try {
            return tokens.caller(token).orElseThrow(() -> new Unauthenticated(keystone.url()));
        } catch (OpenStackException e) {
            throw unavailable(e);
        }
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
