package io.github.godwit.strategy.auth;

import io.github.godwit.nova.OpenStackUser;
import java.net.URI;
import java.time.Duration;

/**
 * How requests are let pass by Keystone.
 *
 * @param url     base of its API, such as {@code http://controller:5000/v3}
 * @param self    who asks for other users' tokens
 * @param timeout of connecting and of each answer
 * @param roles   which roles may do what
 * @param cache   how long a token that was valid is not asked for again; one that is taken back counts for as long
 */
public record KeystoneTerms(URI url, OpenStackUser self, Duration timeout, Roles roles, Duration cache) {}
