package io.github.godwit.strategy.auth;

import io.github.godwit.nova.OpenStackUser;
import io.github.godwit.strategy.access.AccessRules;
import java.net.URI;
import java.time.Duration;

/**
 * How requests are authorized by Keystone.
 *
 * @param url     base URL of Keystone's API, such as {@code http://controller:5000/v3}
 * @param self    the service's own user, which validates the tokens of other users
 * @param timeout timeout of connecting and of each response
 * @param rules   which roles may do what
 * @param cache   how long a valid token is cached; a revoked token is accepted for as long
 */
public record KeystoneTerms(URI url, OpenStackUser self, Duration timeout, AccessRules rules, Duration cache) {}
