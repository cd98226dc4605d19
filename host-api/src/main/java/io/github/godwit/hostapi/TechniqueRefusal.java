package io.github.godwit.hostapi;

import io.github.godwit.model.technique.Technique;
import java.time.Instant;

/**
 * A technique that libvirt did not carry out on the way to a host, where Nova's own flags did better. It is not used on that way until
 * {@code until}.
 *
 * @param technique   the technique
 * @param destination name of the host that the VM was to move to
 * @param words       libvirt's error message
 * @param refusedAt   when it was refused last
 * @param until       when it may be used again
 * @param times       how often it was refused since it last succeeded
 */
public record TechniqueRefusal(
        Technique technique, String destination, String words, Instant refusedAt, Instant until, int times) {}
