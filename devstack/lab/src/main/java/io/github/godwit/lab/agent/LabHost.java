package io.github.godwit.lab.agent;

import java.net.URI;

/**
 * A host of the lab.
 *
 * @param name      its name, {@code h1} and so on
 * @param namespace its network namespace
 * @param address   its IPv4 address, for migrations and for its agent
 * @param agent     base URL of its host driver
 */
public record LabHost(String name, String namespace, String address, URI agent) {}
